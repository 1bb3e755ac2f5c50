"""Reading the chain: rows as they are stored, the newest row, and whether they still fit together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import apsw

from agent.errors import Damage, LedgerDamagedError, LedgerError
from agent.explain import ledger_errors as said
from agent.ledger.chain import Chain, Raw, damaged
from agent.ledger.codec import GENESIS, Encoded, decode
from agent.ledger.contents import Contents
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.rows import Row
from agent.ledger.schema import FILE_NAME, connect_to_read, of_kinds, tables_as_made, why_of

_DAMAGED = "the ledger is damaged: "
_TAIL_ROWS = 200_000  # checked at every start: a second; verify() checks them all, and so does every backup

_SHAPES = frozenset(
    (int, int, str, target, at_ms, str, bytes) for target in (str, type(None)) for at_ms in (int, type(None))
)
_FILE_ROW = re.compile("row ([0-9]+) missing from index")
_RAW = "SELECT seq, run, kind, target, at_ms, body, hash FROM rows"


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row: its number and its hash."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row in its place; run is the seq of the AgentRun it belongs to, 0 before the first."""

    seq: int
    run: int
    row: Row


class Source(Protocol):
    """Where rows can be read: the open Ledger, or a Reader."""

    def select(self, where: str, bindings: Sequence[str | int] = ()) -> list[StoredRow]:
        """Rows that fit an SQL condition on the columns of rows."""

    def anchors(self) -> list[tuple[int, int, int]]:
        """Run, boottime and wall clock of every synchronised ClockAnchor, oldest first."""


