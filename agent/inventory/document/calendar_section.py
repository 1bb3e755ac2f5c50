"""The section `calendars`: hours, seasons and holidays, and the file of the year's notice beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from agent.availability.calendar import in_two_seasons
from agent.inventory.calendars import season
from agent.inventory.document.parts import CalendarPart, Parts, named, read_within, validated
from agent.inventory.findings import Finding, Located, SourceFile, Trail
from agent.inventory.schema.rows import CalendarRow, OverrideRow
from agent.inventory.schema.types import is_word
from agent.inventory.sources.files import Files

RESERVED_NAMES = ("always", "meetings")
"""They mean something by themselves and cannot be defined."""


def read_calendars(parts: Parts, files: Files, source: SourceFile, data: object) -> None:
    """Every calendar of the main file, validated by itself."""
    for trail, name, item in named(parts, source, ("calendars",), data):
        if not isinstance(name, str) or not is_word(name):
            parts.findings.append(Finding(source.place(trail, key=True), "id_syntax", {"value": str(name)[:100]}))
        elif name in RESERVED_NAMES:
            parts.findings.append(Finding(source.place(trail, key=True), "calendar_fixed", {"value": name}))
        elif (row := validated(CalendarRow, source, trail, item, parts.findings)) is not None:
            _check(parts, source, trail, row, item)
            parts.calendars.append(
                Located(source, trail, CalendarPart(name, row, _override(parts, files, source, row)))
            )
        else:
            parts.refuse("calendar", name)


def _check(parts: Parts, source: SourceFile, trail: Trail, row: CalendarRow, item: dict[str, object]) -> None:
    """Check the values of a calendar against each other."""
    if ("hours" in item) == ("seasons" in item):
        parts.findings.append(Finding(source.place(trail), "calendar_hours"))
    twice = in_two_seasons(map(season, row.seasons)) if len(row.seasons) > 1 else None
    if twice is not None:
        parts.findings.append(Finding(source.place((*trail, "seasons")), "two_seasons", {"value": f"{twice:%m-%d}"}))


def _override(parts: Parts, files: Files, source: SourceFile, row: CalendarRow) -> OverrideRow:
    """The file that the calendar names, beside the main file; it counts again for every calendar that has its days."""
    if row.override is None:
        return OverrideRow()
    notice = read_within(parts, files, Path(source.place(()).file).parent / row.override)
    if notice is None:
        return OverrideRow()
    notice_row = validated(OverrideRow, notice, (), notice.data(), parts.findings) or OverrideRow()
    dates = set[date]()
    for index, day in enumerate(working_day.date for working_day in notice_row.working_days):
        if day in dates:
            place = notice.place(("working_days", index))
            parts.findings.append(Finding(place, "day_twice", {"value": day.isoformat()}))
        dates.add(day)
    return notice_row
