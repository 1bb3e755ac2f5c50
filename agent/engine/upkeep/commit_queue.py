"""Commit before publish: rows wait here for the next ledger tick; what they change is shown once they are on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog

from agent.clock import Clock
from agent.engine.snapshot import EngineStats, ErrorOrigin
from agent.errors import LedgerError, LedgerRowError
from agent.explain import ledger_errors
from agent.ledger.rows import Row, StateChange
from agent.model import Transition

log = structlog.get_logger(__name__)

MAX_QUEUE_ROWS = 10_000
"""About 5 MB. Beyond it no run is judged until the ledger has taken all of them; the gap is UNKNOWN(disk)."""

MAX_COMMIT_ROWS = 10_000
"""Rows of one commit: a whole province at once, but after a long refusal not everything while the loop waits."""


_RowT = TypeVar("_RowT", bound=Row)


class CommittedHead(Protocol):
    """Where the ledger stands after a commit."""

    @property
    def seq(self) -> int: ...


class Appender(Protocol):
    """The ledger's writing end: one transaction, on disk when it returns; raises LedgerError.

    LedgerRowError for a row that cannot be kept: it is at fault, not the ledger, and the others are written without it.
    """

    def append(self, rows: Sequence[Row]) -> CommittedHead: ...


@dataclass(frozen=True, slots=True)
class QueuedRow:
    """A row (a transition becomes one when it is committed) and what to do once it is on disk."""

    row: Row | Transition
    on_commit: Callable[[], None] | None


class CommitQueue:
    """The queue in front of the ledger."""

    def __init__(self, ledger: Appender, clock: Clock, stats: EngineStats, writer: Executor) -> None:
        self._ledger = ledger
        self._clock = clock
        self._stats = stats
        self._writer = writer
        self._queue: list[QueuedRow] = []
        self._flushing = asyncio.Lock()
        self.waiting_since_ms: int | None = None

    def enqueue(self, row: Row | Transition, on_commit: Callable[[], None] | None = None) -> None:
        """Queue one row."""
        if not self._queue:
            self.waiting_since_ms = self._clock.boottime_ms()
        self._queue.append(QueuedRow(row, on_commit))
        self._stats.ledger_queue_rows = len(self._queue)

    @property
    def full(self) -> bool:
        """Whether the ledger has refused rows for so long that nothing more may be judged."""
        return len(self._queue) >= MAX_QUEUE_ROWS

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._queue

    async def flush(self) -> bool:
        """Commit what is queued, then run what it entails; False if the ledger would not take it (it stays queued).

        One flush at a time, so that no row is written twice; one that is cancelled goes on to its end unseen.
        """
        if not self._queue and not self._flushing.locked():
            return True
        return await asyncio.shield(asyncio.create_task(self._flush()))

    async def record(self, make: Callable[[], _RowT]) -> _RowT:
        """Commit one row that somebody waits for, after all that is queued; LedgerError if it cannot be done now.

        The row is made when its turn has come and is never queued: it says when it was recorded.
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
            return await self._commit([one for index, one in enumerate(entries) if index not in error.indexes])
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
        """What they entail is not told either: nothing is shown that the ledger does not know."""
        left_out = {id(entry) for entry in entries}
        self._queue = [one for one in self._queue if id(one) not in left_out]
        self._stats.internal_errors[ErrorOrigin.LEDGER] += len(entries)
        log.error("ledger_row_refused", kind=type(entries[0].row).__name__, rows=len(entries), error=str(error))

    def _stamped(self, row: Row | Transition) -> Row:
        if not isinstance(row, Transition):
            return row
        return StateChange(
            row.target, row.state, row.cause, row.effective_at_ms, row.confirmed_at_ms, self._clock.boottime_ms()
        )

    def _committed(self, head: CommittedHead, rows: int) -> None:
        stats = self._stats
        if not stats.ledger_writable:
            log.info("ledger_writable_again", rows=rows)
        stats.ledger_writable = True
        stats.ledger_commits += 1
        stats.ledger_rows += rows
        stats.ledger_head_seq = head.seq
        stats.ledger_commit_wall_ms = self._clock.wall_ms()
        stats.ledger_queue_rows = len(self._queue)
        self.waiting_since_ms = self._clock.boottime_ms() if self._queue else None

    def _failed(self, error: LedgerError) -> None:
        if self._stats.ledger_writable:
            log.error("ledger_not_writable", error=str(error))
        self._stats.ledger_writable = False
        self._stats.ledger_write_errors += 1
