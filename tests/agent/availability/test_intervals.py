"""Interval arithmetic: the reader's rule, agent runs, blind and configured intervals."""

from __future__ import annotations

import random

import pytest

from agent.availability.intervals import BlindInterval, Change, Interval, RunRecord, intervals
from agent.model import Reason, State, UnknownCause

UP, DOWN, UNKNOWN = State.UP, State.DOWN, State.UNKNOWN
CAUSE = UnknownCause
ALWAYS = [(0, 1_000)]


def change(at_ms: int, state: State, cause: Reason | UnknownCause = Reason.OK, confirmed_ms: int = 0) -> Change:
    return Change(at_ms, state, cause, confirmed_ms or at_ms)


def told(*pieces: Interval) -> list[tuple[int, int, State, object]]:
    return [(one.start_ms, one.end_ms, one.state, one.cause) for one in pieces]


def test_nothing_observed_is_never_up() -> None:
    assert intervals([], ALWAYS, 500) == (Interval(0, 500, UNKNOWN, CAUSE.AGENT_OFF),)
    assert intervals([RunRecord(100, 200)], ALWAYS, 500) == (Interval(0, 500, UNKNOWN, CAUSE.AGENT_OFF),)
    assert intervals([], [], 500) == ()
    assert intervals([], [(600, 700)], 500) == ()


def test_a_later_row_wins_from_its_instant_on() -> None:
    changes = (change(0, UP), change(50, UNKNOWN, CAUSE.OVERLOAD), change(40, DOWN, Reason.TIMEOUT, 60))
    assert told(*intervals([RunRecord(0, 100, changes)], ALWAYS, 100)) == [
        (0, 40, UP, Reason.OK),
        (40, 100, DOWN, Reason.TIMEOUT),
    ]


def test_r12_a_change_confirmed_after_the_end_is_no_evidence() -> None:
    changes = (change(0, UP), change(40, DOWN, Reason.TIMEOUT, 101))
    assert told(*intervals([RunRecord(0, 100, changes)], ALWAYS, 100)) == [(0, 100, UP, Reason.OK)]


def test_r22_touching_unknown_of_other_causes_are_entries_of_their_own() -> None:
    changes = (change(0, UNKNOWN, CAUSE.DNS), change(10, UNKNOWN, CAUSE.DNS), change(20, UNKNOWN, CAUSE.CLOCK))
    assert told(*intervals([RunRecord(0, 30, changes)], [(0, 30)], 30)) == [
        (0, 20, UNKNOWN, CAUSE.DNS),
        (20, 30, UNKNOWN, CAUSE.CLOCK),
    ]


def test_a_change_of_reason_alone_splits_no_outage() -> None:
    changes = (change(0, DOWN, Reason.TIMEOUT), change(10, DOWN, Reason.REFUSED))
    assert told(*intervals([RunRecord(0, 30, changes)], [(0, 30)], 30)) == [(0, 30, DOWN, Reason.TIMEOUT)]


def test_r21_blind_intervals_by_precedence_to_the_next_change() -> None:
    blinds = (BlindInterval(20, 40, CAUSE.DNS), BlindInterval(30, 35, CAUSE.CLOCK))
    changes = (change(0, UP), change(25, DOWN, Reason.TIMEOUT), change(60, UP))
    assert told(*intervals([RunRecord(0, 80, changes, blinds)], ALWAYS, 80)) == [
        (0, 20, UP, Reason.OK),
        (20, 30, UNKNOWN, CAUSE.DNS),
        (30, 35, UNKNOWN, CAUSE.CLOCK),
        (35, 60, UNKNOWN, CAUSE.DNS),
        (60, 80, UP, Reason.OK),
    ]


def test_r60_configured_intervals_are_a_union_and_cut_everything() -> None:
    found = intervals([RunRecord(0, 100, (change(0, UP),))], [(10, 20), (20, 30), (50, 60)], 55)
    assert told(*found) == [(10, 30, UP, Reason.OK), (50, 55, UP, Reason.OK)]


def test_a_target_configured_while_the_agent_was_off() -> None:
    found = intervals([RunRecord(50, 100, (change(60, UP),))], [(20, 1_000)], 100)
    assert told(*found) == [(20, 60, UNKNOWN, CAUSE.AGENT_OFF), (60, 100, UP, Reason.OK)]


def test_r33_overlapping_runs_are_an_error() -> None:
    with pytest.raises(ValueError, match="overlap"):
        intervals([RunRecord(0, 100), RunRecord(99, 200)], ALWAYS, 300)
    intervals([RunRecord(0, 100), RunRecord(100, 200)], ALWAYS, 300)


def test_every_configured_instant_has_exactly_one_state() -> None:
    chance = random.Random(5)
    for _ in range(2_000):
        watches, at = [], chance.randrange(50)
        for _ in range(chance.randrange(4)):
            end = at + chance.randrange(80)
            watches.append(_random_watch(chance, at, end))
            at = end + chance.randrange(30)
        configured = [(start, start + chance.randrange(1, 90)) for start in chance.sample(range(300), 3)]
        until = chance.randrange(1, 350)
        found = intervals(watches, configured, until)
        wanted = {x for start, end in configured for x in range(start, min(end, until))}
        covered = [x for one in found for x in range(one.start_ms, one.end_ms)]
        assert sorted(covered) == covered
        assert len(covered) == len(wanted)
        assert set(covered) == wanted


def _random_watch(chance: random.Random, start: int, end: int) -> RunRecord:
    instants = [chance.randrange(start, end + 1) for _ in range(chance.randrange(6))]
    changes = tuple(change(at, chance.choice([UP, DOWN, UNKNOWN]), CAUSE.DNS) for at in instants)
    blinds = tuple(BlindInterval(at, at + chance.randrange(1, 9), CAUSE.CLOCK) for at in instants[:2])
    return RunRecord(start, end, changes, blinds)
