"""TCP: is the port open, how long did it take, is its certificate good, does it talk as it should.

A plain connect is one non-blocking socket and one callback; its time is the kernel's own (TCP_INFO), which no
delay of the event loop reaches.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from dataclasses import replace

from agent.clock import Clock
from agent.model import CertificateFaults, Declaration, ProbeResult, Reason, ReasonCode, Target
from agent.probes.address import AddressError, Host, read_endpoint, read_host
from agent.probes.dial import dial
from agent.probes.errnos import classify
from agent.probes.resolver import Resolved, Unresolved
from agent.probes.spec import NothingShared, ProbeContext, ProbeSpec
from agent.probes.tcp.dialogue import Conversation, DialogueStep, refused_starttls
from agent.probes.tcp.facts import TcpFacts
from agent.probes.tcp.measured import measured
from agent.probes.tcp.metrics import GAUGES, MEASUREMENTS, UNEXPOSED
from agent.probes.tcp.options import TcpOptions
from agent.probes.tcp.reasons import TcpReason
from agent.probes.tcp.texts import TEXTS
from agent.probes.tls.connection import ExchangeError, StreamConnection
from agent.probes.tls.facts import TlsFacts
from agent.probes.tls.handshake import CertificateRefusedError, Security, inspect_certificate, refusal, secure
from agent.probes.tls.judge import expires_within, expiring_soon, reason_of
from agent.probes.tls.options import with_server_name
from agent.text import Text

_CONFIRM_SECONDS, _CONFIRM_HANDSHAKES = 1.0, 3
"""How long a TLS 1.3 server that says nothing may take to refuse our certificate: a second, or so many handshakes."""


def parse_address(address: str) -> tuple[Host, int]:
    """``host:port``, IPv6 in brackets. Raises AddressError."""
    endpoint = read_endpoint(address)
    if endpoint.port is None:
        raise AddressError(
            Text("không phải địa chỉ cổng TCP", "not an address of a TCP port"),
            Text("máy:cổng, IPv6 viết [2001:db8::1]:cổng", "host:port, IPv6 as [2001:db8::1]:port"),
        )
    return endpoint.host, endpoint.port


async def run(target: Target, options: TcpOptions, ctx: ProbeContext[NothingShared]) -> ProbeResult:
    """Connect, and do what options ask. Silence is TIMEOUT; a start without an end is STALLED."""
    began = ctx.clock.monotonic()
    host, port = parse_address(target.address)
    resolved = await ctx.resolver.resolve(host.lookup_name, options.family.of_source(options.source), ctx.deadline)
    if isinstance(resolved, Unresolved):
        return ProbeResult.of(resolved.reason, ctx.clock.monotonic() - began, detail=resolved.detail)
    visit = _TcpRun(options, host, resolved, port, ctx.clock)
    try:
        async with asyncio.timeout(ctx.left()):
            await visit.go()
    except TimeoutError:
        visit.cut_off()
    finally:
        visit.close()
    return visit.result(ctx.clock.monotonic() - began)


class _TcpRun:
    """One run's way from socket to verdict; whatever was measured before it broke stays measured."""

    __slots__ = (
        "_ahead",
        "_certificate",
        "_clock",
        "_connect_seconds",
        "_connection",
        "_conversation",
        "_detail",
        "_faults",
        "_options",
        "_port",
        "_reason",
        "_resolved",
        "_security",
        "_shaking",
        "_tls",
        "_tls_seconds",
    )  # fmt: skip

    def __init__(self, options: TcpOptions, host: Host, resolved: Resolved, port: int, clock: Clock) -> None:
        self._options, self._resolved, self._port, self._clock = options, resolved, port, clock
        self._security = Security(options.tls_config, options.tls_config.server_name or host.absolute)
        self._connection: StreamConnection | None = None
        self._conversation: Conversation | None = None
        self._ahead: tuple[DialogueStep, ...] = options.dialogue
        self._connect_seconds: float | None = None
        self._shaking = False
        self._tls_seconds: float | None = None
        self._tls: TlsFacts | None = None
        self._faults: tuple[Reason, ...] = ()
        self._certificate: CertificateFaults | None = None
        self._reason: ReasonCode | None = None
        self._detail = ""

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    async def go(self) -> None:
        """Run to the end; a fault found on the way is kept, not raised."""
        try:
            connection = await self._open()
            if self._options.tls:
                await self._secure(connection)
            await self._talk(connection)
            await self._confirm(connection)
        except CertificateRefusedError as error:
            self._end(error.reason, str(error))
            self._judge(error, error.facts or await inspect_certificate(self._to_tls, self._security))
        except ExchangeError as error:
            self._end(error.reason, str(error))
        except ssl.SSLError as error:
            self._end(reason_of(error), str(error))
        except OSError as error:
            self._end(classify(error), error.strerror or str(error))

    def _end(self, reason: ReasonCode, detail: str) -> None:
        if reason is Reason.BAD_DIALOGUE and self._conversation and refused_starttls(self._conversation, self._ahead):
            reason = TcpReason.STARTTLS_REFUSED
        self._reason, self._detail = reason, detail

    def cut_off(self) -> None:
        """The deadline came: say what was missing."""
        if self._reason is not None:  # already judged; only the look at the certificate took too long
            return
        talked = self._conversation
        if talked is not None and talked.unmatched:
            self._end(Reason.BAD_DIALOGUE, f"last line {talked.unmatched!r}")
        elif self._shaking or (self._connection is not None and self._connection.received):
            self._end(Reason.STALLED, "stalled in the TLS handshake" if self._shaking else "stalled in the dialogue")
        else:
            self._end(Reason.TIMEOUT, "no answer" if self._connection else "no connection")

    async def _open(self) -> StreamConnection:
        sock, self._connect_seconds = await self._dial()
        self._connection = StreamConnection(sock)
        return self._connection

    async def _dial(self) -> tuple[socket.socket, float]:
        return await dial(self._resolved.address, self._port, self._options.source, self._clock)

    async def _secure(self, connection: StreamConnection) -> None:
        self._shaking, began = True, self._clock.monotonic()
        self._tls = await secure(connection, self._security)
        self._shaking, self._tls_seconds = False, self._clock.monotonic() - began

    async def _confirm(self, connection: StreamConnection) -> None:
        """Where nothing was said since the handshake, silence is as good as acceptance."""
        seconds = max(_CONFIRM_SECONDS, _CONFIRM_HANDSHAKES * (self._tls_seconds or 0.0))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await connection.confirm_tls()

    async def _talk(self, connection: StreamConnection) -> None:
        if not self._options.dialogue:
            return
        self._conversation = Conversation(connection)
        for position, step in enumerate(self._options.dialogue):
            self._ahead = self._options.dialogue[position:]
            await self._conversation.take(step)
            if step.starttls:
                await self._secure(connection)

    async def _to_tls(self) -> StreamConnection:
        """A second connection, up to where TLS begins."""
        sock, _ = await self._dial()
        connection = StreamConnection(sock)
        if not self._options.tls:
            try:
                await self._repeat(connection)
            except BaseException:
                connection.close()
                raise
        return connection

    async def _repeat(self, connection: StreamConnection) -> None:
        """The clear part of the dialogue, up to the turn to TLS."""
        conversation = Conversation(connection)
        for step in self._options.dialogue:
            await conversation.take(step)
            if step.starttls:
                return

    def _judge(self, error: CertificateRefusedError, facts: TlsFacts | None) -> None:
        if facts is None:  # the verdict stands, only without the certificate's facts
            return
        self._tls, self._certificate = facts, refusal(error, facts, self._security, self._clock.wall_ms())
        self._faults = tuple(fault.reason for fault in self._certificate.faults)
        self._reason = self._faults[0]

    def result(self, took_seconds: float) -> ProbeResult:
        """The verdict of what was found."""
        reason = self._reason or self._limit_passed() or Reason.OK
        return ProbeResult(
            reason.verdict,
            reason,
            took_seconds,
            self._facts(),
            address=self._resolved.address,
            stale_address=self._resolved.stale,
            detail=self._detail,
            certificate=self._certificate,
        )

    def _limit_passed(self) -> ReasonCode | None:
        limits = self._options.degraded
        now_ms = self._clock.wall_ms()
        if limits.certificate and self._tls and expires_within(self._tls, limits.certificate, now_ms):
            self._certificate = expiring_soon(self._tls, self._security.host, limits.certificate, now_ms)
            return Reason.CERTIFICATE_EXPIRING
        if limits.connect and self._connect_seconds is not None and self._connect_seconds > limits.connect:
            return Reason.SLOW
        return None

    def _facts(self) -> TcpFacts:
        failed = float(self._conversation.expect_failed) if self._conversation else None
        if self._tls is None:
            return TcpFacts(self._connect_seconds, self._tls_seconds, tls_faults=self._faults, expect_failed=failed)
        leaf = self._tls.leaf
        return TcpFacts(
            connect_seconds=self._connect_seconds,
            tls_seconds=self._tls_seconds,
            tls_expiry_timestamp_seconds=self._tls.expiry,
            tls_presented_expiry_timestamp_seconds=self._tls.presented_expiry,
            tls_verified=float(bool(self._tls.verified)),
            tls_version=self._tls.version,
            tls_cipher=self._tls.cipher,
            tls_subject=leaf.subject if leaf else "",
            tls_names=leaf.names if leaf else (),
            tls_issuer=leaf.issuer if leaf else "",
            tls_fingerprint=leaf.fingerprint if leaf else "",
            tls_faults=self._faults,
            expect_failed=failed,
        )


def _with_hostname(options: TcpOptions, hostname: str) -> TcpOptions:
    return replace(options, tls_config=with_server_name(options.tls_config, read_host(hostname)))


SPEC: ProbeSpec[TcpOptions, NothingShared] = ProbeSpec(
    probe="tcp",
    options=TcpOptions,
    facts=TcpFacts,
    silence=Reason.TIMEOUT,
    open=lambda _clock: NothingShared(),
    run=run,
    measured=measured,
    host=lambda address: parse_address(address)[0],
    family=lambda options: options.family.of_source(options.source),
    declaration=Declaration(
        reasons=tuple(TcpReason),
        texts=TEXTS,
        measurements=MEASUREMENTS,
        unexposed=UNEXPOSED,
        gauges=GAUGES,
    ),
    rtt_fact="connect_seconds",
    cost_seconds=lambda options: 1420e-6 if options.tls else 338e-6,
    with_hostname=_with_hostname,
)
