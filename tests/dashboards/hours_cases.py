"""Calendars with every edge that hours can have, and the instants at which they may change."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from agent.availability.zones import first_instant
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.probes.registry import PROBES
from dashboards.hours import OpenHours

YEARS = range(2026, 2028)
EDGES = (-60_000, -1, 0, 1, 59_999, 60_000)
NOTICE = """
holidays: ["2027-02-04", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-02-10"]
working_days:
  - {date: "2027-02-13", like: mon}
  - {date: "2027-03-03", like: sat}
  - {date: "2027-02-06", like: fri}
"""
CALENDARS: Mapping[str, Any] = {
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


def inventory(folder: Path) -> Inventory:
    """With all of these."""
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


def edge_days(hours: OpenHours) -> set[date]:
    """Days on which something changes, and those beside them."""
    edges = {day + timedelta(n) for day in hours.dates for n in (-1, 0, 1)}
    for season in hours.seasons:
        for month, of_month in (season.first, season.last):
            edges |= {date(year, month, min(of_month, 28)) + timedelta(n) for year in YEARS for n in range(-1, 3)}
    return {day for day in edges if day.year in YEARS}


def instants(hours: OpenHours) -> Iterator[int]:
    """Where something may change, to the millisecond and the minute, and anywhere else."""
    chance = random.Random(hours.name)
    first, last = (first_instant(hours.zone, date(year, 1, 1)) for year in (YEARS.start, YEARS.stop))
    for day in edge_days(hours) | {date(2026, 3, 29), date(2026, 10, 25)}:
        start = first_instant(hours.zone, day)
        yield from (start + minute * 60_000 + near for minute in range(0, 1440, 30) for near in EDGES)
    yield from (chance.randrange(first, last) for _ in range(3000))
