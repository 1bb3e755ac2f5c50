"""Which instants count, asked instant by instant: does its local date have hours, and is its local time in them?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.oracle.rules import Rules
from tests.oracle.zones import DAY, changes, midnight_utc, offset_at, offsets_around, wall_clock

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
IN_JANUARY = 1_736_899_200_000  # 2025-01-15, only for the rule that a bug may break


def time_of_day(text: str) -> int:
    hours, minutes = text.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000


def in_season(season: dict[str, Any], day: date) -> bool:
    """Inclusive at both ends; a season may wrap the year."""
    today, first, last = f"{day:%m-%d}", str(season["from"]), str(season["to"])
    return first <= today <= last if first <= last else today >= first or today <= last


class Calendar:
    def __init__(self, document: dict[str, Any] | None, rules: Rules) -> None:
        self.document = document or {"kind": "always"}
        self.rules = rules
        self.kind = self.document["kind"]
        self.hours_by_date: dict[date, list[tuple[int, int]]] = {}

    def counts(self, x: int) -> bool:
        if self.kind == "always":
            return True
        if self.kind == "windows":
            windows = self.document["windows"]
            return any(self.rules.inside(x, row["start_utc_ms"], row["end_utc_ms"]) for row in windows)
        day, of_day = wall_clock(x, self._offset(x))
        return any(self.rules.open_at(of_day, opens, closes) for opens, closes in self.hours(day))

    def edges(self, start: int, end: int) -> set[int]:
        """Every instant of [start, end) where the answer may change, and some where it does not."""
        if self.kind == "always":
            return set()
        if self.kind == "windows":
            found = {row[key] for row in self.document["windows"] for key in ("start_utc_ms", "end_utc_ms")}
        else:
            found = set(self._weekly_edges(start, end))
        return {x for x in found if start <= x < end}

    def hours(self, day: date) -> list[tuple[int, int]]:
        if day not in self.hours_by_date:
            self.hours_by_date[day] = self._hours(day)
        return self.hours_by_date[day]

    def _hours(self, day: date) -> list[tuple[int, int]]:
        weekday = self._weekday(day)
        return [
            (time_of_day(opens), time_of_day(closes))
            for season in self.document["seasons"]
            if in_season(season, day)
            for opens, closes in season["hours"].get(weekday, ())
        ]

    def _weekday(self, day: date) -> str | None:
        """A working day stands over a holiday, a holiday over the weekday."""
        text = day.isoformat()
        for row in self.document.get("working_days", ()):
            if row["date"] == text:
                return str(row["like"])
        return None if text in self.document.get("holidays", ()) else WEEKDAYS[day.weekday()]

    def _offset(self, x: int) -> int:
        zone = self.document["zone"]
        return self.rules.offset_ms(offset_at(zone, x), offset_at(zone, IN_JANUARY))

    def _weekly_edges(self, start: int, end: int) -> Iterator[int]:
        zone = self.document["zone"]
        day, _ = wall_clock(start - 2 * DAY, 0)
        last, _ = wall_clock(end + 2 * DAY, 0)
        while day <= last:
            yield from changes(zone, day)
            times = {0, DAY, *(edge for pair in self.hours(day) for edge in pair)}
            for offset in offsets_around(zone, day) | {offset_at(zone, IN_JANUARY)}:
                yield from (midnight_utc(day) + time - offset for time in times)
            day += timedelta(days=1)
