"""The availability of this month and the last, computed anew every few minutes while the agent runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from agent.errors import SansangError

log = structlog.get_logger(__name__)

RatiosT = TypeVar("RatiosT")


@dataclass(frozen=True, slots=True)
class RefreshStats:
    """errors: refreshes that failed; crashes: those of them that a bug ended."""

    errors: int = 0
    crashes: int = 0


class AvailabilityRefresh(Generic[RatiosT]):
    """Keeps the monthly ratios fresh. What cannot be computed stays as it was."""

    def __init__(self, compute: Callable[[], RatiosT], publish: Callable[[RatiosT], None]) -> None:
        """The callable `compute` blocks, and is called in a thread; `publish` is called on the event loop."""
        self._compute = compute
        self._publish = publish
        self.stats = RefreshStats()

    async def run(self, every_seconds: float) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(every_seconds)
            try:
                self._publish(await asyncio.to_thread(self._compute))
            except SansangError as error:
                self._count(crashed=False)
                log.warning("availability_not_refreshed", message=str(error))
            except Exception:  # a bug here costs these figures, and not those of all turns to come
                self._count(crashed=True)
                log.exception("availability_refresh_crashed")

    def _count(self, *, crashed: bool) -> None:
        self.stats = RefreshStats(self.stats.errors + 1, self.stats.crashes + crashed)
