"""When a calendar counts, as a frozen value, and as the time intervals of Alertmanager. Pure; no clock is asked."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

Span = tuple[int, int]
"""Minutes since 00:00 of the local clock, [open, close)."""
MonthDay = tuple[int, int]

_WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_LEAP_YEAR = 2024
_WHOLE_DAY = ((0, 24 * 60),)


@dataclass(frozen=True, slots=True)
class Season:
    """Hours by weekday (0 is Monday) from first to last, both included; last before first wraps the year."""

    first: MonthDay
    last: MonthDay
    hours: Mapping[int, tuple[Span, ...]]

    def has(self, day: date) -> bool:
        """Whether the date lies in the season."""
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last

    def weekdays(self) -> Mapping[tuple[Span, ...], list[int]]:
        """The weekdays of the same hours, 0 being Sunday as in Prometheus and Alertmanager; none without hours."""
        return _alike({(weekday + 1) % 7: spans for weekday, spans in self.hours.items() if spans})


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When a calendar counts: seasons that do not overlap, and the dates whose hours are not those of their weekday.

    A holiday is a date without hours. What no date says goes on with the weekdays, year after year.
    """

    name: str
    zone: str
    seasons: tuple[Season, ...]
    dates: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def usual(self, day: date) -> tuple[Span, ...]:
        """The hours of its weekday."""
        return next((one.hours.get(day.weekday(), ()) for one in self.seasons if one.has(day)), ())

    @property
    def off(self) -> str:
        """The name of the intervals that take away from the others."""
        return f"{self.name}-off"

    def dates_alike(self) -> Mapping[tuple[Span, ...], list[date]]:
        """The dates of the same hours."""
        return _alike(self.dates)


_Day = TypeVar("_Day")


def _alike(days: Mapping[_Day, tuple[Span, ...]]) -> dict[tuple[Span, ...], list[_Day]]:
    found: dict[tuple[Span, ...], list[_Day]] = {}
    for day, spans in days.items():
        found.setdefault(spans, []).append(day)
    return found


def every_day_but_weekends(name: str, zone: str, *spans: Span) -> OpenHours:
    """Monday to Friday, all year."""
    return OpenHours(name, zone, (Season((1, 1), (12, 31), dict.fromkeys(range(5), spans)),))


def time_intervals(hours: OpenHours) -> list[dict[str, Any]]:
    """Two named lists: when the calendar counts, and what of that does not count (holidays).

    Alertmanager cannot take dates away within a list, so a route is active in the first and muted in the second;
    what is muted on a date is only what its weekday has and the date has not. The second is there if it says anything.
    """
    more = {day: _without(spans, hours.usual(day)) for day, spans in hours.dates.items()}
    less = {day: _without(hours.usual(day), spans) if spans else _WHOLE_DAY for day, spans in hours.dates.items()}
    counts = [*_weekly(hours.seasons), *_dated(more)]
    named = ((hours.name, counts), (hours.off, list(_dated(less))))
    return [
        {"name": name, "time_intervals": [{**one, "location": hours.zone} for one in intervals]}
        for name, intervals in named
        if intervals or name == hours.name
    ]


def _weekly(seasons: Iterable[Season]) -> Iterator[dict[str, Any]]:
    for season in seasons:
        for spans, numbers in season.weekdays().items():
            for stretch in _stretches(season.first, season.last):
                yield from _interval(spans, {"weekdays": _ranges(numbers, _WEEKDAYS), **stretch})


def _dated(dates: Mapping[date, tuple[Span, ...]]) -> Iterator[dict[str, Any]]:
    """Dates of one month with the same hours are one interval."""
    alike: dict[tuple[int, int, tuple[Span, ...]], list[int]] = {}
    for day, spans in sorted(dates.items()):
        alike.setdefault((day.year, day.month, spans), []).append(day.day)
    for (year, month, spans), days in alike.items():
        yield from _interval(spans, {"days_of_month": _ranges(days), "months": [str(month)], "years": [str(year)]})


def _interval(spans: tuple[Span, ...], when: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    times = [{"start_time": _time(one), "end_time": _time(two)} for one, two in spans]
    if times:
        yield {**({"times": times} if spans != _WHOLE_DAY else {}), **when}


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _stretches(first: MonthDay, last: MonthDay) -> Iterator[dict[str, Any]]:
    """From one day of the year to another: parts of months, and whole months together."""
    if last < first:
        yield from _stretches(first, (12, 31))
        yield from _stretches((1, 1), last)
        return
    whole = []
    for month in range(first[0], last[0] + 1):
        length = monthrange(_LEAP_YEAR, month)[1]
        opens, closes = first[1] if month == first[0] else 1, last[1] if month == last[0] else length
        if (opens, closes) == (1, length):
            whole.append(month)
        else:
            yield {"days_of_month": _ranges(range(opens, closes + 1)), "months": [str(month)]}
    if whole:
        yield {"months": _ranges(whole)} if len(whole) < 12 else {}


def _ranges(numbers: Iterable[int], names: tuple[str, ...] = ()) -> list[str]:
    """As Alertmanager writes them: ``5``, ``5:11``, ``monday:friday``."""
    return [
        ":".join(names[number] if names else str(number) for number in dict.fromkeys(ends)) for ends in runs(numbers)
    ]


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of those that follow one another."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _without(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """What of the spans lies in none of the others."""
    left = list(spans)
    for opens, closes in others:
        left = [
            part for one, two in left for part in ((one, min(two, opens)), (max(one, closes), two)) if part[0] < part[1]
        ]
    return tuple(left)
