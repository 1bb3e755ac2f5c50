"""Worked row sequences: runs through the state step into a real ledger, and what a reader makes of the rows.

UTC equals boottime here; instants are given in seconds from the first agent start.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.availability import machine
from agent.availability.track import CompletedRun, Step
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.rows import (
    AgentRun,
    AgentStop,
    BlindEnd,
    BlindStart,
    Configured,
    Removed,
    Row,
    SoftFailure,
    StateChange,
    Watermark,
)
from agent.ledger.store import Ledger
from agent.model import Cause, Policy, Reason, State, UnknownCause, Verdict
from tests.agent.ledger.timeline import timeline
from tests.clock import TravellingClock

TARGET = "xa-a/room"
POLICY = Policy(60_000, 5_000, 30_000, 3, 1, 5_000)
UP, DOWN, UNKNOWN = State.UP, State.DOWN, State.UNKNOWN
OFF, NOT_YET, OVERLOAD = UnknownCause.AGENT_OFF, UnknownCause.NOT_YET, UnknownCause.OVERLOAD
OK, TIMEOUT, NO_ROUTE = Reason.OK, Reason.TIMEOUT, Reason.NO_ROUTE
Told = tuple[float, float, State, Cause]


class Watcher:
    """An agent in small: one target, its rows written to the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.softs: list[SoftFailure] = []
        self.track = machine.begin(TARGET, 0, OFF).track

    def start(self, at_s: float, cause: UnknownCause = OFF) -> None:
        at_ms = round(at_s * 1000)
        self.write(AgentRun("local", "boot-1", at_ms, at_ms, synchronised=True, version="0"))
        if not self.ledger.only(Configured):
            self.write(Configured(TARGET, at_ms, 60_000, 5_000, 30_000, 3, 1, ""))
        self.take(machine.begin(TARGET, at_ms, cause), at_ms)

    def run(self, at_s: float, reason: Reason = OK, took_s: float = 0.1) -> None:
        verdicts = {OK: Verdict.OK, NO_ROUTE: Verdict.LOCAL_ERROR}
        run = CompletedRun(round(at_s * 1000), round(took_s * 1000), verdicts.get(reason, Verdict.FAILED), reason)
        self.take(machine.completed(self.track, POLICY, run), run.start_ms + run.took_ms)

    def fail(self, *at_s: float, took_s: float = 5.0) -> None:
        for one in at_s:
            self.run(one, TIMEOUT, took_s)

    def blind(self, start_s: float, end_s: float, cause: UnknownCause) -> None:
        start_ms, end_ms = round(start_s * 1000), round(end_s * 1000)
        self.write(BlindStart("", cause, start_ms))
        self.take(machine.blinded(self.track, POLICY, start_ms, cause), start_ms)
        self.write(BlindEnd("", cause, end_ms))
        self.take(machine.cleared(self.track, end_ms, cause), end_ms)

    def stop(self, at_s: float) -> None:
        at_ms = round(at_s * 1000)
        self.take(machine.ended(self.track, POLICY, at_ms), at_ms)
        self.write(AgentStop(at_ms))

    def take(self, step: Step, now_ms: int) -> None:
        rows: list[Row] = [
            StateChange(one.target, one.state, one.cause, one.effective_at_ms, one.confirmed_at_ms, now_ms)
            for one in step.transitions
        ]
        if step.soft is not None:
            self.softs.append(SoftFailure(TARGET, step.soft.first_start_ms, step.soft.failures, step.soft.cause))
            rows.append(self.softs[-1])
        self.write(*rows)
        self.track = step.track

    def write(self, *rows: Row) -> None:
        self.ledger.append(rows)

    def reads(self, until_s: float, alive_s: float) -> list[Told]:
        beat = Heartbeat("boot-1", round(alive_s * 1000), round(alive_s * 1000), self.ledger.head().seq, b"")
        found = timeline(
            self.ledger, TARGET, "local", scopes=frozenset(), alive=beat, until_wall_ms=round(until_s * 1000)
        )
        return [(one.start_ms / 1000, one.end_ms / 1000, one.state, one.cause) for one in found]


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[Watcher]:
    ledger = Ledger.open(tmp_path / "state", TravellingClock())
    yield Watcher(ledger)
    ledger.close()


def test_w3_the_outage_is_as_long_as_it_was(watcher: Watcher) -> None:
    watcher.start(0)
    watcher.run(0)
    watcher.fail(60, 120, 180)
    watcher.run(240)
    assert watcher.reads(300, 300) == [(0, 60, UP, OK), (60, 240, DOWN, TIMEOUT), (240, 300, UP, OK)]
    down = [stored.row for stored in watcher.ledger.only(StateChange)][2]
    assert down == StateChange(TARGET, DOWN, TIMEOUT, 60_000, 185_000, 185_000)


def test_w4_one_failure_is_no_outage(watcher: Watcher) -> None:
    watcher.start(0)
    watcher.run(0)
    watcher.fail(60)
    watcher.run(120)
    assert watcher.reads(180, 180) == [(0, 180, UP, OK)]
    assert [stored.row for stored in watcher.ledger.only(SoftFailure)] == [SoftFailure(TARGET, 60_000, 1, TIMEOUT)]


