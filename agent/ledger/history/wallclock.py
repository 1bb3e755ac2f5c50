"""Boottime to UTC: one map per boot, through its synchronised anchors."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_STEP_MS = 2_000  # neighbouring anchors that disagree by more are a step of the wall clock


@dataclass(frozen=True, slots=True)
class SyncPoint:
    """At boottime at_ms a synchronised wall clock said wall_ms."""

    at_ms: int
    wall_ms: int


def wall_map(anchors: Sequence[SyncPoint]) -> Callable[[int], int]:
    """UTC of a boottime instant of the boot that the anchors (synchronised ones only) belong to.

    Anchors before the last step are dropped, the whole boot is mapped by those after it: linear between two,
    millisecond for millisecond outside them. ValueError without anchors.
    """
    if not anchors:
        raise ValueError("a boot whose clock was never synchronised has no map")
    points = _after_last_step(sorted(anchors, key=lambda anchor: anchor.at_ms))

    instants = [anchor.at_ms for anchor in points]

    def wall_of(at_ms: int) -> int:
        place = bisect_right(instants, at_ms)
        left = points[max(place - 1, 0)]
        if 0 < place < len(points):
            right = points[place]
            rise, run = right.wall_ms - left.wall_ms, right.at_ms - left.at_ms
            return left.wall_ms + (at_ms - left.at_ms) * rise // run
        return left.wall_ms + at_ms - left.at_ms

    return wall_of


def boottime_of(wall: Callable[[int], int], start_ms: int, wall_ms: int) -> int:
    """The last instant of a boot, none before start_ms, that the map puts at wall_ms or earlier; the map only rises."""
    low, high = start_ms, start_ms + max(wall_ms - wall(start_ms), 0) * 2 + 10_000
    while low < high:
        middle = (low + high + 1) // 2
        if wall(middle) <= wall_ms:
            low = middle
        else:
            high = middle - 1
    return low


def _after_last_step(anchors: Sequence[SyncPoint]) -> Sequence[SyncPoint]:
    first = 0
    for position in range(1, len(anchors)):
        left, right = anchors[position - 1], anchors[position]
        rise = right.wall_ms - left.wall_ms
        if rise <= 0 or abs(rise - (right.at_ms - left.at_ms)) > _STEP_MS:
            first = position
    return anchors[first:]
