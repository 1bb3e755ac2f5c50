"""Packets that this machine itself threw away, because the receive buffer of a probe's socket was full.

Such a packet may have been the answer. A run that ends without one, while its own socket lost packets, says nothing
about its target (Reason.PACKETS_DROPPED).
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import NamedTuple

_SO_MEMINFO = 55  # asm-generic/socket.h; Linux 4.12
_MEMINFO = struct.Struct("=9I")
_QUEUED, _ROOM, _DROPS = 0, 1, 8  # SK_MEMINFO_RMEM_ALLOC, _RCVBUF and _DROPS, linux/sock_diag.h
_WRAP = 0xFFFF_FFFF
_MOST_BESIDE, _MOST_TIMES = 8192, 4  # what a packet takes of a buffer: so many bytes, and so many times its size


def lost_by(sock: socket.socket) -> int:
    """How many packets the kernel threw away instead of queueing them for this socket; wraps at 32 bits.

    Asked for: SO_RXQ_OVFL tells the same number only beside the next packet, and after a flood none may come. 0 where
    the kernel does not tell.
    """
    return _memory(sock)[_DROPS]


def _memory(sock: socket.socket) -> tuple[int, ...]:
    try:
        return _MEMINFO.unpack(sock.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size))
    except (OSError, struct.error):  # a kernel of before 4.12, or an imitation of one
        return (0,) * 9


class DropSample(NamedTuple):
    """The losses of a socket since it was opened. room: the bytes that what was read from it needed at most."""

    lost: int = 0
    room: int = 0


class DropCounter:
    """The sum over all sockets that one protocol opens and closes; ask tells what one of them lost until now."""

    def __init__(self, ask: Callable[[socket.socket], int] = lost_by) -> None:
        self._ask = ask
        self._last: dict[socket.socket, int] = {}
        self._room: dict[socket.socket, int] = {}
        self._sum = 0

    def took(self, sock: socket.socket, size: int) -> None:
        """A packet of so many bytes was taken from the socket, or an entry from its error queue."""
        self._room[sock] = self._room.get(sock, 0) + _MOST_BESIDE + _MOST_TIMES * size

    def read(self, sock: socket.socket) -> DropSample:
        """The losses of the socket until now; what is new since the last reading goes into the sum."""
        lost = self._ask(sock)
        self._sum += lost - self._last.get(sock, 0) & _WRAP
        self._last[sock] = lost
        return DropSample(lost, self._room.get(sock, 0))

    def since(self, before: DropSample, sock: socket.socket) -> int:
        """The packets that the socket lost for want of room since an earlier reading.

        None, where all that was taken since and all that lies there yet cannot have filled half of the buffer: the
        kernel counts a packet whose checksum is wrong in the same number, and whoever sends a few of those must not
        make an outage of others unknown.
        """
        now = self.read(sock)
        memory = _memory(sock)
        full = now.room - before.room + memory[_QUEUED] >= memory[_ROOM] // 2
        return now.lost - before.lost & _WRAP if full else 0

    def close(self, sock: socket.socket) -> None:
        """Count for the last time, and close the socket."""
        self.read(sock)
        del self._last[sock]
        self._room.pop(sock, None)
        sock.close()

    def total(self) -> int:
        """The losses of the sockets that are open and of those that were."""
        for sock in self._last:
            self.read(sock)
        return self._sum
