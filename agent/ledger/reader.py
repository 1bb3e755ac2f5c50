"""A ledger opened to read: its rows by named questions, and whether they are what was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from agent.errors import Damage, LedgerDamagedError, LedgerError
from agent.explain import ledger_errors
from agent.ledger.chain import Chain, damaged
from agent.ledger.contents import Contents
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.queries import RowQueries
from agent.ledger.schema import FILE_NAME, connect_to_read, faults, tables_as_made, why_of

_TAIL_ROWS = 200_000  # checked at every start: a second; verify() checks them all, and so does every backup

_FILE_ROW = re.compile("row ([0-9]+) missing from index")


class Reader(RowQueries):
    """A ledger opened to read only, beside a running agent or without one."""

    def __init__(self, db: apsw.Connection, file: tuple[int, int], newest_seq: int | None = None) -> None:
        """Use ``open``. file: device and inode. newest_seq: see RowQueries."""
        self._db = db
        self.file = file
        self.newest_seq = newest_seq
        self._contents = Contents(db)

    @classmethod
    def open(cls, directory: Path, *, still: bool = False) -> Reader:
        """LedgerError if there is none, or none of this version. still: see schema.connect_to_read."""
        try:
            return cls(connect_to_read(directory, still=still), file_of(directory))
        except (apsw.CorruptError, apsw.NotADBError) as error:
            raise LedgerDamagedError(ledger_errors.DATABASE_DAMAGED.filled(why=why_of(error))) from error
        except (apsw.Error, OSError) as error:
            raise LedgerError(ledger_errors.NOT_READ.filled(place=directory, why=why_of(error))) from error

    def _connection(self) -> apsw.Connection:
        return self._db

    def check_tail(self, anchor: Heartbeat | None) -> None:
        """LedgerDamagedError unless the newest rows, the anchor's among them, and every content are as written."""
        chain = Chain()
        if link := self.link(self.last_seq() - _TAIL_ROWS):
            chain = Chain(link.seq, link.run, link.hash)
        self.follow(chain)
        if anchor is not None and anchor.seq:
            check_anchor(anchor, self.hash_of(anchor.seq))
        self._contents.check()
        if wrong := faults(self._db):
            raise LedgerDamagedError(ledger_errors.DATABASE_DAMAGED.filled(why=ledger_errors.sqlite_text(wrong)))

    def follow(self, chain: Chain, step: Callable[[int], object] = lambda _: None) -> None:
        """Take the chain on over every row that it has not seen. As ``links``, and as Chain.follow."""
        if (below := self.first_below_one()) is not None:
            raise damaged(below, Damage.BEFORE, ledger_errors.BEFORE_FIRST)
        chain.follow(self.raw_after(chain.seq), step)

    def check_contents(self, chain: Chain) -> None:
        """LedgerDamagedError unless what the rows name that the chain passed is what was written; then it is known."""
        digests = set()
        for seq, digest in chain.contents:
            try:
                if digest not in digests:
                    self._contents.of(digest)
            except LedgerError as error:
                why = error.why if isinstance(error, LedgerDamagedError) else None
                raise damaged(seq, Damage.CONTENT, why or error) from error
            digests.add(digest)
        chain.contents.clear()

    def check_file(self) -> None:
        """LedgerDamagedError unless tables and indexes are ours and whole: what an index lacks no question finds."""
        if not tables_as_made(self._db):
            raise LedgerDamagedError(ledger_errors.DATABASE_DAMAGED.filled(why=ledger_errors.OTHER_TABLES))
        if wrong := faults(self._db):
            row = _FILE_ROW.search(wrong)
            raise LedgerDamagedError(
                ledger_errors.DATABASE_DAMAGED.filled(why=ledger_errors.sqlite_text(wrong)),
                Damage.FILE,
                int(row[1]) if row else None,
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

    def up_to(self, seq: int) -> Reader:
        """The ledger as it stood when that row was its newest: a reader of the same moment, for which no newer is."""
        return Reader(self._db, self.file, seq)

    def last_seq(self) -> int:
        """The number of the newest row; 0 of an empty ledger."""
        return self.newest()[0].seq

    def content(self, digest: str) -> bytes:
        """The bytes kept under a hash, checked. LedgerError where there are none, apsw.Error as above."""
        return self._contents.of(digest)

    def sync(self) -> None:
        """Wait until the write-ahead log is in the file, for a connection that may write. apsw.Error if that fails."""
        self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_FULL)

    def close(self) -> None:
        self._db.close()


def file_of(directory: Path) -> tuple[int, int]:
    """Device and inode of the database. OSError if there is none."""
    status = (directory / FILE_NAME).stat()
    return status.st_dev, status.st_ino


def check_anchor(anchor: Heartbeat, row_hash: bytes | None) -> None:
    """LedgerDamagedError unless the anchor's row is there with the hash that the heartbeat knows."""
    if row_hash is None:
        raise LedgerDamagedError(
            ledger_errors.HEARTBEAT_AHEAD.filled(row=anchor.seq),
            Damage.CUT,
            anchor.seq,
        )
    if row_hash != anchor.hash:
        raise LedgerDamagedError(ledger_errors.HEARTBEAT_OTHER.filled(row=anchor.seq), Damage.REWRITTEN, anchor.seq)
