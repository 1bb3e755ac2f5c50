"""The calendars that targets may name, as documents: those of the inventory, and what office and desk mean without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from agent.inventory import vn_holidays
from agent.inventory.document.parts import CalendarPart
from agent.inventory.findings import Located
from agent.inventory.schema.types import WEEKDAYS, weekdays_of

BUILT_IN = ("always", "office", "desk", "meetings")
Document = dict[str, Any]

_OFFICE_HOURS = [["07:30", "11:30"], ["13:30", "17:00"]]
_ALL_YEAR: Document = {"from": "01-01", "to": "12-31", "hours": dict.fromkeys(WEEKDAYS[:5], _OFFICE_HOURS)}


def built_in(zone: str) -> dict[str, Document]:
    """What the four names mean where the inventory defines them not. meetings counts nothing until there are any."""
    office = weekly(zone, [_ALL_YEAR], holidays="vn")
    return {
        "always": {"kind": "always"},
        "office": office,
        "desk": office,
        "meetings": {"kind": "windows", "windows": []},
    }


def weekly(
    zone: str,
    seasons: Iterable[Document],
    *,
    holidays: str,
    more_holidays: Iterable[date] = (),
    working_days: Mapping[date, str] | None = None,
) -> Document:
    """A weekly calendar with its days written out, so that it can be counted again without any library.

    What is named by hand goes before what the library knows.
    """
    by_hand = working_days or {}
    known = vn_holidays.working_days() if holidays == "vn" else {}
    worked = {day: WEEKDAYS[off.weekday()] for day, off in known.items()} | dict(by_hand)
    off = {*more_holidays, *(vn_holidays.days_off() if holidays == "vn" else ())}
    worked = {day: like for day, like in worked.items() if day in by_hand or day not in set(more_holidays)}
    return {
        "kind": "weekly",
        "zone": zone,
        "seasons": list(seasons),
        "holidays": sorted(day.isoformat() for day in off),
        "working_days": [{"date": day.isoformat(), "like": like} for day, like in sorted(worked.items())],
    }


def documents(entries: Iterable[Located[CalendarPart]], zone: str) -> dict[str, Document]:
    """Every calendar that a target may name; those of the inventory go before the built-in ones."""
    return built_in(zone) | {entry.value.id: _own(entry.value, zone) for entry in entries}


def _own(part: CalendarPart, zone: str) -> Document:
    row, notice = part.row, part.override
    seasons = [{"from": one.first, "to": one.last, "hours": _hours(one.hours)} for one in row.seasons]
    if row.hours is not None:
        seasons = [{"from": "01-01", "to": "12-31", "hours": _hours(row.hours)}]
    worked = {one.date: one.like for one in notice.working_days}
    return weekly(row.zone or zone, seasons, holidays=row.holidays, more_holidays=notice.holidays, working_days=worked)


def _hours(hours: Mapping[str, tuple[str, ...]]) -> Document:
    return {day: [span.split("-") for span in spans] for days, spans in hours.items() for day in weekdays_of(days)}
