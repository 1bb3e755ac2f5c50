"""In sheets a clerk may write a unit or a level by its name; here the name becomes its id."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.inventory.document.parts import Parts, SitePart
from agent.inventory.findings import Located
from agent.inventory.schema.rows import LevelRow, Unit
from agent.inventory.sheets.columns import plain
from agent.inventory.sheets.tables import TableSource
from agent.inventory.sheets.unit_names import TIERS, split_kind


@dataclass(frozen=True, slots=True)
class Names:
    """Ids by id and by plain name; a name that two share stands for neither.

    kinds: ids by the name with its kind, bare: without it, as in *Đồng Ích* for *Xã Đồng Ích*.
    """

    levels: Mapping[str, str]
    units: Mapping[str, str]
    kinds: Mapping[str, set[str]]
    bare: Mapping[str, set[str]]

    def level(self, text: str) -> str:
        """The id of a level, or the text itself when nothing is called so."""
        name = plain(text).removeprefix("cap ")
        tier_words = next((tier for tier in TIERS if name in tier), ())
        ids = {self.levels[word] for word in tier_words if word in self.levels}
        return self.levels.get(text) or self.levels.get(name) or (next(iter(ids)) if len(ids) == 1 else text)

    def unit(self, text: str) -> str:
        """The id of a unit, or the text itself when nothing is called so, or more than one."""
        if exact := self.units.get(text) or self.units.get(plain(text)):
            return exact
        ids = self.called(text)
        return next(iter(ids)) if len(ids) == 1 else text

    def called(self, text: str) -> set[str]:
        """The units that may be meant: with their kind if the text tells it (``UBND xã Đồng Ích``, ``P. Liên Bảo``)."""
        for part in (text, text.partition(",")[0]):
            kind, bare = split_kind(plain(part))
            ids = self.kinds.get(f"{kind} {bare}", set()) if kind else self.bare.get(bare, set())
            if ids:
                return ids
        return set()


def names_of(levels: Iterable[LevelRow], units: Iterable[tuple[str, str]]) -> Names:
    """The names of levels in both languages and of units, given as (id, name)."""
    level_names = [(row.id, name) for row in levels for name in (row.name.vi, row.name.en) if name]
    pairs = list(units)
    kinds: dict[str, set[str]] = {}
    bare: dict[str, set[str]] = {}
    for identity, name in pairs:
        kind, rest = split_kind(plain(name))
        kinds.setdefault(f"{kind} {rest}".strip(), set()).add(identity)
        if not rest.isdecimal():  # of the many a town has, 1 is no name
            bare.setdefault(rest, set()).add(identity)
    return Names(_by_name(level_names), _by_name(pairs), kinds, bare)


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    by_name: dict[str, str] = {}
    shared: set[str] = set()
    ids: dict[str, str] = {}
    for identity, name in pairs:
        ids[identity] = identity
        if by_name.setdefault(plain(name), identity) != identity:
            shared.add(plain(name))
    return {key: identity for key, identity in by_name.items() if key not in shared} | ids


def resolve_names(parts: Parts) -> None:
    """Replace names by ids in the rows that came from sheets; what is not found stays, and is a fault later."""
    names = names_of(
        (entry.value for entry in parts.levels), ((entry.value.id, entry.value.name) for entry in parts.units)
    )
    parts.units[:] = [_unit(entry, names) for entry in parts.units]
    parts.sites[:] = [_site(entry, names) for entry in parts.sites]


def _unit(entry: Located[Unit], names: Names) -> Located[Unit]:
    row = entry.value
    if not isinstance(entry.source, TableSource):
        return entry
    parent = row.parent and names.unit(row.parent)
    return dataclasses.replace(entry, value=dataclasses.replace(row, level=names.level(row.level), parent=parent))


def _site(entry: Located[SitePart], names: Names) -> Located[SitePart]:
    row, columns = entry.value.row, entry.value.columns
    if not isinstance(entry.source, TableSource):
        return entry
    return dataclasses.replace(entry, value=SitePart(dataclasses.replace(row, unit=names.unit(row.unit)), columns))
