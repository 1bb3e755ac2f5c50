"""Under which unit a target's time is grouped: as the ledger's inventories recorded it, by legal dates of changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from agent.availability.spans import BEGINNING, FOREVER
from agent.availability.unit_history import (
    LegalEnd,
    LegalFacts,
    LegalMove,
    LegalMoves,
    UnitFacts,
    UnitSpan,
    existence,
    facts_at,
    grouped,
    successors,
)
from agent.availability.zones import first_instant
from agent.inventory.schema.unit_changes import ENDING
from agent.ledger.history.inventories import Inventories, InventoryVersion
from agent.reporting.inventory_history import InventoryHistory, Residence

_FACTS = ("name", "code", "parent")


@dataclass(frozen=True, slots=True)
class LateChange:
    """A change of a unit that was recorded after its legal date: instants of both, and what it says, by its keys."""

    legal_ms: int
    recorded_ms: int
    change: Mapping[str, Any]


class UnitGrouping:
    """The units of one report: as the inventories of its period have them, with the changes known at its instant."""

    def __init__(self, inventories: Inventories, history: InventoryHistory, zone: str, as_of_ms: int) -> None:
        """zone: that in which the legal date begins, of an inventory that names none."""
        self._inventories = inventories
        self._history = history
        self._as_of_ms = as_of_ms
        self._newest = inventories.at(as_of_ms)
        self._zone = self._newest.document["organisation"].get("timezone", zone)
        self._changes: list[Mapping[str, Any]] = self._newest.document["unit_changes"]
        self._read: dict[int, frozenset[tuple[str, ...]]] = {}
        self._groupings: dict[tuple[str, tuple[UnitSpan, ...]], tuple[UnitSpan, ...]] = {}

    @property
    def has_changes(self) -> bool:
        """Whether any change is known: without one everything is as it was recorded."""
        return bool(self._changes)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every unit that an inventory of the period or the newest one has, in file order, the newest first."""
        versions = (self._newest, *reversed(self._history.versions))
        return tuple(dict.fromkeys(unit["id"] for version in versions for unit in version.document["units"]))

    def target_spans(self, target: str) -> tuple[UnitSpan, ...]:
        """The units of a target over all time, by legal date; no gap, no instant twice."""
        return self.spans_of(self._history.residences(target))

    def spans_of(self, residences: Sequence[Residence]) -> tuple[UnitSpan, ...]:
        """The same of a target that was there."""
        recorded = [UnitSpan(one.start_ms, one.end_ms, one.unit) for one in residences]
        site = residences[-1].site
        return self._grouped(site, recorded, self._newest_units.get(site, ""))

    def site_spans(self, site: str) -> tuple[UnitSpan, ...]:
        """The units of a site over all time; () for one that no inventory of the period has."""
        entries = [(version.start_ms, units.get(site)) for version, units in self._site_units]
        known = [(start_ms, unit) for start_ms, unit in entries if unit is not None]
        if not known:
            return ()
        ends = [*(start_ms for start_ms, _ in known[1:]), FOREVER]
        starts = [BEGINNING, *(start_ms for start_ms, _ in known[1:])]
        recorded = [UnitSpan(start, end, unit) for start, end, (_, unit) in zip(starts, ends, known, strict=True)]
        return self._grouped(site, recorded, self._newest_units.get(site, ""))

    def today(self, target: str) -> str:
        """The unit that the target belongs to at the report's instant; one that is gone, the unit in its place."""
        return self.today_of(self.target_spans(target))

    def today_of_site(self, site: str) -> str:
        """The same of a site; "" for one that no inventory of the period has."""
        spans = self.site_spans(site)
        return self.today_of(spans) if spans else ""

    def unit(self, unit: str, at_ms: int) -> UnitFacts:
        """Name, code and parent of a unit in force by law at an instant; level as recorded."""
        return facts_at(self._recorded(unit, at_ms), self._facts.get(unit, ()), at_ms)

    def existence(self, unit: str) -> tuple[int, int]:
        """[start_ms, end_ms) in which the unit exists by law."""
        founded = ((row["into"], at_ms) for row, at_ms, _ in self._dated if row.get("founds") and row.get("into"))
        return existence(unit, founded, self._ends)

    def successors(self, unit: str) -> tuple[str, ...]:
        """The units that stand in its place at the report's instant: itself if it is there, () if none does."""
        return successors(unit, self._ends, self._as_of_ms)

    def late(self, start_ms: int, end_ms: int) -> tuple[LateChange, ...]:
        """Changes that were recorded after their date, where the time between touches [start_ms, end_ms)."""
        if not self._changes:
            return ()
        dated = [(row, at_ms) for row, at_ms, _ in self._dated if at_ms < end_ms]
        return tuple(
            LateChange(at_ms, recorded_ms, row)
            for row, at_ms in sorted(dated, key=lambda pair: pair[1])
            if (recorded_ms := self._recorded_ms(row)) > max(at_ms, start_ms)
        )

    def _recorded_ms(self, row: Mapping[str, Any]) -> int:
        """The instant from which on the inventories have the change."""
        wanted = _identity(row)
        since = self._inventories.since(self._as_of_ms, lambda document: wanted in self._identities(document))
        return self._as_of_ms if since is None else since

    def _identities(self, document: Mapping[str, Any]) -> frozenset[tuple[str, ...]]:
        """Of the changes that an inventory has; each inventory is there once, for as long as its ledger is read."""
        if id(document) not in self._read:
            self._read[id(document)] = frozenset(_identity(row) for row in document.get("unit_changes", ()))
        return self._read[id(document)]

    def today_of(self, spans: Sequence[UnitSpan]) -> str:
        """The same of what was in these units."""
        place = bisect_right([span.start_ms for span in spans], self._as_of_ms) - 1
        unit = spans[max(place, 0)].unit
        after = self.successors(unit)
        return after[0] if len(after) == 1 else unit

    def _grouped(self, site: str, recorded: Sequence[UnitSpan], newest: str) -> tuple[UnitSpan, ...]:
        spans = tuple(_then(recorded, self._newest.start_ms, newest))
        key = (site if self._changes else "", spans)
        if key not in self._groupings:
            self._groupings[key] = grouped(site, spans, self._moves)
        return self._groupings[key]

    @cached_property
    def _dated(self) -> list[tuple[Mapping[str, Any], int, int]]:
        """Each change, its legal instant, and from when on the inventories of the period have it."""
        known = {
            identity: BEGINNING if place == 0 else version.start_ms
            for place, version in reversed(list(enumerate(self._history.versions)))
            for identity in self._identities(version.document)
        }
        return [
            (row, first_instant(self._zone, date.fromisoformat(row["date"])), self._known(known, row))
            for row in self._changes
        ]

    def _known(self, known: Mapping[tuple[str, ...], int], row: Mapping[str, Any]) -> int:
        later = max(self._newest.start_ms, self._history.versions[-1].start_ms + 1)
        return known.get(_identity(row), later)

    @cached_property
    def _moves(self) -> LegalMoves:
        return LegalMoves(
            LegalMove(at_ms, known, row["unit"], row["into"], frozenset(row.get("sites", ())), row["kind"] in ENDING)
            for row, at_ms, known in self._dated
            if row.get("into")
        )

    @cached_property
    def _ends(self) -> list[LegalEnd]:
        """With what it went to: where its end does not say, what was split off it on that day."""
        split: dict[tuple[str, int], list[str]] = {}
        for row, at_ms, _ in self._dated:
            if row["kind"] == "split":
                split.setdefault((row["unit"], at_ms), []).append(row["into"])
        return [
            LegalEnd(at_ms, row["unit"], (row["into"],) if row.get("into") else _once(split, row["unit"], at_ms))
            for row, at_ms, _ in self._dated
            if row["kind"] in ENDING
        ]

    @cached_property
    def _facts(self) -> Mapping[str, Sequence[LegalFacts]]:
        """New names, codes and parents by unit; those of units below one that ended too."""
        facts: dict[str, list[LegalFacts]] = {}
        for row, at_ms, known in self._dated:
            new = {key: row[key] for key in _FACTS if row.get(key)}
            old = {key: row[f"old_{key}"] for key in _FACTS if row.get(f"old_{key}")}
            above = {"parent": row.get("into", "")}, {"parent": row["unit"]}
            lower = ((below, *above) for below in row.get("subunits", ()))
            for unit, now, before in ((row.get("into") or row["unit"], new, old), *lower):
                if now or before:
                    facts.setdefault(unit, []).append(LegalFacts(at_ms, known, unit, now, before))
        return facts

    def _recorded(self, unit: str, at_ms: int) -> UnitFacts:
        """As the inventory of that instant has it, else an earlier one, else a later one."""
        entries = self._unit_entries.get(unit, ())
        place = bisect_right([start_ms for start_ms, _ in entries], at_ms) - 1
        return entries[max(place, 0)][1] if entries else UnitFacts(unit)

    @cached_property
    def _unit_entries(self) -> Mapping[str, Sequence[tuple[int, UnitFacts]]]:
        entries: dict[str, list[tuple[int, UnitFacts]]] = {}
        for version in self._versions:
            for row in version.document["units"]:
                rest = (str(row.get(key) or "") for key in ("name", "code", "parent", "level"))
                entries.setdefault(row["id"], []).append((version.start_ms, UnitFacts(row["id"], *rest)))
        return entries

    @property
    def _versions(self) -> Iterator[InventoryVersion]:
        """Those of the period, and the newest."""
        yield from self._history.versions
        if self._newest.start_ms > self._history.versions[-1].start_ms:
            yield self._newest

    @cached_property
    def _site_units(self) -> list[tuple[InventoryVersion, Mapping[str, str]]]:
        return [(version, _units_of_sites(version.document)) for version in self._versions]

    @cached_property
    def _newest_units(self) -> Mapping[str, str]:
        return _units_of_sites(self._newest.document)


