"""SNMP over UDP: many requests under way on one socket, matched by request-id (v3: msgID) and by who answers."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any

from agent.probes.datagram import SocketAddress
from agent.probes.outcome import ExchangeOutcome
from agent.probes.snmp import ber
from agent.probes.snmp.ber import BerError
from agent.probes.snmp.message import ID_BYTES, Pdu, token_of
from agent.probes.udp.exchange import UdpExchange, UdpPeer
from agent.probes.udp.socket import UdpSocket

FIRST_WAIT_SECONDS = 1.0  # before a request is repeated; then twice as long each time
_LEAST_ID, _MOST_ID = 0x0100_0000, 0x7FFF_FFFF  # four octets, however BER shortens them
_MOST_OVER = 8192
_OTHER_ADDRESS = "the answer came from another address than the one that was asked"


class SnmpExchange(UdpExchange[Pdu]):
    """One request under way. read makes a PDU of a datagram; None for what decides nothing, BerError for what is none.

    divisible: a smaller question can be asked instead, so that the first broken answer ends this one.
    """

    __slots__ = ("divisible", "octets", "read", "repeated", "retries")

    def __init__(
        self,
        token: bytes,
        packet: bytes,
        destination: SocketAddress,
        give_up: float,
        *,
        read: Callable[[bytes], Pdu | None],
        retries: int,
        divisible: bool,
    ) -> None:
        super().__init__(token, packet, destination, give_up, FIRST_WAIT_SECONDS if retries else math.inf)
        self.read = read
        self.retries = retries
        self.divisible = divisible
        self.repeated = 0
        self.octets = 0  # of the answer


class SnmpUdpSocket(UdpSocket[SnmpExchange]):
    """One socket of all devices of a family."""

    max_bytes = ber.MAX_MESSAGE_BYTES

    def __init__(self, *of_base: Any, **of_base_too: Any) -> None:
        super().__init__(*of_base, **of_base_too)
        self._over: set[bytes] = set()  # tokens of exchanges that ended: what comes for them is late, not wrong

    def new_token(self) -> bytes:
        """Four octets that nobody can guess, of no request under way."""
        while True:
            number = int.from_bytes(os.urandom(ID_BYTES), "big") & _MOST_ID
            token = number.to_bytes(ID_BYTES, "big")
            if number >= _LEAST_ID and token not in self._pending:
                return token

    async def ask(self, exchange: SnmpExchange) -> ExchangeOutcome[Pdu]:
        """Send a request, repeat it and wait for what comes of it."""
        exchange.give_up = self._give_up(exchange.give_up)
        outcome: ExchangeOutcome[Pdu] = await self._exchange(exchange)
        return outcome

    def _token(self, datagram: bytes | bytearray, size: int) -> bytes:
        return token_of(datagram, size)

    def _next_interval_seconds(self, exchange: SnmpExchange) -> float:
        exchange.repeated += 1
        return math.inf if exchange.repeated >= exchange.retries else 2 * exchange.interval_seconds

    def _datagram(self, size: int, sender: SocketAddress, ancillary: list[tuple[int, int, bytes]]) -> None:
        if sender[0] not in self._peers:
            asking = self._pending.get(token_of(self._buffer, size))
            if asking is not None:
                asking.garbage = _OTHER_ADDRESS
        super()._datagram(size, sender, ancillary)

    def _read(
        self,
        exchange: SnmpExchange | None,
        peer: UdpPeer[SnmpExchange],
        datagram: bytes,
        port: int,
        received_wall_ns: int,
    ) -> bool:
        if exchange is None:
            self._note_stray(peer, datagram, port)
            return False
        if port != exchange.destination[1]:
            exchange.garbage = "an answer from another port than the one that was asked"
            exchange.strange += 1
            return False
        try:
            answer = exchange.read(datagram)
        except BerError as error:
            exchange.garbage = str(error)
            exchange.strange += 1
            if exchange.divisible:
                exchange.finish(exchange.silence())
            return False
        if answer is None:
            exchange.strange += 1
            return False
        exchange.octets = len(datagram)
        exchange.finish(ExchangeOutcome(answer, rtt_seconds=self._rtt_seconds(exchange, received_wall_ns)))
        return True

    def _note_stray(self, peer: UdpPeer[SnmpExchange], datagram: bytes, port: int) -> None:
        """Of a host that was asked, but for none of its exchanges: of another's, of one that is over, or garbage."""
        token = token_of(datagram, len(datagram))
        asking = self._pending.get(token)
        if asking is not None:
            asking.garbage = _OTHER_ADDRESS
        elif token not in self._over:
            self._note_garbage(None, peer, port, "an answer to no request of ours" if token else "no SNMP message")

    def _forget(self, exchange: SnmpExchange) -> None:
        super()._forget(exchange)
        if len(self._over) >= _MOST_OVER:
            self._over.clear()
        self._over.add(exchange.token)
