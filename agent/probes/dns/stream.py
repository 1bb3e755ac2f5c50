"""DNS over TCP and TLS (RFC 7766, 7858): one connection and one query per run, bounded reads."""

from __future__ import annotations

import asyncio
import os
import ssl

from agent.clock import Clock
from agent.model import Reason
from agent.probes.dial import dial
from agent.probes.dns import wire
from agent.probes.dns.udp import DnsShared, Server
from agent.probes.errnos import classify
from agent.probes.outcome import ExchangeOutcome, refused_certificate
from agent.probes.tls.connection import Connection, ExchangeError
from agent.probes.tls.facts import TlsFacts
from agent.probes.tls.handshake import CertificateRefusedError, secure
from agent.probes.tls.judge import reason_of

_MAX_STREAM = 128 * 1024  # the longest message, and what came behind it in the same read


async def ask(
    query: wire.DnsQuery, server: Server, shared: DnsShared, deadline: float, clock: Clock
) -> ExchangeOutcome[wire.DnsReply]:
    """Connect, ask once and read until the answer or the deadline (clock.monotonic()). Raises nothing."""
    visit = _DnsConnection(query, server, shared, clock)
    try:
        async with asyncio.timeout(max(0.0, deadline - clock.monotonic())):
            return await visit.go()
    except TimeoutError:
        return visit.cut_off()
    except CertificateRefusedError as error:
        return await refused_certificate(error, visit.dial, deadline, clock)
    finally:
        visit.close()


class _DnsConnection:
    """One run's way from socket to answer; what was learned before it broke stays known."""

    __slots__ = ("_clock", "_connection", "_query", "_server", "_shaking", "_shared", "_tls")

    def __init__(self, query: wire.DnsQuery, server: Server, shared: DnsShared, clock: Clock) -> None:
        self._query, self._server, self._shared, self._clock = query, server, shared, clock
        self._connection: Connection | None = None
        self._shaking = False
        self._tls: TlsFacts | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    async def go(self) -> ExchangeOutcome[wire.DnsReply]:
        try:
            self._connection = await self.dial()
            security = self._server.security
            if security is not None:
                self._shaking = True
                self._tls = await secure(self._connection, security)
                self._shaking = False
            return await self._exchange(self._connection)
        except CertificateRefusedError:
            raise
        except ExchangeError as error:
            return self._ended(error.reason, str(error))
        except ssl.SSLError as error:
            return self._ended(reason_of(error), error.reason or "")
        except OSError as error:
            return self._ended(classify(error), error.strerror or type(error).__name__)

    def cut_off(self) -> ExchangeOutcome[wire.DnsReply]:
        """The deadline came: say what was missing."""
        if self._shaking or (self._connection is not None and self._connection.received):
            return self._ended(Reason.STALLED, "stalled in the TLS handshake" if self._shaking else "part of an answer")
        return self._ended(Reason.TIMEOUT, "no answer" if self._connection else "no connection")

    def _ended(self, reason: Reason, detail: str) -> ExchangeOutcome[wire.DnsReply]:
        return ExchangeOutcome(reason=reason, detail=detail, tls=self._tls)

    async def dial(self) -> Connection:
        """A connection on which nothing was said yet."""
        server = self._server
        sock, _ = await dial(server.address, server.port, server.source or None, self._clock)
        return Connection(sock, _MAX_STREAM)

    async def _exchange(self, connection: Connection) -> ExchangeOutcome[wire.DnsReply]:
        ident, began = os.urandom(2), self._clock.monotonic()
        message = self._query.encode(ident)
        await connection.send(len(message).to_bytes(2, "big") + message)
        answer = await _answer(connection, self._query, ident)
        rtt = self._clock.monotonic() - began
        found = await self._read(answer, ident) if isinstance(answer, bytes) else answer
        if isinstance(found, wire.UnexpectedMessage):
            return self._ended(Reason.TOO_LARGE if found.too_large else Reason.PROTOCOL_ERROR, found.why)
        return ExchangeOutcome(found, rtt_seconds=rtt, tls=self._tls)

    async def _read(self, answer: bytes, ident: bytes) -> wire.DnsReply | wire.UnexpectedMessage:
        """What the answer says. Of the big ones, which may be dear to read, each turn of the loop takes one."""
        if len(answer) <= wire.CHEAP_BYTES:
            return wire.read(self._query, ident, answer)
        async with self._shared.reading:
            found = wire.read(self._query, ident, answer)
            await asyncio.sleep(0)
        return found


async def _answer(connection: Connection, query: wire.DnsQuery, ident: bytes) -> bytes | wire.UnexpectedMessage:
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


async def _whole(connection: Connection, count: int) -> bytes:
    data = await connection.exactly(count)
    if len(data) < count:
        raise ExchangeError(Reason.CONNECTION_CLOSED, "closed before a whole answer")
    return data
