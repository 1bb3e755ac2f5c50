"""A ledger that is not what was written is set aside whole, never deleted, and its last good copy put in its place.

A kill may come anywhere in between. Therefore the old heartbeat goes last: beside a database that is missing or older
than it, the next start finds the same damage and begins anew. And therefore each folder says in a note why it is
there: what the ledger has no row about is told at the next start.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.errors import LedgerError
from agent.ledger.backup import FOLDER, last_good, put_back
from agent.ledger.schema import FILE_NAME, HEARTBEAT_NAME, sync_directory

QUARANTINE = "quarantine"
NOTE_NAME = "why.json"
_FRESH = ".restoring"
_DATABASE = (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm")


@dataclass(frozen=True, slots=True)
class SetAside:
    """Why the files were set aside, where they lie now, and the day of the copy that took their place ("" for none)."""

    why: str
    where: Path
    restored: str


def go_on(directory: Path, why: str, wall_ms: int) -> None:
    """Set the files aside and put the last good copy in their place; without one the place stays empty.

    For whoever holds the lock; ``untold`` says what was done. LedgerError if the disk refuses.
    """
    try:
        replace(directory, last_good(directory / FOLDER), why, wall_ms)
    except OSError as error:
        raise LedgerError(f"{directory}: {why}; and its files cannot be set aside: {error}") from error


def replace(directory: Path, copy: Path | None, why: str, wall_ms: int) -> Path:
    """Move the ledger's files into a new folder, which is returned, and lay the copy in their place.

    For whoever holds the lock. why: "" for what somebody does by hand and needs not be told. OSError if the disk
    refuses.
    """
    place = _folder(directory, wall_ms)
    if why:
        note = {"why": why, "copy": "" if copy is None else copy.name}
        (place / NOTE_NAME).write_text(json.dumps(note), "utf-8")
    fresh = directory / _FRESH
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if copy is not None:
        put_back(copy, fresh)
    _exchange(directory, fresh, place)
    fresh.rmdir()
    return place


def _exchange(directory: Path, fresh: Path, place: Path) -> None:
    heartbeat = directory / HEARTBEAT_NAME
    heartbeat.touch(0o600)
    shutil.copyfile(heartbeat, place / HEARTBEAT_NAME)
    for name in _DATABASE:
        if (directory / name).exists():
            (directory / name).rename(place / name)
    sync_directory(place)
    if not (fresh / FILE_NAME).exists():
        heartbeat.unlink()
        return
    (fresh / FILE_NAME).rename(directory / FILE_NAME)
    sync_directory(directory)
    (fresh / HEARTBEAT_NAME).replace(heartbeat)


def untold(directory: Path, told: Container[str]) -> tuple[SetAside, ...]:
    """What was set aside and why, oldest first, without the folders of these names."""
    notes = sorted((directory / QUARANTINE).glob(f"*/{NOTE_NAME}"))
    return tuple(one for one in map(_noted, notes) if one is not None and one.where.name not in told)


def _noted(note: Path) -> SetAside | None:
    try:
        plain = json.loads(note.read_text("utf-8"))
        return SetAside(str(plain["why"]), note.parent, str(plain["copy"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # torn by a power cut: the folder itself is what counts


def _folder(directory: Path, wall_ms: int) -> Path:
    moment = datetime.fromtimestamp(wall_ms / 1000, UTC)
    folder = directory / QUARANTINE
    folder.mkdir(mode=0o700, exist_ok=True)
    named = f"{moment:%Y%m%dT%H%M%S}.{wall_ms % 1000:03d}Z"
    there = sum(1 for _ in folder.glob(f"{named}*"))  # a clock that begins at the same instant at every boot
    place = folder / (f"{named}-{there + 1}" if there else named)
    place.mkdir(mode=0o700)
    return place
