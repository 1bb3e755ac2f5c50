"""The icmp probe: a burst of pings; loss, round-trip times, jitter, and who said that a target cannot be reached.

docs/probes/icmp.md describes the options, the verdicts and the permissions that pings need.
"""

from __future__ import annotations

import errno
from itertools import pairwise
from statistics import fmean

from icmplib import ICMPReply
from icmplib.exceptions import ICMPError

from agent.clock import Clock
from agent.model import Declaration, ProbeResult, Reason, ReasonCode, Target
from agent.probes.address import AddressError, Host, read_endpoint
from agent.probes.errnos import classify
from agent.probes.icmp.burst import Burst, BurstPlan
from agent.probes.icmp.channel import Mode, open_channel
from agent.probes.icmp.facts import IcmpFacts
from agent.probes.icmp.metrics import GAUGES, MEASUREMENTS, UNEXPOSED
from agent.probes.icmp.options import IcmpDegraded, IcmpOptions
from agent.probes.icmp.reasons import IcmpReason
from agent.probes.icmp.sockets import EchoSockets
from agent.probes.icmp.texts import TEXTS
from agent.probes.resolver import Unresolved
from agent.probes.spec import ProbeContext, ProbeSpec
from agent.text import Text

_PERMIT_PINGS = 'sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"'
_PERMISSION = (
    f"pings are not permitted: run `{_PERMIT_PINGS}`, or give the service AmbientCapabilities=CAP_NET_RAW (systemd)"
)


def jitter_of(round_trips: list[float]) -> float | None:
    """Interarrival jitter of RFC 3550 section 6.4.1 over round trips in the order of sending; None below two.

    J += (|D| - J) / 16, but the first 16 differences weigh the same: a short burst would else stay near the 0 that
    the RFC starts from.
    """
    jitter = None
    for count, (before, after) in enumerate(pairwise(round_trips), 1):
        difference = abs(after - before)
        jitter = difference if jitter is None else jitter + (difference - jitter) / min(count, 16)
    return jitter


def voice_quality(rtt_seconds: float, jitter_seconds: float, loss_ratio: float) -> float:
    """Mean opinion score, 1 to 4.5, of a voice call over such a path (simplified E-model, ITU-T G.107; G.711 with PLC).

    The one-way delay is taken as half the round trip, twice the jitter (buffer) and 10 ms (codec).
    """
    delay = rtt_seconds * 500 + 2 * jitter_seconds * 1000 + 10
    loss = loss_ratio * 100
    rating = 93.2 - 0.024 * delay - 0.11 * max(0.0, delay - 177.3) - 95 * loss / (loss + 25.1)
    if rating <= 0:
        return 1.0
    score = 4.5 if rating >= 100 else 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating)
    return max(1.0, score)


def describe_error(version: int, kind: int, code: int) -> str:
    """An ICMP error in words, as icmplib names it."""
    reply = ICMPReply("", version, 0, 0, kind, code, 0, 0.0)
    try:
        reply.raise_for_status()
    except ICMPError as error:
        return str(error)
    return ""


def permission_hint() -> str | None:
    """None when this process may ping; else what to run so that it may."""
    try:
        open_channel(4, dont_fragment=False, modes=tuple(Mode), now=0.0, draw=lambda size: b"\0" * size).socket.close()
    except PermissionError:
        return _PERMISSION
    except OSError:  # something else is wrong; the runs will say what
        return None
    return None


def open_sockets(clock: Clock) -> EchoSockets:
    """What all runs share; called inside the event loop."""
    return EchoSockets(clock, describe_error)


