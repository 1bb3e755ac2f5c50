"""Calendars for programs that know no holidays: hours of the week, days written out, Alertmanager's intervals. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from agent.availability.calendar import Calendar, MonthDay, Season, Weekday, Weekly, Windows
from agent.availability.spans import Span, difference, union
from agent.availability.zones import DAY_MS, date_of

_WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_LEAP_YEAR = 2024
_WHOLE_DAY = ((0, DAY_MS),)
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When a calendar counts: seasons that do not overlap, and the dates whose hours are not those of their weekday.

    A holiday is a date without hours. What no date says goes on with the weekdays, year after year. Spans are
    milliseconds since 00:00 of the local clock, whole minutes.
    """

    name: str
    zone: str
    seasons: tuple[Season, ...]
    dates: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def usual(self, day: date) -> tuple[Span, ...]:
        """The hours of its weekday."""
        return next((season.hours.get(Weekday(day.weekday()), ()) for season in self.seasons if season.has(day)), ())

    @property
    def off(self) -> str:
        """The name of the intervals that take away from the others."""
        return f"{self.name}-off"

    def dates_alike(self) -> Mapping[tuple[Span, ...], list[date]]:
        """The dates of the same hours."""
        return _alike(self.dates)


def open_hours(calendars: Mapping[str, Calendar], years: range) -> tuple[OpenHours, ...]:
    """Every calendar but those that always count, with the dates of those years that differ from their weekday."""
    return tuple(
        written_out(name, calendar, years)
        for name, calendar in sorted(calendars.items())
        if isinstance(calendar, Weekly | Windows)
    )


def written_out(name: str, calendar: Weekly | Windows, years: range) -> OpenHours:
    """One calendar; windows are dates of UTC, begun minutes counted whole."""
    if isinstance(calendar, Windows):
        return OpenHours(name, "UTC", (), _dates_of(calendar))
    usual = replace(calendar, holidays=frozenset(), working_days=None)
    dates = {day: calendar.hours(day) for day in _days(years) if calendar.hours(day) != usual.hours(day)}
    return OpenHours(name, calendar.zone, calendar.seasons, dates)


def _dates_of(calendar: Windows) -> dict[date, tuple[Span, ...]]:
    dates: dict[date, tuple[Span, ...]] = {}
    for start_ms, end_ms in union(calendar.windows):
        for day_ms in range(start_ms // DAY_MS * DAY_MS, end_ms, DAY_MS):
            opens, closes = max(start_ms, day_ms) - day_ms, min(end_ms, day_ms + DAY_MS) - day_ms
            minutes = opens // _MINUTE_MS * _MINUTE_MS, -(-closes // _MINUTE_MS) * _MINUTE_MS
            dates[date_of(day_ms)] = (*dates.get(date_of(day_ms), ()), minutes)
    return dates


def _days(years: range) -> Iterator[date]:
    day = date(years.start, 1, 1)
    while day.year in years:
        yield day
        day += timedelta(days=1)


def weekdays_alike(season: Season) -> Mapping[tuple[Span, ...], list[int]]:
    """The weekdays of the same hours, 0 being Sunday as in Prometheus and Alertmanager; none without hours.

    In the order of the days' names, in which the built files have always had them: no file changes for an order.
    """
    days = sorted(season.hours, key=lambda weekday: weekday.name)
    return _alike({(weekday + 1) % 7: season.hours[weekday] for weekday in days if season.hours[weekday]})


_Day = TypeVar("_Day")


def _alike(days: Mapping[_Day, tuple[Span, ...]]) -> dict[tuple[Span, ...], list[_Day]]:
    groups: dict[tuple[Span, ...], list[_Day]] = {}
    for day, spans in days.items():
        groups.setdefault(spans, []).append(day)
    return groups


def every_day_but_weekends(name: str, zone: str, *spans: Span) -> OpenHours:
    """Monday to Friday, all year."""
    return OpenHours(name, zone, (Season((1, 1), (12, 31), dict.fromkeys(list(Weekday)[:5], spans)),))


def time_intervals(hours: OpenHours) -> list[dict[str, Any]]:
    """Two named lists: when the calendar counts, and what of that does not count (holidays).

    Alertmanager cannot take dates away within a list, so a route is active in the first and muted in the second;
    what is muted on a date is only what its weekday has and the date has not. The second is there if it says anything.
    """
    more = {day: _beyond(spans, hours.usual(day)) for day, spans in hours.dates.items()}
    less = {day: _beyond(hours.usual(day), spans) if spans else _WHOLE_DAY for day, spans in hours.dates.items()}
    counts = [*_weekly(hours.seasons), *_dated(more)]
    named = ((hours.name, counts), (hours.off, list(_dated(less))))
    return [
        {"name": name, "time_intervals": [{**interval, "location": hours.zone} for interval in intervals]}
        for name, intervals in named
        if intervals or name == hours.name
    ]


def _weekly(seasons: Iterable[Season]) -> Iterator[dict[str, Any]]:
    for season in seasons:
        for spans, numbers in weekdays_alike(season).items():
            for stretch in _stretches(season.first, season.last):
                yield from _interval(spans, {"weekdays": _ranges(numbers, _WEEKDAYS), **stretch})


def _dated(dates: Mapping[date, tuple[Span, ...]]) -> Iterator[dict[str, Any]]:
    """Dates of one month with the same hours are one interval."""
    groups: dict[tuple[int, int, tuple[Span, ...]], list[int]] = {}
    for day, spans in sorted(dates.items()):
        groups.setdefault((day.year, day.month, spans), []).append(day.day)
    for (year, month, spans), days in groups.items():
        yield from _interval(spans, {"days_of_month": _ranges(days), "months": [str(month)], "years": [str(year)]})


def _interval(spans: tuple[Span, ...], when: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    times = [{"start_time": _time(start), "end_time": _time(end)} for start, end in spans]
    if times:
        yield {**({"times": times} if spans != _WHOLE_DAY else {}), **when}


def _time(since_midnight_ms: int) -> str:
    minutes = since_midnight_ms // _MINUTE_MS
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
    """The ranges as Alertmanager writes them: ``5``, ``5:11``, ``monday:friday``."""
    return [
        ":".join(names[number] if names else str(number) for number in dict.fromkeys(ends)) for ends in runs(numbers)
    ]


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of those that follow one another."""
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges


def _beyond(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """What of each span lies in none of the others; adjacent spans stay apart, as they are written."""
    covered = union(others)
    return tuple(part for span in spans for part in difference((span,), covered))
