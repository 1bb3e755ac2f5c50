"""`sansang check` with and without a running agent, against real listeners."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.cli.commands import check
from agent.cli.main import main
from agent.clock import SystemClock, vouched
from agent.explain.clock import warning
from agent.ledger.reader import Reader
from agent.ledger.rows import StateChange
from agent.model import State
from tests.agent.cli.conftest import Served

SANSANG = [sys.executable, "-m", "agent"]


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "COLUMNS": "140", **environment}
    return subprocess.run([*SANSANG, *arguments], capture_output=True, text=True, timeout=50, env=given, check=False)


@contextmanager
def running(config: Path, address: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([*SANSANG, "run", "--config", str(config)], stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                if urllib.request.urlopen(f"{address}/-/ready", timeout=1).status == 200:  # noqa: S310 - our own
                    break
            except OSError:
                time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)


async def test_alone_it_probes_everything_and_says_what_is_wrong(served: Served) -> None:
    done = await asyncio.to_thread(call, "check", "--local", "--config", str(served.config), "--lang", "en")

    assert done.returncode == 1
    assert "s/dead" in done.stdout
    assert "refused" in done.stdout.lower() or "refuses" in done.stdout.lower()
    assert "s/good" not in done.stdout, "what is well is counted, not listed"
    assert "good: 1 (" in done.stdout
    assert "no agent" in done.stdout


async def test_json_is_whole_and_the_exit_code_says_whether_anything_fails(served: Served) -> None:
    bad = await asyncio.to_thread(call, "check", "--local", "--config", str(served.config), "--json")
    good = await asyncio.to_thread(
        call, "check", "--local", "--config", str(served.config), "--json", "--target", "s/good"
    )

    assert (bad.returncode, good.returncode) == (1, 0)
    assert {row["target"]: row["run"]["reason"] for row in json.loads(bad.stdout)} == {
        "s/good": "ok",
        "s/dead": "refused",
    }


async def test_a_clock_that_nothing_sets_is_said_below_the_table_and_in_every_row(served: Served) -> None:
    synchronised = vouched(SystemClock())
    said = warning(synchronised)
    arguments = ("check", "--local", "--config", str(served.config))
    table = await asyncio.to_thread(call, *arguments, "--lang", "en")
    rows = json.loads((await asyncio.to_thread(call, *arguments, "--json")).stdout)

    assert said is None or said.en in " ".join(table.stdout.split())
    assert [row["clock_synchronised"] for row in rows] == [synchronised] * 2


async def test_nothing_selected_is_an_error_that_says_so(served: Served) -> None:
    done = await asyncio.to_thread(
        call, "check", "--local", "--config", str(served.config), "--site", "nowhere", "--lang", "en"
    )

    assert done.returncode == 2
    assert "no target matches" in done.stderr


async def test_no_agent_and_no_configuration_names_both(tmp_path: Path) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{sock.getsockname()[1]}"
    done = await asyncio.to_thread(call, "check", "--agent", nobody)

    assert done.returncode == 2
    assert "không có bộ giám sát nào trả lời" in done.stderr
    assert nobody in done.stderr


def rows_when_known(place: Path) -> int:
    """How many rows the two targets have once one is up and the other down: from then on nothing changes."""
    reader, deadline = Reader.open(place), time.monotonic() + 30
    while time.monotonic() < deadline:
        good, dead = (
            [stored.row for stored in reader.everything() if getattr(stored.row, "target", "") == target]
            for target in ("s/good", "s/dead")
        )
        last = [row.state for row in (*good[-1:], *dead[-1:]) if isinstance(row, StateChange)]
        if last == [State.UP, State.DOWN]:
            return len(good) + len(dead)
        time.sleep(0.1)
    raise AssertionError([*good, *dead])


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_running_agent_is_asked_and_its_ledger_stays_untouched(served: Served, language: str) -> None:
    def work() -> tuple[subprocess.CompletedProcess[str], int, int]:
        with running(served.config, served.address):
            before = rows_when_known(served.storage)
            done = [call("check", "--agent", served.address, "--lang", language) for _ in range(3)][-1]
            return done, before, rows_when_known(served.storage)

    done, before, after = await asyncio.to_thread(work)

    assert done.returncode == 1, done.stderr
    assert ("từ" if language == "vi" else "since") in done.stdout
    assert re.search(r"hỏng +hỏng" if language == "vi" else r"failed +down", done.stdout), done.stdout
    assert before == after, "a check writes no row"


async def test_a_narrow_terminal_gets_a_list_that_still_reads(served: Served) -> None:
    done = await asyncio.to_thread(
        call, "check", "--local", "--config", str(served.config), "--lang", "en", "--all", COLUMNS="80"
    )

    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("failed  s/dead") for line in lines)
    assert any(line.startswith("good  s/good") for line in lines)


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_agent_of_the_configuration_is_asked_in_its_language(served: Served, language: str) -> None:
    text = served.config.read_text("utf-8").replace("language: vi", f"language: {language}")
    served.config.write_text(text, "utf-8")

    def work() -> tuple[subprocess.CompletedProcess[str], ...]:
        with running(served.config, served.address):
            named = call("check", "--config", str(served.config))
            found = call("check", SANSANG_CONFIG=str(served.config))
            other = call("check", "--config", str(served.config), "--lang", "en" if language == "vi" else "vi")
        return named, found, other

    named, found, other = await asyncio.to_thread(work)

    counted = {"vi": "2 mục tiêu", "en": "2 targets"}
    for one in (named, found):
        assert one.returncode == 1, one.stderr
        assert counted[language] in one.stdout
        assert "agent" not in one.stdout.lower().replace("sansang", ""), "it was asked"
    assert counted[language] not in other.stdout


async def test_a_named_configuration_with_faults_is_told_and_no_other_agent_is_asked(served: Served) -> None:
    served.config.write_text("nonsense: true\n", "utf-8")
    done = await asyncio.to_thread(call, "check", "--config", str(served.config), "--lang", "en")
    assert done.returncode == 2
    assert f"{served.config}:1:1: nonsense: unknown key" in done.stderr


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("vi_VN.UTF-8", ("không có bộ giám sát nào trả lời ở", "không có khóa 'organisaton'")),
        ("en_US.UTF-8", ("no agent answers at", "'organisaton'")),
    ],
)
def test_no_agent_and_no_configuration_to_be_read_are_both_said(
    locale: str,
    told: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setattr(check, "DEFAULT_AGENT", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.delenv("SANSANG_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sansang.yml").write_text("organisaton: {}\n", encoding="utf-8")

    assert main(["check"]) == 2
    said = capsys.readouterr().err
    assert f"{told[0]} http://127.0.0.1:{port}" in said
    assert told[1] in said
