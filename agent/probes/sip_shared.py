"""What SIP runs share: sockets, request templates, and how many may look at TCP at once.

There is one socket per family and source address, changed every few seconds: a stateful firewall or NAT that holds a
broken entry for its port (after a fail-over, say) would otherwise see it refreshed by every probe, and keep a living
room "down" for hours. A host that floods it gets sockets of its own from then on, one for each run, and the others a
fresh one whose port it does not know.
"""

from __future__ import annotations

import asyncio

from agent.clock import Clock
from agent.probes.datagram import SocketAddress, local_address
from agent.probes.drops import DropCounter
from agent.probes.sip_transport import UdpSocket
from agent.probes.wire import sip as wire

RENEW_SECONDS = 5.0
LOUD_SECONDS = 300.0  # for which a host that flooded us is asked from sockets of its own
_FLOODED_SECONDS = 1.0  # after which a socket is renewed that somebody floods
_MAX_ALONE = 64  # sockets of loud hosts at once; more of them share one as the others do
_MAX_LOUD = 4096
_MAX_TEMPLATES = 65_536
_MAX_LOOKS = 256  # TCP connections at once: thousands of dead rooms must not use up the descriptors of other probes


class SipShared:
    """What all SIP runs share: sockets, renewed as time goes by, and request templates, both made when needed."""

    def __init__(self, clock: Clock) -> None:
        self.looks = asyncio.Semaphore(_MAX_LOOKS)
        self.drops = DropCounter()
        self._clock = clock
        self._sockets: dict[tuple[int, str], UdpSocket] = {}
        self._retired: list[UdpSocket] = []
        self._loud: dict[str, float] = {}  # by address, until when (monotonic)
        self._templates: dict[tuple[str, SocketAddress, str], wire.OptionsTemplate] = {}

    def udp(self, family: int, source: str, host: str) -> UdpSocket:
        """The socket that sends from source ("" for any), for a run that starts now; OSError if there is none."""
        if self._loud.get(host, 0.0) > self._clock.monotonic() and self._open_retired() < _MAX_ALONE:
            alone = UdpSocket(family, source, self._clock, self.drops, self._note_loud, alone=True)
            self._retired.append(alone)
            return alone
        found = self._sockets.get((family, source))
        if found is not None and self._clock.monotonic() - found.opened_at < _lifetime(found):
            return found
        try:
            fresh = UdpSocket(family, source, self._clock, self.drops, self._note_loud)
        except OSError:
            if found is not None:
                return found  # an old socket is better than none
            raise
        self._sockets[family, source] = fresh
        if found is not None:
            self._open_retired()
            self._retired.append(found)
            found.retire()
        return fresh

    def _open_retired(self) -> int:
        """How many sockets only end the runs that they have."""
        self._retired = [each for each in self._retired if not each.closed]
        return len(self._retired)

    def _note_loud(self, host: str) -> None:
        if len(self._loud) >= _MAX_LOUD:
            self._loud.clear()
        self._loud[host] = self._clock.monotonic() + LOUD_SECONDS

    def udp_template(self, uri: str, destination: SocketAddress, source: str) -> wire.OptionsTemplate:
        """The request to a destination; OSError if there is no way there."""
        key = (uri, destination, source)
        found = self._templates.get(key)
        if found is None:
            if len(self._templates) >= _MAX_TEMPLATES:
                self._templates.clear()
            asker = wire.Asker("UDP", source or local_address(destination))
            found = self._templates[key] = wire.OptionsTemplate(uri, uri, asker)
        return found

    def close(self) -> None:
        for each in (*self._sockets.values(), *self._retired):
            each.close()
        self._sockets.clear()


def _lifetime(found: UdpSocket) -> float:
    return _FLOODED_SECONDS if found.flooded else RENEW_SECONDS
