"""What SIP runs share: sockets, request templates, and how many may look at TCP at once."""

from __future__ import annotations

import asyncio

from agent.clock import Clock
from agent.probes.datagram import SocketAddress, local_address
from agent.probes.sip import wire
from agent.probes.sip.udp import SipUdpSocket
from agent.probes.udp.pool import UdpPool

_MAX_TEMPLATES = 65_536
_MAX_LOOKS = 256  # TCP connections at once: thousands of dead rooms must not use up the descriptors of other probes


class SipShared:
    """What all SIP runs share: sockets, renewed as time goes by, and request templates, both made when needed."""

    def __init__(self, clock: Clock) -> None:
        self.looks = asyncio.Semaphore(_MAX_LOOKS)
        self.udp = UdpPool(SipUdpSocket, clock)
        self._templates: dict[tuple[str, SocketAddress, str], wire.OptionsTemplate] = {}

    def udp_template(self, uri: str, destination: SocketAddress, source: str) -> wire.OptionsTemplate:
        """The request to a destination; OSError if there is no way there."""
        key = (uri, destination, source)
        template = self._templates.get(key)
        if template is None:
            if len(self._templates) >= _MAX_TEMPLATES:
                self._templates.clear()
            asker = wire.UserAgentClient("UDP", source or local_address(destination))
            template = self._templates[key] = wire.OptionsTemplate(uri, uri, asker)
        return template

    def close(self) -> None:
        self.udp.close()
