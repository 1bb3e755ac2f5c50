"""What happens to the ledger beside writing it: a verified copy a day, and an eye on its disk."""

from __future__ import annotations

import os
from asyncio import Task, create_task, to_thread
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from agent.clock import Clock
from agent.engine.snapshot import EngineStats
from agent.errors import LedgerError
from agent.ledger.backup import back_up
from agent.ledger.quarantine import SetAside
from agent.ledger.rows import Quarantined

log = structlog.get_logger(__name__)


class Custody:
    """Looks after the ledger of a running agent."""

    def __init__(self, directory: Path, clock: Clock, stats: EngineStats, timezone: str) -> None:
        self._directory = directory
        self._clock = clock
        self._stats = stats
        self._zone = ZoneInfo(timezone)
        self._copying: Task[None] | None = None

    def found(self, done: SetAside) -> Quarantined:
        """The ledger of this start was set aside: log and metric, and the row that says so."""
        self._stats.ledger_quarantined = 1
        log.error("ledger_set_aside", why=done.why, folder=str(done.where), copy=done.restored or "none")
        return Quarantined(self._clock.boottime_ms(), done.why, done.where.name, done.restored)

    def copy_soon(self) -> None:
        """Begin a copy in a thread of its own, unless one is being made."""
        if self._copying is None or self._copying.done():
            self._copying = create_task(to_thread(self.copy))

    def copy(self) -> None:
        """Make the copy of this day, and say how it went; blocks."""
        stats, now_ms = self._stats, self._clock.wall_ms()
        day = datetime.fromtimestamp(now_ms / 1000, self._zone).date().isoformat()
        try:
            copy = back_up(self._directory, day)
        except LedgerError as error:
            stats.ledger_verify_success = False
            log.error("ledger_backup_failed", error=str(error))  # noqa: TRY400 - the sentence says it all
            return
        stats.ledger_verify_success, stats.ledger_backup_wall_ms = True, now_ms
        log.info("ledger_backed_up", place=str(copy.place), rows=copy.rows)

    def measure(self) -> None:
        """How much room the disk has left."""
        try:
            disk = os.statvfs(self._directory)
        except OSError:
            self._stats.storage_free_bytes = self._stats.storage_size_bytes = None
            return
        self._stats.storage_free_bytes = disk.f_bavail * disk.f_frsize
        self._stats.storage_size_bytes = disk.f_blocks * disk.f_frsize
