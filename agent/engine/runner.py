"""Runs one probe once: deadline, and the single place in the agent that catches everything.

Whatever a probe does, an Observation comes out. A bug or an overrun of ours is LOCAL_ERROR: UNKNOWN, counted, never
DOWN. So is silence during which we ourselves stood still: the deadline is looked at before what lies in the socket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from agent.clock import Clock
from agent.engine.clock_doubt import ClockDoubt
from agent.engine.devices.review import DeviceReview
from agent.model import Observation, ProbeResult, Reason, Target
from agent.probes.resolver import Resolver
from agent.probes.spec import ProbeContext, ProbeSpec, Shared

log = structlog.get_logger(__name__)

DEADLINE_SLACK_SECONDS = 0.5
"""A probe ends by its timeout; one that is still going this much later is cut off and counted as our bug."""

_SILENCE = (Reason.TIMEOUT, Reason.STALLED)


class Transports:
    """The shared part of every protocol in use, opened on first need and closed with the agent."""

    def __init__(self, registry: Mapping[str, ProbeSpec[Any, Any]], clock: Clock) -> None:
        self._registry = registry
        self._clock = clock
        self._open: dict[str, Shared] = {}

    def spec(self, probe: str) -> ProbeSpec[Any, Any]:
        """The protocol's row in the registry."""
        return self._registry[probe]

    def shared(self, probe: str) -> Shared:
        """What all runs of this protocol share."""
        if probe not in self._open:
            self._open[probe] = self._registry[probe].open(self._clock)
        return self._open[probe]

    def lost_packets(self) -> dict[str, int]:
        """By probe with datagram sockets: packets that they lost for want of room, 0 before the first run."""
        return {
            name: spec.lost(self._open[name]) if name in self._open else 0
            for name, spec in self._registry.items()
            if spec.lost is not None
        }

    def close(self) -> None:
        """Give every socket back."""
        for shared in self._open.values():
            shared.close()
        self._open.clear()


@dataclass(slots=True)
class CrashCount:
    """Runs that a bug of ours ended."""

    total: int = 0


@dataclass(frozen=True, slots=True)
class Runner:
    """Everything one run needs.

    doubt judges what certificates are accused of by a clock that may be wrong; learn_time: what servers say of the
    time counts as evidence of it. devices judges results by what is known of the devices behind the targets.
    stood_seconds: how long the event loop has stood still until now.
    """

    clock: Clock
    resolver: Resolver
    transports: Transports
    observer: str
    doubt: ClockDoubt
    stood_seconds: Callable[[], float] = lambda: 0.0
    learn_time: bool = True
    crashes: CrashCount = field(default_factory=CrashCount)
    devices: DeviceReview = field(default_factory=DeviceReview)

    async def run(self, target: Target) -> Observation:
        """Probe once; done within the target's timeout plus DEADLINE_SLACK_SECONDS."""
        start_ms = self.clock.boottime_ms()
        result = await self._guarded(target)
        took_ms = max(0, self.clock.boottime_ms() - start_ms)
        return Observation(target, self.observer, start_ms, took_ms, result)

    async def _guarded(self, target: Target) -> ProbeResult:
        started, stood_before = self.clock.monotonic(), self.stood_seconds()
        timeout_seconds = target.policy.timeout_ms / 1000
        try:
            async with asyncio.timeout(timeout_seconds + DEADLINE_SLACK_SECONDS):
                context = ProbeContext(
                    self.clock, started + timeout_seconds, self.resolver, self.transports.shared(target.probe)
                )
                result = await self.transports.spec(target.probe).run(target, target.options, context)
                if self.learn_time:
                    self.doubt.record_server_time(result)
                result = self._unless_stood_still(target, self.doubt.review(result), stood_before)
                return self.devices.review(target, result, self.clock)
        except TimeoutError:
            log.warning("probe_overran", target=target.id, probe=target.probe)
            return self._bug(started, "the probe did not keep its deadline")
        except Exception as error:  # the one boundary: a bug becomes UNKNOWN, not DOWN and not a crash
            log.exception("probe_crashed", target=target.id, probe=target.probe)
            return self._bug(started, f"{type(error).__name__}: {error}")

    def _unless_stood_still(self, target: Target, result: ProbeResult, stood_before: float) -> ProbeResult:
        stood_seconds = self.stood_seconds() - stood_before
        if result.reason not in _SILENCE or 2 * stood_seconds < target.policy.timeout_ms / 1000:
            return result
        detail = f"{result.reason}, but the agent itself stood still for {stood_seconds:.1f} s of this run"
        return ProbeResult.of(Reason.LOCAL_ERROR, result.took_seconds, detail=detail)

    def _bug(self, started: float, detail: str) -> ProbeResult:
        self.crashes.total += 1
        return ProbeResult.of(Reason.INTERNAL_ERROR, self.clock.monotonic() - started, detail=detail)
