"""T13, T51, T55: an agent that was off, a boot with a wrong clock, a target that left and came back."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from agent.ledger import heartbeat
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, Configured, Removed, Row
from agent.ledger.store import Ledger
from agent.model import State, UnknownCause
from tests.agent.ledger.rows import change
from tests.agent.ledger.timeline import timeline
from tests.clock import START_WALL_MS, TravellingClock

TARGET = "xa-a/room"
DAY = 86_400


def configured(clock: TravellingClock) -> Configured:
    return Configured(TARGET, clock.boottime_ms(), 60_000, 5_000, 30_000, 3, 1, "h")


def begin(place: Path, clock: TravellingClock, *rows: Row) -> Ledger:
    ledger = Ledger.open(place, clock)
    now = clock.boottime_ms()
    ledger.append([AgentRun("local", clock.boot_id(), now, clock.wall_ms(), clock.synchronised(), "1"), *rows])
    return ledger


def told(place: Path, clock: TravellingClock) -> list[tuple[int, int, State, str]]:
    reader = Reader.open(place)
    try:
        alive = heartbeat.read(place / "heartbeat")
        found = timeline(reader, TARGET, "local", scopes=frozenset(), alive=alive, until_wall_ms=clock.wall_ms())
    finally:
        reader.close()
    return [(one.start_ms - START_WALL_MS, one.end_ms - START_WALL_MS, one.state, one.cause.value) for one in found]


@pytest.mark.parametrize("off", [1, 7, 60, 3_600, DAY, 40 * DAY])
@pytest.mark.parametrize("how", ["stopped", "killed", "power cut"])
def test_while_the_agent_is_off_nothing_is_known(tmp_path: Path, off: int, how: str) -> None:
    place, clock = tmp_path / "state", TravellingClock()
    ledger = begin(place, clock, configured(clock), change(clock.boottime_ms()))
    clock.advance(100)
    ledger.beat()  # W
    if how == "stopped":
        ledger.append([AgentStop(clock.boottime_ms())])
        ledger.close()
    else:
        ledger.close()
        clock.advance(7)  # lived on, unwitnessed
    clock.reboot(off) if how == "power cut" else clock.advance(off)
    ledger = begin(place, clock)
    clock.advance(2)
    ledger.append([change(clock.boottime_ms())])
    clock.advance(50)
    ledger.beat()
    ledger.close()

    back = 100_000 + (0 if how == "stopped" else 7_000) + off * 1000 + 2_000
    states = told(place, clock)
    unknown = [(begins, ends) for begins, ends, state, _ in states if state is State.UNKNOWN]
    assert [states[0], states[-1]] == [(0, 100_000, State.UP, "ok"), (back, back + 50_000, State.UP, "ok")]
    assert (unknown[0][0], unknown[-1][1]) == (100_000, back)
    assert {state for begins, _, state, _ in states if 100_000 <= begins < back} == {State.UNKNOWN}
    assert (states[1][0], states[1][3]) == (100_000, UnknownCause.AGENT_OFF)


def test_a_boot_with_a_wrong_clock_is_told_by_the_right_one(tmp_path: Path) -> None:
    place, clock = tmp_path / "state", TravellingClock()
    ledger = begin(place, clock, configured(clock), change(clock.boottime_ms()), AgentStop(clock.boottime_ms() + 1))
    ledger.close()
    clock.reboot(1_000)
    clock.is_synchronised = False
    clock.step_wall(-6 * 365 * DAY)  # the machine believes it is 2020
    ledger = begin(place, clock)
    clock.advance(10)
    ledger.append([change(clock.boottime_ms())])
    clock.advance(10)
    clock.step_wall(6 * 365 * DAY)
    clock.is_synchronised = True
    ledger.append([ClockAnchor(clock.boottime_ms(), clock.wall_ms(), synchronised=True)])
    ledger.close()

    states = told(place, clock)
    assert states[-1] == (1_010_000, 1_020_000, State.UP, "ok")
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(states)), "none older than the last"


def test_a_target_that_left_and_came_back_keeps_its_history(tmp_path: Path) -> None:
    place, clock = tmp_path / "state", TravellingClock()
    ledger = begin(place, clock, configured(clock), change(clock.boottime_ms()))
    before = [stored.row for stored in ledger.everything()]
    clock.advance(100)
    ledger.append([Removed(TARGET, clock.boottime_ms())])
    clock.advance(500)
    ledger.append([configured(clock), change(clock.boottime_ms())])
    clock.advance(10)
    ledger.beat()
    rows = [stored.row for stored in ledger.everything()]
    ledger.close()

    assert rows[: len(before)] == before
    assert told(place, clock) == [(0, 100_000, State.UP, "ok"), (600_000, 610_000, State.UP, "ok")]
