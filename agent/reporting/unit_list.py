"""The units of an inventory, each with its sites, since when and until when it is there, and what became of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from agent.inventory.entities import Inventory
from agent.inventory.schema.rows import Unit
from agent.inventory.schema.unit_changes import UnitChange


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit; depth: how far below the top it stands. sites: those that belong to it itself.

    first: the day that a change founded it on; ended: the first day on which it is no more. changes: those that it
    has a part in, by date.
    """

    unit: Unit
    depth: int
    sites: int
    first: date | None
    ended: date | None
    changes: tuple[UnitChange, ...]


def unit_list(inventory: Inventory) -> tuple[ListedUnit, ...]:
    """By the tree, in the order of the file; units that ended come below the one that they were below."""
    sites = Counter(site.unit for site in inventory.sites)
    changes: dict[str, list[UnitChange]] = defaultdict(list)
    for change in sorted(inventory.unit_changes, key=lambda change: change.date):
        for unit in dict.fromkeys(filter(None, (change.unit, change.into, *change.subunits))):
            changes[unit].append(change)
    return tuple(
        ListedUnit(
            unit,
            depth,
            sites[unit.id],
            next((change.date for change in changes[unit.id] if change.founds and change.into == unit.id), None),
            next((change.date for change in changes[unit.id] if change.ends and change.unit == unit.id), None),
            tuple(changes[unit.id]),
        )
        for unit, depth in _tree(inventory)
    )


def _tree(inventory: Inventory) -> Iterator[tuple[Unit, int]]:
    below: dict[str | None, list[Unit]] = defaultdict(list)
    for unit in inventory.units:
        below[unit.parent].append(unit)
    waiting = [(unit, 0) for unit in reversed(below[None])]
    while waiting:
        unit, depth = waiting.pop()
        yield unit, depth
        waiting.extend((lower, depth + 1) for lower in reversed(below[unit.id]))
