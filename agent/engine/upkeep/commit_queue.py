"""Commit before publish: rows wait here for the next ledger tick; their changes are published once on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import structlog

from agent.clock import Clock
from agent.errors import LedgerError, LedgerRowError
from agent.explain import ledger_errors
from agent.ledger.rows import Row, StateChange
from agent.model import Transition

log = structlog.get_logger(__name__)

MAX_QUEUE_ROWS = 10_000
"""About 5 MB. Beyond it no run is evaluated until the ledger has taken all of them; the gap is UNKNOWN(disk)."""

MAX_COMMIT_ROWS = 10_000
"""Rows of one commit: enough for a whole province at once, and few enough for the loop to wait for."""


_RowT = TypeVar("_RowT", bound=Row)


class CommittedHead(Protocol):
    """The newest row after a commit."""

    @property
    def seq(self) -> int: ...


class Appender(Protocol):
    """The writing end of the ledger: one transaction, on disk when it returns; raises LedgerError.

    LedgerRowError: some of the rows cannot be kept. They are at fault, not the ledger; nothing was written.
    """

    def append(self, rows: Sequence[Row]) -> CommittedHead: ...


@dataclass(frozen=True, slots=True)
class QueuedRow:
    """A row (a transition becomes one when it is committed) and what to do once it is on disk."""

    row: Row | Transition
    on_commit: Callable[[], None] | None


@dataclass(frozen=True, slots=True)
class CommitQueueStats:
    """writable: the ledger took its last commit; rows_refused: rows that no ledger can keep, a bug of ours."""

    writable: bool = True
    commits: int = 0
    rows: int = 0
    write_errors: int = 0
    rows_refused: int = 0
    rows_queued: int = 0
    head_seq: int = 0
    last_commit_wall_ms: int = 0


class CommitQueue:
    """The queue in front of the ledger."""

    def __init__(self, ledger: Appender, clock: Clock, writer: Executor) -> None:
        self._ledger = ledger
        self._clock = clock
        self._writer = writer
        self._stats = CommitQueueStats()
        self.writable = True
        """False while the ledger takes no rows."""
        self._queue: list[QueuedRow] = []
        self._flushing = asyncio.Lock()
        self.waiting_since_ms: int | None = None

    def enqueue(self, row: Row | Transition, on_commit: Callable[[], None] | None = None) -> None:
        """Queue one row."""
        if not self._queue:
            self.waiting_since_ms = self._clock.boottime_ms()
        self._queue.append(QueuedRow(row, on_commit))

    @property
    def stats(self) -> CommitQueueStats:
        """The statistics now."""
        return replace(self._stats, writable=self.writable, rows_queued=len(self._queue))

    @property
    def full(self) -> bool:
        """True if the ledger has refused rows for so long that nothing more may be evaluated."""
        return len(self._queue) >= MAX_QUEUE_ROWS

    @property
    def empty(self) -> bool:
        """True if no row waits."""
        return not self._queue

    async def flush(self) -> bool:
        """Commit what is queued, then call each on_commit; False if the ledger refused (the rows stay queued).

        One flush at a time, so that no row is written twice. A cancelled flush goes on to its end.
        """
        if not self._queue and not self._flushing.locked():
            return True
        return await asyncio.shield(asyncio.create_task(self._flush()))

    async def record(self, make: Callable[[], _RowT]) -> _RowT:
        """Commit one row that a caller waits for, after all that is queued; LedgerError if it cannot be done now.

        The row is made when its turn has come, because it carries the instant of its recording.
        """
        return await asyncio.shield(asyncio.create_task(self._record(make)))

    async def _record(self, make: Callable[[], _RowT]) -> _RowT:
        async with self._flushing:
            if not await self._commit_queued():
                raise LedgerError(ledger_errors.NO_ROWS_NOW)
            row = make()
            loop = asyncio.get_running_loop()
            try:
                head = await loop.run_in_executor(self._writer, self._ledger.append, [row])
            except LedgerRowError:
                raise
            except LedgerError as error:
                self._failed(error)
                raise
            self._committed(head, 1)
            return row

    async def _flush(self) -> bool:
        async with self._flushing:
            return await self._commit_queued()

    async def _commit_queued(self) -> bool:
        left = len(self._queue)
        while left > 0:
            if not await self._commit(self._queue[: min(left, MAX_COMMIT_ROWS)]):
                return False
            left -= MAX_COMMIT_ROWS
        return True

    async def _commit(self, entries: list[QueuedRow]) -> bool:
        if not entries:
            return True
        rows = [self._stamped(entry.row) for entry in entries]
        loop = asyncio.get_running_loop()
        try:
            head = await loop.run_in_executor(self._writer, self._ledger.append, rows)
        except LedgerRowError as error:
            self._leave_out([entries[index] for index in sorted(error.indexes)], error)
            return await self._commit([entry for index, entry in enumerate(entries) if index not in error.indexes])
        except LedgerError as error:
            self._failed(error)
            return False
        del self._queue[: len(entries)]
        self._committed(head, len(rows))
        for entry in entries:
            if entry.on_commit is not None:
                entry.on_commit()
        return True

    def _leave_out(self, entries: Sequence[QueuedRow], error: LedgerRowError) -> None:
        """Drop rows that cannot be kept, and their on_commit: nothing is shown that the ledger lacks."""
        left_out = {id(entry) for entry in entries}
        self._queue = [entry for entry in self._queue if id(entry) not in left_out]
        self._stats = replace(self._stats, rows_refused=self._stats.rows_refused + len(entries))
        log.error("ledger_row_refused", kind=type(entries[0].row).__name__, rows=len(entries), error=str(error))

    def _stamped(self, row: Row | Transition) -> Row:
        if not isinstance(row, Transition):
            return row
        return StateChange(
            row.target, row.state, row.cause, row.effective_at_ms, row.confirmed_at_ms, self._clock.boottime_ms()
        )

    def _committed(self, head: CommittedHead, rows: int) -> None:
        if not self.writable:
            log.info("ledger_writable_again", rows=rows)
        self.writable = True
        self._stats = replace(
            self._stats,
            commits=self._stats.commits + 1,
            rows=self._stats.rows + rows,
            head_seq=head.seq,
            last_commit_wall_ms=self._clock.wall_ms(),
        )
        self.waiting_since_ms = self._clock.boottime_ms() if self._queue else None

    def _failed(self, error: LedgerError) -> None:
        self.report_unwritable(error)
        self._stats = replace(self._stats, write_errors=self._stats.write_errors + 1)

    def report_unwritable(self, error: LedgerError) -> None:
        """The ledger takes no rows, as its opening or a commit has shown; logged when it begins."""
        if self.writable:
            log.error("ledger_not_writable", error=str(error))
        self.writable = False
