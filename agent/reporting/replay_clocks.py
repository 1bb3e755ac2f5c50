"""Instants of a replay file in UTC: boottime of its boots, and the edges of its period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from agent.availability.zones import first_instant
from agent.ledger.history.wallclock import SyncPoint, wall_map
from agent.reporting.replay_document import ReplayDocument


class BootClocks:
    """Boottime to UTC of every boot that was ever synchronised."""

    def __init__(self, maps: dict[str, Callable[[int], int]]) -> None:
        self._maps = maps

    def knows(self, boot: str) -> bool:
        """Whether instants of the boot have a UTC."""
        return boot in self._maps

    def utc(self, boot: str, at_ms: int) -> int:
        """Of a boot that is known."""
        return self._maps[boot](at_ms)


def boot_clocks(document: ReplayDocument) -> BootClocks:
    """From the synchronised anchors; a boot without one is not known."""
    anchors: dict[str, list[SyncPoint]] = defaultdict(list)
    for one in document.clock_anchors:
        if one.synchronised:
            anchors[one.boot].append(SyncPoint(one.at_ms, one.wall_utc_ms))
    return BootClocks({boot: wall_map(known) for boot, known in anchors.items()})


def _edge(edge: str | int, zone: str | None) -> int:
    return edge if isinstance(edge, int) else first_instant(zone or "UTC", date.fromisoformat(edge))


def period_bounds(document: ReplayDocument) -> tuple[int, int]:
    """First instant of the period and of what follows it."""
    period = document.period
    return _edge(period.from_, period.zone), _edge(period.to, period.zone)
