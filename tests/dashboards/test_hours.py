"""How hours are written for Alertmanager; that they mean the same is proved in tests/dashboards/test_open_hours.py."""

from __future__ import annotations

from datetime import date
from typing import Any

from agent.availability.calendar import Season, Weekday
from dashboards.hours import OpenHours, every_day_but_weekends, time_intervals

ZONE = "Asia/Ho_Chi_Minh"
MINUTE = 60_000
MORNING = (450 * MINUTE, 690 * MINUTE)
WEEK = dict.fromkeys(list(Weekday)[:5], (MORNING,))
HOURS = [{"start_time": "07:30", "end_time": "11:30"}]


def intervals(hours: OpenHours, name: str = "") -> list[dict[str, Any]]:
    return next(each["time_intervals"] for each in time_intervals(hours) if each["name"] == (name or hours.name))


def test_a_week_without_dates_is_one_interval() -> None:
    hours = every_day_but_weekends("office", ZONE, MORNING)
    one = {"times": HOURS, "weekdays": ["monday:friday"], "location": ZONE}
    assert time_intervals(hours) == [{"name": "office", "time_intervals": [one]}]


def test_sunday_begins_the_week() -> None:
    week = dict.fromkeys((Weekday.mon, Weekday.sat, Weekday.sun), (MORNING,))
    hours = OpenHours("x", ZONE, (Season((1, 1), (12, 31), week),))
    assert [each["weekdays"] for each in intervals(hours)] == [["sunday:monday", "saturday"]]


def test_a_season_is_cut_into_parts_of_months_and_whole_months() -> None:
    summer = OpenHours("x", ZONE, (Season((4, 15), (10, 15), WEEK),))
    found = [(each.get("days_of_month"), each["months"]) for each in intervals(summer)]
    assert found == [(["15:30"], ["4"]), (["1:15"], ["10"]), (None, ["5:9"])]


def test_a_season_may_wrap_the_year_and_end_on_29_february() -> None:
    winter = OpenHours("x", ZONE, (Season((12, 16), (2, 29), WEEK),))
    found = [(each.get("days_of_month"), each["months"]) for each in intervals(winter)]
    assert found == [(["16:31"], ["12"]), (None, ["1:2"])]


def test_dates_add_and_take_away_what_differs() -> None:
    """Tết, a Saturday that is worked, a Monday that closes an hour before noon and opens in the evening."""
    dates: dict[date, Any] = {date(2027, 2, day): () for day in (4, 5, 8)}
    dates |= {
        date(2027, 2, 13): (MORNING,),
        date(2027, 3, 1): ((450 * MINUTE, 630 * MINUTE), (1080 * MINUTE, 1440 * MINUTE)),
    }
    hours = OpenHours("office", ZONE, (Season((1, 1), (12, 31), WEEK),), dates)
    year = {"years": ["2027"], "location": ZONE}
    assert intervals(hours)[1:] == [
        {"times": HOURS, "days_of_month": ["13"], "months": ["2"], **year},
        {"times": [{"start_time": "18:00", "end_time": "24:00"}], "days_of_month": ["1"], "months": ["3"], **year},
    ]
    assert intervals(hours, "office-off") == [
        {"days_of_month": ["4:5", "8"], "months": ["2"], **year},
        {"times": [{"start_time": "10:30", "end_time": "11:30"}], "days_of_month": ["1"], "months": ["3"], **year},
    ]


def test_a_calendar_that_never_counts_has_its_name_and_no_interval() -> None:
    assert time_intervals(OpenHours("meetings", "UTC", ())) == [{"name": "meetings", "time_intervals": []}]
