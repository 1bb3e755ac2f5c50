"""The probe `dns`: does a name server answer, with what, and how fast? Over UDP, TCP or TLS.

Not to be confused with `caching_resolver`, by which the agent itself finds addresses.
"""

from __future__ import annotations

from dataclasses import replace

from agent.characters import printable
from agent.model import CertificateFaults, Declaration, ProbeResult, Reason, ReasonCode, Target
from agent.probes.address import Host, read_endpoint
from agent.probes.dns import wire
from agent.probes.dns.facts import DnsFacts
from agent.probes.dns.judge import demands
from agent.probes.dns.measured import measured
from agent.probes.dns.metrics import GAUGES, MEASUREMENTS, UNEXPOSED
from agent.probes.dns.options import DnsOptions
from agent.probes.dns.reasons import DnsReason
from agent.probes.dns.stream import DnsExchange
from agent.probes.dns.texts import TEXTS
from agent.probes.dns.udp import DnsShared
from agent.probes.options import Transport
from agent.probes.outcome import ExchangeOutcome, limit_passed
from agent.probes.resolver import Unresolved
from agent.probes.spec import ProbeContext, ProbeSpec
from agent.probes.stream import Destination
from agent.probes.tls.handshake import Security

_USUAL_PORT = {Transport.UDP: 53, Transport.TCP: 53, Transport.TLS: 853}
_MAX_SHOWN_CHARS = 256


async def run(target: Target, options: DnsOptions, ctx: ProbeContext[DnsShared]) -> ProbeResult:
    """Ask once. Whatever the network does is a result; nothing is raised for it."""
    began = ctx.clock.monotonic()
    endpoint = read_endpoint(target.address)
    host = endpoint.host
    resolved = await ctx.resolver.resolve(host.lookup_name, options.family.of_source(options.source), ctx.deadline)
    if isinstance(resolved, Unresolved):
        return ProbeResult.of(resolved.reason, ctx.clock.monotonic() - began, detail=resolved.detail)
    server = Destination(
        resolved.address, endpoint.port or options.port or _USUAL_PORT[options.transport], options.source or ""
    )
    facts, outcome = await _ask(server, host, options, ctx)
    reason, detail, certificate = _judge(outcome, options, host, ctx.clock.wall_ms())
    return ProbeResult(
        reason.verdict,
        reason,
        ctx.clock.monotonic() - began,
        _filled(facts, outcome),
        address=resolved.address,
        stale_address=resolved.stale,
        detail=detail,
        certificate=certificate,
    )


async def _ask(
    server: Destination, host: Host, options: DnsOptions, ctx: ProbeContext[DnsShared]
) -> tuple[DnsFacts, ExchangeOutcome[wire.DnsReply]]:
    query = wire.query(options.question, options.judged)
    facts = DnsFacts(options.transport.value)
    if options.transport is Transport.UDP:
        outcome = await ctx.shared.ask(query, server, ctx.deadline)
        if outcome.answer is None or not outcome.answer.truncated:
            return facts, outcome
        whole = await DnsExchange(query, server, ctx.shared, ctx.clock).run(ctx.deadline)
        return DnsFacts(Transport.TCP.value, truncated=1), whole
    if options.transport is Transport.TLS:
        server = replace(server, security=Security(options.tls_config, _name(host, options)))
    return facts, await DnsExchange(query, server, ctx.shared, ctx.clock).run(ctx.deadline)


def _name(host: Host, options: DnsOptions) -> str:
    """The name that the certificate must cover."""
    return options.tls_config.server_name or host.absolute


def _judge(
    outcome: ExchangeOutcome[wire.DnsReply], options: DnsOptions, host: Host, now_wall_ms: int
) -> tuple[ReasonCode, str, CertificateFaults | None]:
    if outcome.answer is None:
        return outcome.reason, outcome.detail, outcome.certificate
    unmet = demands(outcome.answer, options)
    if unmet is not None:
        return unmet[0], _clean(unmet[1]), outcome.certificate
    limits = options.degraded
    passed = limit_passed(outcome, limits.rtt, limits.certificate, _name(host, options), now_wall_ms)
    return (passed[0], "", passed[1]) if passed else (Reason.OK, "", outcome.certificate)


def _filled(facts: DnsFacts, outcome: ExchangeOutcome[wire.DnsReply]) -> DnsFacts:
    tls, reply = outcome.tls, outcome.answer
    if tls is not None:
        facts = replace(
            facts,
            tls_expiry_timestamp_seconds=tls.expiry,
            tls_presented_expiry_timestamp_seconds=tls.presented_expiry,
            tls_verified=int(bool(tls.verified)),
        )
    if reply is None:
        return facts
    return replace(
        facts,
        rcode=reply.rcode,
        authenticated=int(reply.authenticated),
        answers=reply.answers,
        authorities=reply.authorities,
        additionals=reply.additionals,
        serial=reply.serial,
        rtt_seconds=outcome.rtt_seconds,
        records=tuple(_clean(line) for line in reply.answer[: wire.SHOWN_RECORDS]),
    )


def _clean(text: str) -> str:
    """Hostile text made safe to show: bounded, without control characters."""
    return printable(text.replace("\t", " "), _MAX_SHOWN_CHARS)


SPEC: ProbeSpec[DnsOptions, DnsShared] = ProbeSpec(
    probe="dns",
    options=DnsOptions,
    facts=DnsFacts,
    silence=Reason.TIMEOUT,
    open=DnsShared,
    run=run,
    measured=measured,
    host=lambda address: read_endpoint(address).host,
    family=lambda options: options.family.of_source(options.source),
    lost=lambda shared: shared.drops.total(),
    declaration=Declaration(
        reasons=tuple(DnsReason),
        texts=TEXTS,
        measurements=MEASUREMENTS,
        unexposed=UNEXPOSED,
        gauges=GAUGES,
    ),
    cost_seconds=lambda _options: 301e-6,
)
