"""Use of ports on office days: an hour on three of the last ten, through gaps, restarts and clocks that are set."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.availability.calendar import Always, Season, Weekday, Weekly, Windows, office_day
from agent.availability.component_use import HOUR_MS, MOST_BETWEEN_MS, ComponentUse

MINUTE = 60_000


class Watched:
    """A device that is asked every minute."""

    def __init__(self) -> None:
        self.use = ComponentUse()
        self.at_ms = 0

    def minutes(self, count: int, day: str | None, *in_use: str) -> list[str]:
        news: list[str] = []
        for _ in range(count + 1):
            news += self.use.note(self.at_ms, day, in_use)
            self.at_ms += MINUTE
        return news


def day(number: int) -> str:
    return (date(2026, 12, 1) + timedelta(days=number)).isoformat()


def test_an_hour_on_three_days() -> None:
    device = Watched()
    for number in range(3):
        assert not device.use.used("port:1")
        assert device.minutes(60, day(number), "port:1") == ["port:1"]
        device.minutes(500, day(number))
    assert device.use.used("port:1")
    assert not device.use.used("port:2")


def test_less_than_an_hour_is_none() -> None:
    device = Watched()
    for number in range(9):
        assert device.minutes(59, day(number), "port:1") == []
        device.minutes(300, day(number))
    assert not device.use.used("port:1")


def test_parts_of_an_hour_add_up_but_not_over_midnight() -> None:
    device = Watched()
    device.minutes(40, day(0), "port:1")
    device.minutes(30, day(0))
    assert device.minutes(20, day(0), "port:1") == ["port:1"]
    device.minutes(40, day(1), "port:1")
    assert device.minutes(40, day(2), "port:1") == []


def test_a_port_that_is_empty_for_eight_days_matters_no_more() -> None:
    device = Watched()
    for number in range(3):
        device.minutes(60, day(number), "port:1")
    for number in range(3, 10):
        device.minutes(60, day(number))
        assert device.use.used("port:1"), number
    device.minutes(60, day(10))
    assert not device.use.used("port:1")


def test_days_off_and_days_in_the_dark_push_out_nothing() -> None:
    device = Watched()
    for number in range(3):
        device.minutes(60, day(number), "port:1")
    for number in range(3, 30):
        device.minutes(90, None, "port:2")
        device.minutes(30, day(number))  # the device answered for half an hour only
    assert device.use.used("port:1")
    assert not device.use.used("port:2")


def test_time_between_distant_readings_is_not_counted() -> None:
    use = ComponentUse()
    for number in range(20):
        assert use.note(number * (MOST_BETWEEN_MS + 1), day(0), ["port:1"]) == []


def test_a_clock_that_jumps_to_another_day_and_back_loses_no_day() -> None:
    device = Watched()
    for number in range(3):
        device.minutes(60, day(number), "port:1")
    device.minutes(120, "2099-01-05")
    device.minutes(60, day(2))
    assert device.use.used("port:1")


def test_a_restart_knows_the_days_and_adds_to_today() -> None:
    use = ComponentUse()
    for number in range(2):
        use.restore(day(number), ["port:1", "port:2"])
    use.restore(day(1), ["port:3"])
    assert not use.used("port:1")
    device = Watched()
    device.use = use
    assert device.minutes(60, day(1), "port:1", "port:4") == ["port:4"]
    assert device.minutes(60, day(2), "port:1") == ["port:1"]
    assert use.used("port:1")
    assert not use.used("port:2")


@given(st.lists(st.tuples(st.integers(0, 30), st.sets(st.sampled_from("abc"))), max_size=40))
def test_it_is_the_count_of_the_last_ten_days(days: list[tuple[int, set[str]]]) -> None:
    use, seen = ComponentUse(), dict[str, set[str]]()
    for number, parts in days:
        use.restore(day(number), parts)
        seen.setdefault(day(number), set()).update(parts)
        if len(seen) > 10:
            del seen[next(iter(seen))]
    for part in "abc":
        assert use.used(part) == (sum(part in parts for parts in seen.values()) >= 3)


WORKDAYS = dict.fromkeys(list(Weekday)[:5], ((8 * HOUR_MS, 17 * HOUR_MS),))
OFFICE = Weekly("Asia/Ho_Chi_Minh", (Season((1, 1), (12, 31), WORKDAYS),), frozenset({date(2026, 12, 2)}))


@pytest.mark.parametrize(
    ("calendars", "tuesday", "holiday", "sunday"),
    [
        ((OFFICE,), True, False, False),
        ((None, OFFICE), True, False, False),
        ((Windows(((0, 1),)), OFFICE), True, False, False),  # meetings tell no days apart
        ((Always(), OFFICE), True, True, True),
        ((None, None), True, True, True),
    ],
)
def test_office_days(
    calendars: tuple[Weekly | Always | Windows | None, ...], tuesday: bool, holiday: bool, sunday: bool
) -> None:
    days = date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 6)
    assert [office_day(each, *calendars) for each in days] == [tuesday, holiday, sunday]
