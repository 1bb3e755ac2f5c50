"""The database file: its name, tables, and the settings that make a commit durable."""

from __future__ import annotations

import os
from pathlib import Path

import apsw

from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.explain.system_errors import system_text
from agent.text import Text, Translatable

FILE_NAME = "ledger.db"
HEARTBEAT_NAME = "heartbeat"

APPLICATION_ID = 0x53616E53  # "SanS"
VERSION = 2
LOG_BYTES = 4 << 20
"""What the write-ahead log keeps of the disk when it begins anew; one commit of a whole province may need more."""

_OLDEST_SQLITE = (3, 51, 3)  # before it, two connections to one WAL file could corrupt it


class NotALedgerError(LedgerError):
    """A database, but of somebody else."""


_TABLES = """
CREATE TABLE rows(
  seq    INTEGER PRIMARY KEY CHECK (seq > 0),
  run    INTEGER NOT NULL,
  kind   TEXT NOT NULL,
  target TEXT,
  at_ms  INTEGER,
  body   TEXT NOT NULL,
  hash   BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX rows_by_target ON rows(target, seq) WHERE target IS NOT NULL;
CREATE INDEX rows_by_kind ON rows(kind, seq) WHERE kind NOT IN ('state_change', 'soft_failure');
CREATE TABLE contents(hash TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TRIGGER rows_stay      BEFORE UPDATE ON rows     BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER rows_last      BEFORE DELETE ON rows     BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER contents_stay  BEFORE UPDATE ON contents BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER contents_last  BEFORE DELETE ON contents BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""


_READ = ("table", "index", "view")

MIGRATIONS: dict[int, str] = {
    1: "ALTER TABLE contents ADD COLUMN size INTEGER; ALTER TABLE contents ADD COLUMN base TEXT;"  # see contents.py
}
"""By the version that is found: the SQL that makes the next one of it. Rows are never rewritten."""


def why_of(error: Exception) -> Translatable:
    """Why the disk or SQLite refused, in words."""
    if isinstance(error, OSError):
        return Text(system_text(error).vi, str(error))
    return error if isinstance(error, Translatable) else ledger_errors.sqlite_text(str(error))


def refuse_old_sqlite(version: str) -> None:
    """LedgerError for an SQLite that has the WAL-reset race."""
    if tuple(int(part) for part in version.split(".")) < _OLDEST_SQLITE:
        raise LedgerError(ledger_errors.OLD_SQLITE.filled(version=version))


def create(directory: Path) -> None:
    """Make an empty database file, for the owner alone, where there is none. OSError if the disk refuses."""
    os.close(os.open(directory / FILE_NAME, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))


def sync_directory(directory: Path) -> None:
    """New files are durable only once their names are."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def connect(directory: Path) -> apsw.Connection:
    """The one connection that writes: durable settings set, the schema checked, or made in an empty file."""
    path = directory / FILE_NAME
    db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        _check_owner(db, path)
        db.pragma("journal_mode", "wal")
        db.pragma("synchronous", "full")
        db.pragma("mmap_size", 0)  # on a full disk a mapped page is a SIGBUS
        db.pragma("journal_size_limit", LOG_BYTES)
        _check_version(db, path)
    except BaseException:
        db.close()
        raise
    return db


def connect_to_read(directory: Path, *, still: bool = False) -> apsw.Connection:
    """A connection that only reads, beside a running agent or without one.

    still: nothing beside the file is made or looked at, as a read-only disk demands. Only for who holds the lock, and
    only where no write-ahead log lies beside it: a file that is written meanwhile would be read as garbage.
    What an older version wrote is read from a migrated copy (a temporary file); the file itself stays as it is.
    """
    path = directory / FILE_NAME
    if not path.is_file():
        raise LedgerError(ledger_errors.NONE_THERE.filled(place=path))
    name = f"{path.absolute().as_uri()}?immutable=1" if still else str(path)
    db = apsw.Connection(name, flags=apsw.SQLITE_OPEN_READONLY | (apsw.SQLITE_OPEN_URI if still else 0))
    try:
        db.set_busy_timeout(2_000)
        db.pragma("mmap_size", 0)
        _check_owner(db, path)
        if _is_current(db, path):
            return db
        older = _migrated(db)
    except BaseException:
        db.close()
        raise
    db.close()
    return older


