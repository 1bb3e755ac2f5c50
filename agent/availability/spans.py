"""Half-open stretches [start, end) of whole milliseconds: sorted, disjoint, none empty, none touching."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

Span = tuple[int, int]

BEGINNING, FOREVER = -(1 << 60), 1 << 60
"""Before and after every instant, and after every row number."""

ALL_TIME: tuple[Span, ...] = ((BEGINNING, FOREVER),)


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans as one set; empty ones vanish."""
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def intersection(left: Sequence[Span], right: Sequence[Span]) -> tuple[Span, ...]:
    """The spans that two sets have in common."""
    common: list[Span] = []
    left_index = right_index = 0
    while left_index < len(left) and right_index < len(right):
        start, end = max(left[left_index][0], right[right_index][0]), min(left[left_index][1], right[right_index][1])
        if start < end:
            common.append((start, end))
        if left[left_index][1] <= right[right_index][1]:
            left_index += 1
        else:
            right_index += 1
    return tuple(common)


def difference(left: Sequence[Span], right: Sequence[Span]) -> tuple[Span, ...]:
    """The spans of the left set without those of the right one."""
    if not left:
        return ()
    first, last = left[0][0], left[-1][1]
    edges = [first, *(edge for span in right for edge in span), last]
    holes = zip(edges[::2], edges[1::2], strict=True)
    return intersection(left, [(start, end) for start, end in holes if start < end])


def holds(spans: Iterable[Span], at: int) -> bool:
    """Whether the instant belongs to a set of few spans, which is asked once."""
    return any(start <= at < end for start, end in spans)


class SpanIndex:
    """How much of a set lies in a stretch, by one look-up at each end."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]
        self._before = list(accumulate((end - start for start, end in spans), initial=0))

    def within(self, start: int, end: int) -> int:
        """Milliseconds of the set in [start, end)."""
        return self.before(end) - self.before(start) if start < end else 0

    def holds(self, at: int) -> bool:
        """Whether the instant belongs to the set."""
        place = bisect_right(self._starts, at) - 1
        return place >= 0 and at < self._ends[place]

    def before(self, at: int) -> int:
        """Milliseconds of the set before the instant."""
        place = bisect_right(self._starts, at) - 1
        if place < 0:
            return 0
        return self._before[place] + min(at, self._ends[place]) - self._starts[place]
