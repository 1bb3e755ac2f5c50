"""Every question that is asked of a ledger's rows, by name; no other module holds SQL on them.

Rows come oldest first unless a name says otherwise. A question raises LedgerError where the rows cannot be read.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar, cast

import apsw

from agent.availability.spans import FOREVER
from agent.errors import LedgerDamagedError, LedgerError
from agent.explain import ledger_errors
from agent.ledger.chain import Raw
from agent.ledger.codec import GENESIS, NAME_OF, Encoded, decode
from agent.ledger.contents import Contents
from agent.ledger.rows import (
    AgentRun,
    AgentStop,
    BlindEnd,
    BlindStart,
    ClockAnchor,
    ClockStep,
    ComponentChange,
    Configured,
    Content,
    MeasuredSums,
    Removed,
    Row,
    StateChange,
    Watermark,
)
from agent.ledger.schema import why_of

INSERT_ROW = "INSERT INTO rows(seq, run, kind, target, at_ms, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"
PAGE = 100
"""Rows that are read at a time where a few of them are likely to do."""

_COLUMNS = "seq, run, kind, target, at_ms, body, hash"
_AFTER = f"SELECT {_COLUMNS} FROM rows WHERE seq > ? ORDER BY seq"  # noqa: S608 - SQL of ours alone
_BELOW_ONE = "SELECT seq FROM rows WHERE seq < 1 ORDER BY seq LIMIT 1"
_SHAPES = frozenset(
    (int, int, str, target, at_ms, str, bytes) for target in (str, type(None)) for at_ms in (int, type(None))
)
_OF_RUN = "seq > ? AND seq < ? AND run = ?"
_ALL = "true"
_CHANGE = "kind = 'state_change'"
_DATED = "at_ms IS NOT NULL AND kind NOT IN ('state_change', 'soft_failure')"
_DAY_OF_SUMS = 'substr(body, instr(body, \'"day":"\') + 7, 10)'  # the keys are sorted: no sums lie before it
_NEWEST_OF_EACH = """seq IN (
  WITH RECURSIVE names(name) AS (
    SELECT min(target) FROM rows WHERE target IS NOT NULL
    UNION ALL
    SELECT (SELECT min(target) FROM rows WHERE target > name) FROM names WHERE name IS NOT NULL)
  SELECT (
    SELECT seq FROM rows WHERE target = name AND kind = 'state_change'{bound} ORDER BY seq DESC LIMIT 1) FROM names
)"""
"""The newest state of every target, found by skipping along the index: one look-up a target, however long the past."""
_COMMITTED_LATER = """run = ? AND (
  (kind = 'state_change' AND json_extract(body, '$.committed_at_ms') > ?)
  OR (kind NOT IN ('watermark', 'maintenance', 'amendment', 'restored') AND at_ms > ?)
  OR (kind IN ('restored', 'heartbeat_refused') AND json_extract(body, '$.recorded_wall_ms') > ?)
)"""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row: its number and its hash."""

    seq: int
    hash: bytes


RowT = TypeVar("RowT", bound=Row)
RowT_co = TypeVar("RowT_co", bound=Row, covariant=True)


