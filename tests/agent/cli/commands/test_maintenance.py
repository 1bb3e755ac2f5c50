"""`sansang maintenance`: through the running agent, and with the ledger's lock when none runs."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.cli.signed_rows import parse_time
from agent.clock import SystemClock
from agent.errors import SansangError
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentRun, Maintenance
from agent.ledger.signed.maintenance import read
from agent.ledger.store import Ledger
from tests.agent.cli.commands.test_check import call, running
from tests.agent.cli.conftest import Served
from tests.agent.ledger.rows import start
from tests.clock import TravellingClock

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SIGNED = ("--who", "Nguyễn An", "--why", "thay switch")


def ahead(**delta: float) -> str:
    return f"{datetime.now(HANOI) + timedelta(**delta):%Y-%m-%d %H:%M}"


def maintenance(served: Served, deed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return call("maintenance", deed, "--config", str(served.config), *arguments, "--lang", "en")


def add(served: Served, begins: str, ends: str, *more: str) -> subprocess.CompletedProcess[str]:
    return maintenance(served, "add", "--site", "s", "--from", begins, "--to", ends, *SIGNED, *more)


def booked(place: Path) -> list[Maintenance]:
    reader = Reader.open(place)
    try:
        return [one.row for one in read(reader)]
    finally:
        reader.close()


def stopped_agent(served: Served) -> None:
    """A ledger as an agent leaves it behind that ran in this boot by a synchronised clock."""
    clock = SystemClock()
    ledger = Ledger.open(served.storage, clock)
    ledger.append([AgentRun("local", clock.boot_id(), clock.boottime_ms(), clock.wall_ms(), True, "0")])
    ledger.close()


async def test_without_an_agent_the_command_writes_and_the_chain_holds(served: Served) -> None:
    stopped_agent(served)

    def work() -> list[subprocess.CompletedProcess[str]]:
        return [
            add(served, ahead(days=30), ahead(days=30, hours=2)),
            add(served, ahead(days=1), ahead(days=2)),
            add(served, ahead(hours=-1), ahead(hours=1)),
            maintenance(served, "cancel", "m2", *SIGNED),
            maintenance(served, "list"),
        ]

    far, near, late, cancelled, listed = await asyncio.to_thread(work)

    assert [one.returncode for one in (far, near, late, cancelled, listed)] == [0] * 5
    assert (far.stdout, far.stderr) == ("Window m1 is recorded.\n", "")
    assert "working days ahead; at least 7" in near.stderr
    assert "recorded after its beginning" in late.stderr
    assert [word in listed.stdout for word in ("to come", "cancelled", "recorded late", "Nguyễn An")] == [True] * 4
    assert [(row.id, row.scope, row.cancelled) for row in booked(served.storage)] == [
        ("m1", "site:s", False),
        ("m2", "site:s", False),
        ("m3", "site:s", False),
        ("m2", "site:s", True),
    ]
    assert verify(served.storage).ok


async def test_the_list_keeps_ids_and_times_whole_on_a_narrow_terminal(served: Served) -> None:
    """They are to be typed again, into ``cancel`` or into a report."""
    stopped_agent(served)

    def work() -> subprocess.CompletedProcess[str]:
        add(served, ahead(days=30), ahead(days=30, hours=2))
        return call("maintenance", "list", "--config", str(served.config), COLUMNS="80")

    listed = await asyncio.to_thread(work)
    assert "…" not in listed.stdout
    assert "Phạm vi: site:s" in listed.stdout or "Scope: site:s" in listed.stdout
    assert len(re.findall(r": \d\d/\d\d/\d{4} \d\d:\d\d:\d\d(?:[,.]\d{3})?$", listed.stdout, re.MULTILINE)) == 3


async def test_a_running_agent_writes_the_row_and_shows_the_window(served: Served) -> None:
    def work() -> tuple[subprocess.CompletedProcess[str], list[str], str, str]:
        with running(served.config, served.address):
            done = add(served, ahead(days=30), ahead(days=31))
            soon = datetime.now(UTC) + timedelta(seconds=4)
            document = {
                "do": "add",
                "scope": "target:s/dead",
                "from": soon.isoformat(),
                "to": (soon + timedelta(hours=1)).isoformat(),
                "who": "An",
                "why": "x",
            }
            post(served.address, document)
            lines = metric_until_it_is_one(served.address)
            page = get(f"{served.address}/?lang=en")
            return done, lines, page, call("check", "--agent", served.address, "--lang", "en").stdout

    done, lines, page, check = await asyncio.to_thread(work)

    assert (done.returncode, done.stdout) == (0, "Window m1 is recorded.\n"), done.stderr
    assert [line.rpartition(" ")[2] for line in lines if 'target="s/dead"' in line] == ["1.0"]
    assert [line.rpartition(" ")[2] for line in lines if 'target="s/good"' in line] == ["0.0"]
    assert "In a maintenance window announced before: 1." in page
    assert "in maintenance" in check
    assert [row.id for row in booked(served.storage)] == ["m1", "m2"]
    assert verify(served.storage).ok


def post(address: str, document: dict[str, str]) -> None:
    request = urllib.request.Request(  # noqa: S310 - our own
        f"{address}/api/v1/maintenance", json.dumps(document).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        assert answer.status == 200


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
        return str(answer.read().decode())


def metric_until_it_is_one(address: str) -> list[str]:
    until = time.monotonic() + 15
    while True:
        lines = [x for x in get(f"{address}/metrics").splitlines() if x.startswith("sansang_target_in_maintenance{")]
        if any(line.endswith(" 1.0") for line in lines) or time.monotonic() > until:
            return lines
        time.sleep(0.1)


async def test_what_cannot_be_meant_is_refused_with_a_sentence(served: Served) -> None:
    stopped_agent(served)

    def work() -> list[subprocess.CompletedProcess[str]]:
        return [
            add(served, ahead(days=2), ahead(days=1)),
            add(served, "soon", ahead(days=1)),
            maintenance(served, "add", "--unit", "x", "--from", ahead(days=1), "--to", ahead(days=2), *SIGNED),
            maintenance(served, "cancel", "m9", *SIGNED),
        ]

    done = await asyncio.to_thread(work)

    said = ["ends before it begins", "'soon' is not a time", "no target is covered by unit 'x'", "window 'm9'"]
    assert [one.returncode for one in done] == [2] * 4
    assert [text in one.stderr for text, one in zip(said, done, strict=True)] == [True] * 4
    assert booked(served.storage) == []


async def test_with_neither_agent_nor_ledger_both_are_named(served: Served) -> None:
    done = await asyncio.to_thread(add, served, ahead(days=1), ahead(days=2))

    assert done.returncode == 2
    assert "no ledger can be seen there" in done.stderr
    assert "no agent answers" in done.stderr
    assert not served.storage.exists(), "a command does not make a ledger that the agent could not open"


def test_times_are_local_and_what_the_clocks_skip_is_refused() -> None:
    berlin = ZoneInfo("Europe/Berlin")

    assert (
        parse_time("2026-12-01 22:00", HANOI)
        == parse_time("01/12/2026 22:00", HANOI)
        == datetime(2026, 12, 1, 15, tzinfo=UTC)
    )
    with pytest.raises(SansangError, match="jump"):
        parse_time("2026-03-29 02:30", berlin)


def test_a_command_that_writes_between_two_runs_does_not_prolong_the_first(tmp_path: Path) -> None:
    clock = TravellingClock()
    first = Ledger.open(tmp_path / "l", clock)
    first.append([start(clock.boottime_ms(), boot=clock.boot_id())])
    first.close()  # as killed: no stop was written
    (tmp_path / "l" / "heartbeat").unlink()
    clock.advance(3_600)
    between = Ledger.open(tmp_path / "l", clock)
    rows = [stored.row for stored in between.everything()]
    between.close()

    (run,) = (row for row in rows if isinstance(row, AgentRun))
    assert [type(row).__name__ for row in rows] == ["AgentRun", "HeartbeatRefused", "Watermark"]
    assert getattr(rows[2], "at_ms", None) == run.start_ms
