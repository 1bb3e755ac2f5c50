"""From an inventory to slots wired to their parents and paths; at a reload, unchanged targets keep theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agent.engine.slots import Anchor, Lane, PathWatch, Slot
from agent.inventory.entities import Inventory
from agent.model import Target


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything that is probed, by id; targets and anchors in the order of the plan."""

    slots: Mapping[str, Slot]
    watches: Mapping[str, PathWatch]
    anchors: Mapping[str, tuple[PathWatch, Anchor]]
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a reload changes: targets new or probed differently, and those gone or replaced."""

    added: tuple[Slot, ...] = ()
    removed: tuple[Slot, ...] = ()
    repoliced: tuple[Slot, ...] = field(default=())


def same_probing(old: Target, new: Target) -> bool:
    """Whether both ask the same question of the same address; policy, name, parents and paths may differ."""
    return (old.address, old.probe, old.options) == (new.address, new.probe, new.options)


def wire(
    inventory: Inventory, old: Wiring | None, fresh: Callable[[Target], Slot], now_ms: int
) -> tuple[Wiring, Changes]:
    """Build the wiring of an inventory out of the old one; slots of unchanged targets are kept, states and all."""
    slots: dict[str, Slot] = {}
    added, repoliced = [], []
    for target in inventory.targets:
        kept = old.slots.get(target.id) if old else None
        if kept is not None and same_probing(kept.target, target):
            if kept.target.policy != target.policy:
                repoliced.append(kept)
            kept.target = target
            slots[target.id] = kept
        else:
            slots[target.id] = fresh(target)
            added.append(slots[target.id])
    watches = {path.id: _watch(path.id, inventory, old, now_ms) for path in inventory.paths}
    _connect(slots, watches)
    anchors = {a.target.id: (watch, a) for watch in watches.values() for a in watch.anchors}
    lanes: tuple[Lane, ...] = (*slots.values(), *(anchor for _, anchor in anchors.values()))
    removed = tuple(slot for id_, slot in old.slots.items() if slots.get(id_) is not slot) if old else ()
    return Wiring(slots, watches, anchors, lanes), Changes(tuple(added), removed, tuple(repoliced))


def _watch(path_id: str, inventory: Inventory, old: Wiring | None, now_ms: int) -> PathWatch:
    path = next(path for path in inventory.paths if path.id == path_id)
    known = old.watches.get(path_id) if old else None
    if known is not None and [a.target for a in known.anchors] == list(path.anchors):
        known.path = path
        return known
    return PathWatch(path, tuple(Anchor(target) for target in path.anchors), changed_ms=now_ms)


def _connect(slots: Mapping[str, Slot], watches: Mapping[str, PathWatch]) -> None:
    for watch in watches.values():
        watch.behind = []
    for slot in slots.values():
        slot.children = []
    for slot in slots.values():
        slot.parents = tuple(slots[parent] for parent in slot.target.parents)
        slot.paths = tuple(watches[path] for path in slot.target.paths)
        for parent in slot.parents:
            parent.children.append(slot)
        for watch in slot.paths:
            watch.behind.append(slot)
