"""Which instants count: always, by the hours of each local date, or the windows of meetings. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from agent.availability.spans import Span, intersection, union
from agent.availability.zones import DAY_MS, date_of, midnight, offsets

MonthDay = tuple[int, int]


class Weekday(IntEnum):
    """Named as in the files of people; numbered as datetime does."""

    mon = 0
    tue = 1
    wed = 2
    thu = 3
    fri = 4
    sat = 5
    sun = 6


@dataclass(frozen=True, slots=True)
class Season:
    """Hours by weekday for the dates from first to last, both inclusive; last before first wraps the year.

    Hours are milliseconds since 00:00 of the local clock, [open, close); a weekday without an entry has none.
    """

    first: MonthDay
    last: MonthDay
    hours: Mapping[Weekday, tuple[Span, ...]]

    def has(self, day: date) -> bool:
        """Whether the date lies in the season."""
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


@dataclass(frozen=True, slots=True)
class Always:
    """Every instant counts."""

    def spans(self, start_ms: int, end_ms: int) -> tuple[Span, ...]:
        """The spans of [start_ms, end_ms) that count."""
        return union([(start_ms, end_ms)])


@dataclass(frozen=True, slots=True)
class Windows:
    """The union of given stretches of UTC counts."""

    windows: tuple[Span, ...] = ()

    def spans(self, start_ms: int, end_ms: int) -> tuple[Span, ...]:
        """The spans of [start_ms, end_ms) that count."""
        return intersection(union(self.windows), union([(start_ms, end_ms)]))


@dataclass(frozen=True, slots=True)
class Found:
    """What some calendar counts in a period, found once for many that ask of the same period or of less."""

    found: tuple[Span, ...]

    def spans(self, start_ms: int, end_ms: int) -> tuple[Span, ...]:
        """The spans of [start_ms, end_ms) that count."""
        if not self.found or (start_ms <= self.found[0][0] and self.found[-1][1] <= end_ms):
            return self.found
        return intersection(self.found, union([(start_ms, end_ms)]))


@dataclass(frozen=True, slots=True)
class Weekly:
    """The hours of each local date count.

    A working day (a date, and the weekday whose hours it has in its own season) goes before a holiday, a holiday
    before the weekday. Repeated hours of a clock change count twice, skipped ones not at all.
    """

    zone: str
    seasons: tuple[Season, ...]
    holidays: frozenset[date] = frozenset()
    working_days: Mapping[date, Weekday] | None = None

    def spans(self, start_ms: int, end_ms: int) -> tuple[Span, ...]:
        """The spans of [start_ms, end_ms) that count."""
        return union(self._spans(start_ms, end_ms)) if start_ms < end_ms else ()

    def _spans(self, start_ms: int, end_ms: int) -> Iterator[Span]:
        for stretch in offsets(self.zone, start_ms, end_ms):
            for day in _days(stretch.start_ms + stretch.offset_ms, stretch.end_ms + stretch.offset_ms):
                utc = midnight(day) - stretch.offset_ms
                for opens, closes in self.hours(day):
                    yield max(utc + opens, stretch.start_ms), min(utc + closes, stretch.end_ms)

    def hours(self, day: date) -> tuple[Span, ...]:
        """The hours that count on one local date."""
        weekday = (self.working_days or {}).get(day)
        if weekday is None:
            if day in self.holidays:
                return ()
            weekday = Weekday(day.weekday())
        return next((season.hours.get(weekday, ()) for season in self.seasons if season.has(day)), ())


@dataclass(frozen=True, slots=True)
class Successive:
    """One calendar after another: each counts in its own stretch, which do not overlap."""

    parts: tuple[tuple[Span, Always | Weekly | Windows], ...]

    def spans(self, start_ms: int, end_ms: int) -> tuple[Span, ...]:
        """The spans of [start_ms, end_ms) that count."""
        clipped = [(max(start, start_ms), min(end, end_ms), calendar) for (start, end), calendar in self.parts]
        return union(span for start, end, calendar in clipped if start < end for span in calendar.spans(start, end))


Calendar = Always | Weekly | Windows


def office_day(day: date, *calendars: Calendar | None) -> bool:
    """Whether anything of the local date counts, by the first of the calendars that tells days apart from each other.

    Windows are hours of meetings: they tell no days apart. Without any such calendar every date counts.
    """
    calendar = next((calendar for calendar in calendars if isinstance(calendar, Always | Weekly)), Always())
    return isinstance(calendar, Always) or bool(calendar.hours(day))


def _days(start_local_ms: int, end_local_ms: int) -> Iterator[date]:
    day, last = date_of(start_local_ms), date_of(end_local_ms - 1)
    while day <= last:
        yield day
        day += timedelta(days=1)


def in_two_seasons(seasons: Iterable[Season]) -> date | None:
    """A date (of a leap year) that lies in more than one season; None if there is none."""
    all_seasons = tuple(seasons)
    for day in _days(_LEAP_YEAR, _LEAP_YEAR + 366 * DAY_MS):
        if sum(season.has(day) for season in all_seasons) > 1:
            return day
    return None


_LEAP_YEAR = midnight(date(2024, 1, 1))