async def run(target: Target, options: IcmpOptions, ctx: ProbeContext[EchoSockets]) -> ProbeResult:
    """Send one burst and judge it: any reply is a success."""
    started = ctx.clock.monotonic()
    resolved = await ctx.resolver.resolve(host_of(target.address).lookup_name, options.lookup_family(), ctx.deadline)
    if isinstance(resolved, Unresolved):
        return ProbeResult.of(resolved.reason, ctx.clock.monotonic() - started, detail=resolved.detail)
    facts, detail, remedy = None, "", ""
    try:
        burst = await ctx.shared.exchange(_plan(resolved.address, options, ctx.deadline))
    except OSError as error:
        reason: ReasonCode = classify(error)
        forbidden = reason is Reason.NOT_PERMITTED
        detail, remedy = (_PERMISSION, _PERMIT_PINGS) if forbidden else (str(error), "")
    else:
        facts = _facts(burst, resolved.took_seconds)
        reason, detail = judge(burst, facts, options.degraded), _detail(burst)
    judged = ProbeResult.of(reason, 0.0)
    return ProbeResult(
        verdict=judged.verdict,
        reason=reason,
        took_seconds=ctx.clock.monotonic() - started,
        facts=facts,
        address=resolved.address,
        stale_address=resolved.stale,
        detail=detail,
        remedy=remedy,
    )


def _plan(address: str, options: IcmpOptions, deadline: float) -> BurstPlan:
    if options.source is not None and (":" in options.source) != (":" in address):
        raise OSError(errno.EADDRNOTAVAIL, f"{address} cannot be pinged from {options.source}, of the other IP version")
    return BurstPlan(
        address,
        options.packets,
        options.spacing,
        options.size,
        deadline,
        options.dont_fragment,
        options.source,
        options.ttl,
        options.tos,
    )


def _facts(burst: Burst, resolve_seconds: float) -> IcmpFacts:
    trips = burst.round_trips()
    loss = 1 - burst.received / burst.sent if burst.sent else None
    jitter = jitter_of(trips)
    mean = fmean(trips) if trips else None
    return IcmpFacts(
        sent=burst.sent,
        received=burst.received,
        duplicates=burst.duplicates,
        loss_ratio=loss,
        rtt_min_seconds=min(trips, default=None),
        rtt_mean_seconds=mean,
        rtt_max_seconds=max(trips, default=None),
        jitter_seconds=jitter,
        hop_limit=burst.hop_limit,
        mos=None if mean is None or loss is None else voice_quality(mean, jitter or 0.0, loss),
        resolve_seconds=resolve_seconds,
        router=burst.router,
    )


def judge(burst: Burst, facts: IcmpFacts, limits: IcmpDegraded) -> ReasonCode:
    """The reason of a finished burst. Without a reply a fault of this machine outweighs what the network said."""
    if not burst.received:
        return burst.local or burst.reason or Reason.TIMEOUT
    if _over(facts.loss_ratio, limits.loss):
        return IcmpReason.HIGH_LOSS
    if _over(facts.rtt_mean_seconds, limits.rtt):
        return Reason.HIGH_RTT
    return IcmpReason.HIGH_JITTER if _over(facts.jitter_seconds, limits.jitter) else Reason.OK


def _over(measured: float | None, limit: float | None) -> bool:
    return measured is not None and limit is not None and measured > limit


def _detail(burst: Burst) -> str:
    return f"{burst.error}, says {burst.router}" if burst.router else burst.error


def host_of(address: str) -> Host:
    """A host alone. Raises AddressError."""
    endpoint = read_endpoint(address)
    if endpoint.port is not None:
        raise AddressError(Text("ping không có cổng", "a ping has no port"), endpoint.host.lookup_name)
    return endpoint.host


SPEC = ProbeSpec(
    probe="icmp",
    options=IcmpOptions,
    facts=IcmpFacts,
    silence=Reason.TIMEOUT,
    open=open_sockets,
    run=run,
    host=host_of,
    family=IcmpOptions.lookup_family,
    lost=lambda shared: shared.drops.total(),
    declaration=Declaration(
        reasons=tuple(IcmpReason),
        texts=TEXTS,
        measurements=MEASUREMENTS,
        unexposed=UNEXPOSED,
        gauges=GAUGES,
    ),
    rtt_fact="rtt_mean_seconds",
    cost_seconds=lambda _options: 306e-6,
)