class Reader:
    """A ledger opened to read only, beside a running agent or without one."""

    def __init__(self, db: apsw.Connection, file: tuple[int, int]) -> None:
        """Use ``open``. file: device and inode."""
        self._db = db
        self.file = file
        self._contents = Contents(db)

    @classmethod
    def open(cls, directory: Path, *, still: bool = False) -> Reader:
        """LedgerError if there is none, or none of this version. still: see schema.connect_to_read."""
        try:
            return cls(connect_to_read(directory, still=still), file_of(directory))
        except (apsw.CorruptError, apsw.NotADBError) as error:
            raise LedgerDamagedError(said.DATABASE_DAMAGED.filled(why=why_of(error))) from error
        except (apsw.Error, OSError) as error:
            raise LedgerError(said.NOT_READ.filled(place=directory, why=why_of(error))) from error

    def select(self, where: str, bindings: Sequence[str | int] = ()) -> list[StoredRow]:
        return select(self._db, where, bindings)

    def anchors(self) -> list[tuple[int, int, int]]:
        return anchors(self._db)

    def links(self) -> Iterator[ChainLink]:
        """Every row, oldest first, as the chain has it. apsw.Error if the file cannot be read."""
        return _links(self._db, "ORDER BY seq", ())

    def follow(self, chain: Chain, step: Callable[[int], object]) -> None:
        """Take the chain on over every row that it has not seen. As ``links``, and as Chain.follow."""
        _refuse_before_first(self._db)
        rows = self._db.execute(f"{_RAW} WHERE seq > ? ORDER BY seq", (chain.seq,))
        chain.follow(cast("Iterator[Raw]", rows), step)

    def check_contents(self, chain: Chain) -> None:
        """LedgerDamagedError unless what the rows name that the chain passed is what was written; then it is known."""
        seen = set()
        for seq, digest in chain.contents:
            try:
                if digest not in seen:
                    self._contents.of(digest)
            except LedgerError as error:
                raise damaged(seq, Damage.CONTENT, said.recalled(str(error).removeprefix(_DAMAGED))) from error
            seen.add(digest)
        chain.contents.clear()

    def check_file(self) -> None:
        """LedgerDamagedError unless tables and indexes are ours and whole: what an index lacks no question finds."""
        if not tables_as_made(self._db):
            raise LedgerDamagedError(said.DATABASE_DAMAGED.filled(why=said.OTHER_TABLES))
        if wrong := faults(self._db):
            row = _FILE_ROW.search(wrong)
            raise LedgerDamagedError(
                said.DATABASE_DAMAGED.filled(why=said.recalled(wrong)), Damage.FILE, int(row[1]) if row else None
            )

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Everything read within is of one moment, whatever an agent writes meanwhile; within another one, of that."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    @contextmanager
    def up_to(self, seq: int) -> Iterator[None]:
        """Within, newer rows are not there: the ledger as it stood when that row was its newest."""
        self._db.execute(f"CREATE TEMP VIEW rows AS SELECT * FROM main.rows WHERE seq <= {int(seq)}")  # noqa: S608 - a number
        try:
            yield
        finally:
            self._db.execute("DROP VIEW temp.rows")

    def last_seq(self) -> int:
        """The number of the newest row; 0 of an empty ledger."""
        return newest(self._db)[0].seq

    def places(self, where: str) -> Iterator[tuple[int, int, str]]:
        """Seq, run and body of rows that fit, oldest first. LedgerError if the file cannot be read."""
        try:
            query = f"SELECT seq, run, body FROM rows WHERE {where} ORDER BY seq"  # noqa: S608 - SQL of ours alone
            yield from cast("Iterator[tuple[int, int, str]]", self._db.execute(query))
        except apsw.Error as error:
            raise LedgerError(said.UNREADABLE.filled(why=why_of(error))) from error

    def content(self, digest: str) -> bytes:
        """The bytes kept under a hash, checked. LedgerError where there are none, apsw.Error as above."""
        return self._contents.of(digest)

    def instant_at(self, seq: int, run: int) -> int:
        """Boottime of the first row of the run from seq on that has an instant; else of the last one before."""
        for order in ("seq >= ? AND run = ? AND {0} ORDER BY seq", "seq < ? AND run = ? AND {0} ORDER BY seq DESC"):
            where = order.format("at_ms IS NOT NULL AND kind NOT IN ('state_change', 'soft_failure')")
            query = f"SELECT at_ms FROM rows WHERE {where} LIMIT 1"  # noqa: S608 - SQL of ours alone
            for (at_ms,) in self._db.execute(query, (seq, run)):
                return cast("int", at_ms)
        raise LedgerError(said.NO_RUN_OF_ROW.filled(row=seq))

    def bodies(self, where: str, bindings: Sequence[str | int] = ()) -> Iterator[tuple[int, int, str, str]]:
        """Seq, instant, target and body of rows that have the three, as they are stored, for who reads very many.

        LedgerError if the file cannot be read.
        """
        try:
            query = f"SELECT seq, at_ms, target, body FROM rows WHERE {where}"  # noqa: S608 - SQL of ours alone
            found = self._db.execute(query, tuple(bindings))
            yield from cast("Iterator[tuple[int, int, str, str]]", found)
        except apsw.Error as error:
            raise LedgerError(said.UNREADABLE.filled(why=why_of(error))) from error

    def hash_of(self, seq: int) -> bytes | None:
        """The hash of one row, None where there is none."""
        return hash_of(self._db, seq)

    def close(self) -> None:
        self._db.close()


