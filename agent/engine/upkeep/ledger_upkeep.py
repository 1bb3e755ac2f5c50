"""What happens to the ledger beside writing it: a verified copy a day, and an eye on its disk."""

from __future__ import annotations

import os
from asyncio import to_thread
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from agent.availability.maintenance import scopes
from agent.clock import Clock
from agent.engine.engine import RestoredState
from agent.engine.snapshot import EngineStats
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.errors import LedgerDiskError, LedgerError
from agent.inventory.entities import Inventory
from agent.ledger.history import runs
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.runs import last_installation, names_of
from agent.ledger.queries import RowQueries
from agent.ledger.reader import Reader
from agent.ledger.recovery.backup import back_up
from agent.ledger.recovery.installation import Installation, InstallationChange, installation, machine_of
from agent.ledger.recovery.quarantine import QuarantinedLedger
from agent.ledger.rows import NewInstallation, ObserverAlias, Quarantined
from agent.ledger.schema import FILE_NAME
from agent.ledger.signed import maintenance
from agent.ledger.store import Ledger
from agent.model import State

log = structlog.get_logger(__name__)


class LedgerUpkeep:
    """Looks after the ledger of a running agent."""

    def __init__(self, directory: Path, clock: Clock, stats: EngineStats, timezone: str) -> None:
        self._directory = directory
        self._clock = clock
        self._stats = stats
        self._zone = ZoneInfo(timezone)

    def found(self, trouble: tuple[QuarantinedLedger, ...] | LedgerDiskError, commit_queue: CommitQueue) -> None:
        """What was wrong with the ledger when it was opened: log and metric, and a row for each that was set aside."""
        if isinstance(trouble, LedgerDiskError):
            self._stats.ledger_writable = False
            log.error("ledger_not_writable", error=str(trouble))
            return
        for one in trouble:
            self._stats.ledger_quarantined = 1
            log.error("ledger_set_aside", why=one.why, folder=str(one.where), copy=one.restored or "none")
            commit_queue.enqueue(_row(one, self._clock.boottime_ms()))

    def note(self, ledger: Ledger) -> None:
        """The head as it is now goes to the log and a metric, from where others keep it: at the start and once a day.

        Not at each commit: each head is a series of its own.
        """
        head = ledger.head()
        if head.seq:
            self._stats.ledger_daily_head = head
            log.info("ledger_head", seq=head.seq, hash=head.hash.hex())

    def heartbeat(self, refused: str) -> None:
        """Why the heartbeat that lay beside the ledger was not believed; "" if it was."""
        self._stats.ledger_heartbeat_refused = bool(refused)
        if refused:
            log.error("heartbeat_refused", why=refused)

    def installation(self) -> Installation:
        """Of this agent; of no name where the disk takes none."""
        try:
            return installation(self._directory, machine_of())
        except OSError as error:
            log.error("installation_not_kept", error=str(error))  # noqa: TRY400 - the sentence says it all
            return Installation("", None)

    def record_identity_changes(
        self, mine: Installation, ledger: RowQueries, inventory: Inventory, commit_queue: CommitQueue
    ) -> None:
        """Rows where the ledger goes on from another installation, or from this observer under another name."""
        self._moved(mine, ledger, commit_queue)
        self._renamed(ledger, inventory.organisation.observer, inventory.observer_was, commit_queue)

    def _moved(self, mine: Installation, ledger: RowQueries, commit_queue: CommitQueue) -> None:
        """A row if the ledger was written by another installation until now."""
        try:
            before = last_installation(ledger)
        except LedgerError:
            return
        if not mine.id or before in ("", mine.id):
            return
        how = mine.made or InstallationChange.LEDGER
        log.warning("ledger_of_another_installation", before=before, installation=mine.id, how=how.value)
        commit_queue.enqueue(NewInstallation(self._clock.boottime_ms(), mine.id, before, how.value))

    def _renamed(self, ledger: RowQueries, observer: str, was: Sequence[str], commit_queue: CommitQueue) -> None:
        """A row for each former name of the observer that none has recorded yet."""
        if not was:
            return
        try:
            recorded = names_of(ledger, observer)
        except LedgerError:
            return
        for name in dict.fromkeys(was):
            if name not in recorded:
                log.info("observer_renamed", observer=observer, was=name)
                commit_queue.enqueue(ObserverAlias(self._clock.boottime_ms(), observer, name))

    def known(self, ledger: RowQueries, observer: str, was: Sequence[str] = ()) -> RestoredState:
        """What the ledger knew before this start; as good as nothing where the disk does not even let it be read."""
        try:
            return self._known(ledger, observer, was)
        except LedgerError:
            pass
        try:
            reader = Reader.open(self._directory, still=not (self._directory / f"{FILE_NAME}-wal").exists())
        except (LedgerError, OSError):
            return RestoredState({}, {}, None)
        try:
            return self._known(reader, observer, was)
        except LedgerError:
            return RestoredState({}, {}, None)
        finally:
            reader.close()

    def _known(self, source: RowQueries, observer: str, was: Sequence[str]) -> RestoredState:
        known = runs.last_known(source, observer, was)
        up = {target: last.state is not State.DOWN for target, last in known.items()}
        past_ms = runs.past_time(source, self._clock.boot_id(), self._clock.boottime_ms())
        booked = maintenance.read(source)
        configured = runs.configured(source, observer, was)
        scopes_at = partial(self._scopes_at, observer)
        return RestoredState(up, configured, booked, past_ms, self._booked, scopes_at)

    def _booked(self) -> Sequence[maintenance.DatedMaintenance]:
        reader = Reader.open(self._directory)
        try:
            return maintenance.read(reader)
        finally:
            reader.close()

    def _scopes_at(self, observer: str, wall_ms: int) -> Mapping[str, frozenset[str]]:
        reader = Reader.open(self._directory)
        try:
            document = Inventories(reader, observer).versions(wall_ms, wall_ms + 1)[0].document
        finally:
            reader.close()
        above = {unit["id"]: unit["parent"] for unit in document["units"]}
        return {one["id"]: scopes(one["id"], one["site"], one["unit"], above) for one in document["targets"]}

    async def copy(self) -> None:
        """Make the copy of this day, in a thread of its own; whatever was in its way is raised."""
        stats, now_ms = self._stats, self._clock.wall_ms()
        day = datetime.fromtimestamp(now_ms / 1000, self._zone).date().isoformat()
        try:
            copy = await to_thread(back_up, self._directory, day)
        except Exception:
            stats.ledger_verify_success = False
            raise
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


def _row(one: QuarantinedLedger, now_ms: int) -> Quarantined:
    last = one.last_beat()
    head = (0, "", 0) if last is None else (last.seq, last.hash.hex() if last.seq else "", last.wall_ms)
    return Quarantined(now_ms, one.why, one.where.name, one.restored, *head)
