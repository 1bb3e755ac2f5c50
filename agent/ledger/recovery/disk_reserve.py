"""Room kept back on the disk: given up when it is full, so that the ledger can go on while somebody makes room."""

from __future__ import annotations

import os
from pathlib import Path

NAME = "reserve"
_SPARE = 4  # the reserve is taken only where it leaves three times as much to others


class DiskReserve:
    """One file of that many bytes, or none; with 0 bytes it does nothing."""

    def __init__(self, directory: Path, size: int) -> None:
        self._path = directory / NAME
        self._size = size

    def fill(self) -> None:
        """Take the room back as soon as there is plenty; does nothing when it is taken. Never raises OSError."""
        if not self._size:
            return
        try:
            if self._path.exists() and self._path.stat().st_size >= self._size:
                return
            disk = os.statvfs(self._path.parent)
            if disk.f_bavail * disk.f_frsize < _SPARE * self._size:
                return
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, self._size)
            finally:
                os.close(descriptor)
        except OSError:
            self.give_up()

    def give_up(self) -> bool:
        """Free the room; whether there was any. Never raises OSError."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True
