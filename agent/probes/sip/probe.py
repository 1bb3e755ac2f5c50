"""The probe `sip`: does a conference point's SIP stack answer OPTIONS (RFC 3261 section 11)? Never INVITE.

Asked over UDP, TCP or TLS, directly or through the registrar it is registered with. What each answer code means is
the table of `status_codes`.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from functools import lru_cache

from agent.characters import printable
from agent.model import CertificateFaults, Declaration, ProbeResult, Reason, ReasonCode, Target
from agent.probes.address import AddressError, Host, read_endpoint, read_host
from agent.probes.datagram import socket_address
from agent.probes.errnos import classify
from agent.probes.options import Transport
from agent.probes.outcome import ExchangeOutcome, limit_passed
from agent.probes.resolver import Unresolved
from agent.probes.sip import wire
from agent.probes.sip.facts import SipFacts
from agent.probes.sip.measured import measured
from agent.probes.sip.metrics import GAUGES, MEASUREMENTS, UNEXPOSED
from agent.probes.sip.options import USER, SipOptions, TcpFallback
from agent.probes.sip.reasons import SipReason
from agent.probes.sip.shared import SipShared
from agent.probes.sip.status_codes import Via, in_use, reason_of
from agent.probes.sip.stream import SipExchange
from agent.probes.sip.texts import TEXTS
from agent.probes.spec import ProbeContext, ProbeSpec
from agent.probes.stream import Destination
from agent.probes.tls.handshake import Security
from agent.text import Text

_IS_USER = re.compile(USER)
_RIGHT = Text("máy, máy:cổng hoặc sip:người_dùng@máy[:cổng]", "host, host:port or sip:user@host[:port]")
_MAX_SERVER_CHARS = 128
_SILENT_OVER_UDP = frozenset(  # an ICMP error that comes, or counts, when half of the time has passed
    (Reason.TIMEOUT, Reason.REFUSED, Reason.UNREACHABLE, Reason.PROHIBITED, Reason.TTL_EXCEEDED)
)


@dataclass(frozen=True, slots=True)
class SipAddress:
    """A target's address taken apart; port None means the module's."""

    host: Host
    port: int | None
    user: str | None


@lru_cache(maxsize=65_536)
def parse_address(text: str) -> SipAddress:
    """``host``, ``host:port`` or ``sip:user@host[:port]``. Raises AddressError."""
    is_uri = text[:4].lower() == "sip:"
    user, at, place = text[4 * is_uri :].rpartition("@")
    if at and not _IS_USER.fullmatch(user):
        raise AddressError(Text("không phải địa chỉ SIP", "not a SIP address"), _RIGHT)
    endpoint = read_endpoint(place.replace("%25", "%", 1) if is_uri else place)  # RFC 6874: a URI escapes its %
    return SipAddress(endpoint.host, endpoint.port, user or None)


async def run(target: Target, options: SipOptions, ctx: ProbeContext[SipShared]) -> ProbeResult:
    """Ask once. Whatever the network does is a result; nothing is raised for it."""
    started = ctx.clock.monotonic()
    address = parse_address(target.address)
    family = options.family.of_source(options.source)
    resolved = await ctx.resolver.resolve(address.host.lookup_name, family, ctx.deadline)
    if isinstance(resolved, Unresolved):
        took = ctx.clock.monotonic() - started
        return ProbeResult.of(resolved.reason, took, _facts(options, ExchangeOutcome()), resolved.detail)
    question = _SipRequestTarget.of(address, resolved.address, options)
    outcome = await _ask(question, options, ctx)
    reason, certificate = _judge(outcome, options, question.name, ctx.clock.wall_ms())
    return ProbeResult(
        reason.verdict,
        reason,
        ctx.clock.monotonic() - started,
        _facts(options, outcome),
        address=resolved.address,
        stale_address=resolved.stale,
        detail=_detail(outcome),
        certificate=certificate,
    )


@dataclass(frozen=True, slots=True)
class _SipRequestTarget:
    """Whom to ask about what: numeric address and port, the URI asked for, the name TLS must show."""

    address: str
    port: int
    uri: str
    name: str
    source: str

    @classmethod
    def of(cls, address: SipAddress, numeric: str, options: SipOptions) -> _SipRequestTarget:
        usual = 5061 if options.transport is Transport.TLS else 5060
        port = address.port or options.port or usual
        user = address.user or options.user
        host = address.host.in_uri.rstrip(".")
        place = read_host(options.domain).in_uri if options.domain else (host if port == usual else f"{host}:{port}")
        uri = f"sip:{user}@{place}" if user else f"sip:{place}"
        name = options.tls_config.server_name or address.host.absolute
        return cls(numeric, port, uri, name, options.source or "")

    def destination(self, options: SipOptions) -> Destination:
        security = Security(options.tls_config, self.name) if options.transport is Transport.TLS else None
        return Destination(self.address, self.port, self.source, security)


async def _ask(
    question: _SipRequestTarget, options: SipOptions, ctx: ProbeContext[SipShared]
) -> ExchangeOutcome[wire.SipResponse]:
    if options.transport is not Transport.UDP:
        return await SipExchange(question.destination(options), question.uri, ctx.clock).run(ctx.deadline)
    try:
        family, destination = socket_address(question.address, question.port)
        template = ctx.shared.udp_template(question.uri, destination, question.source)
        udp = ctx.shared.udp.socket(family, question.source, destination[0])
    except OSError as error:
        return ExchangeOutcome(reason=classify(error), detail=error.strerror or "")
    if options.tcp_fallback is TcpFallback.OFF:
        return await udp.ask(template, destination, ctx.deadline)
    fallback = _TcpFallbackCheck(question, options, ctx)
    try:
        outcome = await udp.ask(template, destination, ctx.deadline, ctx.deadline - ctx.left() / 2, fallback.start)
    finally:
        fallback.stop()
    if outcome.reason in _SILENT_OVER_UDP and fallback.works():
        return ExchangeOutcome(reason=SipReason.TCP_ONLY, detail=f"silent over UDP, TCP port {question.port} works")
    return outcome


class _TcpFallbackCheck:
    """The look at TCP that starts when half of the time has passed in silence."""

    __slots__ = ("_ctx", "_options", "_question", "_task")

    def __init__(self, question: _SipRequestTarget, options: SipOptions, ctx: ProbeContext[SipShared]) -> None:
        self._question, self._options, self._ctx = question, options, ctx
        self._task: asyncio.Task[bool] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._look())

    def stop(self) -> None:
        if self._task is not None and not self._task.done():
            self._task.cancel()

    def works(self) -> bool:
        return self._task is not None and self._task.done() and not self._task.cancelled() and self._task.result()

    async def _look(self) -> bool:
        ctx = self._ctx
        exchange = SipExchange(self._question.destination(self._options), self._question.uri, ctx.clock)
        async with ctx.shared.looks:
            if self._options.tcp_fallback is TcpFallback.PORT:
                return await exchange.port_is_open(ctx.deadline)
            return (await exchange.run(ctx.deadline)).answer is not None


def _judge(
    outcome: ExchangeOutcome[wire.SipResponse], options: SipOptions, name: str, now_wall_ms: int
) -> tuple[ReasonCode, CertificateFaults | None]:
    """name: what a certificate must cover."""
    if outcome.answer is None:
        return outcome.reason, outcome.certificate
    reason = reason_of(outcome.answer.status, options.via)
    if reason not in (Reason.OK, SipReason.IN_USE, SipReason.REQUEST_REFUSED):
        return reason, outcome.certificate
    limits = options.degraded
    passed = limit_passed(outcome, limits.rtt, limits.certificate, name, now_wall_ms)
    return passed or (reason, outcome.certificate)


def _facts(options: SipOptions, outcome: ExchangeOutcome[wire.SipResponse]) -> SipFacts:
    answer, tls = outcome.answer, outcome.tls
    status = None if answer is None else answer.status
    return SipFacts(
        transport=options.transport.value,
        registrar=int(options.via is Via.REGISTRAR),
        status_code=status,
        in_use=None if status is None else in_use(status),
        rtt_seconds=outcome.rtt_seconds,
        server="" if answer is None else _clean(answer.server),
        tls_expiry_timestamp_seconds=None if tls is None else tls.expiry,
        tls_presented_expiry_timestamp_seconds=None if tls is None else tls.presented_expiry,
        tls_verified=int(tls is not None and bool(tls.verified)),
    )


def _clean(text: bytes) -> str:
    """Hostile text made safe to show: bounded, valid, without control characters."""
    return printable(text[: 4 * _MAX_SERVER_CHARS].decode("utf-8", "replace"), _MAX_SERVER_CHARS)


def _detail(outcome: ExchangeOutcome[wire.SipResponse]) -> str:
    return outcome.detail if outcome.answer is None else f"answered {outcome.answer.status}"


SPEC: ProbeSpec[SipOptions, SipShared] = ProbeSpec(
    probe="sip",
    options=SipOptions,
    facts=SipFacts,
    silence=Reason.TIMEOUT,
    open=SipShared,
    run=run,
    measured=measured,
    host=lambda address: parse_address(address).host,
    family=lambda options: options.family.of_source(options.source),
    lost=lambda shared: shared.udp.drops.total(),
    declaration=Declaration(
        reasons=tuple(SipReason),
        texts=TEXTS,
        measurements=MEASUREMENTS,
        unexposed=UNEXPOSED,
        gauges=GAUGES,
    ),
    cost_seconds=lambda _options: 326e-6,
)
