"""NTP over UDP: answers are matched by the origin time, which repeats the random number that the request carried.

A request is sent once: its send time is one half of what is measured, and servers refuse whoever asks too often.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

from agent.clock import Clock
from agent.probes.datagram import SocketAddress
from agent.probes.ntp import wire
from agent.probes.outcome import ExchangeOutcome
from agent.probes.udp.exchange import UdpExchange, UdpPeer
from agent.probes.udp.pool import UdpPool
from agent.probes.udp.socket import UdpSocket


@dataclass(frozen=True, slots=True)
class NtpAnswer:
    """The server's packet, and what it and our own stamps measure."""

    packet: wire.ServerPacket
    measurement: wire.ClockMeasurement


NtpExchange = UdpExchange[NtpAnswer]


class NtpUdpSocket(UdpSocket[NtpExchange]):
    """One socket on which any number of requests are under way at once."""

    max_bytes = wire.MAX_PACKET_BYTES

    async def ask(self, destination: SocketAddress, deadline: float) -> ExchangeOutcome[NtpAnswer]:
        """Send one request and wait for its answer until the deadline (clock.monotonic())."""
        nonce = os.urandom(wire.NONCE_BYTES)
        exchange = NtpExchange(nonce, wire.request(nonce), destination, self._give_up(deadline), math.inf)
        outcome: ExchangeOutcome[NtpAnswer] = await self._exchange(exchange)
        return outcome

    def _token(self, datagram: bytes | bytearray, size: int) -> bytes:
        return wire.nonce_of(datagram, size)

    def _read(
        self,
        exchange: NtpExchange | None,
        peer: UdpPeer[NtpExchange],
        datagram: bytes,
        port: int,
        received_wall_ns: int,
    ) -> bool:
        packet = wire.parse(datagram)
        if isinstance(packet, str):
            self._note_garbage(exchange, peer, port, packet)
        elif exchange is not None:
            rtt_seconds = self._rtt_seconds(exchange, received_wall_ns)
            answer = NtpAnswer(packet, wire.measure(packet, exchange.sent_wall_ns, rtt_seconds))
            exchange.finish(ExchangeOutcome(answer, rtt_seconds=rtt_seconds))
            return True
        if exchange is not None:
            exchange.strange += 1
        return False


class NtpShared:
    """What all NTP runs share: their sockets."""

    def __init__(self, clock: Clock) -> None:
        self.udp = UdpPool(NtpUdpSocket, clock)

    def close(self) -> None:
        self.udp.close()
