"""The yearly files of daily sums, ``days/days-YYYY.sqlite`` beside the ledger.

A file never changes in place: it is copied, added to, synced and renamed, so that whoever reads or copies it has a
whole one, and a kill at any moment leaves the one before.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import apsw

from agent.errors import LedgerDamagedError, LedgerDiskError, LedgerError
from agent.explain import ledger_errors
from agent.ledger.days.sums import ClosedDay, TargetDay
from agent.ledger.schema import sync_directory, why_of

FOLDER = "days"
APPLICATION_ID = 0x53616E44  # "SanD"
VERSION = 1

_NAME = re.compile(r"days-([0-9]{4})\.sqlite")
_TABLES = """
CREATE TABLE days(
  number INTEGER PRIMARY KEY, day TEXT NOT NULL, observer TEXT NOT NULL, zone TEXT NOT NULL,
  start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
  head_seq INTEGER NOT NULL, head_hash TEXT NOT NULL, version TEXT NOT NULL, written_ms INTEGER NOT NULL,
  sha256 TEXT NOT NULL, UNIQUE (observer, day)) STRICT;
CREATE TABLE targets(number INTEGER PRIMARY KEY, target TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE sums(
  day INTEGER NOT NULL REFERENCES days(number), target INTEGER NOT NULL REFERENCES targets(number),
  scoring_ms INTEGER NOT NULL, maintenance_ms INTEGER NOT NULL, unknown_ms INTEGER NOT NULL,
  down_ms INTEGER NOT NULL, degraded_ms INTEGER NOT NULL, up_ms INTEGER NOT NULL,
  outages INTEGER NOT NULL, longest_outage_ms INTEGER NOT NULL,
  PRIMARY KEY (day, target),
  CHECK (scoring_ms = maintenance_ms + unknown_ms + down_ms + degraded_ms + up_ms)) STRICT, WITHOUT ROWID;
CREATE VIEW daily AS
  SELECT days.day, observer, targets.target, scoring_ms, maintenance_ms, unknown_ms, down_ms, degraded_ms, up_ms,
         outages, longest_outage_ms
  FROM sums JOIN days ON days.number = sums.day JOIN targets ON targets.number = sums.target;
"""
_DAY = "day, observer, zone, start_ms, end_ms, head_seq, head_hash, version, written_ms"
_SUMS = "scoring_ms, maintenance_ms, unknown_ms, down_ms, degraded_ms, up_ms, outages, longest_outage_ms"
_ADD_DAY = f"INSERT INTO days({_DAY}, sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - SQL of ours alone
_ADD_SUMS = f"INSERT INTO sums(day, target, {_SUMS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - the same
_READ_DAYS = f"SELECT number, {_DAY} FROM days ORDER BY day, observer"  # noqa: S608 - the same
_READ_SUMS = (
    f"SELECT target, {_SUMS} FROM sums WHERE day = ? "  # noqa: S608 - the same
    "AND (? = '' OR target = (SELECT number FROM targets WHERE target = ?))"
)


def file_of(folder: Path, year: int) -> Path:
    """Where the days of a year lie."""
    return folder / f"days-{year:04}.sqlite"


def years(folder: Path) -> list[int]:
    """The years of which there is a file, oldest first."""
    matches = (_NAME.fullmatch(place.name) for place in folder.glob("days-*.sqlite"))
    return sorted(int(match[1]) for match in matches if match)


def add(folder: Path, days: Sequence[ClosedDay]) -> None:
    """Add days of one year to its file: all of them or none. A day that is there already is refused.

    LedgerDiskError if the disk refuses, LedgerDamagedError if the file that is there is none of ours.
    """
    place = file_of(folder, days[0].day.year)
    unfinished = folder / f".{place.name}.unfinished"
    try:
        folder.mkdir(mode=0o700, exist_ok=True, parents=True)
        _copied(place, unfinished)
        _write(unfinished, place, days)
        _sync(unfinished)
        unfinished.rename(place)
        sync_directory(folder)
    except (apsw.FullError, apsw.IOError, apsw.CantOpenError, apsw.ReadOnlyError, OSError) as error:
        raise LedgerDiskError(ledger_errors.DAYS_NOT_WRITTEN.filled(place=place, why=why_of(error))) from error
    except (apsw.CorruptError, apsw.NotADBError, apsw.SQLError) as error:
        raise LedgerDamagedError(
            ledger_errors.DAYS_DAMAGED.filled(place=place, why=why_of(error), gone=ledger_errors.GONE_WRONG)
        ) from error
    finally:
        _forgotten(unfinished)


def dates(folder: Path, observer: str) -> frozenset[date]:
    """Every day that the files hold of this observer. LedgerError if one cannot be read."""
    days: set[date] = set()
    for year in years(folder):
        with _reading(folder, year) as db:
            rows = db.execute("SELECT day FROM days WHERE observer = ?", (observer,))
            days.update(date.fromisoformat(str(day)) for (day,) in rows)
    return frozenset(days)


def read(folder: Path, year: int, target: str = "") -> Iterator[ClosedDay]:
    """The days of a year in order, whole or of one target only. LedgerError if the file cannot be read."""
    with _reading(folder, year) as db:
        names = {number: str(name) for number, name in db.execute("SELECT number, target FROM targets")}
        for number, *day in list(db.execute(_READ_DAYS)):
            rows = db.execute(_READ_SUMS, (number, target, target))
            sums = [TargetDay(names[index], *values) for index, *values in rows]
            yield _closed(day, tuple(sorted(sums, key=lambda target_day: target_day.target)))


def _closed(row: Sequence[Any], sums: tuple[TargetDay, ...]) -> ClosedDay:
    day, observer, zone, start_ms, end_ms, head_seq, head_hash, version, written_ms = row
    head = (head_seq, head_hash, version, written_ms)
    return ClosedDay(date.fromisoformat(day), observer, zone, start_ms, end_ms, *head, sums)


def looked_at(folder: Path, year: int) -> Iterator[tuple[ClosedDay, bool]]:
    """The days of a year in order, and whether each is what was written, by its SHA-256. LedgerError as of ``read``."""
    with _reading(folder, year) as db:
        written = {
            (str(day), observer): digest
            for day, observer, digest in db.execute("SELECT day, observer, sha256 FROM days")
        }
    for closed_day in read(folder, year):
        yield closed_day, written.get((closed_day.day.isoformat(), closed_day.observer)) == closed_day.digest()


def spoilt(folder: Path, year: int) -> list[date]:
    """Days that are not what was written. LedgerError if the file cannot be read."""
    return [closed_day.day for closed_day, whole in looked_at(folder, year) if not whole]


def thin_out(folder: Path, count: int) -> list[Path]:
    """Delete the files of all but the newest ``count`` years, counted back from the newest; returns what was deleted.

    LedgerDiskError if the disk refuses.
    """
    there = years(folder)
    old = [file_of(folder, year) for year in there if year <= there[-1] - count]
    try:
        for place in old:
            place.unlink(missing_ok=True)
    except OSError as error:
        raise LedgerDiskError(ledger_errors.YEAR_NOT_DELETED.filled(place=folder, why=why_of(error))) from error
    return old


def _copied(place: Path, unfinished: Path) -> None:
    _forgotten(unfinished)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    if place.exists():
        shutil.copyfile(place, unfinished)


def _write(unfinished: Path, place: Path, days: Sequence[ClosedDay]) -> None:
    """Nobody else knows this file yet: it needs no journal, only to be whole in the end."""
    db = apsw.Connection(str(unfinished), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        db.pragma("journal_mode", "memory")
        db.pragma("synchronous", "off")
        db.pragma("mmap_size", 0)  # on a full disk a mapped page is a SIGBUS
        _check(db, place)
        with db:
            for day in days:
                _insert(db, day)
    except apsw.ConstraintError as error:
        raise LedgerError(
            ledger_errors.DAYS_NOT_ADDED.filled(place=place, first=days[0].day, last=days[-1].day, why=why_of(error))
        ) from error
    finally:
        db.close()


def _check(db: apsw.Connection, place: Path) -> None:
    if not db.execute("SELECT count(*) FROM sqlite_schema").get and not place.exists():
        db.execute(_TABLES)
        db.pragma("application_id", APPLICATION_ID)
        db.pragma("user_version", VERSION)
    kind = db.pragma("application_id"), db.pragma("user_version")
    if kind != (APPLICATION_ID, VERSION):
        raise LedgerDamagedError(ledger_errors.DAYS_OF_NO_KIND.filled(place=place, gone=ledger_errors.GONE_WRONG))


def _insert(db: apsw.Connection, day: ClosedDay) -> None:
    head = (day.start_ms, day.end_ms, day.head_seq, day.head_hash, day.version, day.written_ms)
    db.execute(_ADD_DAY, (day.day.isoformat(), day.observer, day.zone, *head, day.digest()))
    number = db.last_insert_rowid()
    db.executemany("INSERT OR IGNORE INTO targets(target) VALUES (?)", [(sums.target,) for sums in day.sums])
    names = {name: place for place, name in db.execute("SELECT number, target FROM targets")}
    db.executemany(_ADD_SUMS, [(number, names[sums.target], *_numbers(sums)) for sums in day.sums])


def _numbers(sums: TargetDay) -> tuple[int, ...]:
    parts = (sums.scoring_ms, sums.maintenance_ms, sums.unknown_ms, sums.down_ms, sums.degraded_ms, sums.up_ms)
    return (*parts, sums.outages, sums.longest_outage_ms)


@contextmanager
def _reading(folder: Path, year: int) -> Iterator[apsw.Connection]:
    """Nothing is made beside the file, no lock taken: it never changes. LedgerDamagedError if it is none of ours."""
    place = file_of(folder, year)
    name = f"{place.absolute().as_uri()}?immutable=1"
    try:
        db = apsw.Connection(name, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
        try:
            db.pragma("mmap_size", 0)
            if db.pragma("application_id") != APPLICATION_ID or db.pragma("user_version") != VERSION:
                raise LedgerDamagedError(
                    ledger_errors.DAYS_OF_NO_KIND.filled(place=place, gone=ledger_errors.GONE_WRONG)
                )
            yield db
        finally:
            db.close()
    except (apsw.Error, ValueError, TypeError, KeyError) as error:
        raise LedgerDamagedError(
            ledger_errors.DAYS_UNREADABLE.filled(place=place, why=why_of(error), gone=ledger_errors.GONE_WRONG)
        ) from error


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _forgotten(place: Path) -> None:
    """SQLite leaves nothing beside it: its journal is in memory."""
    try:
        place.unlink(missing_ok=True)
    except OSError:
        return  # a read-only disk: the next attempt says so
