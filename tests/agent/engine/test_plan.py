"""When each target is due: spread, stable, caught up gently, and never twice within an interval."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from agent.engine.plan import RoundPlan, phase_of

MINUTE = 60_000
TICK = 50


def _names(number: int) -> list[str]:
    return [f"site-{n}/room" for n in range(number)]


def _run(plan: RoundPlan, from_ms: int, until_ms: int, tick_ms: int = TICK) -> list[tuple[int, int, int]]:
    """(index, due, started) of every entry."""
    return [(due.index, due.due_ms, now) for now in range(from_ms, until_ms, tick_ms) for due in plan.due(now)]


def test_phase_is_the_same_in_every_process() -> None:
    assert [phase_of(name, MINUTE) for name in ("a/room", "lang-cong/room", "xa-ấ/phòng")] == [10_294, 27_845, 40_783]


@pytest.mark.parametrize("interval_ms", [1_000, 15_000, MINUTE, 300_000])
def test_targets_are_spread_evenly(interval_ms: int) -> None:
    slots = Counter(phase_of(name, interval_ms) * 10 // interval_ms for name in _names(10_000))
    assert set(slots) == set(range(10))
    assert all(850 <= number <= 1_150 for number in slots.values())


def test_every_target_once_an_interval_at_its_phase() -> None:
    names = _names(500)
    plan = RoundPlan([(name, MINUTE) for name in names], 1_234_567, TICK)
    started = _run(plan, 1_234_567, 1_234_567 + 5 * MINUTE)

    for index, name in enumerate(names):
        mine = [due for i, due, _ in started if i == index]
        assert len(mine) == 5
        assert {b - a for a, b in pairwise(mine)} == {MINUTE}
        assert {due % MINUTE for due in mine} == {phase_of(name, MINUTE)}
    assert all(0 <= now - due < TICK for _, due, now in started)


def test_phase_does_not_depend_on_who_else_is_there() -> None:
    few = RoundPlan([("a/room", MINUTE)], 0, TICK)
    many = RoundPlan([*((name, MINUTE) for name in _names(100)), ("a/room", MINUTE), ("b/room", 15_000)], 0, TICK)
    alone = [due for _, due, _ in _run(few, 0, 3 * MINUTE)]
    assert [due for i, due, _ in _run(many, 0, 3 * MINUTE) if i == 100] == alone


def test_mixed_intervals_each_keep_their_pace() -> None:
    plan = RoundPlan([("a", 1_000), ("b", 15_000), ("c", MINUTE), ("d", 1_000)], 0, TICK)
    counts = Counter(index for index, _, _ in _run(plan, 0, 10 * MINUTE))
    assert counts == {0: 600, 1: 40, 2: 10, 3: 600}


def test_short_delay_is_caught_up_whole() -> None:
    plan = RoundPlan([(name, MINUTE) for name in _names(1_000)], 0, TICK)
    before = _run(plan, 0, 10_000)
    after = _run(plan, 30_000, MINUTE + TICK)
    assert Counter(index for index, _, _ in before + after) == dict.fromkeys(range(1_000), 1)
    assert plan.missed == 0


def test_catching_up_keeps_to_four_times_the_pace() -> None:
    plan = RoundPlan([(name, MINUTE) for name in _names(60_000)], 0, TICK)
    _run(plan, 0, 10_000)
    per_tick = Counter(now for _, _, now in _run(plan, 35_000, 50_000))
    assert max(per_tick.values()) <= 4 * 60_000 * TICK / MINUTE


@pytest.mark.parametrize("stall_ms", [31_000, 90_000, 3_600_000, 86_400_000])
def test_after_a_stall_nobody_is_probed_twice_within_half_an_interval_and_what_is_left_out_is_counted(
    stall_ms: int,
) -> None:
    names = _names(300)
    plan = RoundPlan([(name, MINUTE) for name in names], 0, TICK)
    before = _run(plan, 0, 100_000)
    end = 100_000 + stall_ms + 2 * MINUTE
    after = _run(plan, 100_000 + stall_ms, end)

    for index in range(len(names)):
        at = [now for i, _, now in before + after if i == index]
        assert all(b - a >= MINUTE // 2 - TICK for a, b in pairwise(at))
    due = sum(1 for name in names for k in range(end // MINUTE + 1) if 0 < k * MINUTE + phase_of(name, MINUTE) < end)
    assert len(before) + len(after) + plan.missed == pytest.approx(due, abs=2)


def test_new_plan_goes_on_where_the_old_one_stood() -> None:
    """Reloader at random instants, some after a delay: nobody is left out, nobody doubled."""
    random = Random(7)
    entries = [(name, MINUTE if n % 2 else 15_000) for n, name in enumerate(_names(400))]
    plan = RoundPlan(entries, 0, TICK)
    seen: list[tuple[int, int]] = []
    now = 0
    while now < 5 * MINUTE:
        now += random.choice((50, 50, 50, 700, 3_000))
        seen += [(due.index, due.due_ms) for due in plan.due(now)]
        plan = RoundPlan(entries, now + random.randrange(50), TICK, plan)

    wanted = [
        (index, k * interval + phase_of(name, interval))
        for index, (name, interval) in enumerate(entries)
        for k in range(now // interval + 1)
    ]
    late = now - 5_000
    assert len(seen) == len(set(seen))
    assert {(i, due) for i, due in seen if due < late} == {(i, due) for i, due in wanted if 0 < due < late}


def test_interval_that_is_new_begins_after_now() -> None:
    plan = RoundPlan([("a", MINUTE)], 0, TICK)
    _run(plan, 0, 100_000)
    plan = RoundPlan([("a", 15_000)], 100_000, TICK, plan)
    assert [due > 100_000 for _, due, _ in _run(plan, 100_000, 115_001)] == [True]


def test_no_targets_no_work() -> None:
    plan = RoundPlan([], 0, TICK)
    assert list(plan.due(10**9)) == []
    assert plan.missed == 0