def test_w11_a_crash_is_unknown_from_the_watermark(watcher: Watcher) -> None:
    """Heartbeat at 600 s, killed at 607 s, first new probe at 902 s."""
    watcher.start(0)
    for minute in range(10):
        watcher.run(minute * 60)
    watcher.write(Watermark(600_000))
    watcher.start(901)
    watcher.run(902)
    assert watcher.reads(960, 960) == [(0, 600, UP, OK), (600, 902, UNKNOWN, OFF), (902, 960, UP, OK)]


def test_w18_a_slow_probe_belongs_to_its_start(watcher: Watcher) -> None:
    watcher.start(0)
    watcher.run(0)
    watcher.fail(59.9, 64.9, 69.9)
    watcher.run(119.9, took_s=5)
    assert watcher.reads(150, 150) == [(0, 59.9, UP, OK), (59.9, 119.9, DOWN, TIMEOUT), (119.9, 150, UP, OK)]


@pytest.mark.parametrize(
    ("stop_s", "expected"),
    [
        (90.0, [(0, 90, UP, OK), (90, 200, UNKNOWN, OFF)]),
        (90.001, [(0, 60, UP, OK), (60, 90.001, UNKNOWN, OVERLOAD), (90.001, 200, UNKNOWN, OFF)]),
    ],
)
def test_r3_a_stop_within_the_grace_ends_the_state_there(watcher: Watcher, stop_s: float, expected: list[Told]) -> None:
    watcher.start(0)
    watcher.run(0)
    watcher.stop(stop_s)
    assert watcher.reads(200, 200) == expected


def test_r5_a_short_blind_interval_lasts_to_the_next_probe(watcher: Watcher) -> None:
    watcher.start(0)
    watcher.run(0)
    watcher.blind(70, 72, UnknownCause.PAUSED)
    watcher.run(120)
    assert watcher.reads(150, 150) == [
        (0, 70, UP, OK),
        (70, 120, UNKNOWN, UnknownCause.PAUSED),
        (120, 150, UP, OK),
    ]


def test_r6_after_a_gap_nothing_is_resumed(watcher: Watcher) -> None:
    watcher.start(0, NOT_YET)
    watcher.fail(0, 5, 10)
    watcher.fail(200)
    assert watcher.reads(205, 205)[1:] == [(70, 200, UNKNOWN, OVERLOAD), (200, 205, UNKNOWN, NOT_YET)]
    watcher.fail(205, 210)
    watcher.run(260)
    assert watcher.reads(300, 300) == [
        (0, 70, DOWN, TIMEOUT),
        (70, 200, UNKNOWN, OVERLOAD),
        (200, 260, DOWN, TIMEOUT),
        (260, 300, UP, OK),
    ]


def test_r10_a_local_error_splits_an_outage(watcher: Watcher) -> None:
    watcher.start(0, NOT_YET)
    watcher.fail(0, 5, 10)
    watcher.run(15, NO_ROUTE)
    watcher.fail(20, 25)
    watcher.run(80)
    assert watcher.reads(100, 100) == [
        (0, 15, DOWN, TIMEOUT),
        (15, 20, UNKNOWN, UnknownCause.LOCAL_ERROR),
        (20, 80, UNKNOWN, NOT_YET),
        (80, 100, UP, OK),
    ]
    assert watcher.softs == [SoftFailure(TARGET, 20_000, 2, TIMEOUT)]


def test_r12_a_probe_that_ended_after_the_watermark_is_no_evidence(watcher: Watcher) -> None:
    """DOWN was confirmed at 75 s in memory, the last heartbeat was at 74 s, the kill came before the commit."""
    watcher.start(0, NOT_YET)
    watcher.run(0)
    watcher.fail(60, 65)
    watcher.write(Watermark(74_000))
    watcher.start(100)
    watcher.run(101)
    assert watcher.reads(120, 120) == [(0, 74, UP, OK), (74, 101, UNKNOWN, OFF), (101, 120, UP, OK)]


def test_r14_an_unconfirmed_run_is_dropped_by_the_stop(watcher: Watcher) -> None:
    watcher.start(0, NOT_YET)
    watcher.run(0)
    watcher.fail(60, 65)
    watcher.stop(67)
    watcher.start(70)
    watcher.fail(71)
    watcher.run(76)
    assert watcher.reads(80, 80) == [
        (0, 67, UP, OK),
        (67, 71, UNKNOWN, OFF),
        (71, 76, UNKNOWN, NOT_YET),
        (76, 80, UP, OK),
    ]
    assert [soft.failures for soft in watcher.softs] == [2, 1]


def test_r15_a_restart_is_a_break_even_after_no_time(watcher: Watcher) -> None:
    watcher.start(0, NOT_YET)
    watcher.run(0)
    watcher.stop(30)
    watcher.start(30)
    watcher.run(40)
    assert watcher.reads(50, 50) == [(0, 30, UP, OK), (30, 40, UNKNOWN, OFF), (40, 50, UP, OK)]


def test_r21_not_configured_beats_everything(watcher: Watcher) -> None:
    watcher.start(0, NOT_YET)
    watcher.run(0)
    watcher.write(Removed(TARGET, 20_000))
    assert watcher.reads(100, 50) == [(0, 20, UP, OK)]


def test_an_agent_without_a_stop_vouches_to_its_last_sign_of_life(watcher: Watcher) -> None:
    watcher.start(0, NOT_YET)
    watcher.run(0)
    assert watcher.reads(100, 40) == [(0, 40, UP, OK), (40, 100, UNKNOWN, OFF)]
