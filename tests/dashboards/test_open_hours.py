"""What Alertmanager is told of the calendars is what the calendars say, at every instant."""

from __future__ import annotations

import json
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta

import pytest

from agent.availability.calendar import Windows
from agent.availability.calendar_document import parse_calendar
from agent.availability.zones import DAY_MS
from agent.inventory.entities import Inventory
from dashboards.hours import open_hours, time_intervals, written_out
from tests.dashboards import hours_cases
from tests.dashboards.alertmanager_time import active
from tests.dashboards.hours_cases import CALENDARS, YEARS, instants

MINUTE = 60_000


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    return hours_cases.inventory(tmp_path_factory.mktemp("inventory"))


@pytest.mark.parametrize("name", [*CALENDARS, "desk", "meetings"])
def test_alertmanager_and_the_calendar_agree_at_every_instant(inventory: Inventory, name: str) -> None:
    calendar = inventory.calendars[name]
    (hours,) = (each for each in open_hours(inventory.calendars, YEARS) if each.name == name)
    named, said = time_intervals(hours), {True: 0, False: 0}
    start, end = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000) for year in (YEARS.start, YEARS.stop))
    spans = calendar.spans(start - 5 * DAY_MS, end + 5 * DAY_MS)
    for at_ms in instants(hours):
        before = bisect_right(spans, (at_ms, end * 2)) - 1
        counts = before >= 0 and at_ms < spans[before][1]
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)
        assert active(named, name, moment) == counts, moment.isoformat()
        said[counts] += 1
    if name != "meetings":
        assert min(said.values()) > 50
    print(f"{name}: {said}")


def test_tet_the_swapped_saturday_and_the_seasons_are_written_out(inventory: Inventory) -> None:
    (office,) = (each for each in open_hours(inventory.calendars, YEARS) if each.name == "office")
    assert office.dates[date(2027, 2, 4)] == ()  # Tết
    assert office.dates[date(2027, 2, 13)] == (
        (450 * MINUTE, 690 * MINUTE),
        (780 * MINUTE, 990 * MINUTE),
    )  # a Saturday with the hours of a Monday
    assert office.dates[date(2027, 3, 3)] == ((480 * MINUTE, 600 * MINUTE),)  # a Wednesday with those of a Saturday
    assert date(2027, 2, 3) not in office.dates
    assert {day.year for day in office.dates} == set(YEARS)


def test_windows_of_meetings_become_dates_of_utc() -> None:
    start, minute = int(datetime(2026, 12, 31, 23, 30, tzinfo=UTC).timestamp() * 1000), 60_000
    calendar = Windows(((start, start + 60 * minute + 1), (start + 90 * minute, start + 91 * minute)))
    hours = written_out("meetings", calendar, YEARS)
    assert hours.dates == {
        date(2026, 12, 31): ((1410 * MINUTE, 1440 * MINUTE),),
        date(2027, 1, 1): ((0, 31 * MINUTE), (60 * MINUTE, 61 * MINUTE)),
    }
    named = time_intervals(hours)
    for minutes in range(-2, 95):
        moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC) + timedelta(minutes=minutes)
        at_ms = start + minutes * minute
        assert active(named, "meetings", moment) == bool(calendar.spans(at_ms, at_ms + minute)), minutes


@pytest.mark.parametrize("name", [*CALENDARS, "always", "desk", "meetings"])
def test_what_the_ledger_stores_reads_back_as_the_same_calendar(inventory: Inventory, name: str) -> None:
    stored = json.dumps(json.loads(inventory.content)["calendars"][name]).encode()
    assert parse_calendar(stored) == inventory.calendars[name]
