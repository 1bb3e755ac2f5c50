"""The probe `snmp`: does a device answer, what is it, and how is it?"""

from __future__ import annotations

from agent.model import Declaration, DeviceIdentity, DeviceReport, ProbeResult, Reason, ReasonCode, Target
from agent.probes.address import read_endpoint
from agent.probes.resolver import Unresolved
from agent.probes.snmp.client import SnmpClient, SnmpFailure, SnmpShared
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.facts import SnmpFacts
from agent.probes.snmp.message import SnmpVersion
from agent.probes.snmp.metrics import GAUGES, MEASUREMENTS
from agent.probes.snmp.options import SnmpOptions, with_check
from agent.probes.snmp.reasons import SnmpReason
from agent.probes.snmp.texts import TEXTS
from agent.probes.snmp.trap import read_trap
from agent.probes.snmp.values import Value, encode_oid
from agent.probes.spec import ProbeContext, ProbeSpec

_SYS_DESCR, _SYS_OBJECT_ID, _SYS_UPTIME, _SYS_NAME, _IF_NUMBER = SYSTEM = tuple(
    encode_oid(f"1.3.6.1.2.1.{scalar}.0") for scalar in ("1.1", "1.2", "1.3", "1.5", "2.1")
)
_WORDS = {SnmpVersion.V1: "1", SnmpVersion.V2C: "2c", SnmpVersion.V3: "3"}


async def run(target: Target, options: SnmpOptions, ctx: ProbeContext[SnmpShared]) -> ProbeResult:
    """Ask a device what it is. Whatever the network does is a result; nothing is raised for it."""
    started = ctx.clock.monotonic()
    credential = options.chosen()
    if credential is None:
        return ProbeResult.of(Reason.LOCAL_ERROR, 0.0, detail=_no_credential(options))
    endpoint = read_endpoint(target.address)
    family = options.family.of_source(options.source)
    resolved = await ctx.resolver.resolve(endpoint.host.lookup_name, family, ctx.deadline)
    if isinstance(resolved, Unresolved):
        return ProbeResult.of(resolved.reason, ctx.clock.monotonic() - started, detail=resolved.detail)
    client = _client(resolved.address, endpoint.port or options.udp_port, credential, options, ctx)
    reason: ReasonCode
    try:
        values = await client.get(SYSTEM)
        reason, detail = (SnmpReason.SNMP_ERROR, client.trouble) if client.trouble else (Reason.OK, "")
    except SnmpFailure as failure:
        values, reason, detail = {}, failure.reason, failure.detail
    return ProbeResult(
        reason.verdict,
        reason,
        ctx.clock.monotonic() - started,
        SnmpFacts(client.rtt_seconds, _seconds(values), _WORDS[credential.version]) if values else None,
        address=resolved.address,
        stale_address=resolved.stale,
        detail=detail,
        device=_report(values) if values else None,
    )


def _no_credential(options: SnmpOptions) -> str:
    if options.credentials is None:
        return "credentials file could not be used"
    return "no credential is named, and there are several" if options.credential is None else "no such credential"


def _client(
    address: str, port: int, credential: SnmpCredential, options: SnmpOptions, ctx: ProbeContext[SnmpShared]
) -> SnmpClient:
    return SnmpClient(
        ctx.shared,
        credential,
        address=address,
        port=port,
        clock=ctx.clock,
        deadline=ctx.deadline,
        source="" if options.source is None else str(options.source),
        max_repetitions=options.max_repetitions,
        retries=options.retries,
    )


def _seconds(values: dict[bytes, Value]) -> float | None:
    ticks = values.get(_SYS_UPTIME)
    return ticks.content / 100 if ticks is not None and isinstance(ticks.content, int) else None


def _report(values: dict[bytes, Value]) -> DeviceReport:
    seconds = _seconds(values)
    return DeviceReport(None if seconds is None else round(seconds * 1000), DeviceIdentity())


SPEC: ProbeSpec[SnmpOptions, SnmpShared] = ProbeSpec(
    probe="snmp",
    options=SnmpOptions,
    facts=SnmpFacts,
    silence=Reason.TIMEOUT,
    silence_beside_ping=SnmpReason.NO_SNMP_ANSWER,
    open=SnmpShared,
    run=run,
    host=lambda address: read_endpoint(address).host,
    family=lambda options: options.family.of_source(options.source),
    lost=lambda shared: shared.udp.drops.total(),
    cost_seconds=lambda _options: 300e-6,
    with_check=with_check,
    works_without_files=True,
    read_trap=read_trap,
    declaration=Declaration(
        reasons=tuple(SnmpReason),
        texts=TEXTS,
        measurements=MEASUREMENTS,
        gauges=GAUGES,
    ),
)
