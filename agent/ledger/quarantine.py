"""A ledger that is not what was written is set aside whole, never deleted, and its last good copy put in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.errors import LedgerError
from agent.ledger.backup import FOLDER, last_good, put_back
from agent.ledger.schema import FILE_NAME, HEARTBEAT_NAME

QUARANTINE = "quarantine"
FILES = (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", HEARTBEAT_NAME)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Why the files were set aside, where they lie now, and the day of the copy that took their place ("" for none)."""

    why: str
    where: Path
    restored: str


def set_aside(directory: Path, wall_ms: int) -> Path:
    """Move the ledger's files into a new folder; the place is free then. OSError if the disk refuses."""
    moment = datetime.fromtimestamp(wall_ms / 1000, UTC)
    folder = directory / QUARANTINE
    folder.mkdir(mode=0o700, exist_ok=True)
    place = folder / f"{moment:%Y%m%dT%H%M%S}.{wall_ms % 1000:03d}Z"
    place.mkdir(mode=0o700)
    for name in FILES:
        if (directory / name).exists():
            (directory / name).rename(place / name)
    return place


def go_on(directory: Path, why: str, wall_ms: int) -> SetAside:
    """Set the files aside and put the last good copy in their place; without one the place stays empty.

    For whoever holds the lock. LedgerError if the disk refuses.
    """
    try:
        where = set_aside(directory, wall_ms)
        copy = last_good(directory / FOLDER)
        if copy is not None:
            put_back(copy, directory)
    except OSError as error:
        raise LedgerError(f"{directory}: {why}; and its files cannot be set aside: {error}") from error
    return SetAside(why, where, "" if copy is None else copy.name)
