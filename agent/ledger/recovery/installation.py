"""Which installation writes a ledger: a random identity in a file beside it, tied to the machine and to that file.

A directory is copied with everything in it. Then the machine is another, or the file is: where a new identity is made,
and the ledger says so. What clones the whole disk of a machine clones its identity too; two agents of one observer
show beside each other in Prometheus alone.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from agent.ledger.schema import sync_directory

NAME = "installation"
MACHINE_ID = Path("/etc/machine-id")
_APPLICATION = b"sansang installation"


class InstallationChange(StrEnum):
    """What shows that a ledger goes on under another installation."""

    MACHINE = "machine"  # the identity was made on another machine
    COPY = "copy"  # its file is a copy of the one that was made
    MISSING = "missing"  # there was no whole identity beside the ledger
    LEDGER = "ledger"  # the identity is this place's own, the ledger was written elsewhere


@dataclass(frozen=True, slots=True)
class Installation:
    """id: 32 hexadecimal digits. change: why it was made just now, None for one that was there."""

    id: str
    change: InstallationChange | None


@dataclass(frozen=True, slots=True)
class _StoredIdentity:
    id: str
    machine: str
    inode: int


def machine_of(file: Path = MACHINE_ID) -> str:
    """The machine by a hash of its machine-id(5), which itself must not leave it; "" if unknown."""
    try:
        text = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    if not text or text == "uninitialized":
        return ""
    return hmac.digest(text.encode(), _APPLICATION, "sha256").hex()[:32]


def installation(directory: Path, machine: str) -> Installation:
    """The identity beside the ledger, a new one where there is none that fits. For whoever holds the ledger's lock.

    OSError if the disk refuses to keep a new one.
    """
    path = directory / NAME
    identity = _read(path)
    if identity is None:
        return Installation(_make(path, machine), InstallationChange.MISSING)
    if identity.machine and machine and identity.machine != machine:
        return Installation(_make(path, machine), InstallationChange.MACHINE)
    if identity.inode != path.stat().st_ino:
        return Installation(_make(path, machine), InstallationChange.COPY)
    return Installation(identity.id, None)


def _make(path: Path, machine: str) -> str:
    fresh = path.with_name(f".{path.name}")
    with fresh.open("w", encoding="ascii") as file:
        os.fchmod(file.fileno(), 0o600)
        identity = _StoredIdentity(secrets.token_hex(16), machine, os.fstat(file.fileno()).st_ino)
        json.dump(asdict(identity), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_directory(path.parent)
    return identity.id


def _read(path: Path) -> _StoredIdentity | None:
    try:
        plain = json.loads(path.read_text("ascii"))
        return _StoredIdentity(str(plain["id"]), str(plain["machine"]), int(plain["inode"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
