"""DNS over TCP and TLS (RFC 7766, 7858): one connection and one query per run, bounded reads."""

from __future__ import annotations

import asyncio
import os

from agent.clock import Clock
from agent.model import Reason
from agent.probes.dns import wire
from agent.probes.dns.udp import DnsShared
from agent.probes.outcome import ExchangeOutcome
from agent.probes.stream import Destination, StreamExchange
from agent.probes.tls.connection import ExchangeError, StreamConnection

_MAX_STREAM = 128 * 1024  # the longest message, and what came behind it in the same read


class DnsExchange(StreamExchange[wire.DnsReply]):
    """One query over one connection."""

    def __init__(self, query: wire.DnsQuery, server: Destination, shared: DnsShared, clock: Clock) -> None:
        super().__init__(server, _MAX_STREAM, clock)
        self._query, self._shared = query, shared

    def _silence(self) -> ExchangeOutcome[wire.DnsReply]:
        if self._shaking or (self.connection is not None and self.connection.received):
            return self._ended(Reason.STALLED, "stalled in the TLS handshake" if self._shaking else "part of an answer")
        return self._ended(Reason.TIMEOUT, "no answer" if self.connection else "no connection")

    def _ended(self, reason: Reason, detail: str) -> ExchangeOutcome[wire.DnsReply]:
        return ExchangeOutcome(reason=reason, detail=detail, tls=self.tls)

    async def _talk(self, connection: StreamConnection) -> ExchangeOutcome[wire.DnsReply]:
        ident, began = os.urandom(2), self._clock.monotonic()
        message = self._query.encode(ident)
        await connection.send(len(message).to_bytes(2, "big") + message)
        answer = await _answer(connection, self._query, ident)
        rtt = self._clock.monotonic() - began
        reply = await self._read(answer, ident) if isinstance(answer, bytes) else answer
        if isinstance(reply, wire.UnexpectedMessage):
            return self._ended(Reason.TOO_LARGE if reply.too_large else Reason.PROTOCOL_ERROR, reply.why)
        return ExchangeOutcome(reply, rtt_seconds=rtt, tls=self.tls)

    async def _read(self, answer: bytes, ident: bytes) -> wire.DnsReply | wire.UnexpectedMessage:
        """What the answer says. Of the big ones, which may be dear to read, each turn of the loop takes one."""
        if len(answer) <= wire.CHEAP_BYTES:
            return wire.read(self._query, ident, answer)
        async with self._shared.reading:
            reply = wire.read(self._query, ident, answer)
            await asyncio.sleep(0)
        return reply


async def _answer(connection: StreamConnection, query: wire.DnsQuery, ident: bytes) -> bytes | wire.UnexpectedMessage:
    """The message that comes. Nobody else can speak on this connection: what is not the answer ends the run.

    That is seen as early as its bytes say so, since a length that is none would be waited for until the deadline.
    The length is only ever compared with what came, never reserved (RFC 1035 4.2.2).
    """
    length = int.from_bytes(await _whole(connection, 2), "big")
    message = b""
    for end in (2, wire.HEADER_BYTES, query.head_bytes, length):
        message += await _whole(connection, min(end, length) - len(message))
        if why := wire.mismatch(query, ident, message, length):
            return wire.UnexpectedMessage(why)
    return message


async def _whole(connection: StreamConnection, count: int) -> bytes:
    data = await connection.exactly(count)
    if len(data) < count:
        raise ExchangeError(Reason.CONNECTION_CLOSED, "closed before a whole answer")
    return data
