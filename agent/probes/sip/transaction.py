"""One OPTIONS exchange under way over UDP."""

from __future__ import annotations

from collections.abc import Callable

from agent.probes.datagram import SocketAddress
from agent.probes.outcome import ExchangeOutcome
from agent.probes.sip import wire
from agent.probes.sip.reasons import SipReason
from agent.probes.udp.exchange import UdpExchange, UdpPeer

T1_SECONDS = 0.5  # RFC 3261 17.1.1.1
MAX_PROVISIONAL = 64


class OptionsTransaction(UdpExchange[wire.SipResponse]):
    __slots__ = ("ids", "on_quiet", "provisional", "quiet_at")

    def __init__(self, ids: wire.TransactionIds, packet: bytes, destination: SocketAddress, give_up: float) -> None:
        super().__init__(ids.branch, packet, destination, give_up, T1_SECONDS)
        self.ids = ids
        self.provisional = 0
        self.quiet_at = give_up
        self.on_quiet: Callable[[], None] | None = None

    def silence(self) -> ExchangeOutcome[wire.SipResponse]:
        if self.provisional:
            return ExchangeOutcome(reason=SipReason.PROVISIONAL_ONLY, detail="1xx answers and nothing after them")
        return super().silence()


Peer = UdpPeer[OptionsTransaction]
