"""What happens to the ledger beside writing it: reports of its opening, a verified backup a day, its disk."""

from __future__ import annotations

import os
from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from agent.clock import Clock
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.errors import LedgerDiskError, LedgerError
from agent.inventory.entities import Inventory
from agent.ledger.history.runs import last_installation, names_of
from agent.ledger.queries import Head, RowQueries
from agent.ledger.recovery.backup import back_up
from agent.ledger.recovery.installation import Installation, InstallationChange, installation, machine_of
from agent.ledger.recovery.quarantine import QuarantinedLedger
from agent.ledger.rows import NewInstallation, ObserverAlias, Quarantined
from agent.ledger.store import Ledger

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LedgerUpkeepStats:
    """What this start found of the ledger, its head of the day, and how its last daily backup went.

    quarantined: ledgers set aside at this start; verify_success: None before the first backup; daily_head: as noted at
    the start and once a day, None of an empty ledger.
    """

    heartbeat_refused: bool = False
    quarantined: int = 0
    daily_head: Head | None = None
    verify_success: bool | None = None
    backup_wall_ms: int = 0


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """Bytes of the disk with the ledger."""

    free_bytes: int
    size_bytes: int


class LedgerUpkeep:
    """Looks after the ledger of a running agent."""

    def __init__(self, directory: Path, clock: Clock, timezone: str) -> None:
        self._directory = directory
        self._clock = clock
        self._zone = ZoneInfo(timezone)
        self.stats = LedgerUpkeepStats()

    def report_recovery(
        self, trouble: tuple[QuarantinedLedger, ...] | LedgerDiskError, commit_queue: CommitQueue
    ) -> None:
        """Report what was wrong with the ledger when it was opened; a row for each ledger that was set aside."""
        if isinstance(trouble, LedgerDiskError):
            commit_queue.report_unwritable(trouble)
            return
        for quarantined in trouble:
            self.stats = replace(self.stats, quarantined=1)
            log.error(
                "ledger_quarantined",
                why=quarantined.why,
                folder=str(quarantined.where),
                copy=quarantined.restored or "none",
            )
            commit_queue.enqueue(_row(quarantined, self._clock.boottime_ms()))

    def publish_head(self, ledger: Ledger) -> None:
        """Put the head into the log and a metric, from where others keep it: at the start and once a day.

        Not at each commit: each head is a series of its own.
        """
        head = ledger.head()
        if head.seq:
            self.stats = replace(self.stats, daily_head=head)
            log.info("ledger_head", seq=head.seq, hash=head.hash.hex())

    def report_heartbeat(self, refused: str) -> None:
        """refused: why the heartbeat that lay beside the ledger was not believed; "" if it was."""
        self.stats = replace(self.stats, heartbeat_refused=bool(refused))
        if refused:
            log.error("heartbeat_refused", why=refused)

    def load_installation(self) -> Installation:
        """The identity of this agent; without a name where the disk takes none."""
        try:
            return installation(self._directory, machine_of())
        except OSError as error:
            log.error("installation_not_saved", error=str(error))  # noqa: TRY400 - the text carries the cause
            return Installation("", None)

    def record_identity_changes(
        self, installation: Installation, ledger: RowQueries, inventory: Inventory, commit_queue: CommitQueue
    ) -> None:
        """Rows where the ledger goes on from another installation, or from this observer under another name."""
        self._record_move(installation, ledger, commit_queue)
        self._record_former_names(ledger, inventory.organisation.observer, inventory.observer_was, commit_queue)

    def _record_move(self, installation: Installation, ledger: RowQueries, commit_queue: CommitQueue) -> None:
        """A row if the ledger was written by another installation until now."""
        try:
            before = last_installation(ledger)
        except LedgerError:
            return
        if not installation.id or before in ("", installation.id):
            return
        how = installation.change or InstallationChange.LEDGER
        log.warning("ledger_of_another_installation", before=before, installation=installation.id, how=how.value)
        commit_queue.enqueue(NewInstallation(self._clock.boottime_ms(), installation.id, before, how.value))

    def _record_former_names(
        self, ledger: RowQueries, observer: str, former_names: Sequence[str], commit_queue: CommitQueue
    ) -> None:
        """A row for each former name of the observer that none has recorded yet."""
        if not former_names:
            return
        try:
            recorded = names_of(ledger, observer)
        except LedgerError:
            return
        for name in dict.fromkeys(former_names):
            if name not in recorded:
                log.info("observer_renamed", observer=observer, was=name)
                commit_queue.enqueue(ObserverAlias(self._clock.boottime_ms(), observer, name))

    async def back_up(self) -> None:
        """Make the verified backup of this day, in a thread; raises what was in its way."""
        now_ms = self._clock.wall_ms()
        day = datetime.fromtimestamp(now_ms / 1000, self._zone).date().isoformat()
        try:
            copy = await to_thread(back_up, self._directory, day)
        except Exception:
            self.stats = replace(self.stats, verify_success=False)
            raise
        self.stats = replace(self.stats, verify_success=True, backup_wall_ms=now_ms)
        log.info("ledger_backed_up", place=str(copy.place), rows=copy.rows)

    def disk_space(self) -> DiskSpace | None:
        """Room on the ledger's disk now; None where it cannot be asked."""
        try:
            disk = os.statvfs(self._directory)
        except OSError:
            return None
        return DiskSpace(disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize)


def _row(quarantined: QuarantinedLedger, now_ms: int) -> Quarantined:
    last = quarantined.last_beat()
    head = (0, "", 0) if last is None else (last.seq, last.hash.hex() if last.seq else "", last.wall_ms)
    return Quarantined(now_ms, quarantined.why, quarantined.where.name, quarantined.restored, *head)
