"""From an inventory to targets connected to parents and paths; at a reload, unchanged targets keep their state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.engine.target_state import AnchorState, PathState, ProbeState, TargetState
from agent.inventory.entities import Inventory
from agent.model import Path, Target


@dataclass(frozen=True, slots=True)
class Topology:
    """Everything that is probed, by id; probed: targets and anchors in the order of the plan."""

    targets: Mapping[str, TargetState]
    paths: Mapping[str, PathState]
    anchors: Mapping[str, tuple[PathState, AnchorState]]
    probed: tuple[ProbeState, ...]

    def find(self, id_: str) -> ProbeState | None:
        """The target or anchor of that id."""
        if id_ in self.targets:
            return self.targets[id_]
        path_and_anchor = self.anchors.get(id_)
        return None if path_and_anchor is None else path_and_anchor[1]

    def holds(self, probed: ProbeState) -> bool:
        """False for what is not configured any more, or was replaced."""
        return self.find(probed.id) is probed


@dataclass(frozen=True, slots=True)
class TopologyChanges:
    """What a reload changes: targets new or probed differently, and those gone or replaced."""

    added: tuple[TargetState, ...] = ()
    removed: tuple[TargetState, ...] = ()
    policy_changed: tuple[TargetState, ...] = ()


def same_probing(old: Target, new: Target) -> bool:
    """True if both ask the same question of the same address; policy, name, parents and paths may differ."""
    return (old.address, old.probe, old.options) == (new.address, new.probe, new.options)


def build_topology(
    inventory: Inventory, old: Topology | None, fresh: Callable[[Target], TargetState], now_ms: int
) -> tuple[Topology, TopologyChanges]:
    """Build the topology of an inventory out of the old one; the states of unchanged targets are kept."""
    targets: dict[str, TargetState] = {}
    added, policy_changed = [], []
    for target in inventory.targets:
        state = old.targets.get(target.id) if old else None
        if state is not None and same_probing(state.target, target):
            if state.policy != target.policy:
                policy_changed.append(state)
            state.target = target
            targets[target.id] = state
        else:
            targets[target.id] = fresh(target)
            added.append(targets[target.id])
    paths = {path.id: _path_state(path, old, now_ms) for path in inventory.paths}
    _connect(targets, paths)
    anchors = {anchor.id: (path, anchor) for path in paths.values() for anchor in path.anchors}
    probed: tuple[ProbeState, ...] = (*targets.values(), *(anchor for _, anchor in anchors.values()))
    removed = tuple(state for id_, state in old.targets.items() if targets.get(id_) is not state) if old else ()
    return Topology(targets, paths, anchors, probed), TopologyChanges(tuple(added), removed, tuple(policy_changed))


def _path_state(path: Path, old: Topology | None, now_ms: int) -> PathState:
    state = old.paths.get(path.id) if old else None
    if state is not None and [anchor.target for anchor in state.anchors] == list(path.anchors):
        state.path = path
        return state
    return PathState(path, tuple(AnchorState(target) for target in path.anchors), changed_ms=now_ms)


def _connect(targets: Mapping[str, TargetState], paths: Mapping[str, PathState]) -> None:
    for path in paths.values():
        path.targets_behind = []
    for target in targets.values():
        target.children = []
    for target in targets.values():
        target.parents = tuple(targets[parent] for parent in target.target.parents)
        target.paths = tuple(paths[path] for path in target.target.paths)
        for parent in target.parents:
            parent.children.append(target)
        for path in target.paths:
            path.targets_behind.append(target)
