"""`sansang amend`, through the running agent and without one."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

from agent.ledger.integrity.verify import verify
from agent.ledger.rows import AgentRun, AgentStop, Configured, Row, StateChange
from agent.ledger.store import Ledger
from agent.model import Reason, State
from tests.agent.cli.commands.test_check import call, running
from tests.agent.cli.conftest import Served
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock
from tests.exporters.reports.sample import at

CORRECTION = ("--state", "up", "--from", "2026-01-01 08:00", "--to", "2026-01-01 09:00", "--who", "An", "--why", "nhầm")


def amend(served: Served, *arguments: str) -> subprocess.CompletedProcess[str]:
    return call("amend", *arguments, "--config", str(served.config), "--lang", "en")


async def test_it_is_written_and_listed_with_and_without_an_agent(served: Served) -> None:
    ledger = Ledger.open(served.storage, TravellingClock())
    ledger.append([start(), change(1)])
    ledger.close()

    def work() -> list[subprocess.CompletedProcess[str]]:
        alone = amend(served, "2", *CORRECTION)
        with running(served.config, served.address):
            done = [amend(served, "2", *CORRECTION), amend(served, "999999", *CORRECTION)]
        return [alone, *done, amend(served, "--list", "--json"), amend(served, "--list"), amend(served, "2")]

    alone, asked, refused, as_json, table, bare = await asyncio.to_thread(work)

    assert (alone.returncode, asked.returncode) == (0, 0), asked.stderr
    assert "the figure as recorded stays" in asked.stdout
    assert (refused.returncode, "has no row 999999" in refused.stderr) == (2, True)
    assert [(one["refers_to"], one["from"]) for one in json.loads(as_json.stdout)["amendments"]] == [
        (2, "2026-01-01T01:00:00.000Z")
    ] * 2
    assert "xa-a/room" in table.stdout
    assert (bare.returncode, bare.stderr) == (2, "sansang: missing: --state, --from, --to, --who, --why\n")
    assert verify(served.storage).ok


SIGNED = ("--state", "up", "--who", "An", "--why", "nhầm")


def recorded(served: Served) -> None:
    """An outage of both targets, 08:00:00.250 to 08:20:30 local time, rows 6 and 7; one agent run that has stopped."""
    begin, down, up = (at(f"2026-01-01 {clock}") for clock in ("07:00", "08:00:00.250", "08:20:30"))
    ledger = Ledger.open(served.storage, TravellingClock())
    rows: list[Row] = [AgentRun("local", "b", begin, begin, synchronised=True, version="0")]
    for target in ("s/good", "s/dead"):
        rows.append(Configured(target, begin, 60_000, 5_000, 30_000, 3, 1, ""))
        rows.append(StateChange(target, State.UP, Reason.OK, begin, begin + 20, begin + 250))
    changes = ((target, *change) for change in ((State.DOWN, down), (State.UP, up)) for target in ("s/good", "s/dead"))
    rows.extend(
        StateChange(target, state, Reason.TIMEOUT, at_ms, at_ms + 20, at_ms + 250) for target, state, at_ms in changes
    )
    ledger.append([*rows, AgentStop(at("2026-01-01 12:00"))])
    ledger.close()


async def test_an_outage_is_corrected_by_its_number_and_by_its_span(served: Served) -> None:
    """As reports print number and span; with and without an agent the same row is meant."""
    recorded(served)
    printed = "--from", "01/01/2026 08:00:00,250", "--to", "2026-01-01T01:20:30.000Z"
    ways = (
        ("--outage", "7", *SIGNED),
        ("--outage", "7", "--from", "01/01/2026 08:10:00", *SIGNED),
        ("--target", "s/dead", *printed, *SIGNED),
        ("--target", "s/dead", "--from", "01/01/2026 07:10", "--to", "01/01/2026 07:20:00.5", *SIGNED),
    )

    def work() -> list[subprocess.CompletedProcess[str]]:
        alone = [amend(served, *way) for way in ways]
        with running(served.config, served.address):
            return [*alone, *(amend(served, *way) for way in ways), amend(served, "--list", "--json")]

    *done, listed = await asyncio.to_thread(work)

    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 8
    assert done[0].stdout.splitlines()[0] == ("Row 7: s/dead, from 01/01/2026 08:00:00.250 to 01/01/2026 08:20:30.")
    written = [(one["refers_to"], one["from"], one["to"]) for one in json.loads(listed.stdout)["amendments"]]
    assert (
        written
        == [
            (7, "2026-01-01T01:00:00.250Z", "2026-01-01T01:20:30.000Z"),
            (7, "2026-01-01T01:10:00.000Z", "2026-01-01T01:20:30.000Z"),
            (7, "2026-01-01T01:00:00.250Z", "2026-01-01T01:20:30.000Z"),
            (5, "2026-01-01T00:10:00.000Z", "2026-01-01T00:20:00.500Z"),
        ]
        * 2
    )


def test_what_is_no_outage_or_no_target_is_said(served: Served) -> None:
    recorded(served)
    span = "--from", "01/01/2026 08:00", "--to", "01/01/2026 09:00"
    said = {
        ("--outage", "5"): "there is no outage 5; `sansang uptime` lists outages with their numbers",
        ("--outage", "99"): "there is no outage 99",
        ("--target", "s/none", *span): "the ledger knows no target 's/none'",
        ("--target", "s/dead"): "missing: --from, --to",
        span: "missing: SEQ or --outage",
        ("--outage", "7", "--from", "soon"): "'soon' is not a time: write it as 01/12/2026 22:00",
    }
    for arguments, text in said.items():
        done = amend(served, *arguments, *SIGNED)
        assert (done.returncode, text in done.stderr) == (2, True), done.stderr


def test_what_is_shown_of_a_correction_has_its_seconds(served: Served) -> None:
    recorded(served)
    assert amend(served, "--outage", "7", *SIGNED).returncode == 0

    table = subprocess.run(
        [sys.executable, "-m", "agent", "amend", "--list", "--config", str(served.config), "--lang", "vi"],
        capture_output=True, text=True, check=True, env={"COLUMNS": "200", "PATH": "/usr/bin"},
    ).stdout  # fmt: skip

    assert "01/01/2026 08:00:00,250" in table
    assert "01/01/2026 08:20:30 " in table
