"""The database file of a ledger that nobody has open, with all that its write-ahead log held."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw


def checkpointed(place: Path) -> Path:
    """The file, complete: what a test changes in it the log does not write over at the next open."""
    path = place / "ledger.db"
    with closing(apsw.Connection(str(path))) as db:
        db.pragma("journal_mode", "wal")  # a connection that has read nothing yet would checkpoint nothing
        db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    return path
