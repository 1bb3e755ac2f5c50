"""Reading the configuration again while the agent runs: taken as a whole, or refused with its faults."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from agent.clock import Clock
from agent.errors import ConfigError, Fault, ReadingFailedError, fault_place
from agent.inventory.entities import Inventory
from agent.inventory.restart import needs_restart
from agent.text import Text

log = structlog.get_logger(__name__)

_REFUSED = Text("cấu hình bị từ chối, cấu hình cũ vẫn chạy", "the configuration was refused, the one before runs on")
_TAKEN = Text("{count} mục tiêu", "{count} targets")
_CRASHED = Text(
    "chương trình lỗi khi nhận cấu hình này: {error}", "the program failed when it took this configuration: {error}"
)
_PUT_BACK = Text("hãy trả lại tệp cũ, khởi động lại và báo lỗi này", "put the old file back, restart, report this")


@dataclass(frozen=True, slots=True)
class ReloadOutcome:
    """What a reload did; faults are the lines of a refused configuration, which leave the old one in force."""

    ok: bool
    message: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReloadStats:
    """How the last reload went. faults: of the configuration that was refused last, while it stays refused.

    crashes: reloads that a bug ended.
    """

    successful: bool = True
    faults: tuple[Fault, ...] = ()
    success_wall_ms: int = 0
    crashes: int = 0


class Reloader:
    """One reload at a time, in order. Whatever goes wrong is a refusal: the metric, a line in the log, the outcome."""

    def __init__(
        self,
        config: Path,
        current: Callable[[], Inventory],
        read: Callable[[], Inventory],
        take: Callable[[Inventory], Awaitable[None]],
        clock: Clock,
    ) -> None:
        """current: the inventory in force; read: reads the configuration, blocks; take: goes over to an inventory."""
        self._config = config
        self._current = current
        self._read = read
        self._take = take
        self.stats = ReloadStats(success_wall_ms=clock.wall_ms())
        self._clock = clock
        self._turn = asyncio.Lock()
        self._requested = False
        self._reloading: asyncio.Task[None] | None = None

    def request(self) -> None:
        """Reload; hang-ups that come while a file is being read give one more reading, not one each."""
        self._requested = True
        if self._reloading is None or self._reloading.done():
            self._reloading = asyncio.create_task(self._reload_while_requested())

    async def reload(self) -> ReloadOutcome:
        """Read the configuration again and take it; raises nothing."""
        async with self._turn:
            try:
                return await self._read_and_take()
            except ConfigError as error:
                if isinstance(error, ReadingFailedError):
                    self._count_crash()
                return self._refused(error.faults)
            except Exception as error:  # noqa: BLE001 - whatever it is, the agent goes on with what it has
                self._count_crash()
                wrong = _CRASHED.filled(error=fault_place(error)).to(self._language)
                return self._refused([Fault(str(self._config), 0, 0, "", wrong, _PUT_BACK.to(self._language))])

    def _count_crash(self) -> None:
        self.stats = replace(self.stats, crashes=self.stats.crashes + 1)

    async def _reload_while_requested(self) -> None:
        while self._requested:
            self._requested = False
            await self.reload()

    async def _read_and_take(self) -> ReloadOutcome:
        inventory = await asyncio.to_thread(self._read)
        if faults := needs_restart(self._current(), inventory, self._config):
            return self._refused(faults)
        await self._take(inventory)
        self.stats = replace(self.stats, successful=True, faults=(), success_wall_ms=self._clock.wall_ms())
        log.info("configuration_reloaded", targets=len(inventory.targets))
        return ReloadOutcome(ok=True, message=_TAKEN.filled(count=len(inventory.targets)).to(self._language))

    def _refused(self, faults: Sequence[Fault]) -> ReloadOutcome:
        self.stats = replace(self.stats, successful=False, faults=tuple(faults))
        log.error("configuration_refused", faults=len(faults), first=str(faults[0]))
        return ReloadOutcome(
            ok=False, message=_REFUSED.to(self._language), faults=tuple(str(fault) for fault in faults)
        )

    @property
    def _language(self) -> str:
        return self._current().organisation.language
