"""The probe `snmp`: does a device answer, what is it, and how is it?"""

from __future__ import annotations

from agent.model import Declaration, ProbeResult, Reason, ReasonCode, Target
from agent.probes.address import read_endpoint
from agent.probes.resolver import Unresolved
from agent.probes.snmp.client import SnmpClient, SnmpFailure, SnmpShared
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.device import DeviceFindings, PollingCounts, find, of_one_port
from agent.probes.snmp.facts import SnmpFacts
from agent.probes.snmp.judge import beyond as beyond_limit
from agent.probes.snmp.message import SnmpVersion
from agent.probes.snmp.metrics import GAUGES, MEASUREMENTS
from agent.probes.snmp.options import SnmpOptions, remarks, variant, with_check
from agent.probes.snmp.polling import DeviceChoice, poll
from agent.probes.snmp.reasons import SnmpReason
from agent.probes.snmp.texts import TEXTS
from agent.probes.snmp.trap import read_trap
from agent.probes.spec import ProbeContext, ProbeSpec
from agent.text import Text

_WORDS = {SnmpVersion.V1: "1", SnmpVersion.V2C: "2c", SnmpVersion.V3: "3"}


async def run(target: Target, options: SnmpOptions, ctx: ProbeContext[SnmpShared]) -> ProbeResult:
    """Ask a device what it is and how it is. Whatever the network does is a result; nothing is raised for it."""
    started = ctx.clock.monotonic()
    credential = options.chosen()
    if credential is None:
        why = _no_credential(options)
        return ProbeResult(Reason.LOCAL_ERROR.verdict, Reason.LOCAL_ERROR, 0.0, detail=why.en, detail_text=why)
    endpoint = read_endpoint(target.address)
    family = options.family.of_source(options.source)
    resolved = await ctx.resolver.resolve(endpoint.host.lookup_name, family, ctx.deadline)
    if isinstance(resolved, Unresolved):
        return ProbeResult.of(resolved.reason, ctx.clock.monotonic() - started, detail=resolved.detail)
    client = _client(resolved.address, endpoint.port or options.udp_port, credential, options, ctx)
    reason: ReasonCode
    try:
        found, trouble = await _read(client, credential.version, target, options, ctx)
        reason, detail = judge(found, trouble or client.trouble, options)
    except SnmpFailure as failure:
        found, reason, detail = None, failure.reason, failure.detail
    words, plain = (detail, detail.en) if isinstance(detail, Text) else (None, detail)
    return ProbeResult(
        reason.verdict,
        reason,
        ctx.clock.monotonic() - started,
        None if found is None else found.facts,
        address=resolved.address,
        stale_address=resolved.stale,
        detail=plain,
        detail_text=words,
        device=None if found is None else found.report,
    )


async def _read(
    client: SnmpClient, version: SnmpVersion, target: Target, options: SnmpOptions, ctx: ProbeContext[SnmpShared]
) -> tuple[DeviceFindings, str]:
    """What the device says, and what of that could not be read."""
    started = ctx.clock.monotonic()
    history = ctx.shared.histories.of((target.id, target.module), options, started)
    choice = DeviceChoice(tuple(chosen.object_set for chosen in options.objects), options.ports, options.port)
    polled = await poll(client, history, choice, ctx.clock.monotonic, ctx.deadline)
    counts = PollingCounts(
        _WORDS[version],
        client.rtt_seconds,
        polled.often.at - started,
        client.packets_sent,
        client.packets_retried,
        client.pdus_returned,
    )
    found = find(history, polled.plan, polled.often, counts)
    return (found if options.port is None else of_one_port(found, options.port)), polled.trouble


def judge(found: DeviceFindings, trouble: str, options: SnmpOptions) -> tuple[ReasonCode, str | Text]:
    """The reason of what was found, and a detail: the device's own words in English, ours in both languages."""
    if options.port is not None:
        state = next(iter(found.ports), None)
        if state is None:
            return (SnmpReason.SNMP_ERROR, trouble) if trouble else (SnmpReason.PORT_NOT_FOUND, "")
        if state.disabled or state.up is False:
            return SnmpReason.PORT_DOWN, _SWITCHED_OFF if state.disabled else ""
    if trouble:
        return SnmpReason.SNMP_ERROR, trouble
    beyond = beyond_limit(found.facts, options.degraded)
    return (Reason.OK, "") if beyond is None else (SnmpReason.OVER_LIMIT, beyond)


_SWITCHED_OFF = Text("cổng đã bị tắt trong cấu hình của thiết bị", "the port is switched off in the device")


def _no_credential(options: SnmpOptions) -> Text:
    if options.credentials is None:
        return _NO_FILE
    return _NONE_NAMED if options.credential is None else _NO_SUCH


_NO_FILE = Text("không dùng được tệp mã SNMP", "the file of credentials could not be used")
_NONE_NAMED = Text(
    "chưa chọn mã SNMP, mà trong tệp không có đúng một mã", "no credential is named, and the file has not just one"
)
_NO_SUCH = Text("không có mã SNMP này trong tệp", "no such credential in the file")


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
    remarks=remarks,
    works_without_files=True,
    variant=variant,
    read_trap=read_trap,
    declaration=Declaration(
        reasons=tuple(SnmpReason),
        texts=TEXTS,
        measurements=MEASUREMENTS,
        gauges=GAUGES,
    ),
)
