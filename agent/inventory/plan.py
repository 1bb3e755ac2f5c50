"""What an inventory will have probed, in figures: for people before the agent starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from agent.inventory.entities import Inventory
from agent.model import Target


@dataclass(frozen=True, slots=True)
class Plan:
    """Counts of one inventory; probes_per_minute includes the anchors of the paths."""

    units: int
    sites: int
    targets: int
    by_role: tuple[tuple[str, int], ...]
    by_module: tuple[tuple[str, int], ...]
    paths: tuple[tuple[str, int, int], ...]  # id, anchors, targets behind
    probes_per_minute: float
    hash: str


def plan(inventory: Inventory) -> Plan:
    """The figures of an inventory."""
    behind = Counter(path for target in inventory.targets for path in target.paths)
    anchors = [anchor for path in inventory.paths for anchor in path.anchors]
    return Plan(
        units=len(inventory.units),
        sites=len(inventory.sites),
        targets=len(inventory.targets),
        by_role=_counted(target.role.value for target in inventory.targets),
        by_module=_counted(target.module for target in inventory.targets),
        paths=tuple((path.id, len(path.anchors), behind[path.id]) for path in inventory.paths),
        probes_per_minute=round(sum(_per_minute(one) for one in (*inventory.targets, *anchors)), 1),
        hash=inventory.hash,
    )


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Most frequent first, then by name."""
    return tuple(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))


def _per_minute(target: Target) -> float:
    return 60_000 / target.policy.interval_ms
