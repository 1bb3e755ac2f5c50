"""The probe `ntp`: does a time server answer, is it synchronised, and how far is its clock from ours (RFC 5905)?"""

from __future__ import annotations

import math

from agent.model import Declaration, ProbeResult, Reason, ReasonCode, ServerTime, Target
from agent.probes.address import read_endpoint
from agent.probes.datagram import socket_address
from agent.probes.errnos import classify
from agent.probes.ntp.facts import NtpFacts
from agent.probes.ntp.metrics import GAUGES, MEASUREMENTS, UNEXPOSED
from agent.probes.ntp.options import NtpDegraded, NtpOptions
from agent.probes.ntp.reasons import NtpReason
from agent.probes.ntp.texts import TEXTS
from agent.probes.ntp.udp import NtpAnswer, NtpShared
from agent.probes.outcome import ExchangeOutcome
from agent.probes.resolver import Unresolved
from agent.probes.spec import ProbeContext, ProbeSpec

_REFUSALS = ("RATE", "DENY", "RSTR")  # kiss codes that speak of us, not of the server's clock (RFC 5905 7.4)


async def run(target: Target, options: NtpOptions, ctx: ProbeContext[NtpShared]) -> ProbeResult:
    """Ask once. Whatever the network does is a result; nothing is raised for it."""
    started = ctx.clock.monotonic()
    endpoint = read_endpoint(target.address)
    family = options.family.of_source(options.source)
    resolved = await ctx.resolver.resolve(endpoint.host.lookup_name, family, ctx.deadline)
    if isinstance(resolved, Unresolved):
        return ProbeResult.of(resolved.reason, ctx.clock.monotonic() - started, detail=resolved.detail)
    outcome = await _ask(resolved.address, endpoint.port or options.port, options, ctx)
    reason, detail = judge(outcome, options.degraded)
    return ProbeResult(
        reason.verdict,
        reason,
        ctx.clock.monotonic() - started,
        _facts(outcome),
        address=resolved.address,
        stale_address=resolved.stale,
        detail=detail,
        server_time=_server_time(endpoint.host.lookup_name, outcome, ctx.clock.wall_ms()),
    )


async def _ask(
    address: str, port: int, options: NtpOptions, ctx: ProbeContext[NtpShared]
) -> ExchangeOutcome[NtpAnswer]:
    source = "" if options.source is None else str(options.source)
    try:
        family, destination = socket_address(address, port)
        udp = ctx.shared.udp.socket(family, source, destination[0])
    except OSError as error:
        return ExchangeOutcome(reason=classify(error), detail=error.strerror or "")
    return await udp.ask(destination, ctx.deadline)


def judge(outcome: ExchangeOutcome[NtpAnswer], limits: NtpDegraded) -> tuple[ReasonCode, str]:
    """The reason of an outcome, and a detail in English."""
    if outcome.answer is None:
        return outcome.reason, outcome.detail
    packet, measurement = outcome.answer.packet, outcome.answer.measurement
    if packet.kiss_code in _REFUSALS:
        return Reason.NOT_PERMITTED, f"kiss code {packet.kiss_code}"
    if not packet.synchronised:
        return NtpReason.NOT_SYNCHRONISED, f"leap {packet.leap}, stratum {packet.stratum}"
    if limits.offset is not None and measurement.least_offset_seconds > limits.offset:
        return NtpReason.CLOCK_OFFSET, f"clocks differ by {measurement.offset_seconds:+.3f} s"
    if limits.root_dispersion is not None and packet.root_dispersion_seconds > limits.root_dispersion:
        return NtpReason.HIGH_ROOT_DISPERSION, f"root dispersion {packet.root_dispersion_seconds:.3f} s"
    if limits.rtt is not None and outcome.rtt_seconds is not None and outcome.rtt_seconds > limits.rtt:
        return Reason.HIGH_RTT, ""
    return Reason.OK, ""


def _server_time(host: str, outcome: ExchangeOutcome[NtpAnswer], now_wall_ms: int) -> ServerTime | None:
    """The time by a synchronised server, with all that it and the way to it leave uncertain."""
    if outcome.answer is None or not outcome.answer.packet.synchronised:
        return None
    measurement, packet = outcome.answer.measurement, outcome.answer.packet
    doubt_ms = math.ceil((measurement.delay_seconds / 2 + packet.root_dispersion_seconds) * 1000) + 1
    server_wall_ms = now_wall_ms + round(measurement.offset_seconds * 1000)
    return ServerTime(host, server_wall_ms - doubt_ms, 2 * doubt_ms)


def _facts(outcome: ExchangeOutcome[NtpAnswer]) -> NtpFacts | None:
    answer = outcome.answer
    if answer is None:
        return None
    packet = answer.packet
    known = packet.synchronised  # the times of a server that follows no source measure nothing
    return NtpFacts(
        offset_seconds=answer.measurement.offset_seconds if known else None,
        delay_seconds=answer.measurement.delay_seconds if known else None,
        stratum=packet.stratum,
        leap=packet.leap,
        root_delay_seconds=packet.root_delay_seconds,
        root_dispersion_seconds=packet.root_dispersion_seconds,
        rtt_seconds=outcome.rtt_seconds,
        reference=_reference(packet.reference),
    )


def _reference(reference: bytes) -> str:
    letters = reference.rstrip(b"\0")
    return letters.decode("ascii") if letters.isalnum() else reference.hex()


SPEC: ProbeSpec[NtpOptions, NtpShared] = ProbeSpec(
    probe="ntp",
    options=NtpOptions,
    facts=NtpFacts,
    silence=Reason.TIMEOUT,
    open=NtpShared,
    run=run,
    host=lambda address: read_endpoint(address).host,
    family=lambda options: options.family.of_source(options.source),
    lost=lambda shared: shared.udp.drops.total(),
    cost_seconds=lambda _options: 300e-6,
    least_interval_ms=64_000,  # the usual shortest polling interval, 2**6 s (RFC 5905 7.2)
    declaration=Declaration(
        reasons=tuple(NtpReason),
        texts=TEXTS,
        measurements=MEASUREMENTS,
        unexposed=UNEXPOSED,
        gauges=GAUGES,
    ),
)
