"""Late rounds: counted, told when they come in two half minutes one after the other, and not after a standstill."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from agent.engine.lateness import SPAN_MS, LatenessMonitor

INTERVAL_MS = 10_000


class Day:
    """A pace that is looked at every second; in each a hundred rounds run."""

    def __init__(self) -> None:
        self.now_ms, self.rounds_missed = 0, 0
        self.pace = LatenessMonitor(0)

    def run(self, seconds: int, late: int, missed: int = 0) -> None:
        for _ in range(seconds):
            self.now_ms += 1000
            for number in range(100):
                self.pace.ran(INTERVAL_MS // 2 + 1 if number < late else INTERVAL_MS // 2, INTERVAL_MS)
            self.rounds_missed += missed
            self.pace.look(self.now_ms, self.rounds_missed)


@pytest.fixture
def day() -> Day:
    return Day()


def test_beyond_half_an_interval_is_late(day: Day) -> None:
    day.run(1, 7)
    assert (day.pace.stats.late_starts, sum(day.pace.stats.counts)) == (7, 100)
    assert day.pace.stats.sum_seconds == pytest.approx(500.007)


@pytest.mark.parametrize(("late", "missed", "overloaded"), [(4, 0, False), (5, 0, True), (0, 6, True), (0, 5, False)])
def test_a_share_of_late_or_missed_rounds_in_two_spans_is_overload(
    day: Day, late: int, missed: int, overloaded: bool
) -> None:
    day.run(SPAN_MS // 1000, late, missed)
    assert not day.pace.stats.overloaded
    day.run(SPAN_MS // 1000, late, missed)
    assert day.pace.stats.overloaded is overloaded
    assert day.pace.stats.late_ratio == pytest.approx((late + missed) / (100 + missed))


def test_a_standstill_is_no_overload_and_one_good_span_ends_it(day: Day) -> None:
    day.run(30, 0)
    day.rounds_missed += 5000
    day.run(30, 0)
    assert (day.pace.stats.late_ratio > 0.5, day.pace.stats.overloaded) == (True, False)
    day.run(30, 0)
    assert (day.pace.stats.late_ratio, day.pace.stats.overloaded) == (0, False)
    day.run(60, 50)
    assert day.pace.stats.overloaded
    day.run(30, 0)
    assert not day.pace.stats.overloaded


def test_it_is_told_when_it_begins_every_ten_minutes_and_when_it_ends(day: Day) -> None:
    with capture_logs() as logged:
        day.run(60 + 1200, 85)
        day.run(30, 0)

    assert [line["event"] for line in logged] == ["overloaded", "overloaded", "overloaded", "overload_ended"]
    assert (logged[0]["late"], logged[0]["of"], logged[0]["within_seconds"]) == (2550, 3000, 30)
