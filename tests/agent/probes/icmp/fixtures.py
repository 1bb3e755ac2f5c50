"""What the tests of the icmp probe share: a resolver for numeric addresses, one run, shared sockets."""

from __future__ import annotations

from agent.clock import Clock, SystemClock
from agent.model import Policy, ProbeResult, Role, Target
from agent.probes.icmp.facts import IcmpFacts
from agent.probes.icmp.options import IcmpOptions
from agent.probes.icmp.probe import run
from agent.probes.icmp.sockets import EchoSockets
from agent.probes.resolver import IpFamily, Resolved, Unresolved
from agent.probes.spec import ProbeContext

CLOCK = SystemClock()
POLICY = Policy(60_000, 5_000, 5_000, 3, 1, 5_000)


class Fixed:
    """A resolver with one answer for every name; without one a host is its own address."""

    def __init__(self, answer: Resolved | Unresolved | None = None) -> None:
        self.answer = answer
        self.asked: list[tuple[str, IpFamily]] = []

    async def resolve(self, host: str, family: IpFamily, deadline: float) -> Resolved | Unresolved:
        assert deadline > 0
        self.asked.append((host, family))
        return self.answer or Resolved(host, stale=False, took_seconds=0.0)


def ping_target(address: str, options: IcmpOptions) -> Target:
    return Target("site/ping", "ping", "site", "unit", Role.LAN, "ping", "icmp", address, options, POLICY)


async def ping(
    sockets: EchoSockets,
    address: str,
    options: IcmpOptions,
    *,
    timeout: float = 2.0,
    resolver: Fixed | None = None,
    clock: Clock = CLOCK,
) -> ProbeResult:
    """One run of the probe."""
    context = ProbeContext(clock, clock.monotonic() + timeout, resolver or Fixed(), sockets)
    return await run(ping_target(address, options), options, context)


def facts_of(result: ProbeResult) -> IcmpFacts:
    assert isinstance(result.facts, IcmpFacts), result
    return result.facts
