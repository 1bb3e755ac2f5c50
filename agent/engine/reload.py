"""Reading the configuration again while the agent runs: taken as a whole, or refused in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from agent.clock import Clock
from agent.engine.snapshot import EngineStats, ErrorOrigin
from agent.errors import ConfigError, Fault, ReadingFailedError, fault_place
from agent.inventory.entities import Inventory
from agent.inventory.restart import needs_restart
from agent.text import Text

log = structlog.get_logger(__name__)

_TAKEN = Text("{count} mục tiêu", "{count} targets")
_REFUSED = Text("cấu hình bị từ chối, cấu hình cũ vẫn chạy", "the configuration was refused, the one before runs on")
_CRASHED = Text(
    "chương trình lỗi khi nhận cấu hình này: {error}", "the program failed when it took this configuration: {error}"
)
_WHAT_TO_DO = Text("hãy trả lại tệp cũ, khởi động lại và báo lỗi này", "put the old file back, restart, report this")


@dataclass(frozen=True, slots=True)
class ReloadOutcome:
    """What a reload did; faults are the lines of a refused configuration, which leave the old one in force."""

    ok: bool
    message: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agent:
    """The agent as a reload sees it: the configuration in force, and how to put another in its place."""

    config: Path
    current: Callable[[], Inventory]
    take: Callable[[Inventory], Awaitable[None]]


class Reloader:
    """One reload at a time, in order. Whatever goes wrong is a refusal: the metric, a line in the log, the outcome."""

    def __init__(self, agent: Agent, read: Callable[[], Inventory], stats: EngineStats, clock: Clock) -> None:
        """The callable `read` reads the configuration; it blocks, and is called in a thread."""
        self._agent = agent
        self._read = read
        self._stats = stats
        self._clock = clock
        self._turn = asyncio.Lock()
        self._asked = False
        self._answering: asyncio.Task[None] | None = None

    def request(self) -> None:
        """Reload; hang-ups that come while a file is being read give one more reading, not one each."""
        self._asked = True
        if self._answering is None or self._answering.done():
            self._answering = asyncio.create_task(self._as_asked())

    async def reload(self) -> ReloadOutcome:
        """Read the configuration again and take it; raises nothing."""
        async with self._turn:
            try:
                return await self._read_and_take()
            except ConfigError as error:
                if isinstance(error, ReadingFailedError):
                    self._stats.internal_errors[ErrorOrigin.RELOAD] += 1
                return self._refused(error.faults)
            except Exception as error:  # noqa: BLE001 - whatever it is, the agent goes on with what it has
                self._stats.internal_errors[ErrorOrigin.RELOAD] += 1
                wrong = _CRASHED.to(self._language).format(error=fault_place(error))
                return self._refused([Fault(str(self._agent.config), 0, 0, "", wrong, _WHAT_TO_DO.to(self._language))])

    async def _as_asked(self) -> None:
        while self._asked:
            self._asked = False
            await self.reload()

    async def _read_and_take(self) -> ReloadOutcome:
        inventory = await asyncio.to_thread(self._read)
        if faults := needs_restart(self._agent.current(), inventory, self._agent.config):
            return self._refused(faults)
        await self._agent.take(inventory)
        self._stats.reload_successful, self._stats.reload_faults = True, ()
        self._stats.reload_success_wall_ms = self._clock.wall_ms()
        log.info("configuration_reloaded", targets=len(inventory.targets))
        return ReloadOutcome(ok=True, message=_TAKEN.to(self._language).format(count=len(inventory.targets)))

    def _refused(self, faults: Sequence[Fault]) -> ReloadOutcome:
        self._stats.reload_successful, self._stats.reload_faults = False, tuple(faults)
        log.error("configuration_refused", faults=len(faults), first=str(faults[0]))
        return ReloadOutcome(
            ok=False, message=_REFUSED.to(self._language), faults=tuple(str(fault) for fault in faults)
        )

    @property
    def _language(self) -> str:
        return self._agent.current().organisation.language
