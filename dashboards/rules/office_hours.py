"""Warnings begin in office hours only, go on through the night, and end at any hour.

This is done here and not in Alertmanager: a muted route and an inhibition there drop the ends of alerts that were sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.availability.calendar import MonthDay, Season
from agent.availability.spans import Span
from dashboards.hours import runs, weekdays_alike
from dashboards.rules.alert import Alert
from dashboards.settings import BuildSettings

OFFICE_OPEN = "office:time:open"
"""1 while the office is open, else 0."""

_EPOCH = date(1970, 1, 1)


def begun_in_office_hours(alert: Alert) -> str:
    """The alert's expression while the office is open, and at any hour where the alert fires already."""
    own = ", ".join(f'{name}="{value}"' for name, value in {"alertname": alert.name, **alert.labels}.items())
    ignored = ", ".join(("alertname", "alertstate", "severity", *alert.labels))
    return (
        f"({alert.expr}) and on () {OFFICE_OPEN} == 1"
        f' or ({alert.expr}) and ignoring ({ignored}) ALERTS{{{own}, alertstate="firing"}}'
    )


def open_now(settings: BuildSettings) -> str:
    """1 while the office is open, else 0; with the zone's offset from UTC as of the beginning of 2026."""
    hours = settings.office
    offset = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(hours.zone)).utcoffset() or timedelta()
    local = f"vector(time() + {int(offset.total_seconds())})"
    weekly = _any(_season(local, season) for season in hours.seasons)
    special = _any(
        f"({_dates(local, days)}) and ({_within(local, spans)})" for spans, days in hours.dates_alike().items() if spans
    )
    return f"0 * (({weekly}) unless ({_dates(local, hours.dates)}) or {special}) + 1 or vector(0)"


def _any(expressions: Iterable[str]) -> str:
    return " or ".join(expressions) or "vector(0) > 0"


def _season(local: str, season: Season) -> str:
    day, first, last = f"100 * month({local}) + day_of_month({local})", _number(season.first), _number(season.last)
    within = f"{day} >= {first} <= {last}" if first <= last else f"{day} >= {first} or {day} <= {last}"
    week = _any(
        f"({_ranges(f'day_of_week({local})', numbers)}) and ({_within(local, spans)})"
        for spans, numbers in weekdays_alike(season).items()
    )
    return f"({within}) and ({week})"


def _number(day: MonthDay) -> int:
    return 100 * day[0] + day[1]


def _within(local: str, spans: Iterable[Span]) -> str:
    minute = f"60 * hour({local}) + minute({local})"
    return _any(f"{minute} >= {opens // 60_000} < {closes // 60_000}" for opens, closes in spans)


def _dates(local: str, days: Iterable[date]) -> str:
    """Days by their number since 1970."""
    return _ranges(f"floor({local} / 86400)", ((day - _EPOCH).days for day in days))


def _ranges(expr: str, numbers: Iterable[int]) -> str:
    return _any(f"{expr} >= {first} <= {last}" for first, last in runs(numbers))
