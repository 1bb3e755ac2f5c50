"""The inventory's calendars as the open hours that `sansang build` hands to dashboards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pydantic import TypeAdapter

from agent.availability.calendar import Weekly, Windows
from agent.availability.calendar_document import AnyCalendar, calendar_of
from agent.availability.spans import Span, union
from agent.availability.zones import DAY_MS, date_of
from agent.inventory.entities import Inventory
from dashboards.hours import OpenHours, Season

_CALENDAR: TypeAdapter[Any] = TypeAdapter(AnyCalendar)
_MINUTE_MS = 60_000


def open_hours(inventory: Inventory, years: range) -> tuple[OpenHours, ...]:
    """Every calendar but `always`, with the dates of those years that have other hours than their weekday."""
    documents: Mapping[str, Any] = json.loads(inventory.content)["calendars"]
    calendars = {name: calendar_of(_CALENDAR.validate_json(json.dumps(one))) for name, one in documents.items()}
    return tuple(
        _weekly(name, one, years) if isinstance(one, Weekly) else _windows(name, one)
        for name, one in sorted(calendars.items())
        if isinstance(one, Weekly | Windows)
    )


def _weekly(name: str, calendar: Weekly, years: range) -> OpenHours:
    usual = replace(calendar, holidays=frozenset(), working_days=None)
    seasons = (
        Season(one.first, one.last, {int(day): _minutes(spans) for day, spans in one.hours.items()})
        for one in calendar.seasons
    )
    other = {day: _minutes(calendar.hours(day)) for day in _days(years) if calendar.hours(day) != usual.hours(day)}
    return OpenHours(name, calendar.zone, tuple(seasons), other)


def _windows(name: str, calendar: Windows) -> OpenHours:
    """Stretches of UTC, begun minutes counted whole."""
    dates: dict[date, list[Span]] = {}
    for start_ms, end_ms in union(calendar.windows):
        for day_ms in range(start_ms // DAY_MS * DAY_MS, end_ms, DAY_MS):
            part = max(start_ms, day_ms) - day_ms, min(end_ms, day_ms + DAY_MS) - day_ms
            dates.setdefault(date_of(day_ms), []).append(part)
    return OpenHours(name, "UTC", (), {day: _minutes(spans) for day, spans in dates.items()})


def _minutes(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple((one // _MINUTE_MS, -(-two // _MINUTE_MS)) for one, two in spans)


def _days(years: range) -> Iterator[date]:
    day = date(years.start, 1, 1)
    while day.year in years:
        yield day
        day += timedelta(days=1)
