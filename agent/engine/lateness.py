"""Lateness of the rounds: those that began later than half their interval, or not at all.

A standstill (the machine slept, or was stopped) spoils one span of time. Overload spoils one after the other.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

LATENESS_BOUNDS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
SPAN_MS = 30_000
LATE_SHARE = 0.05
_REPORT_EVERY_MS = 600_000


@dataclass(frozen=True, slots=True)
class LatenessStats:
    """How late rounds began. counts: by LATENESS_BOUNDS_SECONDS, the last one beyond them.

    late_starts: rounds that began later than half their interval; late_ratio: of the last half minute, those and the
    rounds missed.
    """

    counts: tuple[int, ...] = (0,) * (len(LATENESS_BOUNDS_SECONDS) + 1)
    sum_seconds: float = 0.0
    late_starts: int = 0
    late_ratio: float = 0.0
    overloaded: bool = False


class LatenessMonitor:
    """Counts rounds in spans of half a minute; two of them with too many late rounds, one after the other: overload."""

    def __init__(self, now_ms: int) -> None:
        self._counts = [0] * (len(LATENESS_BOUNDS_SECONDS) + 1)
        self._sum_seconds = 0.0
        self._late_starts = 0
        self._late_ratio = 0.0
        self._overloaded = False
        self._began_ms = now_ms
        self._rounds = 0
        self._late = 0
        self._missed = 0
        self._late_before = False
        self._reported_ms: int | None = None

    @property
    def stats(self) -> LatenessStats:
        """The statistics now."""
        counts = tuple(self._counts)
        return LatenessStats(counts, self._sum_seconds, self._late_starts, self._late_ratio, self._overloaded)

    def ran(self, late_ms: int, interval_ms: int) -> None:
        """A round began that much after its planned instant."""
        late_seconds = max(0, late_ms) / 1000
        self._counts[bisect_left(LATENESS_BOUNDS_SECONDS, late_seconds)] += 1
        self._sum_seconds += late_seconds
        self._rounds += 1
        if late_ms * 2 > interval_ms:
            self._late_starts += 1
            self._late += 1

    def look(self, now_ms: int, rounds_missed: int) -> None:
        """Judge the span that is over, if one is; log overload when it begins, every ten minutes, and when it ends."""
        if now_ms - self._began_ms < SPAN_MS:
            return
        missed = rounds_missed - self._missed
        self._missed = rounds_missed
        rounds, late = self._rounds + missed, self._late + missed
        self._began_ms, self._rounds, self._late = now_ms, 0, 0
        if not rounds:
            return
        self._late_ratio = late / rounds
        is_late = self._late_ratio >= LATE_SHARE
        self._overloaded = is_late and (self._late_before or self._overloaded)
        self._late_before = is_late
        self._report(now_ms, rounds, late)

    def _report(self, now_ms: int, rounds: int, late: int) -> None:
        if not self._overloaded:
            if self._reported_ms is not None:
                log.info("overload_ended")
            self._reported_ms = None
        elif self._reported_ms is None or now_ms - self._reported_ms >= _REPORT_EVERY_MS:
            self._reported_ms = now_ms
            todo = "fewer targets or longer intervals (sansang validate estimates the load), or a faster machine"
            log.warning("overloaded", late=late, of=rounds, within_seconds=SPAN_MS // 1000, todo=todo)
