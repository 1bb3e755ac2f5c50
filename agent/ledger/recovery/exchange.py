"""Putting another ledger in a directory's place, so that a kill at any moment leaves the one or the other.

What is to go in is made ready in a folder of its own, whole and on the disk. Renaming that folder decides: before, the
old ledger stands; from then on whoever next holds the lock ends what was begun (``finish``).
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from agent.ledger.schema import FILE_NAME, HEARTBEAT_NAME, sync_directory

QUARANTINE = "quarantine"
_PREPARED, _DECIDED = ".restoring", ".restored"
_ORDER = "order.json"
_FILES = (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", HEARTBEAT_NAME)


def prepared(directory: Path) -> Path:
    """An empty folder for the ledger that is to go in; what lay there from an attempt before is gone."""
    fresh = directory / _PREPARED
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    return fresh


def exchange(directory: Path, fresh: Path, aside: Path) -> None:
    """Move the ledger's files into the folder ``aside`` and lay what ``fresh`` holds in their place, if anything.

    For whoever holds the lock. OSError if the disk refuses.
    """
    order = {"aside": aside.name, "ledger": (fresh / FILE_NAME).exists()}
    with (fresh / _ORDER).open("w", encoding="utf-8") as file:
        json.dump(order, file)
        file.flush()
        os.fsync(file.fileno())
    sync_directory(fresh)
    sync_directory(aside)
    fresh.rename(directory / _DECIDED)
    sync_directory(directory)
    finish(directory)


def finish(directory: Path) -> None:
    """End an exchange that was decided; nothing if there is none. For whoever holds the lock. OSError as above."""
    fresh = directory / _DECIDED
    if not fresh.exists():
        return
    if (fresh / _ORDER).exists():
        order = json.loads((fresh / _ORDER).read_text("utf-8"))
        _carry_out(directory, fresh, directory / QUARANTINE / order["aside"], ledger=order["ledger"])
        (fresh / _ORDER).unlink()
    shutil.rmtree(fresh)


def _carry_out(directory: Path, fresh: Path, aside: Path, *, ledger: bool) -> None:
    """Each step only if it was not done yet: the new database goes in last but for its heartbeat."""
    if not ledger or (fresh / FILE_NAME).exists():
        for name in _FILES:
            if (directory / name).exists():
                (directory / name).rename(aside / name)
        sync_directory(aside)
    if not ledger:
        return
    for name in (FILE_NAME, HEARTBEAT_NAME):
        if (fresh / name).exists():
            (fresh / name).replace(directory / name)
            sync_directory(directory)
