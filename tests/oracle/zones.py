"""Local time, read off zoneinfo instant by instant: offsets, their changes, the first instant of a date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DATE = date(1970, 1, 1)
_SAMPLE = 3 * 3_600_000


def midnight_utc(day: date) -> int:
    return (day - _EPOCH_DATE).days * DAY


@cache
def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def offset_at(zone: str, x: int) -> int:
    offset = (_EPOCH + timedelta(milliseconds=x)).astimezone(zone_of(zone)).utcoffset()
    assert offset is not None
    return offset // timedelta(milliseconds=1)


def wall_clock(x: int, offset: int) -> tuple[date, int]:
    """The local date and the milliseconds since its midnight that a clock with this offset shows."""
    days, of_day = divmod(x + offset, DAY)
    return _EPOCH_DATE + timedelta(days=days), of_day


@cache
def changes(zone: str, day: date) -> tuple[int, ...]:
    """The instants of this UTC day at which the offset changes."""
    start = midnight_utc(day)
    found = []
    for low, high in pairwise(range(start, start + DAY + 1, _SAMPLE)):
        before = offset_at(zone, low)
        if offset_at(zone, high) != before:
            found.append(_first_different(zone, low, high, before))
    return tuple(found)


def _first_different(zone: str, low: int, high: int, before: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


@cache
def offsets_around(zone: str, day: date) -> frozenset[int]:
    start = midnight_utc(day)
    return frozenset(offset_at(zone, x) for x in range(start - DAY, start + 2 * DAY + 1, _SAMPLE))


@cache
def first_instant(zone: str, day: date) -> int:
    """R40: the first instant whose local clock reads 00:00 of this date; skipped, the instant of the change."""
    candidates = [midnight_utc(day) - offset for offset in offsets_around(zone, day)]
    read = [x for x in candidates if wall_clock(x, offset_at(zone, x)) == (day, 0)]
    if read:
        return min(read)
    jumps = [
        x
        for near in (day - timedelta(days=1), day, day + timedelta(days=1))
        for x in changes(zone, near)
        if wall_clock(x - 1, offset_at(zone, x - 1))[0] < day <= wall_clock(x, offset_at(zone, x))[0]
    ]
    return min(jumps)