@dataclass(frozen=True, slots=True)
class StoredRow(Generic[RowT_co]):
    """A row in its place; run is the seq of the AgentRun it belongs to, 0 before the first."""

    seq: int
    run: int
    row: RowT_co


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A stored row with its hash, not decoded."""

    seq: int
    run: int
    row: Encoded
    hash: bytes


class RunRows(NamedTuple):
    """Where the rows of one agent run lie: after its own row, before that of the next run."""

    run: int
    next_seq: int


Body = tuple[int, int, str, str]
"""Seq, instant, target and body of a row that has the three, as it is stored: for whoever reads very many."""


def kinds_in_index(*kinds: type[Any]) -> str:
    """A condition for rows of few kinds, in the words in which SQLite sees that rows_by_kind has them all.

    Without its second half every row there is would be read.
    """
    names = ", ".join(f"'{NAME_OF[kind]}'" for kind in kinds)
    return f"kind IN ({names}) AND kind NOT IN ('state_change', 'soft_failure')"


class RowQueries(ABC):
    """The questions, for whatever has a connection to a ledger.

    newest_seq: newer rows than this do not exist for any question; None where all rows do.
    """

    newest_seq: int | None = None

    @abstractmethod
    def _connection(self) -> apsw.Connection:
        """The open database. LedgerError if there is none."""

    # --- rows of a kind ---

    def only(self, kind: type[RowT]) -> list[StoredRow[RowT]]:
        """Every row of one kind, whose row class this is."""
        name = NAME_OF[cast("type[Row]", kind)]
        where = f"kind = '{name}'" if name in ("state_change", "soft_failure") else kinds_in_index(kind)
        return cast("list[StoredRow[RowT]]", self._select(where))

    def among(self, *kinds: type[Row]) -> list[StoredRow[Row]]:
        """Every row of these kinds; not for state changes and soft failures, of which there are too many."""
        return self._select(kinds_in_index(*kinds))

    def row(self, seq: int) -> StoredRow[Row] | None:
        """The row of that number."""
        return next(iter(self._select("seq = ?", (seq,))), None)

    def everything(self) -> list[StoredRow[Row]]:
        """All rows, decoded: for small ledgers."""
        return self._select(_ALL)

    def newest_of_each_target(self) -> list[StoredRow[StateChange]]:
        """The newest state change of every target."""
        return cast("list[StoredRow[StateChange]]", self._select(_NEWEST_OF_EACH.format(bound=self._bound)))

    def changes_of_target(self, target: str, below_seq: int, limit: int) -> list[StoredRow[StateChange]]:
        """The target's state changes before a row, newest first."""
        where = f"target = ? AND seq < ? AND {_CHANGE}"
        rows = self._select(where, (target, below_seq), order="seq DESC", limit=limit)
        return cast("list[StoredRow[StateChange]]", rows)

    def last_configured(self, target: str) -> StoredRow[Row] | None:
        """The row that configured the target last."""
        where = f"target = ? AND kind = '{NAME_OF[Configured]}'"
        return next(iter(self._select(where, (target,), order="seq DESC", limit=1)), None)

    def last_change_before(self, run: int, seq: int) -> StoredRow[StateChange] | None:
        """The newest state change of an agent run ahead of a row."""
        rows = self._select(f"run = ? AND seq < ? AND {_CHANGE}", (run, seq), order="seq DESC", limit=1)
        return next(iter(cast("list[StoredRow[StateChange]]", rows)), None)

    def newest_of_target(self, target: str, kind: type[RowT], limit: int) -> list[StoredRow[RowT]]:
        """The target's newest rows of one kind, in the order written."""
        where = f"target = ? AND kind = '{NAME_OF[cast('type[Row]', kind)]}'"
        rows = self._select(where, (target,), order="seq DESC", limit=limit)
        return cast("list[StoredRow[RowT]]", rows[::-1])

    def targets_with(self, kind: type[Row]) -> frozenset[str]:
        """The targets that have a row of a kind of which there are few."""
        rows = self._ask("DISTINCT target", kinds_in_index(kind), order="target")
        return frozenset(cast("str", target) for (target,) in rows)

    def newest_change_of_each_part(self, target: str) -> list[StoredRow[ComponentChange]]:
        """What the ledger says last of each part of the target's device, in the order written."""
        of_target = f"target = ? AND kind = '{NAME_OF[ComponentChange]}'{self._bound}"
        newest = f"SELECT max(seq) FROM rows WHERE {of_target} GROUP BY body ->> 'component'"  # noqa: S608 - SQL of ours
        rows = self._select(f"seq IN ({newest})", (target,))
        return cast("list[StoredRow[ComponentChange]]", rows)

    # --- agent runs ---

    def next_agent_run(self, after_seq: int) -> StoredRow[AgentRun] | None:
        """The first agent run after a row."""
        where = f"{kinds_in_index(AgentRun)} AND seq > ?"
        return next(iter(cast("list[StoredRow[AgentRun]]", self._select(where, (after_seq,), limit=1))), None)

    def end_of_run(self, run: int, up_to_seq: int = FOREVER) -> StoredRow[Row] | None:
        """The row that ended an agent run, if there is one up to that number."""
        where = f"run = ? AND seq <= ? AND {kinds_in_index(AgentStop, Watermark)}"
        return next(iter(self._select(where, (run, up_to_seq), limit=1)), None)

    def few_of_runs(self) -> list[StoredRow[Row]]:
        """What runs hold beside states and clock anchors: their ends, blind intervals, configured targets."""
        return self.among(AgentStop, Watermark, BlindStart, BlindEnd, Configured, Removed)

    def anchors(self) -> list[tuple[int, int, int]]:
        """Run, boottime and wall clock of every synchronised ClockAnchor; 52,000 a year are too many to decode each."""
        where = f"{kinds_in_index(ClockAnchor)} AND body ->> 'synchronised'"
        try:
            query = self._sql("run, at_ms, body ->> 'wall_ms'", where, "seq", None)
            anchors = list(self._connection().execute(query))
        except apsw.Error as error:
            raise LedgerError(ledger_errors.UNREADABLE.filled(why=why_of(error))) from error
        if any(type(number) is not int for anchor in anchors for number in anchor):
            raise LedgerError(
                ledger_errors.ROW_UNREADABLE.filled(kind="clock_anchor", why="its instants are no whole numbers")
            )
        return cast("list[tuple[int, int, int]]", anchors)

    def clock_was_wrong(self) -> bool:
        """Whether the clock was ever set while the agent ran, or not yet set when one started."""
        unset = "kind = 'agent_run' AND NOT json_extract(body, '$.synchronised')"
        where = f"(kind = '{NAME_OF[ClockStep]}' OR ({unset}))"
        return any(self._ask("seq", where, limit=1))

    def newest_content(self) -> str | None:
        """The hash that the newest content row names. apsw.Error if the file cannot be read."""
        query = self._sql("body ->> 'hash'", kinds_in_index(Content), "seq DESC", 1)
        return next((str(digest) for (digest,) in self._connection().execute(query)), None)

    # --- rows around a row ---

    def following(self, seq: int, run: int | None = None) -> list[StoredRow[Row]]:
        """A page of rows after a row; of one agent run, if that is given."""
        of_run = "" if run is None else " AND run = ?"
        bindings = (seq,) if run is None else (seq, run)
        return self._select(f"seq > ?{of_run}", bindings, limit=PAGE)

    def downwards(self, seq: int) -> Iterator[StoredRow[Row]]:
        """All rows up to a row, the newest first, read page by page."""
        while seq > 0:
            rows = self._select("seq <= ?", (seq,), order="seq DESC", limit=PAGE)
            yield from rows
            seq = rows[-1].seq - 1 if rows else 0

    def first_committed_later(self, run: int, boottime_ms: int, wall_ms: int) -> int | None:
        """The first row of the run whose own stamp lies after that instant of its boot, or of UTC."""
        rows = self._ask("seq", _COMMITTED_LATER, (run, boottime_ms, boottime_ms, wall_ms), order="seq", limit=1)
        return next((cast("int", seq) for (seq,) in rows), None)

    def instant_at(self, seq: int, run: int) -> int:
        """Boottime of the first row of the run from seq on that has an instant; else of the last one before."""
        for where, order in (("seq >= ?", "seq"), ("seq < ?", "seq DESC")):
            for (at_ms,) in self._ask("at_ms", f"{where} AND run = ? AND {_DATED}", (seq, run), order=order, limit=1):
                return cast("int", at_ms)
        raise LedgerError(ledger_errors.NO_RUN_OF_ROW.filled(row=seq))

    # --- bodies of very many rows, not decoded ---

    def inventory_bodies(self) -> Iterator[tuple[int, int, str]]:
        """Seq, run and body of every row that keeps an inventory."""
        where = f'{kinds_in_index(Content)} AND body LIKE \'%"kind":"inventory"%\''
        return cast("Iterator[tuple[int, int, str]]", self._ask("seq, run, body", where, order="seq"))

    def changes_between(self, rows: RunRows, start_ms: int, end_ms: int) -> Iterator[Body]:
        """State changes of a run dated to [start_ms, end_ms) of its boot."""
        return self._bodies(rows, f"{_CHANGE} AND at_ms >= ? AND at_ms < ?", (start_ms, end_ms))

    def soft_failures_between(self, rows: RunRows, start_ms: int, end_ms: int) -> Iterator[Body]:
        """Soft failures of a run that began in [start_ms, end_ms) of its boot."""
        return self._bodies(rows, "kind = 'soft_failure' AND at_ms >= ? AND at_ms < ?", (start_ms, end_ms))

    def newest_change_of_each_before(self, rows: RunRows, at_ms: int) -> Iterator[Body]:
        """The newest state change of each target in a run, among those dated before an instant."""
        return self._bodies(rows, f"{_CHANGE} AND at_ms < ? GROUP BY target HAVING seq = max(seq)", (at_ms,))

    def changes_of_target_before(self, rows: RunRows, target: str, at_ms: int) -> Iterator[Body]:
        """State changes of a target in a run that are dated before an instant."""
        return self._bodies(rows, f"{_CHANGE} AND at_ms < ? AND target = ?", (at_ms, target))

    def changes_from(self, rows: RunRows, at_ms: int, below_seq: int) -> Iterator[Body]:
        """State changes of a run that are dated to an instant or later, and were written before a row."""
        return self._bodies(rows, f"{_CHANGE} AND at_ms >= ? AND seq < ?", (at_ms, below_seq))

    def last_change(self, rows: RunRows) -> Iterator[Body]:
        """The state change that a run wrote last, if there is one."""
        return self._bodies(rows, f"{_CHANGE} ORDER BY seq DESC LIMIT 1")

    def last_anchor(self, rows: RunRows) -> Iterator[Body]:
        """The clock anchor that a run wrote last, if there is one."""
        return self._bodies(rows, f"{kinds_in_index(ClockAnchor)} ORDER BY seq DESC LIMIT 1")

    def measured_between(self, first_day: str, last_day: str) -> Iterator[tuple[int, int, str, str]]:
        """Seq, run, day and body of the sums of each local day from the first to the last, ISO, both included."""
        where = f"{kinds_in_index(MeasuredSums)} AND {_DAY_OF_SUMS} BETWEEN ? AND ?"
        rows = self._ask(f"seq, run, {_DAY_OF_SUMS}, body", where, (first_day, last_day), order="seq")
        return cast("Iterator[tuple[int, int, str, str]]", rows)

    def first_measured_days(self) -> Iterator[tuple[int, str]]:
        """By agent run the earliest local day of which it has sums, ISO."""
        where = f"{kinds_in_index(MeasuredSums)}{self._bound}"
        query = f"SELECT run, min({_DAY_OF_SUMS}) FROM rows WHERE {where} GROUP BY run"  # noqa: S608 - SQL of ours
        return cast("Iterator[tuple[int, str]]", self._execute(query, ()))

    # --- the chain ---

    def newest(self) -> tuple[Head, int]:
        """The head of the chain, and the agent run that it belongs to."""
        for link in self._links(_ALL, order="seq DESC", limit=1):
            return Head(link.seq, link.hash), link.run
        return Head(0, GENESIS), 0

    def hash_of(self, seq: int) -> bytes | None:
        """The hash of one row, None where there is none."""
        return next((link.hash for link in self._links("seq = ?", (seq,))), None)

    def link(self, seq: int) -> ChainLink | None:
        """One row as the chain has it, None where there is none."""
        return next(self._links("seq = ?", (seq,)), None)

    def links(self) -> Iterator[ChainLink]:
        """Every row as the chain has it. apsw.Error if the file cannot be read."""
        return self._links(_ALL)

    def raw_after(self, seq: int) -> Iterator[Raw]:
        """The columns of every row after a row, as they lie in the file. apsw.Error as above."""
        return cast("Iterator[Raw]", self._connection().execute(_AFTER, (seq,)))

    def first_below_one(self) -> int | None:
        """A row before row 1: no chain passes it, and questions would find it all the same. apsw.Error as above."""
        return next((cast("int", seq) for (seq,) in self._connection().execute(_BELOW_ONE)), None)

    # --- how they are asked ---

    def _select(
        self, where: str, bindings: Sequence[str | int] = (), *, order: str = "seq", limit: int | None = None
    ) -> list[StoredRow[Row]]:
        try:
            links = list(self._links(where, bindings, order=order, limit=limit))
            return [StoredRow(link.seq, link.run, self._decoded(link.row)) for link in links]
        except apsw.Error as error:
            raise LedgerError(ledger_errors.UNREADABLE.filled(why=why_of(error))) from error

    def _decoded(self, row: Encoded) -> Row:
        if row.kind != NAME_OF[Content]:
            return decode(row.kind, row.body)
        return decode(row.kind, row.body, Contents(self._connection()).of(row.content_hash))

    def _links(
        self, where: str, bindings: Sequence[str | int] = (), *, order: str = "seq", limit: int | None = None
    ) -> Iterator[ChainLink]:
        try:
            for columns in self._connection().execute(self._sql(_COLUMNS, where, order, limit), tuple(bindings)):
                if tuple(map(type, columns)) not in _SHAPES:
                    raise LedgerDamagedError(ledger_errors.DAMAGED.filled(why=ledger_errors.ROW_OF_WRONG_KIND))
                seq, run, kind, target, at_ms, body, digest = cast("Raw", columns)
                yield ChainLink(seq, run, Encoded(kind, target, at_ms, body), digest)
        except UnicodeDecodeError as error:
            raise LedgerDamagedError(
                ledger_errors.DAMAGED.filled(why=ledger_errors.ROW_NOT_TEXT.filled(why=error.reason))
            ) from error

    def _bodies(self, rows: RunRows, where: str, bindings: Sequence[str | int] = ()) -> Iterator[Body]:
        """The bound narrows the span of rows, so that it costs no condition for each of very many."""
        next_seq = rows.next_seq if self.newest_seq is None else min(rows.next_seq, self.newest_seq + 1)
        query = f"SELECT seq, at_ms, target, body FROM rows WHERE {_OF_RUN} AND {where}"  # noqa: S608 - SQL of ours
        return cast("Iterator[Body]", self._execute(query, (rows.run, next_seq, rows.run, *bindings)))

    def _ask(
        self,
        columns: str,
        where: str,
        bindings: Sequence[str | int] = (),
        *,
        order: str = "seq",
        limit: int | None = None,
    ) -> Iterator[tuple[object, ...]]:
        return self._execute(self._sql(columns, where, order, limit), bindings)

    def _execute(self, query: str, bindings: Sequence[str | int]) -> Iterator[tuple[object, ...]]:
        try:
            yield from self._connection().execute(query, tuple(bindings))
        except apsw.Error as error:
            raise LedgerError(ledger_errors.UNREADABLE.filled(why=why_of(error))) from error

    def _sql(self, columns: str, where: str, order: str, limit: int | None) -> str:
        end = "" if limit is None else f" LIMIT {limit}"
        return f"SELECT {columns} FROM rows WHERE {where}{self._bound} ORDER BY {order}{end}"  # noqa: S608 - SQL of ours

    @property
    def _bound(self) -> str:
        return "" if self.newest_seq is None else f" AND seq <= {self.newest_seq}"
