"""Counts of what is ready: targets by role, units by level. What is unknown is neither ready nor down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.engine.snapshot import TargetView
from agent.explain.labels import ROLES
from agent.explain.problems import BY_WEIGHT
from agent.inventory.entities import Inventory, Level
from agent.model import Role, State
from agent.probes.registry import asks_devices
from exporters.readiness import SiteReadiness

_WORKS = (State.UP, State.DEGRADED)


@dataclass(frozen=True, slots=True)
class ReadinessCount:
    """ready, degraded (among the ready), down and unknown; ready, down and unknown are all there are."""

    name: str
    ready: int
    degraded: int
    down: int
    unknown: int

    @property
    def of(self) -> int:
        return self.ready + self.down + self.unknown


def by_role(views: Sequence[TargetView], language: str) -> Iterator[ReadinessCount]:
    """One for each role that has targets, conference points first; what a device says of itself counts in none."""
    for role in BY_WEIGHT:
        counts = [0] * len(State)
        for view in views:
            if view.target.role is role and not (role is Role.DEVICE and asks_devices(view.target.probe)):
                counts[view.state] += 1
        if any(counts):
            ready = sum(counts[state] for state in _WORKS)
            degraded, down, unknown = counts[State.DEGRADED], counts[State.DOWN], counts[State.UNKNOWN]
            yield ReadinessCount(ROLES[role].to(language), ready, degraded, down, unknown)


def by_level(inventory: Inventory, views: Sequence[TargetView], language: str) -> Iterator[ReadinessCount]:
    """One for each level whose units have sites that can take part in a meeting: are they ready for it, all of them?"""
    units = _units(inventory, views)
    for level in inventory.levels:
        verdicts = [units[unit.id] for unit in inventory.units if unit.level == level.id and unit.id in units]
        if verdicts:
            yield ReadinessCount(
                _name(level, language), verdicts.count(True), 0, verdicts.count(False), verdicts.count(None)
            )


def _units(inventory: Inventory, views: Sequence[TargetView]) -> dict[str, bool | None]:
    sites = {site.id: SiteReadiness(site) for site in inventory.sites}
    needed = set()
    for view in views:
        readiness = sites.get(view.target.site)
        counts = None if readiness is None else readiness.counts_of(view.target.role)
        if counts is not None:
            counts[view.state] += 1
            needed.add(view.target.site)
    units: dict[str, list[bool | None]] = {}
    for site in inventory.sites:
        if site.id in needed:
            units.setdefault(site.unit, []).append(sites[site.id].ready())
    return {unit: _all(ready) for unit, ready in units.items()}


def _all(ready: Sequence[bool | None]) -> bool | None:
    return False if False in ready else None if None in ready else True


def _name(level: Level, language: str) -> str:
    return level.names.get(language) or next(iter(level.names.values()), level.id)
