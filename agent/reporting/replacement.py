"""Which devices to replace first: a rule of few limits, without weights, that an office can check by hand.

Three degrees. Now: a part that wears out says so itself, or the device has been silent for days. Soon: it began anew
again and again without a power cut, its parts fail again and again, or it spent hours beyond its limits. Planned: it is
old. Within a degree, more causes come first, then more restarts, then the older device.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from agent.availability.zones import DAY_MS
from agent.model import Component, ComponentFault, ComponentKind

RESTARTS = 3
"""So many restarts in the period that no power cut explains."""
FAILURES = 3
"""So many failures of one part in the period; of a port, whose cable is pulled now and then, PORT_FAILURES."""
PORT_FAILURES = 10
LIMIT_HOURS = 24
"""So many hours beyond the limits of its check in the period."""
SILENT_DAYS = 3
"""So many days without an answer."""
YEARS = 7
"""So many years since it was made, or else since it was first seen."""
_YEAR_MS = 365.25 * DAY_MS
_HOUR_MS = 3_600_000


class Urgency(IntEnum):
    """How soon to replace; the lower the sooner."""

    NOW = 1
    SOON = 2
    PLANNED = 3
    NONE = 4


class ReplacementCause(StrEnum):
    """What speaks for replacing a device, or a part of it."""

    BATTERY_WORN = "battery_worn"
    SUPPLY_FAILED = "supply_failed"
    FAN_FAILED = "fan_failed"
    SILENT = "silent"
    RESTARTS = "restarts"
    PART_FAILS = "part_fails"
    BEYOND_LIMITS = "beyond_limits"
    AGE = "age"

    @property
    def urgency(self) -> Urgency:
        """The degree that it alone makes."""
        if self in _NOW:
            return Urgency.NOW
        return Urgency.PLANNED if self is ReplacementCause.AGE else Urgency.SOON


_NOW = (
    ReplacementCause.BATTERY_WORN,
    ReplacementCause.SUPPLY_FAILED,
    ReplacementCause.FAN_FAILED,
    ReplacementCause.SILENT,
)
_WORN = {
    ComponentFault.BATTERY_REPLACE: ReplacementCause.BATTERY_WORN,
    ComponentFault.SUPPLY_FAILED: ReplacementCause.SUPPLY_FAILED,
    ComponentFault.FAN_FAILED: ReplacementCause.FAN_FAILED,
}
_BY_THE_MAINS = (ComponentFault.ON_BATTERY, ComponentFault.BATTERY_LOW, ComponentFault.POWER_OUT)
"""Faults that a power cut makes; they say nothing of the device."""


@dataclass(frozen=True, slots=True)
class FaultSpan:
    """A part was at fault from start_ms to end_ms, None where it still is."""

    component: Component
    start_ms: int
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ReplacementReason:
    """amount: how many restarts, failures, hours, days or years; 0 where it says nothing. component: of a part."""

    cause: ReplacementCause
    amount: int = 0
    component: Component | None = None


@dataclass(frozen=True, slots=True)
class DeviceWear:
    """What the rule looks at. silent_since_ms: None of a device that answers; old_since_ms: made or first seen."""

    faults: Sequence[FaultSpan] = ()
    restarts: int = 0
    beyond_limits_ms: int = 0
    silent_since_ms: int | None = None
    old_since_ms: int | None = None


def replacement_reasons(wear: DeviceWear, now_ms: int) -> tuple[ReplacementReason, ...]:
    """All that speaks for replacing it, the most urgent first; () where nothing does."""
    found = (*_worn(wear.faults), *_silent(wear, now_ms), *_failing(wear), *_old(wear, now_ms))
    return tuple(sorted(found, key=lambda reason: reason.cause.urgency))


def urgency(reasons: Sequence[ReplacementReason]) -> Urgency:
    """That of the most urgent."""
    return min((reason.cause.urgency for reason in reasons), default=Urgency.NONE)


def _worn(faults: Sequence[FaultSpan]) -> Iterator[ReplacementReason]:
    for fault in faults:
        cause = None if fault.component.fault is None else _WORN.get(fault.component.fault)
        if cause is not None and fault.end_ms is None:
            yield ReplacementReason(cause, component=fault.component)


def _silent(wear: DeviceWear, now_ms: int) -> Iterator[ReplacementReason]:
    if wear.silent_since_ms is not None:
        days = (now_ms - wear.silent_since_ms) // DAY_MS
        if days >= SILENT_DAYS:
            yield ReplacementReason(ReplacementCause.SILENT, days)


def _failing(wear: DeviceWear) -> Iterator[ReplacementReason]:
    if wear.restarts >= RESTARTS:
        yield ReplacementReason(ReplacementCause.RESTARTS, wear.restarts)
    own = [fault.component for fault in wear.faults if fault.component.fault not in _BY_THE_MAINS]
    parts = {component.id: component for component in own}
    for identity, count in Counter(component.id for component in own).most_common():
        component = parts[identity]
        if count >= (PORT_FAILURES if component.kind is ComponentKind.PORT else FAILURES):
            yield ReplacementReason(ReplacementCause.PART_FAILS, count, component)
    if (hours := wear.beyond_limits_ms // _HOUR_MS) >= LIMIT_HOURS:
        yield ReplacementReason(ReplacementCause.BEYOND_LIMITS, hours)


def _old(wear: DeviceWear, now_ms: int) -> Iterator[ReplacementReason]:
    if wear.old_since_ms is not None:
        years = int((now_ms - wear.old_since_ms) // _YEAR_MS)
        if years >= YEARS:
            yield ReplacementReason(ReplacementCause.AGE, years)
