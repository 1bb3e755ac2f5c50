"""Fast re-probes of unconfirmed failures, within one global budget: a national outage must not multiply the load."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import count

SLACK_ENTRIES = 64
"""Superseded entries are swept out of the heap once they outnumber the living ones by this."""


class TokenBucket:
    """A token bucket: so many a second, at most one second's worth saved up."""

    __slots__ = ("_at_ms", "_per_second", "_tokens")

    def __init__(self, per_second: float, now_ms: int) -> None:
        self._per_second = per_second
        self._tokens = max(1.0, per_second)
        self._at_ms = now_ms

    def take(self, now_ms: int) -> bool:
        """Whether one more may go now."""
        gained = (now_ms - self._at_ms) / 1000 * self._per_second
        self._tokens = min(max(1.0, self._per_second), self._tokens + gained)
        self._at_ms = now_ms
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True


class ReprobeQueue:
    """Targets to probe before their round, earliest first; one entry a target."""

    __slots__ = ("_heap", "_order", "_scheduled", "budget", "deferred")

    def __init__(self, budget: TokenBucket) -> None:
        self.budget = budget
        self._heap: list[tuple[int, int, str]] = []
        self._scheduled: dict[str, int] = {}
        self._order = count()
        self.deferred = 0

    def __len__(self) -> int:
        """Entries kept, superseded ones included."""
        return len(self._heap)

    def schedule(self, target: str, at_ms: int) -> None:
        """Probe target at at_ms, or earlier if that was scheduled already."""
        if self._scheduled.get(target, at_ms + 1) <= at_ms:
            return
        self._scheduled[target] = at_ms
        heapq.heappush(self._heap, (at_ms, next(self._order), target))
        if len(self._heap) > 2 * len(self._scheduled) + SLACK_ENTRIES:
            self._heap = [entry for entry in self._heap if self._scheduled.get(entry[2]) == entry[0]]
            heapq.heapify(self._heap)

    def cancel(self, target: str) -> None:
        """A run of target has started: nothing to hurry any more."""
        self._scheduled.pop(target, None)

    def due(self, now_ms: int) -> Iterator[str]:
        """Targets to start now, as far as the budget goes; the rest stay and are counted once in `deferred`."""
        while self._heap and self._heap[0][0] <= now_ms:
            at_ms, _, target = self._heap[0]
            if self._scheduled.get(target) != at_ms:
                heapq.heappop(self._heap)  # superseded or forgotten
                continue
            if not self.budget.take(now_ms):
                self.deferred += 1
                return
            heapq.heappop(self._heap)
            del self._scheduled[target]
            yield target
