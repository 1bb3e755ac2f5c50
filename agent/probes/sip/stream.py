"""OPTIONS over TCP and TLS: one connection per run, bounded reads, the certificate seen even when it is refused."""

from __future__ import annotations

import asyncio
import os
import ssl
from dataclasses import dataclass, field, replace

from agent.clock import Clock
from agent.model import Reason
from agent.probes.dial import dial
from agent.probes.errnos import classify
from agent.probes.outcome import ExchangeOutcome, refused_certificate
from agent.probes.sip import wire
from agent.probes.sip.reasons import SipReason
from agent.probes.sip.transaction import MAX_PROVISIONAL
from agent.probes.tls.connection import Connection, ExchangeError
from agent.probes.tls.facts import TlsFacts
from agent.probes.tls.handshake import CertificateRefusedError, Security, secure
from agent.probes.tls.judge import reason_of

_MAX_STREAM = 4 * wire.MAX_MESSAGE_BYTES
_MAX_STRANGE = 64  # messages that are not ours before the peer is given up


@dataclass(frozen=True, slots=True)
class Peer:
    """Where to connect, from which source ("" for any), and in TLS or not."""

    address: str
    port: int
    source: str = ""
    security: Security | None = None


@dataclass(slots=True)
class _Progress:
    """How far the exchange got: what a time-out then means."""

    came: bool = False
    provisional: int = 0
    strange: int = 0
    tls: TlsFacts | None = None
    framer: wire.SipFramer = field(default_factory=wire.SipFramer)

    def silence(self) -> ExchangeOutcome[wire.SipResponse]:
        if self.provisional:
            return ExchangeOutcome(
                reason=SipReason.PROVISIONAL_ONLY, detail="1xx answers and nothing after them", tls=self.tls
            )
        return ExchangeOutcome(reason=Reason.STALLED if self.came else Reason.TIMEOUT, tls=self.tls)


async def ask(peer: Peer, uri: str, deadline: float, clock: Clock) -> ExchangeOutcome[wire.SipResponse]:
    """Connect, ask once and read until the final answer or the deadline (clock.monotonic()). Never raises OSError."""
    progress = _Progress()
    try:
        async with asyncio.timeout(max(0.0, deadline - clock.monotonic())):
            return await _exchange(peer, uri, progress, clock)
    except TimeoutError:
        return progress.silence()
    except CertificateRefusedError as error:
        return await refused_certificate(error, lambda: _connect(peer, clock), deadline, clock)
    except ExchangeError as error:
        return ExchangeOutcome(reason=error.reason, detail=str(error), tls=progress.tls)
    except ssl.SSLError as error:
        return ExchangeOutcome(reason=reason_of(error), detail=error.reason or "", tls=progress.tls)
    except OSError as error:
        return ExchangeOutcome(reason=classify(error), detail=error.strerror or type(error).__name__, tls=progress.tls)


async def port_is_open(peer: Peer, deadline: float, clock: Clock) -> bool:
    """Whether a TCP connection can be made; nothing is sent on it."""
    try:
        async with asyncio.timeout(max(0.0, deadline - clock.monotonic())):
            connection = await _connect(peer, clock)
    except OSError:
        return False
    connection.close()
    return True


async def _connect(peer: Peer, clock: Clock) -> Connection:
    sock, _ = await dial(peer.address, peer.port, peer.source or None, clock)
    return Connection(sock, _MAX_STREAM)


async def _exchange(peer: Peer, uri: str, progress: _Progress, clock: Clock) -> ExchangeOutcome[wire.SipResponse]:
    connection = await _connect(peer, clock)
    try:
        if peer.security is not None:
            progress.tls = await secure(connection, peer.security)
        host, port = connection.sock.getsockname()[:2]
        asker = wire.UserAgentClient("TCP" if peer.security is None else "TLS", str(host).partition("%")[0])
        ids, tag = wire.fresh_ids(os.urandom(24))
        started = clock.monotonic()
        await connection.send(wire.OptionsTemplate(uri, uri, asker).encode(ids, tag, port))
        outcome = await _read(connection, ids, progress)
        rtt = clock.monotonic() - started if outcome.answer is not None else None
        return replace(outcome, rtt_seconds=rtt, tls=progress.tls)
    finally:
        connection.close()


async def _read(
    connection: Connection, ids: wire.TransactionIds, progress: _Progress
) -> ExchangeOutcome[wire.SipResponse]:
    framer = progress.framer
    while True:
        message = framer.take()
        if message is None:
            progress.came = progress.came or framer.started
            data = await connection.read()
            if not data:
                return _closed(progress)
            framer.feed(data)
        elif isinstance(message, wire.SipMalformed):
            reason = Reason.TOO_LARGE if message.too_large else Reason.PROTOCOL_ERROR
            return ExchangeOutcome(reason=reason, detail=message.why)
        elif isinstance(message, wire.SipResponse) and message.ids == ids:
            if message.status >= 200:
                return ExchangeOutcome(message)
            progress.provisional += 1
            if progress.provisional >= MAX_PROVISIONAL:
                return progress.silence()
        else:
            progress.strange += 1
            if progress.strange >= _MAX_STRANGE:
                return ExchangeOutcome(reason=Reason.PROTOCOL_ERROR, detail="messages without end that answer nobody")


def _closed(progress: _Progress) -> ExchangeOutcome[wire.SipResponse]:
    if progress.provisional:
        return progress.silence()
    return ExchangeOutcome(reason=Reason.CONNECTION_CLOSED, detail="closed before a whole answer")
