"""Copies of the ledger: taken while it is written, verified before they count, thinned to 7 days and 12 months.

A copy is a directory like the ledger's own (database and heartbeat), so that everything that reads a ledger reads it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import apsw

from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.ledger import heartbeat
from agent.ledger.chain import Progress, no_progress
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader, file_of
from agent.ledger.schema import FILE_NAME, HEARTBEAT_NAME, begin_reading, connect_to_read, why_of

FOLDER = "backups"
DAILY, MONTHLY = 7, 12
_PAGES = 256  # copied at a time: 1 MiB, then whoever writes gets its turn


@dataclass(frozen=True, slots=True)
class Copy:
    """A verified copy: where it lies, and how many rows it holds."""

    place: Path
    rows: int


def back_up(directory: Path, day: str, progress: Progress = no_progress, into: Path | None = None) -> Copy:
    """Copy the ledger of that directory as of one instant, verify the copy, thin out old ones.

    day: the local date, ISO: the copy of the same day is replaced. Reads only, beside a running agent too. LedgerError
    (and no copy of that day is touched) if the ledger cannot be read, the disk refuses, or the copy does not verify.
    """
    folder = into or directory / FOLDER
    unfinished = folder / f".{day}.unfinished"
    try:
        folder.mkdir(mode=0o700, exist_ok=True, parents=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        _copy(directory, unfinished, progress)
        verification = verify(unfinished)
        if not verification.ok:
            raise LedgerError(ledger_errors.COPY_NOT_WHOLE.filled(why=verification.sentence))
        place = _in_its_place(unfinished, folder / day)
    except (apsw.Error, OSError) as error:
        raise LedgerError(ledger_errors.NO_BACKUP.filled(place=folder, why=why_of(error))) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    for old in surplus(copies(folder)):
        shutil.rmtree(folder / old, ignore_errors=True)
    return Copy(place, verification.rows)


def copies(folder: Path) -> list[str]:
    """The days of which there is a copy, oldest first."""
    return sorted(place.parent.name for place in folder.glob(f"????-??-??/{FILE_NAME}"))


def surplus(days: Iterable[str]) -> list[str]:
    """The days whose copies go: all but the newest 7, and the last copy of each of the newest 12 months."""
    ordered = sorted(days)
    last_of_month = {day[:7]: day for day in ordered}
    retained = {*ordered[-DAILY:], *(last_of_month[month] for month in sorted(last_of_month)[-MONTHLY:])}
    return [day for day in ordered if day not in retained]


def last_good(folder: Path) -> Path | None:
    """The newest copy that verifies, or None."""
    for day in reversed(copies(folder)):
        try:
            if verify(folder / day).ok:
                return folder / day
        except LedgerError:
            continue
    return None


def put_back(copy: Path, directory: Path) -> None:
    """Lay a copy into a directory that has no ledger. OSError if the disk refuses."""
    for name in (FILE_NAME, HEARTBEAT_NAME):
        target = directory / name
        with (copy / name).open("rb") as source, target.open("xb") as sink:
            os.fchmod(sink.fileno(), 0o600)
            shutil.copyfileobj(source, sink)
            sink.flush()
            os.fsync(sink.fileno())


def _copy(directory: Path, into: Path, progress: Progress) -> None:
    alive = heartbeat.read(directory / HEARTBEAT_NAME)  # before the rows: it vouches for nothing that they do not say
    source = connect_to_read(directory)
    try:
        os.close(os.open(into / FILE_NAME, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        sink = apsw.Connection(str(into / FILE_NAME))
        try:
            begin_reading(source)  # one instant: what is written meanwhile neither shows nor starts the copy anew
            with sink.backup("main", source, "main") as backup:
                while not backup.done:
                    backup.step(_PAGES)
                    progress(backup.page_count - backup.remaining, backup.page_count)
            sink.pragma("journal_mode", "delete")  # one file, no log beside it
            sink.pragma("synchronous", "full")
            head, _ = Reader(sink, file_of(into)).newest()
        finally:
            sink.close()
    finally:
        source.close()
    if alive is not None:  # without one the copy is as little proved as the ledger
        heartbeat.beat(into / HEARTBEAT_NAME, replace(alive, seq=head.seq, hash=head.hash))


def _in_its_place(unfinished: Path, place: Path) -> Path:
    before = place.with_name(f".{place.name}.before")
    shutil.rmtree(before, ignore_errors=True)
    if place.exists():
        place.rename(before)
    unfinished.rename(place)
    shutil.rmtree(before, ignore_errors=True)
    return place
