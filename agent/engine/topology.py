"""From an inventory to slots wired to their parents and paths; at a reload, unchanged targets keep theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agent.engine.target_state import AnchorState, PathState, ProbeState, TargetState
from agent.inventory.entities import Inventory
from agent.model import Target


@dataclass(frozen=True, slots=True)
class Topology:
    """Everything that is probed, by id; targets and anchors in the order of the plan."""

    targets: Mapping[str, TargetState]
    paths: Mapping[str, PathState]
    anchors: Mapping[str, tuple[PathState, AnchorState]]
    probed: tuple[ProbeState, ...]


@dataclass(frozen=True, slots=True)
class TopologyChanges:
    """What a reload changes: targets new or probed differently, and those gone or replaced."""

    added: tuple[TargetState, ...] = ()
    removed: tuple[TargetState, ...] = ()
    policy_changed: tuple[TargetState, ...] = field(default=())


def same_probing(old: Target, new: Target) -> bool:
    """Whether both ask the same question of the same address; policy, name, parents and paths may differ."""
    return (old.address, old.probe, old.options) == (new.address, new.probe, new.options)


def build_topology(
    inventory: Inventory, old: Topology | None, fresh: Callable[[Target], TargetState], now_ms: int
) -> tuple[Topology, TopologyChanges]:
    """Build the wiring of an inventory out of the old one; slots of unchanged targets are kept, states and all."""
    targets: dict[str, TargetState] = {}
    added, policy_changed = [], []
    for target in inventory.targets:
        kept = old.targets.get(target.id) if old else None
        if kept is not None and same_probing(kept.target, target):
            if kept.target.policy != target.policy:
                policy_changed.append(kept)
            kept.target = target
            targets[target.id] = kept
        else:
            targets[target.id] = fresh(target)
            added.append(targets[target.id])
    paths = {path.id: _watch(path.id, inventory, old, now_ms) for path in inventory.paths}
    _connect(targets, paths)
    anchors = {a.target.id: (watch, a) for watch in paths.values() for a in watch.anchors}
    probed: tuple[ProbeState, ...] = (*targets.values(), *(anchor for _, anchor in anchors.values()))
    removed = tuple(slot for id_, slot in old.targets.items() if targets.get(id_) is not slot) if old else ()
    return Topology(targets, paths, anchors, probed), TopologyChanges(tuple(added), removed, tuple(policy_changed))


def _watch(path_id: str, inventory: Inventory, old: Topology | None, now_ms: int) -> PathState:
    path = next(path for path in inventory.paths if path.id == path_id)
    known = old.paths.get(path_id) if old else None
    if known is not None and [a.target for a in known.anchors] == list(path.anchors):
        known.path = path
        return known
    return PathState(path, tuple(AnchorState(target) for target in path.anchors), changed_ms=now_ms)


def _connect(targets: Mapping[str, TargetState], paths: Mapping[str, PathState]) -> None:
    for watch in paths.values():
        watch.targets_behind = []
    for slot in targets.values():
        slot.children = []
    for slot in targets.values():
        slot.parents = tuple(targets[parent] for parent in slot.target.parents)
        slot.paths = tuple(paths[path] for path in slot.target.paths)
        for parent in slot.parents:
            parent.children.append(slot)
        for watch in slot.paths:
            watch.targets_behind.append(slot)
