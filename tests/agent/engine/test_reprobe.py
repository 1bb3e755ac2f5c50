"""Fast re-probes: one entry a target, within the budget, earliest first, and no growth."""

from __future__ import annotations

import pytest

from agent.engine.reprobe import SLACK_ENTRIES, ReprobeQueue, TokenBucket


def _queue(per_second: float = 1_000_000.0, now_ms: int = 0) -> ReprobeQueue:
    return ReprobeQueue(TokenBucket(per_second, now_ms))


def test_earliest_first_and_not_before_its_time() -> None:
    queue = _queue()
    queue.schedule("late", 300)
    queue.schedule("soon", 100)
    assert list(queue.due(99)) == []
    assert list(queue.due(300)) == ["soon", "late"]
    assert list(queue.due(10_000)) == []


def test_one_entry_a_target_at_its_earliest_instant() -> None:
    queue = _queue()
    for at_ms in (500, 300, 400, 300):
        queue.schedule("a", at_ms)
    assert list(queue.due(299)) == []
    assert list(queue.due(1_000)) == ["a"]
    assert list(queue.due(2_000)) == []


def test_forgotten_is_not_probed_and_may_be_wanted_again() -> None:
    queue = _queue()
    queue.schedule("a", 100)
    queue.cancel("a")
    queue.cancel("never wanted")
    assert list(queue.due(200)) == []
    queue.schedule("a", 300)
    assert list(queue.due(300)) == ["a"]


def test_wanted_again_at_the_same_instant_after_forgetting_comes_once() -> None:
    queue = _queue()
    queue.schedule("a", 100)
    queue.cancel("a")
    queue.schedule("a", 100)
    assert list(queue.due(100)) == ["a"]
    assert list(queue.due(100)) == []


@pytest.mark.parametrize("per_second", [0.5, 1, 20, 200])
def test_budget_is_kept_and_saves_up_one_second_at_most(per_second: float) -> None:
    queue = _queue(per_second)
    for number in range(10_000):
        queue.schedule(f"t{number}", 0)
    started = [now for now in range(0, 10_000, 50) for _ in queue.due(now)]
    assert len(started) <= per_second * 10 + max(1.0, per_second)
    assert len(started) >= per_second * 9.9
    assert queue.deferred > 0
    assert sum(now < 1_000 for now in started) <= 2 * max(1.0, per_second)


def test_idle_time_does_not_build_up_a_burst() -> None:
    queue = _queue(20)
    for number in range(1_000):
        queue.schedule(f"t{number}", 3_600_000)
    assert len(list(queue.due(3_600_000))) == 20


def test_what_the_budget_defers_stays_in_order() -> None:
    queue = _queue(1)
    for name in "abc":
        queue.schedule(name, 0)
    assert [name for now in range(0, 3_000, 50) for name in queue.due(now)] == ["a", "b", "c"]


def test_a_year_of_wanting_and_forgetting_leaves_nothing_behind() -> None:
    queue = _queue()
    for number in range(50_000):
        queue.schedule(f"t{number % 10}", 10**12 - number)
        if number % 3 == 0:
            queue.cancel(f"t{number % 10}")
    assert len(queue) <= 2 * 10 + SLACK_ENTRIES


def test_sweeping_out_keeps_the_living() -> None:
    queue = _queue()
    queue.schedule("kept", 5_000)
    for number in range(1_000):
        queue.schedule("other", 10_000 + number)
        queue.cancel("other")
    assert list(queue.due(5_000)) == ["kept"]


def test_new_budget_takes_over_at_once() -> None:
    queue = _queue(1_000)
    for number in range(100):
        queue.schedule(f"t{number}", 0)
    queue.budget = TokenBucket(1, 0)
    assert len(list(queue.due(0))) == 1
