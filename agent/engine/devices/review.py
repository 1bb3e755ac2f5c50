"""Results in the light of what is known of devices: silence beside a ping, and parts at fault. It changes nothing.

For every run, those on demand too: what is known comes from the rounds alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from agent.clock import Clock
from agent.engine.devices.device_state import DeviceState, always_failing
from agent.model import Component, Policy, ProbeResult, Reason, ReasonCode, Target

_MOST_NAMED = 3


class PingState(Protocol):
    """How the last runs of a pinged target went; instants are boottime, negative where there was none."""

    last_start_ms: int
    last_success_ms: int

    @property
    def policy(self) -> Policy: ...


@dataclass(frozen=True, slots=True)
class SilenceBesidePing:
    """The reason of a silent run while one of these pings is answered."""

    reason: ReasonCode
    pings: tuple[PingState, ...]


class DeviceReview:
    """devices, silences: by target; whoever wires the targets replaces both."""

    def __init__(self) -> None:
        self.devices: Mapping[str, DeviceState] = {}
        self.silences: Mapping[str, SilenceBesidePing] = {}

    def review(self, target: Target, result: ProbeResult, clock: Clock) -> ProbeResult:
        """The result, with the reason that what is known of the device gives it."""
        if result.device is None:
            return result if result.reason is not Reason.TIMEOUT else self._silence(target, result, clock)
        if result.reason is not Reason.OK:
            return result
        device = self.devices.get(target.id)
        failing = always_failing(result.device) if device is None else device.failing(result.device)
        if not failing:
            return result
        reason = Reason.COMPONENT_FAILED
        return replace(result, verdict=reason.verdict, reason=reason, detail=failing_parts(failing))

    def _silence(self, target: Target, result: ProbeResult, clock: Clock) -> ProbeResult:
        silence = self.silences.get(target.id)
        if silence is None or not any(_answers(ping, clock.boottime_ms()) for ping in silence.pings):
            return result
        return replace(result, verdict=silence.reason.verdict, reason=silence.reason)


def _answers(ping: PingState, now_ms: int) -> bool:
    """True if its newest run was answered, and is no older than a round may be."""
    newest_ms, policy = ping.last_start_ms, ping.policy
    fresh = now_ms - newest_ms <= policy.interval_ms + policy.grace_ms + policy.timeout_ms
    return newest_ms >= 0 and ping.last_success_ms == newest_ms and fresh


def failing_parts(parts: Iterable[Component]) -> str:
    """For logs and pages: the first of them with their faults, and how many more there are."""
    named = [f"{_name(part)}: {part.fault}" for part in parts]
    more = f", +{len(named) - _MOST_NAMED}" if len(named) > _MOST_NAMED else ""
    return ", ".join(named[:_MOST_NAMED]) + more


def _name(part: Component) -> str:
    own = part.id.partition(":")[2] or part.kind.value
    called = next((name for name in (part.name, part.text) if name and name != own), "")
    return f"{own} ({called})" if called else own
