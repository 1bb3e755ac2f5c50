"""The one writer of the ledger: rows in, one durable commit, head of the hash chain out."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from agent.clock import Clock
from agent.errors import LedgerBusyError, LedgerDamagedError, LedgerDiskError, LedgerError
from agent.explain import ledger_errors
from agent.ledger import heartbeat
from agent.ledger.codec import GENESIS, Encoded, encode_all, link
from agent.ledger.contents import Contents
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.lock import check_owner, kept, take
from agent.ledger.previous_run import previous_run_end
from agent.ledger.queries import INSERT_ROW, Head, RowQueries
from agent.ledger.reader import Reader, file_of
from agent.ledger.recovery.disk_reserve import DiskReserve
from agent.ledger.recovery.exchange import finish
from agent.ledger.recovery.quarantine import QuarantinedLedger, quarantine_and_restore, remains_of_ledger, unreported
from agent.ledger.recovery.rescue import rescue
from agent.ledger.rows import Quarantined, Row
from agent.ledger.schema import (
    FILE_NAME,
    HEARTBEAT_NAME,
    NotALedgerError,
    connect,
    create,
    refuse_old_sqlite,
    sync_directory,
    why_of,
)
from agent.text import Text

_DISK_FAULTS = (apsw.FullError, apsw.ReadOnlyError, apsw.IOError, apsw.CantOpenError)

Bound = tuple[int, int, str, str | None, int | None, str, bytes]


@dataclass(frozen=True, slots=True)
class _UncertainCommit:
    """A commit that failed so badly that nobody could look whether it landed."""

    head: Head
    rows: tuple[Encoded, ...]


@dataclass(frozen=True, slots=True)
class LedgerEvents:
    """What an open ledger reports, in the middle of an append or a beat and on its thread.

    quarantined: a ledger was set aside. lock_lost: another agent has the lock, and nothing is written any more.
    """

    quarantined: Callable[[tuple[QuarantinedLedger, ...]], object] = lambda _: None
    lock_lost: Callable[[Text], object] = lambda _: None


class Ledger(RowQueries):
    """The open ledger of a running agent; nobody else can open it to write.

    Blocking and for one thread at a time. Readers in other processes are welcome (agent.ledger.reader).
    """

    def __init__(
        self, directory: Path, clock: Clock, lock: int, reserve_bytes: int = 0, events: LedgerEvents | None = None
    ) -> None:
        """Use ``open``."""
        self._events = events or LedgerEvents()
        self._checked = False
        self._reserve = DiskReserve(directory, reserve_bytes)
        self._directory = directory
        self._clock = clock
        self._lock = lock
        self._db: apsw.Connection | None = None
        self._heart = heartbeat.HeartbeatFile(directory / HEARTBEAT_NAME)
        self._head = Head(0, GENESIS)
        self._run = 0
        self._doubt: _UncertainCommit | None = None
        self._file: tuple[int, int] | None = None
        self._lost: Text | None = None
        self.anchored_seq = 0
        self.refused = ""
        """Why the heartbeat that was found was not believed, "" if it was."""

    @classmethod
    def open(cls, directory: Path, clock: Clock) -> Ledger:
        """The ledger in that directory, made (0700, files 0600) if there is none.

        LedgerError, with everything left as it is: another agent has it open, it was written by a newer version,
        its newest rows do not fit the chain, it is behind its heartbeat (rolled back or cut), SQLite is too old.
        """
        refuse_old_sqlite(apsw.sqlite_lib_version())
        ledger = cls(directory, clock, take(directory))
        try:
            ledger._open_checked()
        except BaseException:
            ledger.close()
            raise
        return ledger

    @classmethod
    def open_to_run(
        cls,
        directory: Path,
        clock: Clock,
        reserve_bytes: int = 0,
        lock: int | None = None,
        events: LedgerEvents | None = None,
    ) -> tuple[Ledger, tuple[QuarantinedLedger, ...] | LedgerDiskError]:
        """As ``open``, for an agent that has to go on; what was wrong is returned, () if all was well.

        A ledger that is not what was written is set aside, and its last good copy put in its place; it is told again
        until there is a row of it. Where the disk is full or read-only the ledger is opened by the first append that
        can, and what had to be set aside then goes to ``events``. lock: of agent.ledger.lock, if it is
        taken already; it is the ledger's from here on.
        """
        refuse_old_sqlite(apsw.sqlite_lib_version())
        ledger = cls(directory, clock, take(directory) if lock is None else lock, reserve_bytes, events)
        try:
            return ledger, ledger._open_or_recover()
        except BaseException:
            ledger.close()
            raise

    def _open_or_recover(self) -> tuple[QuarantinedLedger, ...] | LedgerDiskError:
        try:
            self._open_checked()
        except LedgerDiskError as error:
            self._drop()
            if not self._reserve.give_up():
                return error
            return self._open_or_recover()
        except LedgerDamagedError as error:
            self._drop()
            quarantine_and_restore(self._directory, error, self._clock.wall_ms())
            self._open_checked(anew=True)
        return unreported(self._directory, {stored.row.folder for stored in self.only(Quarantined)})

    @classmethod
    def open_existing(cls, directory: Path, clock: Clock) -> Ledger:
        """For a command that writes a row while no agent runs; LedgerError also if the ledger is somebody else's.

        Files that root made in the agent's directory would lock the agent out of its own ledger.
        """
        check_owner(directory)
        return cls.open(directory, clock)

    def append(self, rows: Sequence[Row]) -> Head:
        """Write the rows in one transaction and return when they are on the disk; the new head of the chain.

        LedgerError: nothing of it was written, and the same rows may be appended again. Then the ledger stays
        usable: it is opened anew at once or by the next call. No rows, no commit. LedgerRowError: some of the rows
        cannot be kept, now or ever; the others may be appended without them.
        """
        encoded = encode_all(rows)
        self._ensure_open()
        encoded = self._without_landed(encoded)
        if not encoded:
            return self._head
        head, bound = self._chained(encoded)
        try:
            self._commit(encoded, bound)
        except apsw.Error as error:
            self._recover(_UncertainCommit(head, encoded), error)
        self._head, self._run = head, bound[-1][1]
        self.beat()
        return head

    def head(self) -> Head:
        """Number and hash of the newest row; (0, the genesis hash) while there is none."""
        return self._head

    def beat(self) -> bool:
        """Write the heartbeat with the present head; False if the disk refuses.

        After a refusal ``anchored_seq`` stays behind ``head().seq`` until the next beat succeeds.
        """
        if not self._checked:
            return False  # what the heartbeat knows of the ledger is all there is
        try:
            self._look()
        except LedgerError:
            return False
        self._reserve.fill()
        clock = self._clock
        now = Heartbeat(clock.boot_id(), clock.boottime_ms(), clock.wall_ms(), self._head.seq, self._head.hash)
        try:
            self._heart.beat(now)
        except OSError:
            return False
        self.anchored_seq = self._head.seq
        return True

    def _connection(self) -> apsw.Connection:
        self._ensure_open()
        assert self._db is not None  # noqa: S101 - just opened; for the type checker
        return self._db

    def close(self) -> None:
        """Give the files and the lock back. A second time does nothing."""
        self._heart.close()
        if self._db is not None:
            self._db.close()
            self._db = None
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _open_checked(self, *, anew: bool = False) -> None:
        """anew: an empty place was just made, and what is left of a ledger says nothing."""
        path = self._directory / FILE_NAME
        try:
            finish(self._directory)
        except OSError as error:
            raise LedgerDiskError(ledger_errors.NOT_IN_PLACE.filled(place=path, why=why_of(error))) from error
        anchor = heartbeat.read(self._directory / HEARTBEAT_NAME)
        if (self._directory / HEARTBEAT_NAME).exists() and not path.exists():
            known = ledger_errors.BEAT_THERE if anchor is None else ledger_errors.BEAT_KNOWS.filled(rows=anchor.seq)
            raise LedgerDamagedError(ledger_errors.FILE_GONE.filled(place=path, known=known))
        if not anew and not path.exists() and (left := remains_of_ledger(self._directory)):
            raise LedgerDamagedError(ledger_errors.ALL_GONE.filled(place=path, left=left))
        try:
            create(self._directory)
            rows = self._connect()
            rows.check_tail(anchor)
            self._head, self._run = rows.newest()
            self._checked = True
            self._close_previous_run(anchor)
            self.beat()
            sync_directory(self._directory)
        except (apsw.CorruptError, apsw.NotADBError, NotALedgerError) as error:
            if anchor is None:  # nothing says that this file was ever ours: it is not touched
                raise LedgerError(ledger_errors.NOT_OPENED.filled(place=path, why=why_of(error))) from error
            raise LedgerDamagedError(ledger_errors.FILE_DAMAGED.filled(place=path, why=why_of(error))) from error
        except (*_DISK_FAULTS, OSError) as error:
            raise LedgerDiskError(ledger_errors.NOT_OPENED.filled(place=path, why=why_of(error))) from error
        except apsw.Error as error:
            raise LedgerError(ledger_errors.NOT_OPENED.filled(place=path, why=why_of(error))) from error

    def _close_previous_run(self, last: Heartbeat | None) -> None:
        """In one commit, before the first beat of this process overwrites what says how long that run lived."""
        ending = previous_run_end(self, self._clock, self._head.seq, self._run, last)
        self.refused = ending.refused
        self.append(ending.rows)

    def _ensure_open(self) -> None:
        if self._lock < 0:
            raise LedgerError(ledger_errors.CLOSED)
        if not self._checked:
            self._open_deferred()
        self._look()
        if self._db is None:
            self._reopen()

    def _connect(self) -> Reader:
        self._file = file_of(self._directory)
        self._db = connect(self._directory)
        return Reader(self._db, self._file)

    def _look(self) -> None:
        """Whether lock and file still bear their names; what was taken away is put back. LedgerError: it cannot be."""
        if self._lost:
            raise LedgerError(self._lost)
        try:
            self._lock = kept(self._directory, self._lock)
            if self._db is not None and self._taken():
                self._bring_back(self._db)
        except LedgerBusyError as error:
            self._lost = ledger_errors.LOST.filled(why=error)
            self._events.lock_lost(self._lost)
            raise LedgerError(ledger_errors.LOST.filled(why=error)) from error
        except (apsw.Error, OSError) as error:
            text = ledger_errors.TAKEN_AWAY.filled(place=self._directory, taken=ledger_errors.TAKEN, why=why_of(error))
            raise LedgerError(text) from error

    def _taken(self) -> bool:
        try:
            return file_of(self._directory) != self._file
        except FileNotFoundError:
            return True
        except OSError:
            return False  # a disk that cannot be asked contradicts nothing

    def _bring_back(self, db: apsw.Connection) -> None:
        clock = self._clock
        now = Heartbeat(clock.boot_id(), clock.boottime_ms(), clock.wall_ms(), self._head.seq, self._head.hash)
        quarantine = rescue(self._directory, db, now, clock.wall_ms())
        self._drop()
        self._heart.close()
        self._events.quarantined((quarantine,))
        self._reopen()

    def _open_deferred(self) -> None:
        """The disk that refused at the start may have come back, with a ledger that nobody has looked at yet."""
        outcome = self._open_or_recover()
        if isinstance(outcome, LedgerDiskError):
            raise outcome
        if outcome:
            self._events.quarantined(outcome)

    def _reopen(self) -> None:
        """After a fault: a fresh connection sees what is really in the file."""
        try:
            rows = self._connect()
            rows.sync()  # what is seen from here on is on the disk
            self._head, self._run = self._still_whole(rows)
        except (apsw.Error, LedgerError) as error:
            self._drop()
            raise LedgerError(ledger_errors.NOT_OPENED_AGAIN.filled(why=why_of(error))) from error

    def _still_whole(self, rows: Reader) -> tuple[Head, int]:
        head, run = rows.newest()
        if head.seq < self._head.seq:
            raise LedgerError(ledger_errors.ROWS_LOST.filled(written=self._head.seq, there=head.seq))
        if self._head.seq and rows.hash_of(self._head.seq) != self._head.hash:
            raise LedgerError(ledger_errors.ROW_REPLACED.filled(row=self._head.seq))
        return head, run

    def _drop(self) -> None:
        if self._db is not None:
            self._db.close(force=True)
            self._db = None

    def _chained(self, encoded: tuple[Encoded, ...]) -> tuple[Head, list[Bound]]:
        seq, previous, run = self._head.seq, self._head.hash, self._run
        bound: list[Bound] = []
        for row in encoded:
            seq += 1
            run = seq if row.kind == "agent_run" else run
            previous = link(previous, seq, run, row)
            bound.append((seq, run, row.kind, row.target, row.at_ms, row.body, previous))
        return Head(seq, previous), bound

    def _commit(self, encoded: tuple[Encoded, ...], bound: list[Bound]) -> None:
        contents = any(row.blob is not None for row in encoded)
        newest = self.newest_content() if contents else None
        db = self._db
        assert db is not None  # noqa: S101 - append opened it; for the type checker
        db.execute("BEGIN IMMEDIATE")
        for row in encoded:
            if row.blob is not None:
                Contents(db).put(row.content_hash, row.blob, newest)
        db.executemany(INSERT_ROW, bound)
        db.execute("COMMIT")

    def _recover(self, doubt: _UncertainCommit, error: apsw.Error) -> None:
        """A commit failed. Returns if the rows are in the file all the same; else LedgerError."""
        self._drop()
        self._doubt = doubt
        if isinstance(error, apsw.FullError):
            self._reserve.give_up()
        try:
            self._reopen()
        except LedgerError:
            raise LedgerError(ledger_errors.NOT_WRITTEN.filled(why=why_of(error))) from error
        self._doubt = None
        if self._head != doubt.head:
            raise LedgerError(ledger_errors.NOT_WRITTEN.filled(why=why_of(error))) from error

    def _without_landed(self, encoded: tuple[Encoded, ...]) -> tuple[Encoded, ...]:
        """Rows that a doubtful commit did write must not be written twice when they are appended again.

        Their bodies may differ in when they are committed: the instant is stamped anew at each attempt.
        """
        doubt, self._doubt = self._doubt, None
        if doubt is None or self._head != doubt.head:
            return encoded
        written, again = ([row.place for row in rows[: len(doubt.rows)]] for rows in (doubt.rows, encoded))
        return encoded[len(doubt.rows) :] if written == again else encoded
