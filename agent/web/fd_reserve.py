"""File descriptors kept back: when probes have used up all others, the web server still answers."""

from __future__ import annotations

import os


class FdReserve:
    """A few descriptors that are held for nothing but to be given back. Not for more than one thread."""

    def __init__(self, count: int) -> None:
        """None are held before ``fill``."""
        self._count = count
        self._held: list[int] = []

    def fill(self) -> bool:
        """Take as many as are missing; False if the process can have no more."""
        while len(self._held) < self._count:
            try:
                self._held.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
            except OSError:
                return False
        return True

    def give(self) -> bool:
        """Give one back to the process, the lowest first (a limit cuts off the highest); False if none is held."""
        if not self._held:
            return False
        lowest = min(self._held)
        self._held.remove(lowest)
        os.close(lowest)
        return True

    def close(self) -> None:
        """Give back all."""
        while self.give():
            pass