def file_of(directory: Path) -> tuple[int, int]:
    """Device and inode of the database. OSError if there is none."""
    found = (directory / FILE_NAME).stat()
    return found.st_dev, found.st_ino


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A stored row with its hash."""

    seq: int
    run: int
    row: Encoded
    hash: bytes


def select(db: apsw.Connection, where: str, bindings: Sequence[str | int]) -> list[StoredRow]:
    """Rows that fit the condition (SQL of ours, never of a user), in the order it asks for, else oldest first.

    LedgerError if one cannot be read.
    """
    order = "" if "ORDER BY" in where else " ORDER BY seq"
    try:
        found = list(_links(db, f"WHERE {where}{order}", bindings))
        return [StoredRow(one.seq, one.run, _row(db, one.row)) for one in found]
    except apsw.Error as error:
        raise LedgerError(said.UNREADABLE.filled(why=why_of(error))) from error


def anchors(db: apsw.Connection) -> list[tuple[int, int, int]]:
    """Run, boottime and wall clock of every synchronised ClockAnchor: there are 52,000 a year, too many to decode each.

    LedgerError if one cannot be read.
    """
    where = f"{of_kinds('clock_anchor')} AND body ->> 'synchronised' ORDER BY seq"
    query = f"SELECT run, at_ms, body ->> 'wall_ms' FROM rows WHERE {where}"  # noqa: S608 - SQL of ours alone
    try:
        found = list(db.execute(query))
    except apsw.Error as error:
        raise LedgerError(said.UNREADABLE.filled(why=why_of(error))) from error
    if any(type(number) is not int for one in found for number in one):
        raise LedgerError(said.ROW_UNREADABLE.filled(kind="clock_anchor", why="its instants are no whole numbers"))
    return cast("list[tuple[int, int, int]]", found)


def newest(db: apsw.Connection) -> tuple[Head, int]:
    """The head of the chain, and the agent run it belongs to."""
    for one in _links(db, "ORDER BY seq DESC LIMIT 1", ()):
        return Head(one.seq, one.hash), one.run
    return Head(0, GENESIS), 0


def check_tail(db: apsw.Connection, anchor: Heartbeat | None) -> None:
    """LedgerDamagedError unless the newest rows, the anchor's among them, and every content are as written."""
    _refuse_before_first(db)
    first, chain = newest(db)[0].seq - _TAIL_ROWS, Chain()
    for one in _links(db, "WHERE seq = ?", (first,)):
        chain = Chain(one.seq, one.run, one.hash)
    rows = db.execute(f"{_RAW} WHERE seq > ? ORDER BY seq", (chain.seq,))
    chain.follow(cast("Iterator[Raw]", rows), _unseen)
    if anchor is not None and anchor.seq:
        check_anchor(anchor, hash_of(db, anchor.seq))
    Contents(db).check()
    if wrong := faults(db):
        raise LedgerDamagedError(said.DATABASE_DAMAGED.filled(why=said.recalled(wrong)))


def _refuse_before_first(db: apsw.Connection) -> None:
    """LedgerDamagedError for a row before row 1: no chain passes it, and questions would find it all the same."""
    for (seq,) in db.execute("SELECT seq FROM rows WHERE seq < 1 ORDER BY seq LIMIT 1"):
        raise damaged(cast("int", seq), Damage.BEFORE, said.BEFORE_FIRST)


def faults(db: apsw.Connection) -> str:
    """What SQLite itself finds wrong with tables and indexes; "" when nothing is."""
    found = [str(line) for (line,) in db.execute("PRAGMA integrity_check(3)")]
    return "" if found == ["ok"] else "; ".join(found)


def check_anchor(anchor: Heartbeat, found: bytes | None) -> None:
    """LedgerDamagedError unless the anchor's row is there with the hash that the heartbeat knows."""
    if found is None:
        raise LedgerDamagedError(
            said.HEARTBEAT_AHEAD.filled(row=anchor.seq),
            Damage.CUT,
            anchor.seq,
        )
    if found != anchor.hash:
        raise LedgerDamagedError(said.HEARTBEAT_OTHER.filled(row=anchor.seq), Damage.REWRITTEN, anchor.seq)


def _unseen(_rows: int) -> None:
    """Nobody watches."""


def _links(db: apsw.Connection, rest: str, bindings: Sequence[str | int]) -> Iterator[ChainLink]:
    try:
        for raw in db.execute(f"{_RAW} {rest}", tuple(bindings)):
            if tuple(map(type, raw)) not in _SHAPES:
                raise LedgerDamagedError(said.DAMAGED.filled(why=said.ROW_OF_WRONG_KIND))
            seq, run, kind, target, at_ms, body, digest = cast("Raw", raw)
            yield ChainLink(seq, run, Encoded(kind, target, at_ms, body), digest)
    except UnicodeDecodeError as error:
        raise LedgerDamagedError(said.DAMAGED.filled(why=said.ROW_NOT_TEXT.filled(why=error.reason))) from error


def hash_of(db: apsw.Connection, seq: int) -> bytes | None:
    """The hash of one row, None where there is none."""
    return next((one.hash for one in _links(db, "WHERE seq = ?", (seq,))), None)


def _row(db: apsw.Connection, row: Encoded) -> Row:
    if row.kind != "content":
        return decode(row.kind, row.body)
    return decode(row.kind, row.body, Contents(db).of(row.content_hash))