def unit_grouping(inventories: Inventories, history: InventoryHistory, zone: str, as_of_ms: int) -> UnitGrouping:
    """The grouping of a report whose instant is as_of_ms."""
    return UnitGrouping(inventories, history, zone, as_of_ms)


def _units_of_sites(document: Mapping[str, Any]) -> dict[str, str]:
    """By site; where an inventory lists none, as its targets say."""
    of_targets = {target["site"]: target.get("unit", "") for target in document["targets"] if "site" in target}
    return of_targets | {site["id"]: site["unit"] for site in document["sites"] if site.get("unit")}


def _then(recorded: Sequence[UnitSpan], from_ms: int, unit: str) -> Iterator[UnitSpan]:
    """The spans, and from an instant on the unit of the newest inventory, where that is another."""
    last = recorded[-1]
    if not unit or unit == last.unit or from_ms <= last.start_ms:
        yield from recorded
        return
    yield from recorded[:-1]
    yield UnitSpan(last.start_ms, from_ms, last.unit)
    yield UnitSpan(from_ms, last.end_ms, unit)


def _identity(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (row["kind"], row["date"], row["unit"], row.get("into", ""))


def _once(split: Mapping[tuple[str, int], Sequence[str]], unit: str, at_ms: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(split.get((unit, at_ms), ())))
