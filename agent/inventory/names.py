"""In sheets a clerk may write a unit or a level by its name; here the name becomes its id."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.inventory.columns import plain
from agent.inventory.findings import Entry
from agent.inventory.parts import Parts, SitePart
from agent.inventory.schema import LevelRow, UnitRow
from agent.inventory.tables import TableSource


@dataclass(frozen=True, slots=True)
class Names:
    """Ids by id and by plain name; a name that two share stands for neither."""

    levels: Mapping[str, str]
    units: Mapping[str, str]

    def level(self, text: str) -> str:
        """The id of a level, or the text itself when nothing is called so."""
        return _found(self.levels, text)

    def unit(self, text: str) -> str:
        """The id of a unit, or the text itself when nothing is called so."""
        return _found(self.units, text)


def _found(table: Mapping[str, str], text: str) -> str:
    return table.get(text) or table.get(plain(text), text)


def names_of(levels: Iterable[LevelRow], units: Iterable[tuple[str, str]]) -> Names:
    """The names of levels in both languages and of units, given as (id, name)."""
    level_names = [(row.id, name) for row in levels for name in (row.name.vi, row.name.en) if name]
    return Names(_by_name(level_names), _by_name(units))


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    shared: set[str] = set()
    ids: dict[str, str] = {}
    for identity, name in pairs:
        ids[identity] = identity
        if found.setdefault(plain(name), identity) != identity:
            shared.add(plain(name))
    return {key: identity for key, identity in found.items() if key not in shared} | ids


def resolve_names(parts: Parts) -> None:
    """Replace names by ids in the rows that came from sheets; what is not found stays, and is a fault later."""
    names = names_of(
        (entry.value for entry in parts.levels), ((entry.value.id, entry.value.name) for entry in parts.units)
    )
    parts.units[:] = [_unit(entry, names) for entry in parts.units]
    parts.sites[:] = [_site(entry, names) for entry in parts.sites]


def _unit(entry: Entry[UnitRow], names: Names) -> Entry[UnitRow]:
    row = entry.value
    if not isinstance(entry.source, TableSource):
        return entry
    parent = row.parent and names.unit(row.parent)
    return dataclasses.replace(entry, value=dataclasses.replace(row, level=names.level(row.level), parent=parent))


def _site(entry: Entry[SitePart], names: Names) -> Entry[SitePart]:
    row, columns = entry.value.row, entry.value.columns
    if not isinstance(entry.source, TableSource):
        return entry
    return dataclasses.replace(entry, value=SitePart(dataclasses.replace(row, unit=names.unit(row.unit)), columns))
