"""The heartbeat: one small file overwritten in place, the anchor of the chain outside the database.

Two slots are written in turn, each with its checksum: a write torn by a power cut loses at most the newest beat.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.explain.system_errors import system_text
from agent.regular_file import read_regular

_SLOT = 512  # one disk sector
_DIGEST = 32
_NO_FILE = (errno.EISDIR, errno.EINVAL, errno.ELOOP, errno.ENXIO)  # a directory, a pipe or device, a loop, a socket
_MOST = 1 << 62  # of any number: nobody lives that long, and the next one fits too


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The agent lived at at_ms (boottime of boot_id) and its ledger's newest row was seq with that hash."""

    boot_id: str
    at_ms: int
    wall_ms: int
    seq: int
    hash: bytes


class HeartbeatFile:
    """Writes beats. The file stays open: an agent that is out of descriptors has to go on beating."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def beat(self, newest: Heartbeat) -> None:
        """Write the beat into the older slot and wait until it is on the disk (fdatasync). OSError if that fails."""
        descriptor = self._opened()
        slots = [_slot(os.pread(descriptor, _SLOT, place)) for place in (0, _SLOT)]
        counts = [0 if slot is None else slot[0] for slot in slots]
        older = 0 if counts[0] <= counts[1] else 1
        os.pwrite(descriptor, _record(max(counts) + 1, newest), older * _SLOT)
        os.fdatasync(descriptor)

    def _opened(self) -> int:
        if self._descriptor >= 0 and not is_at(self._path, self._descriptor):  # somebody took the file away
            self.close()
        if self._descriptor < 0:
            _make_room(self._path)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._descriptor

    def close(self) -> None:
        """Give the descriptor back; the next beat opens the file again."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _make_room(path: Path) -> None:
    """What lies there and is no file is renamed, not deleted: an agent that could never beat would never start."""
    try:
        odd = not stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return
    except OSError as error:
        odd = error.errno == errno.ELOOP
    if odd:
        there = sum(1 for _ in path.parent.glob(f"{path.name}.odd-*"))
        path.rename(path.with_name(f"{path.name}.odd-{there + 1}"))


def is_at(path: Path, descriptor: int) -> bool:
    """Whether the open file is the one of that name; a disk that cannot say so contradicts nothing."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
    except OSError:
        return True


def beat(path: Path, newest: Heartbeat) -> None:
    """One beat by somebody who does not stay."""
    heart = HeartbeatFile(path)
    try:
        heart.beat(newest)
    finally:
        heart.close()


def read(path: Path) -> Heartbeat | None:
    """The newest whole beat; None if there is no file, or neither slot is whole. LedgerError: it cannot be read."""
    try:
        content, _ = read_regular(path, 2 * _SLOT)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in _NO_FILE:
            return None
        raise LedgerError(ledger_errors.HEARTBEAT_UNREADABLE.filled(place=path, why=system_text(error))) from error
    whole = [slot for slot in (_slot(content[:_SLOT]), _slot(content[_SLOT : 2 * _SLOT])) if slot is not None]
    return max(whole, key=lambda slot: slot[0])[1] if whole else None


def _record(count: int, newest: Heartbeat) -> bytes:
    plain = asdict(newest) | {"hash": newest.hash.hex(), "count": count}
    text = json.dumps(plain, sort_keys=True).encode()
    if len(text) > _SLOT - _DIGEST:
        raise LedgerError(ledger_errors.HEARTBEAT_TOO_LONG)
    padded = text.ljust(_SLOT - _DIGEST)
    return padded + sha256(padded).digest()


def _slot(record: bytes) -> tuple[int, Heartbeat] | None:
    text, digest = record[:-_DIGEST], record[-_DIGEST:]
    if len(record) != _SLOT or sha256(text).digest() != digest:
        return None
    try:
        plain = json.loads(text)
        count, seq, at_ms, wall_ms = (_number(plain[name]) for name in ("count", "seq", "at_ms", "wall_ms"))
        boot_id, digest = plain["boot_id"], bytes.fromhex(plain["hash"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None  # a checksum is soon made: nothing says that this program wrote what fits to it
    if not isinstance(boot_id, str) or len(digest) != _DIGEST:
        return None
    return count, Heartbeat(boot_id, at_ms, wall_ms, seq, digest)


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value < _MOST:
        raise ValueError("not a number of this program")
    return value
