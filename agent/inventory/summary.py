"""The size of an inventory in figures, for people, before the agent starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agent.inventory.entities import Inventory
from agent.model import Target
from agent.probes.spec import ProbeSpec
from agent.text import Text

_UNREADABLE_COST_SECONDS = 1420e-6  # of a module whose files cannot be read now: as of one with TLS
_BESIDE = 2.0
"""What packets, scrapes and the ledger add to the cost of a run at a real load: docs/benchmarks.md, "A province's load"
(10,000 targets a minute took 0.144 core)."""

BUSY_CORES, FULL_CORES = 0.5, 0.8
"""One agent has one core: above the first a slower machine or a bad hour may be too much, above the second this is."""


@dataclass(frozen=True, slots=True)
class InventorySummary:
    """Counts of one inventory; probes_per_minute and cores (an estimate) include the anchors of the paths."""

    units: int
    sites: int
    targets: int
    by_role: tuple[tuple[str, int], ...]
    by_module: tuple[tuple[str, int], ...]
    paths: tuple[tuple[str, int, int], ...]  # id, anchors, targets behind
    probes_per_minute: float
    cores: float
    hash: str


def too_frequent(inventory: Inventory, registry: Mapping[str, ProbeSpec[Any, Any]]) -> tuple[str, ...]:
    """Ids of the targets that are probed more often than their servers may allow."""
    return tuple(
        target.id
        for target in inventory.targets
        if target.policy.interval_ms < registry[target.probe].least_interval_ms
    )


def module_remarks(inventory: Inventory, registry: Mapping[str, ProbeSpec[Any, Any]]) -> tuple[tuple[str, Text], ...]:
    """What is good to know of modules that targets have, and no fault of them: the module, and what."""
    used = {target.module for target in inventory.targets}
    modules = [(module, registry[module.probe]) for name, module in inventory.modules.items() if name in used]
    return tuple(
        (module.id, text)
        for module, spec in modules
        if isinstance(module.options, spec.options)
        for text in spec.remarks(module.options)
    )


def summarise(inventory: Inventory, probes: Mapping[str, ProbeSpec[Any, Any]]) -> InventorySummary:
    """The figures of an inventory."""
    behind = Counter(path for target in inventory.targets for path in target.paths)
    anchors = [anchor for path in inventory.paths for anchor in path.anchors]
    return InventorySummary(
        units=len(inventory.units),
        sites=len(inventory.sites),
        targets=len(inventory.targets),
        by_role=_counted(target.role.value for target in inventory.targets),
        by_module=_counted(target.module for target in inventory.targets),
        paths=tuple((path.id, len(path.anchors), behind[path.id]) for path in inventory.paths),
        probes_per_minute=round(sum(_per_minute(target) for target in (*inventory.targets, *anchors)), 1),
        cores=round(sum(_cores(target, probes[target.probe]) for target in (*inventory.targets, *anchors)), 3),
        hash=inventory.hash,
    )


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Most frequent first, then by name."""
    return tuple(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))


def _per_minute(target: Target) -> float:
    return 60_000 / target.policy.interval_ms


def _cores(target: Target, spec: ProbeSpec[Any, Any]) -> float:
    readable = isinstance(target.options, spec.options)
    cost = spec.cost_seconds(target.options) if readable else _UNREADABLE_COST_SECONDS
    return _BESIDE * cost * 1000 / target.policy.interval_ms
