"""What the ledger says about the past: the reader's rule, the wall clock, the last known states."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.errors import LedgerError
from agent.ledger.history import runs
from agent.ledger.history.runs import LastKnown
from agent.ledger.history.wallclock import SyncPoint, wall_map
from agent.ledger.rows import AgentStop, ClockAnchor, Configured, ObserverAlias, Removed, Row
from agent.ledger.store import Ledger
from agent.model import Reason, State, UnknownCause
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock

WALL = 1_000_000


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(tmp_path / "state", TravellingClock())
    yield opened
    opened.close()


def unknown(at_ms: int, cause: UnknownCause = UnknownCause.OVERLOAD) -> Row:
    return change(at_ms, State.UNKNOWN, cause)


def known(ledger: Ledger) -> LastKnown | None:
    return runs.last_known(ledger, "local").get("xa-a/room")


def test_the_newest_state_is_the_last_known(ledger: Ledger) -> None:
    ledger.append([start(), unknown(0), change(10), change(60, State.DOWN, Reason.TIMEOUT, confirmed_ms=180)])
    assert known(ledger) == LastKnown(State.DOWN, Reason.TIMEOUT, WALL + 60, WALL + 180, State.DOWN, Reason.TIMEOUT)


def test_unknown_at_the_head_keeps_the_state_before_it(ledger: Ledger) -> None:
    ledger.append([start(), change(10), change(60, State.DOWN, Reason.TIMEOUT), unknown(120)])
    found = known(ledger)
    assert found is not None
    assert (found.state, found.effective_wall_ms, found.head) == (State.DOWN, WALL + 60, State.UNKNOWN)
    assert found.head_cause is UnknownCause.OVERLOAD


def test_a_state_that_a_later_row_overwrote_was_never_known(ledger: Ledger) -> None:
    ledger.append([start(), change(10), change(60, State.DOWN, Reason.TIMEOUT)])
    ledger.append([unknown(50, UnknownCause.MONITOR_NET)])
    found = known(ledger)
    assert found is not None
    assert (found.state, found.effective_wall_ms, found.head) == (State.UP, WALL + 10, State.UNKNOWN)


def test_restarts_and_reboots_keep_the_last_known_state(ledger: Ledger) -> None:
    ledger.append([start(), change(5_000, State.DOWN, Reason.TIMEOUT)])
    ledger.append([start(9_000, wall_ms=WALL + 9_000), unknown(9_000, UnknownCause.AGENT_OFF)])
    ledger.append([start(100, boot="boot-2", wall_ms=WALL + 60_000), unknown(100, UnknownCause.AGENT_OFF)])
    assert known(ledger) == LastKnown(
        State.DOWN, Reason.TIMEOUT, WALL + 5_000, WALL + 5_100, State.UNKNOWN, UnknownCause.AGENT_OFF
    )


def test_never_known_is_unknown(ledger: Ledger) -> None:
    ledger.append([start(), unknown(3, UnknownCause.NOT_YET)])
    found = known(ledger)
    assert found is not None
    assert (found.state, found.cause, found.effective_wall_ms) == (State.UNKNOWN, UnknownCause.NOT_YET, WALL + 3)


def test_another_observer_is_not_us(ledger: Ledger) -> None:
    ledger.append([start(), change(10)])
    ledger.append([start(100, observer="centre"), change(110, State.DOWN, Reason.TIMEOUT)])
    found = known(ledger)
    assert found is not None
    assert found.state is State.UP
    assert runs.last_known(ledger, "elsewhere") == {}
    assert [run.row.observer for run in runs.agent_runs(ledger)] == ["local", "centre"]


def test_every_target_is_found_behind_many_unknowns(ledger: Ledger) -> None:
    ledger.append([start(), change(1), change(2, State.DEGRADED, Reason.HIGH_RTT, target="xa-b/room")])
    ledger.append([unknown(10 + n, UnknownCause.DNS if n % 2 else UnknownCause.CLOCK) for n in range(200)])
    found = runs.last_known(ledger, "local")
    assert {target: one.state for target, one in found.items()} == {
        "xa-a/room": State.UP,
        "xa-b/room": State.DEGRADED,
    }


def test_a_wall_clock_set_later_moves_the_whole_boot(ledger: Ledger) -> None:
    """The boot began in 1970 by its own clock; synchronised an hour later, its rows are where they belong."""
    ledger.append([replace(start(), wall_ms=0, synchronised=False), change(10)])
    found = known(ledger)
    assert found is not None
    assert found.effective_wall_ms == 10
    ledger.append([ClockAnchor(500, 5_000_500, synchronised=True), ClockAnchor(600, 77, synchronised=False)])
    found = known(ledger)
    assert found is not None
    assert found.effective_wall_ms == 5_000_010


def test_r30_interpolates_and_extends() -> None:
    wall = wall_map([SyncPoint(1_000, 10_000), SyncPoint(4_000, 13_001)])
    assert [wall(at) for at in (0, 1_000, 2_000, 2_999, 3_999, 4_000, 5_000)] == [
        9_000,
        10_000,
        11_000,
        11_999,
        12_999,
        13_001,
        14_001,
    ]


def test_r31_exactly_two_seconds_are_interpolated_more_is_a_step() -> None:
    interpolated = wall_map([SyncPoint(0, 0), SyncPoint(10_000, 12_000)])
    assert interpolated(5_000) == 6_000
    stepped = wall_map([SyncPoint(0, 0), SyncPoint(10_000, 12_001)])
    assert stepped(5_000) == 7_001
    assert stepped(0) == 2_001


def test_r31_a_wall_clock_that_does_not_rise_is_a_step() -> None:
    wall = wall_map([SyncPoint(0, 1_000), SyncPoint(1_500, 1_000)])
    assert wall(0) == -500


def test_w12_an_hour_forward_adds_no_time() -> None:
    wall = wall_map([SyncPoint(0, 0), SyncPoint(300_000, 3_900_000), SyncPoint(600_000, 4_200_000)])
    assert wall(600_000) - wall(0) == 600_000


def test_steps_of_the_wall_clock_change_no_length() -> None:
    """T12: seconds, hours, years, to 1970 and past 2038, at any moment; the last step's map holds for the boot."""
    chance = random.Random(12)
    year = 365 * 86_400_000
    for jump in (1_000, -1_000, 3_600_000, -3_600_000, year, -year, -1_772_326_800_000, 20 * year):
        for _ in range(100):
            wall, anchors, at = 1_772_326_800_000, [], 0
            step_at = chance.randrange(60_000, 540_000)
            while at <= 600_000:
                anchors.append(SyncPoint(at, wall + at + (jump if at >= step_at else 0)))
                at += 10_000
            mapped = wall_map(anchors)
            elapsed = mapped(600_000) - mapped(0)
            assert elapsed == 600_000 + (jump if abs(jump) <= 2_000 else 0)
            steps = [mapped(at + 1_000) - mapped(at) for at in range(0, 600_000, 1_000)]
            assert min(steps) > 0


