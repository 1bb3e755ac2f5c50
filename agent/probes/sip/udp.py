"""OPTIONS over UDP: answers are matched by branch, then Call-ID and CSeq."""

from __future__ import annotations

import os
from collections.abc import Callable

from agent.probes.datagram import SocketAddress
from agent.probes.outcome import ExchangeOutcome
from agent.probes.sip import wire
from agent.probes.sip.transaction import MAX_PROVISIONAL, OptionsTransaction, Peer
from agent.probes.udp.socket import UdpSocket

T2_SECONDS = 4.0  # RFC 3261 17.1.2.2
_BRANCH_CHARS = len(wire.MAGIC_COOKIE) + wire.TOKEN_CHARS
_KEEP_ALIVE = b"\r\n\0"  # line ends, or a NUL: what phones send to keep a firewall open


class SipUdpSocket(UdpSocket[OptionsTransaction]):
    """One socket on which any number of OPTIONS requests are under way at once."""

    max_bytes = wire.MAX_MESSAGE_BYTES

    async def ask(
        self,
        template: wire.OptionsTemplate,
        destination: SocketAddress,
        deadline: float,
        quiet_at: float | None = None,
        on_quiet: Callable[[], None] | None = None,
    ) -> ExchangeOutcome[wire.SipResponse]:
        """Send, retransmit and wait for the final answer until the deadline (clock.monotonic()).

        on_quiet is called once at quiet_at if nothing at all has come until then.
        """
        ids, tag = wire.fresh_ids(os.urandom(24))
        run = OptionsTransaction(ids, template.encode(ids, tag, self.port), destination, self._give_up(deadline))
        if quiet_at is not None:
            run.quiet_at, run.on_quiet = quiet_at, on_quiet
        outcome: ExchangeOutcome[wire.SipResponse] = await self._exchange(run)
        return outcome

    def _due(self, exchange: OptionsTransaction, now: float) -> float:
        due = super()._due(exchange, now)
        return due if exchange.on_quiet is None else min(due, max(now, exchange.quiet_at))

    def _overdue(self, exchange: OptionsTransaction, now: float) -> None:
        if exchange.on_quiet is not None and now >= exchange.quiet_at:
            on_quiet, exchange.on_quiet = exchange.on_quiet, None
            if not exchange.provisional and not exchange.garbage:
                on_quiet()
        super()._overdue(exchange, now)

    def _next_interval_seconds(self, exchange: OptionsTransaction) -> float:
        return T2_SECONDS if exchange.provisional else min(super()._next_interval_seconds(exchange), T2_SECONDS)

    def _token(self, datagram: bytes | bytearray, size: int) -> bytes:
        at = datagram.find(wire.MAGIC_COOKIE, 0, size)
        branch = bytes(datagram[at : min(size, at + _BRANCH_CHARS)]) if at >= 0 else b""
        return branch if len(branch) == _BRANCH_CHARS else b""

    def _read(
        self, exchange: OptionsTransaction | None, peer: Peer, datagram: bytes, port: int, received_wall_ns: int
    ) -> bool:
        if not datagram.strip(_KEEP_ALIVE):
            return False
        message = wire.parse(datagram)
        if isinstance(message, wire.SipResponse):
            run = self._pending.get(message.ids.branch)
            if run is not None and run.ids == message.ids and run in peer.exchanges:
                self._answer(run, message, received_wall_ns)
                return True
        elif isinstance(message, wire.SipMalformed):
            self._note_garbage(exchange, peer, port, message.why)
        if exchange is not None:
            exchange.strange += 1
        return False

    def _answer(self, run: OptionsTransaction, message: wire.SipResponse, received_wall_ns: int) -> None:
        if message.status < 200:
            run.provisional += 1
            if run.provisional >= MAX_PROVISIONAL:
                run.finish(run.silence())
            return
        run.finish(ExchangeOutcome(message, rtt_seconds=self._rtt_seconds(run, received_wall_ns)))
