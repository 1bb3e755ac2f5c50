"""Values that a sheet leaves out and that can only be one thing: unit, profile, the units themselves. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agent.inventory.document.names import names_of
from agent.inventory.document.parts import Parts
from agent.inventory.document.sections import PLACEHOLDER, site_defaults
from agent.inventory.findings import Finding, listed
from agent.inventory.importing.current_rows import CurrentRow, addresses
from agent.inventory.importing.remarks import Remark
from agent.inventory.schema.rows import LevelRow
from agent.inventory.sheets.columns import ID, plain, slug
from agent.inventory.sheets.tables import TableSource
from agent.inventory.sheets.unit_names import TIER_WORDS, split_kind
from agent.inventory.sources.yaml_writer import Row

_IN_A_NAME = re.compile(r"\b((?:xã|phường|thị trấn|đặc khu)\s+[^-–,;:(/]+)", re.IGNORECASE)
_NAMED = 5  # units that a line names
_LONGEST = 12  # words of a unit's name


Found = tuple[str, str, str]
"""A value, "" for none; by which sentence of import_words it is explained, "" for none; and what that names."""


@dataclass(frozen=True, slots=True)
class InferredValues:
    """Inferred values of a new site by key, the reasons (remark, value), and findings for what cannot be inferred."""

    values: Row = field(default_factory=dict)
    why: tuple[tuple[str, str], ...] = ()
    lacks: tuple[Finding, ...] = ()


class Inference:
    """The units there are, with those made on the way, and the profiles."""

    def __init__(
        self, levels: Sequence[LevelRow], units: Iterable[Row], profiles: Mapping[str, frozenset[str]], defaults: Row
    ) -> None:
        """profiles: the columns that each uses; defaults: what a site has that says nothing of it."""
        self.levels, self.profiles, self.defaults = levels, profiles, defaults
        self.units: list[Row] = []
        self.new_units: list[dict[str, str]] = []
        self._ids: set[str] = set()
        self.know(units)

    def know(self, units: Iterable[Row]) -> None:
        """Units that are there, or that the sheet itself holds."""
        self.units += units
        self._ids = {row["id"] for row in self.units}
        self._names = names_of(self.levels, [(row["id"], row.get("name", "")) for row in self.units])
        self._fresh: dict[str, str] = {}
        self._called: dict[tuple[str, str], list[str]] = {}
        for row in self.units:
            self._called.setdefault((row.get("level", ""), plain(row.get("name", ""))), []).append(row["id"])

    def unit(self, text: str) -> str:
        """The id of the unit a cell names; one that is named as units are, and is not there yet, is made."""
        identity = self._fresh.get(plain(text)) or self._names.unit(text)
        if identity in self._ids or ID.fullmatch(text):
            return identity
        level, plainly = self._level(text)
        if len(bare := self._bare(text, level)) == 1:
            return bare[0]
        parents = self._above(level)
        row = {"id": slug(text), "name": " ".join(text.split()), "level": level or ""}
        lowest = bool(self.levels) and level == self.levels[-1].id
        if not level or len(parents) > 1 or not (plainly or lowest) or row["id"] in {"", *self._ids}:
            return text
        self.new_units.append({**row, "parent": parents[0]} if parents else row)
        self.units.append(self.new_units[-1])
        self._ids.add(row["id"])
        self._fresh[plain(text)] = row["id"]
        return row["id"]

    def _level(self, name: str) -> tuple[str | None, bool]:
        """The level of a unit by the word that its name begins with (in English ends), if there is one."""
        words = f" {plain(name)} "
        for level in reversed(self.levels):
            english = {plain(level.name.en or ""), level.id} - {""}
            own = english | {plain(level.name.vi or "")} - {""}
            if any(words.startswith(f" {word} ") for word in own) or any(
                words.endswith(f" {word} ") for word in english
            ):
                return level.id, True
        for tier in TIER_WORDS:
            if any(words.startswith(f" {word} ") for word in tier):
                called = [row.id for row in self.levels if {plain(row.name.vi or ""), row.id} & {*tier}]
                return (called[-1], True) if called else (None, False)
        return (self.levels[-1].id if self.levels else None), False

    def _bare(self, text: str, level: str | None) -> list[str]:
        """The units that leave out what their level says: *Lập Thạch* for *Huyện Lập Thạch*."""
        kind, name = split_kind(plain(text))
        return self._called.get((level or "", name), []) if kind else []

    def _above(self, level: str | None) -> list[str]:
        """The units of the next level above that has any; of several the one that sites have by default."""
        order = [level_row.id for level_row in self.levels]
        for above in reversed(order[: order.index(level)] if level in order else []):
            if ids := [row["id"] for row in self.units if row["level"] == above]:
                usual = self.defaults.get("unit", "")
                return [usual] if usual in ids else ids
        return []

    def unit_of(self, name: str) -> Found:
        """The unit of a site by its name, else as ever."""
        words = plain(name).split()
        for length in range(min(len(words), _LONGEST), 0, -1):
            for start in range(len(words) - length + 1):
                text = " ".join(words[start : start + length])
                identity = self._fresh.get(text) or self._names.unit(text)
                if identity in self._ids:
                    return identity, "unit_by_name", ""
        if "unit" in self.defaults:
            return self.defaults["unit"], "", ""
        if (match := _IN_A_NAME.search(name)) and (identity := self.unit(_capital(match[1]))) in self._ids:
            return identity, "unit_by_name", ""
        parents = {row.get("parent") for row in self.units}
        leaves = [row["id"] for row in self.units if row["id"] not in parents]
        if len(leaves) == 1:
            return leaves[0], "unit_only", leaves[0]
        for level in self.levels:
            ids = [row["id"] for row in self.units if row["level"] == level.id]
            if len(ids) == 1 and {plain(level_name) for level_name in (level.name.vi, level.name.en) if level_name} & {
                *words
            }:
                return ids[0], "unit_by_level", ids[0]
        return "", "", ""

    def profile_of(self, row: Row) -> Found:
        """The usual profile, the only one, or the only one that uses all its addresses."""
        if "profile" in self.defaults:
            return self.defaults["profile"], "", ""
        own = {*addresses(row)}
        fitting = [name for name, columns in self.profiles.items() if own and own <= columns]
        names = [*self.profiles] if len(self.profiles) == 1 else fitting
        return (names[0], "profile_only", names[0]) if len(names) == 1 else ("", "", "")

    def profile(self, text: str) -> str:
        """The profile a cell names, written as a name or as its id."""
        names = [name for name in self.profiles if plain(name) == plain(text)]
        return text if text in self.profiles or len(names) != 1 else names[0]


def inference_for(parts: Parts, units: Iterable[CurrentRow]) -> Inference:
    """With the levels, units and profiles of the configuration."""
    profiles = {entry.value.id: [check.value.address for check in entry.value.checks] for entry in parts.profiles}
    columns = {name: frozenset(PLACEHOLDER.findall(" ".join(used))) for name, used in profiles.items()}
    levels = [entry.value for entry in parts.levels]
    return Inference(levels, [unit.row for unit in units], columns, site_defaults(parts))


def infer_for_site(inference: Inference, source: TableSource, index: int, row: Row) -> InferredValues:
    """The unit and the profile of a site whose row does not say them."""
    values: dict[str, str] = {}
    why: list[tuple[str, str]] = []
    lacks: list[Finding] = []
    ways = {"unit": lambda: inference.unit_of(row.get("name", "")), "profile": lambda: inference.profile_of(row)}
    needed = {"unit": True, "profile": bool(inference.profiles and addresses(row))}
    choices = {"unit": (unit["id"] for unit in inference.units), "profile": inference.profiles}
    for key in ("unit", "profile"):
        if key in row:
            continue
        value, reason, named = ways[key]()
        if value:
            values[key] = value
            why += [(reason, named)] if reason else []
        elif needed[key]:
            values_of = {"value": row.get("name", ""), "choices": listed(choices[key])}
            lacks.append(Finding(source.place((index, key)), f"no_{key}", values_of))
    return InferredValues(values, tuple(why), tuple(lacks))


def inference_remarks(why: Iterable[tuple[str, str]], units: Sequence[Row]) -> Iterator[Remark]:
    """A remark for each kind of inferred value, and for the new units of each level."""
    for (key, value), count in Counter(why).items():
        yield Remark(key, {"count": str(count), "value": value})
    for level in dict.fromkeys(row["level"] for row in units):
        names = [row["name"] for row in units if row["level"] == level]
        more = f" ... (+{len(names) - _NAMED})" if len(names) > _NAMED else ""
        values = {"count": str(len(names)), "value": ", ".join(names[:_NAMED]) + more, "level": level}
        yield Remark("units_made", values)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:].strip()