def test_no_anchor_no_map() -> None:
    with pytest.raises(ValueError, match="never synchronised"):
        wall_map([])


def policy_row(target: str, at_ms: int, interval_ms: int = 60_000) -> Configured:
    return Configured(target, at_ms, interval_ms, 5_000, 30_000, 3, 1, "")


def test_configured_is_the_newest_policy_of_what_was_not_removed(ledger: Ledger) -> None:
    ledger.append([start(), policy_row("xa-a/room", 1), policy_row("xa-b/room", 1), policy_row("xa-c/room", 1)])
    ledger.append([policy_row("xa-a/room", 5, 15_000), Removed("xa-b/room", 6), Removed("xa-c/room", 6)])
    ledger.append([policy_row("xa-c/room", 9)])
    ledger.append([start(100, observer="centre"), policy_row("xa-d/room", 101), Removed("xa-a/room", 102)])
    assert runs.configured(ledger, "local") == {
        "xa-a/room": policy_row("xa-a/room", 5, 15_000),
        "xa-c/room": policy_row("xa-c/room", 9),
    }


def test_anchors_are_the_synchronised_ones_in_order(ledger: Ledger) -> None:
    ledger.append([start(), ClockAnchor(5, WALL + 5, synchronised=True), ClockAnchor(6, WALL, synchronised=False)])
    ledger.append([start(100), ClockAnchor(7, WALL + 7, synchronised=True)])
    assert ledger.anchors() == [(1, 5, WALL + 5), (4, 7, WALL + 7)]


def test_an_anchor_without_its_instant_is_no_anchor(ledger: Ledger) -> None:
    ledger.append([start(), ClockAnchor(5, WALL + 5, synchronised=True)])
    ledger._db.execute("DROP TRIGGER rows_stay")  # type: ignore[union-attr]
    ledger._db.execute("UPDATE rows SET body = replace(body, 'wall_ms', 'wall') WHERE seq = 2")  # type: ignore[union-attr]
    with pytest.raises(LedgerError, match="clock_anchor row cannot be read"):
        ledger.anchors()


def test_runs_under_a_former_name_are_the_observers_once_a_row_says_so(ledger: Ledger) -> None:
    ledger.append([start(0, "a"), start(10, "b"), start(20, "c"), start(30, "stranger")])

    def of(observer: str, *was: str) -> list[int]:
        return [run.seq for run in runs.runs_of(ledger, observer, was)]

    assert (of("c"), of("c", "b")) == ([3], [2, 3])
    ledger.append([ObserverAlias(40, "b", "a"), ObserverAlias(41, "c", "b"), ObserverAlias(42, "a", "c")])
    assert (of("c"), of("stranger"), of("nobody")) == ([1, 2, 3], [4], [])


def test_time_that_is_past_is_the_end_of_the_newest_run_with_a_known_clock(ledger: Ledger) -> None:
    assert runs.past_time(ledger, "boot-9", 0) is None
    ledger.append([start(boot="boot-1", wall_ms=WALL), AgentStop(5_000)])
    ledger.append([replace(start(boot="boot-2", wall_ms=9 * WALL), synchronised=False), AgentStop(7_000)])
    assert runs.past_time(ledger, "boot-9", 0) == WALL + 5_000
    assert runs.past_time(ledger, "boot-1", 60_000) == WALL + 60_000  # the same boot goes on
    assert runs.past_time(ledger, "boot-2", 60_000) == WALL + 5_000
