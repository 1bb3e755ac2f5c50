"""Whether the agent keeps its pace: rounds that began later than half their interval, or not at all.

A standstill (the machine slept, or was stopped) spoils one span of time. Overload spoils one after the other.
"""

from __future__ import annotations

import structlog

from agent.engine.snapshot import LATENESS_BOUNDS_SECONDS, EngineStats

log = structlog.get_logger(__name__)

SPAN_MS = 30_000
LATE_SHARE = 0.05
_TOLD_EVERY_MS = 600_000


class LatenessMonitor:
    """Counts rounds in spans of half a minute; two of them with too many late rounds, one after the other: overload."""

    def __init__(self, stats: EngineStats, now_ms: int) -> None:
        self._stats = stats
        self._began_ms = now_ms
        self._rounds = 0
        self._late = 0
        self._missed = 0
        self._late_before = False
        self._told_ms: int | None = None

    def ran(self, late_ms: int, interval_ms: int) -> None:
        """A round began that much after its planned instant."""
        stats, late_seconds = self._stats, max(0, late_ms) / 1000
        bucket = sum(1 for bound in LATENESS_BOUNDS_SECONDS if late_seconds > bound)
        stats.lateness_counts[bucket] += 1
        stats.lateness_sum_seconds += late_seconds
        self._rounds += 1
        if late_ms * 2 > interval_ms:
            stats.late_starts += 1
            self._late += 1

    def look(self, now_ms: int) -> None:
        """Judge the span that is over, if one is; say so when it changes, and every ten minutes while it lasts."""
        if now_ms - self._began_ms < SPAN_MS:
            return
        missed = self._stats.rounds_missed - self._missed
        self._missed = self._stats.rounds_missed
        rounds, late = self._rounds + missed, self._late + missed
        self._began_ms, self._rounds, self._late = now_ms, 0, 0
        if not rounds:
            return
        self._stats.late_ratio = late / rounds
        is_late = self._stats.late_ratio >= LATE_SHARE
        self._stats.overloaded = is_late and (self._late_before or self._stats.overloaded)
        self._late_before = is_late
        self._tell(now_ms, rounds, late)

    def _tell(self, now_ms: int, rounds: int, late: int) -> None:
        if not self._stats.overloaded:
            if self._told_ms is not None:
                log.info("overload_ended")
            self._told_ms = None
        elif self._told_ms is None or now_ms - self._told_ms >= _TOLD_EVERY_MS:
            self._told_ms = now_ms
            todo = "fewer targets or longer intervals (sansang validate estimates the load), or a faster machine"
            log.warning("overloaded", late=late, of=rounds, within_seconds=SPAN_MS // 1000, todo=todo)
