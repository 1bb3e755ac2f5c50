"""Instants as people write them, in every form that reports print."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.errors import SansangError
from agent.text import Text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_YEARS = range(1969, 2201)  # those of periods, and what zones make of their ends
_FIRST_MS, _LAST_MS = -86_400_000, 253_402_128_000_000  # a day around 1970 to 9999, whatever the zone
_DATE = r"(?:(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)|(?P<day_>\d\d?)/(?P<month_>\d\d?)/(?P<year_>\d{4}))"
_TIME = r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,6}))?)?"
_OUTSIDE = Text("{text}: năm nằm ngoài {first} đến {last}", "{text}: the year lies outside {first} to {last}")
_JUMPED = Text("{text}: ở múi giờ {zone} đồng hồ nhảy qua giờ này", "{text}: the clocks jump over that time in {zone}")
_FORM = re.compile(rf"{_DATE}[ T]{_TIME}(?P<offset>Z|[+-]\d\d:?\d\d)?", re.ASCII)


def utc_of(ms: int) -> datetime:
    """To be shown: what no calendar or spreadsheet has, as a row written by hand may name, is shown as the nearest."""
    return _EPOCH + timedelta(milliseconds=min(max(ms, _FIRST_MS), _LAST_MS))


def iso_utc(ms: int) -> str:
    """UTC milliseconds as ISO 8601 with milliseconds: ``2026-12-01T15:00:30.250Z``."""
    return utc_of(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant_of(text: str, zone: ZoneInfo) -> int | None:
    """UTC milliseconds of 01/12/2026 22:00, 2026-12-01 22:00 or 2026-12-01T15:00:00.250Z; None for what is no time.

    Seconds and their parts (after a comma or a dot) may follow, an offset too; without one it is the zone's clock,
    and of an hour that comes twice the first. SansangError where that clock jumps over the time, and for years that
    nobody can mean.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        return None
    groups = match.groupdict(default="")
    year, month, day = (groups[name] or groups[f"{name}_"] for name in ("year", "month", "day"))
    if int(year) not in _YEARS:
        raise SansangError(_OUTSIDE.filled(text=text, first=_YEARS[1], last=_YEARS[-2]))
    clock = f"{groups['hour']:>02}:{groups['minute']}:{groups['second'] or '00'}.{groups['part']:0<6}"
    try:
        given = datetime.fromisoformat(f"{year}-{month:>02}-{day:>02}T{clock}{groups['offset']}")
    except ValueError:
        return None
    there = given if given.tzinfo is not None else given.replace(tzinfo=zone)
    if there.astimezone(UTC).astimezone(there.tzinfo).replace(tzinfo=None) != given.replace(tzinfo=None):
        raise SansangError(_JUMPED.filled(text=text, zone=zone.key))
    return (there.astimezone(UTC) - _EPOCH) // _MILLISECOND
