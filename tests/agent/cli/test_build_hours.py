"""What Alertmanager is told of the calendars is what the calendars say, at every instant."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agent.availability.calendar import Windows
from agent.availability.calendar_document import calendar_of
from agent.availability.zones import DAY_MS, first_instant
from agent.cli.build_hours import _CALENDAR, _windows, open_hours
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.probes.registry import PROBES
from dashboards.hours import OpenHours, time_intervals
from tests.dashboards.alertmanager_time import active

YEARS = range(2026, 2028)
EDGES = (-60_000, -1, 0, 1, 59_999, 60_000)
NOTICE = """
holidays: ["2027-02-04", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-02-10"]
working_days:
  - {date: "2027-02-13", like: mon}
  - {date: "2027-03-03", like: sat}
  - {date: "2027-02-06", like: fri}
"""
CALENDARS: dict[str, Any] = {
    "office": {
        "seasons": [
            {"from": "04-15", "to": "10-15", "hours": {"mon-fri": ["07:00-11:30", "13:30-17:00"]}},
            {
                "from": "10-16",
                "to": "04-14",
                "hours": {"mon-fri": ["07:30-11:30", "13:00-16:30"], "sat": ["08:00-10:00"]},
            },
        ],
        "override": "notice.yml",
    },
    "one-stop": {"hours": {"mon-fri": ["07:30-11:30", "13:30-17:00"], "sat": ["07:30-11:30"]}},
    "night": {"hours": {"mon-sun": ["00:00-06:00", "22:00-24:00"]}, "holidays": "none"},
    "all-day": {"hours": {"mon-sun": ["00:00-24:00"]}},
    "summer": {"seasons": [{"from": "06-01", "to": "08-31", "hours": {"tue": ["09:00-10:00", "09:30-12:00"]}}]},
    "leap": {"seasons": [{"from": "02-10", "to": "02-29", "hours": {"mon-sun": ["10:00-11:00"]}}]},
    "berlin": {"zone": "Europe/Berlin", "hours": {"mon-sun": ["00:00-03:00", "12:00-20:00"]}, "holidays": "none"},
}


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    folder = tmp_path_factory.mktemp("inventory")
    document = {
        "organisation": {"name": "Huyện Thử", "language": "vi", "timezone": "Asia/Ho_Chi_Minh"},
        "levels": [{"id": "district", "name": {"vi": "Huyện", "en": "District"}}],
        "units": [{"id": "thu", "name": "Huyện Thử", "level": "district"}],
        "modules": {"ping": {"probe": "icmp"}},
        "sites": [{"id": "a", "name": "A", "unit": "thu"}],
        "targets": [{"id": "a/x", "role": "device", "module": "ping", "address": "192.0.2.1"}],
        "calendars": CALENDARS,
    }
    (folder / "notice.yml").write_text(NOTICE, "utf-8")
    (folder / "sansang.yml").write_text(json.dumps(document), "utf-8")
    return load(folder / "sansang.yml", PROBES)


def instants(hours: OpenHours) -> Iterator[int]:
    """Where something may change, to the millisecond and the minute, and anywhere else."""
    chance = random.Random(hours.name)
    first, last = (first_instant(hours.zone, date(year, 1, 1)) for year in (YEARS.start, YEARS.stop))
    edges = {day + timedelta(n) for day in hours.dates for n in (-1, 0, 1)}
    for season in hours.seasons:
        for month, of_month in (season.first, season.last):
            edges |= {date(year, month, min(of_month, 28)) + timedelta(n) for year in YEARS for n in range(-1, 3)}
    for day in edges | {date(2026, 3, 29), date(2026, 10, 25)}:
        start = first_instant(hours.zone, day)
        yield from (start + minute * 60_000 + near for minute in range(0, 1440, 30) for near in EDGES)
    yield from (chance.randrange(first, last) for _ in range(3000))


@pytest.mark.parametrize("name", [*CALENDARS, "desk", "meetings"])
def test_alertmanager_and_the_calendar_agree_at_every_instant(inventory: Inventory, name: str) -> None:
    calendar = calendar_of(_CALENDAR.validate_json(json.dumps(json.loads(inventory.content)["calendars"][name])))
    (hours,) = (each for each in open_hours(inventory, YEARS) if each.name == name)
    named, said = time_intervals(hours), {True: 0, False: 0}
    start, end = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000) for year in (YEARS.start, YEARS.stop))
    spans = calendar.spans(start - 5 * DAY_MS, end + 5 * DAY_MS)
    for at_ms in instants(hours):
        counts = any(one <= at_ms < two for one, two in spans)
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)
        assert active(named, name, moment) == counts, moment.isoformat()
        said[counts] += 1
    if name != "meetings":
        assert min(said.values()) > 50
    print(f"{name}: {said}")


def test_tet_the_swapped_saturday_and_the_seasons_are_written_out(inventory: Inventory) -> None:
    (office,) = (each for each in open_hours(inventory, YEARS) if each.name == "office")
    assert office.dates[date(2027, 2, 4)] == ()  # Tết
    assert office.dates[date(2027, 2, 13)] == ((450, 690), (780, 990))  # a Saturday with the hours of a Monday
    assert office.dates[date(2027, 3, 3)] == ((480, 600),)  # a Wednesday with those of a Saturday
    assert date(2027, 2, 3) not in office.dates
    assert {day.year for day in office.dates} == set(YEARS)


def test_windows_of_meetings_become_dates_of_utc() -> None:
    start, minute = int(datetime(2026, 12, 31, 23, 30, tzinfo=UTC).timestamp() * 1000), 60_000
    calendar = Windows(((start, start + 60 * minute + 1), (start + 90 * minute, start + 91 * minute)))
    hours = _windows("meetings", calendar)
    assert hours.dates == {date(2026, 12, 31): ((1410, 1440),), date(2027, 1, 1): ((0, 31), (60, 61))}
    named = time_intervals(hours)
    for minutes in range(-2, 95):
        moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC) + timedelta(minutes=minutes)
        at_ms = start + minutes * minute
        assert active(named, "meetings", moment) == bool(calendar.spans(at_ms, at_ms + minute)), minutes