def begin_reading(db: apsw.Connection) -> None:
    """From here on everything read over this connection is of one instant: it is the first read that makes it."""
    db.execute("BEGIN")
    db.execute("SELECT count(*) FROM sqlite_schema").get  # noqa: B018 - see above


def _migrated(db: apsw.Connection) -> apsw.Connection:
    """Its content as of one instant, in a temporary file that nobody else sees, as this version has it."""
    copy = apsw.Connection("")
    try:
        with copy.backup("main", db, "main") as backup:
            backup.step()
        with copy:
            _make_tables(copy, int(str(copy.pragma("user_version"))))
    except BaseException:
        copy.close()
        raise
    return copy


def _check_owner(db: apsw.Connection, path: Path) -> None:
    """Before anything is written: an empty file is ours to fill, a foreign database is not touched."""
    try:
        tables = db.execute("SELECT count(*) FROM sqlite_schema").get
    except apsw.SQLError as error:  # a header of no version that SQLite knows
        raise NotALedgerError(ledger_errors.NOT_A_FILE_OF_OURS.filled(place=path, why=why_of(error))) from error
    if tables and db.pragma("application_id") != APPLICATION_ID:
        raise NotALedgerError(ledger_errors.OTHER_DATABASE.filled(place=path))


def _is_current(db: apsw.Connection, path: Path) -> bool:
    """False for an older schema; LedgerError for one that this version does not know, or that is not what it says."""
    version = int(str(db.pragma("user_version")))
    if version == VERSION:
        return True
    if not 0 < version < VERSION:
        raise LedgerError(ledger_errors.OTHER_SCHEMA.filled(place=path, found=version, newest=VERSION))
    if tables_as_made(db):
        raise NotALedgerError(ledger_errors.TWO_SCHEMAS.filled(place=path, found=version, newest=VERSION))
    return False


def _check_version(db: apsw.Connection, path: Path) -> None:
    version = int(str(db.pragma("user_version")))
    if version == VERSION:
        return
    if tables_as_made(db):
        raise NotALedgerError(ledger_errors.TWO_SCHEMAS.filled(place=path, found=version, newest=VERSION))
    if version > VERSION:
        raise LedgerError(ledger_errors.NEWER.filled(place=path, found=version, newest=VERSION))
    with db:  # one transaction: after a kill it is the old schema or the new one
        _make_tables(db, version)


def _make_tables(db: apsw.Connection, version: int) -> None:
    if version == 0:
        db.execute(_TABLES)
        db.pragma("application_id", APPLICATION_ID)
    for step in range(max(version, 1), VERSION):
        db.execute(MIGRATIONS[step])
    db.pragma("user_version", VERSION)


def faults(db: apsw.Connection) -> str:
    """The faults that SQLite itself finds in tables and indexes; "" when there are none."""
    messages = [str(line) for (line,) in db.execute("PRAGMA integrity_check(3)")]
    return "" if messages == ["ok"] else "; ".join(messages)


def tables_as_made(db: apsw.Connection) -> bool:
    """Whether tables and indexes are those of this version, however they may have been named or bounded.

    Triggers are none of that: they keep writers from mistakes, and readers from nothing.
    """
    return {entry for entry in _tables(db) if entry[0] in _READ} == {
        entry for entry in _tables_as_made() if entry[0] in _READ
    }


def _tables(db: apsw.Connection) -> frozenset[tuple[object, ...]]:
    return frozenset(db.execute("SELECT type, name, sql FROM sqlite_schema"))


def _tables_as_made() -> frozenset[tuple[object, ...]]:
    """A version that differs from this one differs in its tables: else the number itself is what was damaged."""
    db = apsw.Connection(":memory:")
    try:
        _make_tables(db, 0)
        return _tables(db)
    finally:
        db.close()
