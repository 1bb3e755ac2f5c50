"""Packets that this machine itself threw away, because the receive buffer of a probe's socket was full.

Such a packet may have been the answer. A run that ends without one, while its own socket lost packets, says nothing
about its target (Reason.PACKETS_DROPPED).
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

_SO_MEMINFO = 55  # asm-generic/socket.h; Linux 4.12
_MEMINFO = struct.Struct("=9I")
_DROPS = 8  # SK_MEMINFO_DROPS, linux/sock_diag.h
_WRAP = 0xFFFF_FFFF


def lost_by(sock: socket.socket) -> int:
    """How many packets the kernel threw away instead of queueing them for this socket; wraps at 32 bits.

    Asked for: SO_RXQ_OVFL tells the same number only beside the next packet, and after a flood none may come. 0 where
    the kernel does not tell.
    """
    try:
        return int(_MEMINFO.unpack(sock.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size))[_DROPS])
    except (OSError, struct.error):  # a kernel of before 4.12, or an imitation of one
        return 0


class DropCounter:
    """The sum over all sockets that one protocol opens and closes; ask tells what one of them lost until now."""

    def __init__(self, ask: Callable[[socket.socket], int] = lost_by) -> None:
        self._ask = ask
        self._last: dict[socket.socket, int] = {}
        self._sum = 0

    def read(self, sock: socket.socket) -> int:
        """Lost by the socket until now; what is new since the last reading goes into the sum."""
        lost = self._ask(sock)
        self._sum += lost - self._last.get(sock, 0) & _WRAP
        self._last[sock] = lost
        return lost

    def since(self, before: int, sock: socket.socket) -> int:
        """What it lost since a reading of before."""
        return self.read(sock) - before & _WRAP

    def close(self, sock: socket.socket) -> None:
        """Count for the last time, and close the socket."""
        self.read(sock)
        del self._last[sock]
        sock.close()

    def total(self) -> int:
        """Of the sockets that are open and of those that were."""
        for sock in self._last:
            self.read(sock)
        return self._sum
