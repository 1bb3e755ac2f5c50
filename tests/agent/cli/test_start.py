"""What a command loads: each only what it needs, and a second agent is refused before the first heavy module."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from agent.ledger.lock import lock_of
from tests.agent.cli.conftest import Served

LATE = ("agent.runtime", "uvicorn", "starlette", "apscheduler", "prometheus_client", "structlog", "rich", "apsw")
SHEETS = ("openpyxl", "xlsxwriter", "holidays")
OTHERS = ("grafanalib", "pysnmp", "pyasn1", "pysmi", "agent.lab")
PROBES = ("pydantic", "pycurl", "dns", "cryptography", "ruamel")
PROGRAM = """
import sys
from agent.cli.main import main
try:
    code = main(sys.argv[2:])
except SystemExit as end:
    code = end.code
print(code, *sorted(name for name in sys.argv[1].split() if name in sys.modules))
"""


def called(forbidden: tuple[str, ...], *arguments: str) -> tuple[str, list[str]]:
    """The exit code, and what was loaded of what may not be."""
    command = [sys.executable, "-c", PROGRAM, " ".join(forbidden), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    code, *loaded = done.stdout.splitlines()[-1].split()
    return code, loaded


def test_the_version_loads_nothing() -> None:
    assert called((*LATE, *SHEETS, *OTHERS, *PROBES), "--version") == ("0", [])


@pytest.mark.parametrize("name", ["run", "check", "import", "uptime", "validate", "ledger"])
def test_no_command_loads_what_it_may_not_need(name: str) -> None:
    assert called((*SHEETS, *OTHERS, "agent.runtime"), name, "--help") == ("0", [])


async def test_a_check_reads_the_inventory_without_sheets_and_holidays(served: Served) -> None:
    arguments = ("check", "--local", "--config", str(served.config))
    assert await asyncio.to_thread(called, (*SHEETS, *OTHERS, "agent.runtime", "apsw"), *arguments) == ("1", [])


def test_a_second_agent_is_refused_before_anything_heavy_is_loaded(served: Served) -> None:
    with lock_of(served.storage):
        assert called((*LATE, *SHEETS, *OTHERS), "run", "--config", str(served.config)) == ("2", [])


def test_what_is_no_command_is_told_with_what_was_meant() -> None:
    done = subprocess.run([sys.executable, "-m", "agent", "uptme"], capture_output=True, text=True, check=False)
    assert (done.returncode, "uptime?" in done.stderr) == (2, True)
