"""Maintenance windows: which of a target's time they exclude. The one place for this rule; pure.

A window excludes time only if it was recorded strictly before it began, by a clock that is known, and only of targets
that its scope covered strictly before it began. One that was cancelled excludes nothing from its cancellation on; so a
window that is cancelled before it begins excludes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent.availability.spans import Span, holds, intersection
from agent.model import Target

ALL = "all"
"""The scope that covers every target."""


class ClockQuality(StrEnum):
    """What is known of the clock by which a row was recorded."""

    SYNCHRONISED = "synchronised"
    UNSYNCHRONISED = "unsynchronised"  # of a boot without any synchronised anchor: nothing says when it was
    UNKNOWN = "unknown"  # of a row from before boot and boottime were kept: its stored time stands


@dataclass(frozen=True, slots=True)
class BookedWindow:
    """One window with all that was recorded of it; instants in UTC milliseconds, cancelled_wall_ms None if it was not.

    recorded_wall_ms: as the clock of its boot maps it; where nothing does, what the wall clock said (see quality).
    """

    id: str
    scope: str
    start_wall_ms: int
    end_wall_ms: int
    recorded_wall_ms: int
    who: str = ""
    why: str = ""
    announced_on: str = ""
    cancelled_wall_ms: int | None = None
    quality: ClockQuality = ClockQuality.UNKNOWN

    @property
    def retroactive(self) -> bool:
        """Whether it was recorded when it had begun already, or at an unknown time: then it excludes nothing."""
        return self.quality is ClockQuality.UNSYNCHRONISED or self.recorded_wall_ms >= self.start_wall_ms

    @property
    def excluded(self) -> Span | None:
        """The span that does not count, half-open; None when it excludes nothing."""
        end_ms = self.end_wall_ms if self.cancelled_wall_ms is None else min(self.end_wall_ms, self.cancelled_wall_ms)
        return None if self.retroactive or end_ms <= self.start_wall_ms else (self.start_wall_ms, end_ms)

    def excludes(self, wall_ms: int) -> bool:
        """Whether that instant does not count."""
        span = self.excluded
        return span is not None and span[0] <= wall_ms < span[1]


@dataclass(frozen=True, slots=True)
class AppliedWindow:
    """A window as it applies to one target; [start_ms, end_ms) does not count if excluded, else it is only listed."""

    id: str
    start_ms: int
    end_ms: int
    excluded: bool


def applied(
    window: BookedWindow, in_scope: Sequence[Span], configured: Sequence[Span], as_of_ms: int
) -> Iterator[AppliedWindow]:
    """The window as it applies to a target, in a report as of an instant.

    in_scope: where the window's scope covers the target. configured: where the target is configured. A window that was
    recorded late, or whose scope the target joined later, is listed and excludes nothing.
    """
    span = window.excluded
    if window.retroactive:
        recorded_ms = window.recorded_wall_ms
        known_ms = window.start_wall_ms if window.quality is ClockQuality.UNSYNCHRONISED else recorded_ms
        whole = window.start_wall_ms, window.end_wall_ms
        if known_ms <= as_of_ms and intersection(in_scope, [whole]):
            yield AppliedWindow(window.id, *whole, excluded=False)
    elif span is not None and window.recorded_wall_ms <= as_of_ms:
        covered = intersection(in_scope, [span])
        just_before = span[0] - 1
        if holds(in_scope, just_before) and holds(configured, just_before):
            yield from (AppliedWindow(window.id, *part, excluded=True) for part in covered)
        elif any(joined_ms <= as_of_ms for joined_ms, _ in intersection(covered, configured)[:1]):
            yield AppliedWindow(window.id, *span, excluded=False)


def scopes(target: str, site: str, unit: str | None, parents: Mapping[str, str | None]) -> frozenset[str]:
    """Every scope that covers the target; parents: of each unit the unit above it."""
    covering = {ALL, f"target:{target}", f"site:{site}"}
    while unit and f"unit:{unit}" not in covering:
        covering.add(f"unit:{unit}")
        unit = parents.get(unit)
    return frozenset(covering)


def targets_in(scope: str, targets: Collection[Target], parents: Mapping[str, str | None]) -> frozenset[str]:
    """The ids of those that the scope covers, as ``scopes`` has it, without the scopes of each of them."""
    kind, _, name = scope.partition(":")
    if scope == ALL:
        return frozenset(target.id for target in targets)
    if kind == "target":
        return frozenset(target.id for target in targets if target.id == name)
    if kind == "site":
        return frozenset(target.id for target in targets if target.site == name)
    below = {unit for unit in {target.unit for target in targets} if scope in scopes("", "", unit, parents)}
    return frozenset(target.id for target in targets if target.unit in below)
