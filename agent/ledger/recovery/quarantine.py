"""A ledger that is not what was written is set aside whole, never deleted, and its last good copy put in its place.

A kill may come anywhere in between (agent.ledger.recovery.exchange). Each folder says in a note why it is there: what
the ledger has no row about is told at the next start.
"""

from __future__ import annotations

import json
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.errors import LedgerDamagedError, LedgerError
from agent.explain import ledger_errors
from agent.explain.system_errors import system_text
from agent.ledger import heartbeat
from agent.ledger.days.day_files import FOLDER as DAYS
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.recovery.backup import FOLDER, last_good, put_back
from agent.ledger.recovery.exchange import QUARANTINE, exchange, prepared
from agent.ledger.recovery.installation import NAME as INSTALLATION
from agent.ledger.schema import HEARTBEAT_NAME

NOTE_NAME = "why.json"


@dataclass(frozen=True, slots=True)
class QuarantinedLedger:
    """Why the files were set aside, where they lie now, and the day of the copy that took their place ("" for none)."""

    why: str
    where: Path
    restored: str

    def last_beat(self) -> Heartbeat | None:
        """What the heartbeat among those files knew last; None where none is whole."""
        try:
            return heartbeat.read(self.where / HEARTBEAT_NAME)
        except LedgerError:
            return None


def quarantine_and_restore(directory: Path, why: LedgerDamagedError, wall_ms: int) -> None:
    """Set the files aside and put the last good copy in their place; without one the place stays empty.

    For whoever holds the lock; ``unreported`` says what was done. LedgerError if the disk refuses.
    """
    try:
        copy = last_good(directory / FOLDER)
        place = make_quarantine_folder(directory, why.to("en"), "" if copy is None else copy.name, wall_ms)
        fresh = prepared(directory)
        if copy is not None:
            put_back(copy, fresh)
        exchange(directory, fresh, place)
    except OSError as error:
        raise LedgerError(
            ledger_errors.NOT_SET_ASIDE.filled(place=directory, said=why, why=system_text(error))
        ) from error


def make_quarantine_folder(directory: Path, why: str, copy: str, wall_ms: int) -> Path:
    """A new folder for what is set aside, with the note that says why. OSError if the disk refuses."""
    place = folder_of(directory, wall_ms)
    (place / NOTE_NAME).write_text(json.dumps({"why": why, "copy": copy}), "utf-8")
    return place


def unreported(directory: Path, names: Container[str]) -> tuple[QuarantinedLedger, ...]:
    """What was set aside and why, oldest first, without the folders of these names."""
    notes = sorted((directory / QUARANTINE).glob(f"*/{NOTE_NAME}"))
    return tuple(ledger for ledger in map(_noted, notes) if ledger is not None and ledger.where.name not in names)


def folder_of(directory: Path, wall_ms: int) -> Path:
    """A new folder for what is set aside at that instant. OSError if the disk refuses."""
    moment = datetime.fromtimestamp(wall_ms / 1000, UTC)
    folder = directory / QUARANTINE
    folder.mkdir(mode=0o700, exist_ok=True)
    named = f"{moment:%Y%m%dT%H%M%S}.{wall_ms % 1000:03d}Z"
    there = sum(1 for _ in folder.glob(f"{named}*"))  # a clock that begins at the same instant at every boot
    place = folder / (f"{named}-{there + 1}" if there else named)
    place.mkdir(mode=0o700)
    return place


def _noted(note: Path) -> QuarantinedLedger | None:
    try:
        plain = json.loads(note.read_text("utf-8"))
        return QuarantinedLedger(str(plain["why"]), note.parent, str(plain["copy"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # torn by a power cut: the folder itself is what counts


def remains_of_ledger(directory: Path) -> str:
    """What says that there was a ledger where there is none; "" if nothing does."""
    return next((name for name in (FOLDER, DAYS, INSTALLATION) if (directory / name).exists()), "")
