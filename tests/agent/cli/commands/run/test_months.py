"""The metrics of the months, in a running agent: they come, and a turn that goes wrong is not the last."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.agent.cli.conftest import Served

HASTY = """
import sys
from dataclasses import replace
from agent import runtime
from agent.cli.main import main
from agent.reporting.months import Months

right, turns = Months.shares, []

def shares(self, organisation, now_ms):
    turns.append(now_ms)
    if len(turns) == 2:
        raise ZeroDivisionError("a bug")
    found = right(self, organisation, now_ms)
    # Which turn the figures are of shows in them: whether this machine's clock is synchronised does not matter.
    return {name: [replace(one, coverage=len(turns) / 1000) for one in shares] for name, shares in found.items()}

vars(runtime)["AVAILABILITY_REFRESH_SECONDS"] = 0.5
Months.shares = shares
sys.exit(main())
"""


@contextmanager
def hasty(served: Served) -> Iterator[Path]:
    """Turns half a second apart, the second of them with a bug; yields the agent's log."""
    log = served.config.with_name("agent.log")
    command = [sys.executable, "-c", HASTY, "run", "--config", str(served.config)]
    with log.open("wb") as file:
        process = subprocess.Popen(command, stderr=file)
    try:
        yield log
    finally:
        process.terminate()
        process.communicate(timeout=10)


def metrics(served: Served) -> dict[str, float]:
    try:
        with urllib.request.urlopen(f"{served.address}/metrics", timeout=2) as answer:  # noqa: S310 - our own
            return samples(answer.read().decode())
    except OSError:
        return {}


def samples(text: str) -> dict[str, float]:
    """The values of an exposition by name with labels."""
    lines = (line.rpartition(" ") for line in text.splitlines() if line[:1] != "#")
    return {name: float(value) for name, _, value in lines}


def until(served: Served, wanted: Callable[[dict[str, float]], bool]) -> dict[str, float]:
    end = time.monotonic() + 20
    while not wanted(found := metrics(served)):
        assert time.monotonic() < end, [one for one in found.items() if "ratio" in one[0] or "uptime" in one[0]]
        time.sleep(0.1)
    return found


def turns(found: dict[str, float]) -> set[float]:
    return {value for name, value in found.items() if name.startswith("sansang_coverage_ratio{")}


async def test_the_months_are_computed_and_a_bug_is_counted_and_survived(served: Served) -> None:
    with hasty(served) as log:
        later = await asyncio.to_thread(until, served, lambda found: min(turns(found), default=0) > 0.003)

    said = log.read_text("utf-8")
    assert later["sansang_availability_refresh_errors_total"] == 1
    assert said.count("event=availability_refresh_crashed") == 1
    assert "ZeroDivisionError: a bug" in said
