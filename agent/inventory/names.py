"""In sheets a clerk may write a unit or a level by its name; here the name becomes its id."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from agent.inventory.columns import plain
from agent.inventory.findings import Entry, ValueT
from agent.inventory.parts import Parts, SitePart
from agent.inventory.schema import UnitRow
from agent.inventory.tables import TableSource


def with_ids(parts: Parts) -> None:
    """Replace names by ids in the rows that came from sheets; what is not found stays, and is a fault later."""
    levels = _by_name((row.id, name) for row in _values(parts.levels) for name in (row.name.vi, row.name.en) if name)
    units = _by_name((row.id, row.name) for row in _values(parts.units))
    level_ids = {row.id for row in _values(parts.levels)}
    unit_ids = {row.id for row in _values(parts.units)}
    parts.units[:] = [_unit(entry, levels, level_ids, units, unit_ids) for entry in parts.units]
    parts.sites[:] = [_site(entry, units, unit_ids) for entry in parts.sites]


def _values(entries: Iterable[Entry[ValueT]]) -> list[ValueT]:
    return [entry.value for entry in entries]


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name to id; a name that two share stands for neither."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for identity, name in pairs:
        key = plain(name)
        if found.setdefault(key, identity) != identity:
            shared.add(key)
    return {key: identity for key, identity in found.items() if key not in shared}


def _unit(
    entry: Entry[UnitRow], levels: dict[str, str], level_ids: set[str], units: dict[str, str], unit_ids: set[str]
) -> Entry[UnitRow]:
    row = entry.value
    if not isinstance(entry.source, TableSource):
        return entry
    level = row.level if row.level in level_ids else levels.get(plain(row.level), row.level)
    parent = row.parent
    if parent is not None and parent not in unit_ids:
        parent = units.get(plain(parent), parent)
    return dataclasses.replace(entry, value=dataclasses.replace(row, level=level, parent=parent))


def _site(entry: Entry[SitePart], units: dict[str, str], unit_ids: set[str]) -> Entry[SitePart]:
    row = entry.value.row
    if row.unit in unit_ids or not isinstance(entry.source, TableSource):
        return entry
    unit = units.get(plain(row.unit), row.unit)
    return dataclasses.replace(entry, value=SitePart(dataclasses.replace(row, unit=unit), entry.value.columns))
