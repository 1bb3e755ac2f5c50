"""Local time: the offsets of a zone over a stretch of UTC, and where a local date begins. Never by adding 86,400 s."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY_MS = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.date().toordinal()
_SAMPLE_MS = DAY_MS // 8  # no zone ever changed its offset twice within three hours
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Offset:
    """In [start_ms, end_ms) of UTC the local clock shows UTC + offset_ms."""

    start_ms: int
    end_ms: int
    offset_ms: int


def midnight(day: date) -> int:
    """00:00 of a date on a clock that counts milliseconds since 1970 and knows no zone."""
    return (day.toordinal() - _EPOCH_DAY) * DAY_MS


def date_of(local_ms: int) -> date:
    """The date that such a clock shows."""
    return date.fromordinal(local_ms // DAY_MS + _EPOCH_DAY)


def first_instant(zone: str, day: date) -> int:
    """The first instant whose local clock reads 00:00 of the date; the instant of the change where 00:00 is skipped."""
    local = midnight(day)
    near = offsets(zone, local - 2 * DAY_MS, local + 2 * DAY_MS)
    instants = [
        local - offset.offset_ms for offset in near if offset.start_ms <= local - offset.offset_ms < offset.end_ms
    ]
    skipped = [
        after.start_ms
        for before, after in pairwise(near)
        if before.end_ms + before.offset_ms <= local < after.start_ms + after.offset_ms
    ]
    return min(instants or skipped)


@lru_cache(maxsize=256)
def offsets(zone: str, start_ms: int, end_ms: int) -> tuple[Offset, ...]:
    """The zone's offsets in [start_ms, end_ms), each as long as it holds there."""
    edges = [start_ms, *_changes(ZoneInfo(zone), start_ms, end_ms), end_ms]
    return tuple(Offset(start, end, _offset(ZoneInfo(zone), start)) for start, end in pairwise(edges))


def _changes(zone: ZoneInfo, start_ms: int, end_ms: int) -> Iterator[int]:
    for low in range(start_ms, end_ms, _SAMPLE_MS):
        high = min(low + _SAMPLE_MS, end_ms - 1)
        if _offset(zone, low) != _offset(zone, high):
            yield _change(zone, low, high)


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The first instant after low with another offset, high having one."""
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: ZoneInfo, at_ms: int) -> int:
    offset = (_EPOCH + at_ms * _MILLISECOND).astimezone(zone).utcoffset()
    return 0 if offset is None else offset // _MILLISECOND
