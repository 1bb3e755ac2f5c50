"""What is asked of one device: the objects of its sets, sorted by how often and how they are read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.probes.snmp.object_set import Meaning, ObjectSet, SnmpObject

SETS_OF_ALL = ("system", "interfaces")
"""What is asked of every device of which the inventory does not say more; their failure is the device's."""


@dataclass(frozen=True, slots=True)
class TablePlan:
    """Columns that are walked together. optional: a device that has trouble with it is well all the same."""

    columns: tuple[bytes, ...]
    rare_columns: tuple[bytes, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """scalars: instances to get in each run, rare_scalars: now and then. series: what is shown of them.

    often, rarely: the objects with a meaning. oids: of every object by its name. kept: the rare columns that are needed
    until they are read again.
    """

    sets: tuple[ObjectSet, ...]
    scalars: tuple[bytes, ...]
    rare_scalars: tuple[bytes, ...]
    tables: tuple[TablePlan, ...]
    series: tuple[SnmpObject, ...]
    often: tuple[SnmpObject, ...]
    rarely: tuple[SnmpObject, ...]
    oids: Mapping[str, bytes]
    kept: frozenset[bytes]


def plan_of(sets: Iterable[ObjectSet], base: Iterable[str] = SETS_OF_ALL) -> ReadingPlan:
    """What a device of which nothing is known is asked. base: the sets that are not optional."""
    chosen = tuple(sets)
    return _plan(chosen, [(part, item) for part in chosen for item in part.objects], frozenset(base))


def narrowed(plan: ReadingPlan, asked: frozenset[bytes], present: frozenset[bytes], base: Iterable[str]) -> ReadingPlan:
    """The plan without the objects that the device was asked for and does not have, or has better."""
    here = {item.name for part in plan.sets for item in part.objects if item.oid in present}
    alive = {part.name for part in plan.sets for item in part.objects if item.oid in present}
    return _plan(
        plan.sets,
        [
            (part, item)
            for part in plan.sets
            for item in part.objects
            if item.oid not in asked
            or (item.means is Meaning.ALARM and part.name in alive)  # no row while nothing is wrong
            or (item.oid in present and (part.complete or not item.instead_of or item.instead_of not in here))
        ],
        frozenset(base),
        missing=asked - present,
        here=frozenset(here),
    )


def _plan(
    sets: tuple[ObjectSet, ...],
    members: list[tuple[ObjectSet, SnmpObject]],
    base: frozenset[str],
    missing: frozenset[bytes] = frozenset(),
    here: frozenset[str] = frozenset(),
) -> ReadingPlan:
    unique = {item.oid: (part, item) for part, item in reversed(members)}
    objects = [item for _, item in reversed(unique.values())]
    tables: dict[tuple[tuple[str, ...], bool], dict[bytes, bool]] = {}
    for part, item in reversed(unique.values()):
        if not item.is_column:
            continue
        columns = tables.setdefault((tuple(index.name for index in item.indexes), part.name not in base), {})
        columns[item.oid] = item.rarely
        for lookup in item.lookups:
            if lookup.oid and lookup.oid not in missing and lookup.oid not in unique:
                columns.setdefault(lookup.oid, True)
    scalars = [item for item in objects if not item.is_column]
    meaningful = [item for item in objects if item.means is not None and item.instead_of not in here]
    lookups = {lookup.oid for item in objects for lookup in item.lookups}
    return ReadingPlan(
        sets=tuple(part for part in sets if any(member is part for member, _ in unique.values())),
        scalars=tuple(item.oid + b"\0" for item in scalars if not item.rarely),
        rare_scalars=tuple(item.oid + b"\0" for item in scalars if item.rarely),
        tables=tuple(
            TablePlan(
                tuple(oid for oid, rare in columns.items() if not rare),
                tuple(oid for oid, rare in columns.items() if rare),
                optional,
            )
            for (_, optional), columns in tables.items()
        ),
        series=tuple(item for item in objects if item.series),
        often=tuple(item for item in meaningful if not item.rarely),
        rarely=tuple(item for item in meaningful if item.rarely),
        oids={item.name: item.oid for item in objects},
        kept=frozenset(item.oid for item in objects if item.rarely and (item.series or _counts(item))) | lookups,
    )


def _counts(item: SnmpObject) -> bool:
    """A counter is compared with itself the next time it is read."""
    return item.type.value == "counter"
