"""The UDP sockets of one protocol: one per family and source address, changed every few seconds.

A stateful firewall or NAT that holds a broken entry for the socket's port (after a fail-over, say) would otherwise see
it refreshed by every probe, and keep a living target "down" for hours. A host that floods the socket gets sockets of
its own from then on, one for each exchange, and the others a fresh one whose port it does not know.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from agent.clock import Clock
from agent.probes.drops import DropCounter
from agent.probes.udp.socket import UdpSocket

RENEW_SECONDS = 5.0
LOUD_SECONDS = 300.0  # for which a host that flooded us is asked from sockets of its own
_FLOODED_SECONDS = 1.0  # after which a socket is renewed that somebody floods
_MAX_ALONE = 64  # sockets of loud hosts at once; more of them share one as the others do
_MAX_LOUD = 4096

SocketT = TypeVar("SocketT", bound=UdpSocket[Any])


class UdpPool(Generic[SocketT]):
    """Opens sockets of one class when they are needed, and renews them."""

    def __init__(self, opened: Callable[..., SocketT], clock: Clock) -> None:
        self.drops = DropCounter()
        self._open = opened
        self._clock = clock
        self._sockets: dict[tuple[int, str], SocketT] = {}
        self._retired: list[SocketT] = []
        self._loud: dict[str, float] = {}  # by address, until when (monotonic)

    def socket(self, family: int, source: str, host: str) -> SocketT:
        """The socket that sends from source ("" for any) to host now; OSError if there is none."""
        if self._loud.get(host, 0.0) > self._clock.monotonic() and self._open_retired() < _MAX_ALONE:
            alone = self._open(family, source, self._clock, self.drops, self._note_loud, alone=True)
            self._retired.append(alone)
            return alone
        current = self._sockets.get((family, source))
        if current is not None and self._clock.monotonic() - current.opened_at < _lifetime_seconds(current):
            return current
        try:
            fresh = self._open(family, source, self._clock, self.drops, self._note_loud)
        except OSError:
            if current is not None:
                return current  # an old socket is better than none
            raise
        self._sockets[family, source] = fresh
        if current is not None:
            self._open_retired()
            self._retired.append(current)
            current.retire()
        return fresh

    def close(self) -> None:
        """Close every socket; exchanges under way are cancelled."""
        for udp_socket in (*self._sockets.values(), *self._retired):
            udp_socket.close()
        self._sockets.clear()

    def _open_retired(self) -> int:
        """How many sockets only end the exchanges that they have."""
        self._retired = [udp_socket for udp_socket in self._retired if not udp_socket.closed]
        return len(self._retired)

    def _note_loud(self, host: str) -> None:
        if len(self._loud) >= _MAX_LOUD:
            self._loud.clear()
        self._loud[host] = self._clock.monotonic() + LOUD_SECONDS


def _lifetime_seconds(current: UdpSocket[Any]) -> float:
    return _FLOODED_SECONDS if current.flooded else RENEW_SECONDS
