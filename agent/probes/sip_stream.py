"""OPTIONS over TCP and TLS: one connection per run, bounded reads, the certificate seen even when it is refused."""

from __future__ import annotations

import asyncio
import os
import ssl
from dataclasses import dataclass, field, replace

from agent.clock import Clock
from agent.model import Reason
from agent.probes.errnos import classify
from agent.probes.sip_transport import MAX_PROVISIONAL, Outcome
from agent.probes.tls import TlsFacts, TlsOptions, context_for, facts_of, faults_after, looking_context, reason_of
from agent.probes.tls_edges import told_of
from agent.probes.wire import sip as wire

_READ_BYTES = 16 * 1024
_MAX_STRANGE = 64  # messages that are not ours before the peer is given up


@dataclass(frozen=True, slots=True)
class Security:
    """How to speak TLS, and the name the certificate must cover."""

    options: TlsOptions
    name: str


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
    framer: wire.Framer = field(default_factory=wire.Framer)

    def silence(self) -> Outcome:
        if self.provisional:
            return Outcome(reason=Reason.PROVISIONAL_ONLY, detail="1xx answers and nothing after them", tls=self.tls)
        return Outcome(reason=Reason.STALLED if self.came else Reason.TIMEOUT, tls=self.tls)


async def ask(peer: Peer, uri: str, deadline: float, clock: Clock) -> Outcome:
    """Connect, ask once and read until the final answer or the deadline (clock.monotonic()). Never raises OSError."""
    progress = _Progress()
    try:
        async with asyncio.timeout(max(0.0, deadline - clock.monotonic())):
            return await _exchange(peer, uri, progress, clock)
    except TimeoutError:
        return progress.silence()
    except ssl.SSLError as error:
        return await _tls_failed(peer, error, deadline, clock)
    except OSError as error:
        return _broken(error, progress)


async def port_is_open(peer: Peer, deadline: float, clock: Clock) -> bool:
    """Whether a TCP connection can be made; nothing is sent on it."""
    try:
        async with asyncio.timeout(max(0.0, deadline - clock.monotonic())):
            _, writer = await _connect(peer, None)
    except OSError:
        return False
    writer.transport.abort()
    return True


async def _connect(peer: Peer, context: ssl.SSLContext | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(
        peer.address,
        peer.port,
        local_addr=(peer.source, 0) if peer.source else None,
        ssl=context,
        server_hostname=peer.security.name if context is not None and peer.security is not None else None,
    )


async def _exchange(peer: Peer, uri: str, progress: _Progress, clock: Clock) -> Outcome:
    context = None if peer.security is None else context_for(peer.security.options)
    reader, writer = await _connect(peer, context)
    try:
        progress.tls = _facts(writer)
        host, port = writer.get_extra_info("sockname")[:2]
        asker = wire.Asker("TCP" if context is None else "TLS", str(host).partition("%")[0])
        ids, tag = wire.fresh_ids(os.urandom(24))
        started = clock.monotonic()
        writer.write(wire.OptionsTemplate(uri, uri, asker).encode(ids, tag, port))
        outcome = await _read(reader, ids, progress)
        rtt = clock.monotonic() - started if outcome.status is not None else None
        return replace(outcome, rtt_seconds=rtt, tls=progress.tls)
    finally:
        writer.transport.abort()


async def _read(reader: asyncio.StreamReader, ids: wire.Ids, progress: _Progress) -> Outcome:
    framer = progress.framer
    while True:
        message = framer.take()
        if message is None:
            data = await reader.read(_READ_BYTES)
            if not data:
                return _closed(progress)
            framer.feed(data)
            progress.came = progress.came or framer.started
        elif isinstance(message, wire.Malformed):
            reason = Reason.TOO_LARGE if message.too_large else Reason.PROTOCOL_ERROR
            return Outcome(reason=reason, detail=message.why)
        elif isinstance(message, wire.Response) and message.ids == ids:
            if message.status >= 200:
                return Outcome(message.status, server=message.server)
            progress.provisional += 1
            if progress.provisional >= MAX_PROVISIONAL:
                return progress.silence()
        else:
            progress.strange += 1
            if progress.strange >= _MAX_STRANGE:
                return Outcome(reason=Reason.PROTOCOL_ERROR, detail="messages without end that answer nobody")


def _closed(progress: _Progress) -> Outcome:
    if progress.provisional:
        return progress.silence()
    return Outcome(reason=Reason.CONNECTION_CLOSED, detail="closed before a whole answer")


def _broken(error: OSError, progress: _Progress) -> Outcome:
    if isinstance(error, ConnectionError) and error.errno is None:  # the peer left during the TLS handshake
        return Outcome(reason=Reason.CONNECTION_CLOSED, detail="closed in the handshake", tls=progress.tls)
    return Outcome(reason=classify(error), detail=error.strerror or type(error).__name__, tls=progress.tls)


def _facts(writer: asyncio.StreamWriter) -> TlsFacts | None:
    connection = writer.get_extra_info("ssl_object")
    return None if connection is None else facts_of(connection)


async def _tls_failed(peer: Peer, error: ssl.SSLError, deadline: float, clock: Clock) -> Outcome:
    """The reason of a failed handshake; a second one, that only looks, shows the certificate that was refused."""
    reason = reason_of(error)
    detail = error.reason or ""
    if peer.security is None or not isinstance(error, ssl.SSLCertVerificationError):
        return Outcome(reason=reason, detail=detail)
    facts = await _look(peer, peer.security, deadline, clock)
    if facts is None:
        return Outcome(reason=reason, detail=error.verify_message)
    now_ms = clock.wall_ms()
    faults = faults_after(reason, facts, peer.security.name, now_ms)
    told = told_of(faults, facts, peer.security.name, now_ms)
    return Outcome(reason=faults[0], detail=", ".join(faults), tls=facts, certificate=told)


async def _look(peer: Peer, security: Security, deadline: float, clock: Clock) -> TlsFacts | None:
    try:
        async with asyncio.timeout(max(0.0, deadline - clock.monotonic())):
            _, writer = await _connect(peer, looking_context(security.options))
    except OSError:
        return None
    try:
        return _facts(writer)
    finally:
        writer.transport.abort()
