"""What a clerk's sheet leaves out and can only be one thing: unit, profile, the units themselves. Pure, and said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from agent.inventory.changes import Row
from agent.inventory.columns import plain, slug
from agent.inventory.findings import Finding, Place, listed
from agent.inventory.import_words import Said
from agent.inventory.names import names_of
from agent.inventory.parts import Parts
from agent.inventory.rows import Standing, addresses
from agent.inventory.schema import LevelRow
from agent.inventory.sections import PLACEHOLDER, site_defaults
from agent.inventory.tables import TableSource

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TIERS = (
    ("xa", "phuong", "thi tran", "dac khu", "commune", "ward", "township"),
    ("huyen", "quan", "thi xa", "thanh pho", "district", "town"),
    ("tinh", "thanh pho", "province", "city"),
)
"""Words that begin the name of a unit, by tier; of a tier the inventory names its level by any of them."""
_IN_A_NAME = re.compile(r"\b((?:xã|phường|thị trấn|đặc khu)\s+[^-–,;:(/]+)", re.IGNORECASE)
_NAMED = 5  # units that a line names
_LONGEST = 12  # words of a unit's name


class Supply:
    """The units there are, with those made on the way; what was supplied, and what could not be."""

    def __init__(
        self, levels: Sequence[LevelRow], units: Iterable[Row], profiles: Mapping[str, frozenset[str]], defaults: Row
    ) -> None:
        """profiles: the columns that each uses; defaults: what a site has that says nothing of it."""
        self.levels, self.profiles, self.defaults = levels, profiles, defaults
        self.units: list[Row] = []
        self.made: list[dict[str, str]] = []
        self.findings: list[Finding] = []
        self._counts: dict[tuple[str, str], int] = {}
        self._ids: set[str] = set()
        self.know(units)

    def know(self, units: Iterable[Row]) -> None:
        """Units that are there, or that the sheet itself holds."""
        self.units += units
        self._ids = {row["id"] for row in self.units}
        self._names = names_of(self.levels, [(row["id"], row.get("name", "")) for row in self.units])
        self._fresh: dict[str, str] = {}

    def unit(self, text: str) -> str:
        """The id of the unit a cell names; one that is named as units are, and is not there yet, is made."""
        found = self._fresh.get(plain(text)) or self._names.unit(text)
        if found in self._ids or _ID.fullmatch(text):
            return found
        level, plainly = self._level(text)
        parents = self._above(level)
        row = {"id": slug(text), "name": " ".join(text.split()), "level": level or ""}
        lowest = bool(self.levels) and level == self.levels[-1].id
        if not level or len(parents) > 1 or not (plainly or lowest) or row["id"] in {"", *self._ids}:
            return text
        self.made.append({**row, "parent": parents[0]} if parents else row)
        self.units.append(self.made[-1])
        self._ids.add(row["id"])
        self._fresh[plain(text)] = row["id"]
        return row["id"]

    def _level(self, name: str) -> tuple[str | None, bool]:
        """The level of a unit by the word that its name begins with (in English ends), if there is one."""
        words = f" {plain(name)} "
        for level in reversed(self.levels):
            english = {plain(level.name.en or ""), level.id} - {""}
            own = english | {plain(level.name.vi or "")} - {""}
            if any(words.startswith(f" {one} ") for one in own) or any(words.endswith(f" {one} ") for one in english):
                return level.id, True
        for tier in _TIERS:
            if any(words.startswith(f" {one} ") for one in tier):
                called = [one.id for one in self.levels if {plain(one.name.vi or ""), one.id} & {*tier}]
                return (called[-1], True) if called else (None, False)
        return (self.levels[-1].id if self.levels else None), False

    def _above(self, level: str | None) -> list[str]:
        """The units of the next level above that has any."""
        order = [one.id for one in self.levels]
        for above in reversed(order[: order.index(level)] if level in order else []):
            if found := [row["id"] for row in self.units if row["level"] == above]:
                return found
        return []

    def unit_of(self, name: str) -> str:
        """The unit of a site by its name, else as ever; "" where that does not say."""
        words = plain(name).split()
        for length in range(min(len(words), _LONGEST), 0, -1):
            for start in range(len(words) - length + 1):
                text = " ".join(words[start : start + length])
                found = self._fresh.get(text) or self._names.unit(text)
                if found in self._ids:
                    return self._counted("unit_by_name", "", found)
        if "unit" in self.defaults:
            return self.defaults["unit"]
        if (match := _IN_A_NAME.search(name)) and (found := self.unit(_capital(match[1]))) in self._ids:
            return self._counted("unit_by_name", "", found)
        parents = {row.get("parent") for row in self.units}
        leaves = [row["id"] for row in self.units if row["id"] not in parents]
        if len(leaves) == 1:
            return self._counted("unit_only", leaves[0], leaves[0])
        for level in self.levels:
            there = [row["id"] for row in self.units if row["level"] == level.id]
            if len(there) == 1 and {plain(one) for one in (level.name.vi, level.name.en) if one} & {*words}:
                return self._counted("unit_by_level", there[0], there[0])
        return ""

    def profile_of(self, row: Row) -> str:
        """The usual profile, the only one, or the only one that uses all its addresses; "" where none of them is."""
        if "profile" in self.defaults:
            return self.defaults["profile"]
        own = {*addresses(row)}
        fitting = [name for name, columns in self.profiles.items() if own and own <= columns]
        found = [*self.profiles] if len(self.profiles) == 1 else fitting
        return self._counted("profile_only", found[0], found[0]) if len(found) == 1 else ""

    def profile(self, text: str) -> str:
        """The profile a cell names, written as a name or as its id."""
        alike = [name for name in self.profiles if plain(name) == plain(text)]
        return text if text in self.profiles or len(alike) != 1 else alike[0]

    def _counted(self, key: str, value: str, found: str) -> str:
        self._counts[(key, value)] = self._counts.get((key, value), 0) + 1
        return found

    def lack(self, message: str, place: Place, row: Row, choices: Iterable[str]) -> None:
        """Something that nothing supplies."""
        values = {"value": row.get("name", ""), "choices": listed(choices)}
        self.findings.append(Finding(place, message, values))

    def said(self) -> tuple[Said, ...]:
        """Everything that was supplied, a sentence each."""
        found = [Said(key, {"count": str(count), "value": value}) for (key, value), count in self._counts.items()]
        for level in self.levels:
            names = [row["name"] for row in self.made if row["level"] == level.id]
            if names:
                more = f" ... (+{len(names) - _NAMED})" if len(names) > _NAMED else ""
                values = {"count": str(len(names)), "value": ", ".join(names[:_NAMED]) + more, "level": level.id}
                found.append(Said("units_made", values))
        return tuple(found)


def supply_for(parts: Parts, units: Iterable[Standing]) -> Supply:
    """With the levels, units and profiles of the configuration."""
    profiles = {entry.value.id: [check.value.address for check in entry.value.checks] for entry in parts.profiles}
    columns = {name: frozenset(PLACEHOLDER.findall(" ".join(used))) for name, used in profiles.items()}
    levels = [entry.value for entry in parts.levels]
    return Supply(levels, [one.row for one in units], columns, site_defaults(parts))


def site_supplied(supply: Supply, source: TableSource, index: int, row: Row) -> dict[str, str]:
    """What the row of a site lacks, by key: its unit and its profile. What cannot be supplied is a finding."""
    found: dict[str, str] = {}
    if "unit" not in row and not found.setdefault("unit", supply.unit_of(row.get("name", ""))):
        supply.lack("no_unit", source.place((index, "unit")), row, (one["id"] for one in supply.units))
    if "profile" not in row:
        found["profile"] = supply.profile_of(row)
        if not found["profile"] and supply.profiles and addresses(row):
            supply.lack("no_profile", source.place((index, "profile")), row, supply.profiles)
    return {key: value for key, value in found.items() if value}


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:].strip()
