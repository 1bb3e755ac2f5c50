"""Settings of a target in the ledger's inventories over time: its names, calendar, SLO and scopes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from agent.availability.calendar import Calendar
from agent.availability.calendar_document import document_of, parse_calendar
from agent.availability.figures import Subject
from agent.availability.maintenance import scopes
from agent.availability.spans import Span
from agent.characters import quoted
from agent.errors import LedgerError, SansangError
from agent.explain.ledger_errors import CALENDAR_UNREADABLE
from agent.inventory.calendars import BUILT_IN, calendars_of
from agent.inventory.entities import digest
from agent.ledger.history.inventories import InventoryVersion
from agent.text import Text


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """The settings of a target in one inventory.

    scopes: those of maintenance that cover it. confirm_interval_ms: 0 where it does not say. degraded: limits by name.
    probe: "" where it does not say.
    """

    subject: Subject
    calendar: str
    calendar_hash: str
    slo: Fraction | None
    scopes: frozenset[str]
    confirm_interval_ms: int = 0
    degraded: tuple[tuple[str, float], ...] = ()
    probe: str = ""


@dataclass(frozen=True, slots=True)
class SettingsInterval:
    """The settings of a target in [start_ms, end_ms) of UTC."""

    start_ms: int
    end_ms: int
    settings: TargetSettings


@dataclass(frozen=True, slots=True)
class Residence:
    """Site and unit of a target in [start_ms, end_ms) of UTC."""

    start_ms: int
    end_ms: int
    site: str
    unit: str


class InventoryHistory:
    """The inventories of one report, one after another; together they are all of time."""

    def __init__(self, versions: Sequence[InventoryVersion], zone: str, calendar: str = "") -> None:
        """zone: of an inventory that names none. calendar: counted in that one, "": each target in its own."""
        self._versions = versions
        self._zone = zone
        self._calendar_name = calendar
        self._bodies: dict[str, bytes] = {}
        self._known: dict[str, Calendar] = {}
        self._intervals: dict[str, tuple[SettingsInterval, ...]] = {}
        self._hours: dict[tuple[tuple[int, ...], str], tuple[tuple[Span, str], ...]] = {}

    @property
    def newest(self) -> InventoryVersion:
        """The one in force at the end."""
        return self._versions[-1]

    @property
    def versions(self) -> Sequence[InventoryVersion]:
        """All of them, oldest first."""
        return self._versions

    def within(self, start_ms: int, end_ms: int) -> tuple[tuple[str, int, int], ...]:
        """Hash and extent of each in [start_ms, end_ms)."""
        clipped = (
            (version.hash, max(version.start_ms, start_ms), min(version.end_ms, end_ms)) for version in self._versions
        )
        return tuple((hash_, start, end) for hash_, start, end in clipped if hash_ and start < end)

    def intervals(self, target: str) -> tuple[SettingsInterval, ...]:
        """Settings over all time: an inventory without the target takes those of the one before, else of the next."""
        if target not in self._intervals:
            if len(self._intervals) >= _MOST_TARGETS:
                del self._intervals[next(iter(self._intervals))]  # the oldest: targets come one after another
            self._intervals[target] = tuple(_joined(self._filled(target)))
        return self._intervals[target]

    def residences(self, target: str) -> tuple[Residence, ...]:
        """Where it was over all time, as ``intervals`` has it: those of one site are the same for all its targets."""
        found: list[Residence] = []
        for start, end, place in self._stretches(target):
            entry = self._read[place].targets.get(target, _NO_ENTRY)
            site, unit = _site_of(target, entry), entry.get("unit", "")
            stays = bool(found) and (found[-1].site, found[-1].unit) == (site, unit)
            found.append(Residence(found.pop().start_ms if stays else start, end, site, unit))
        return tuple(found)

    def calendar(self, hash_: str) -> Calendar:
        """One of those that ``intervals`` names. LedgerError if it cannot be read."""
        if hash_ not in self._known:
            try:
                self._known[hash_] = parse_calendar(self._bodies[hash_])
            except ValidationError as error:
                raise LedgerError(CALENDAR_UNREADABLE.filled(digest=hash_, why=error)) from error
        return self._known[hash_]

    def hours(self, target: str, name: str) -> tuple[tuple[Span, str], ...]:
        """Which calendar, by hash, holds when for a target that is counted in the calendar of that name; all of time.

        SansangError where no inventory has one of that name.
        """
        places = tuple(place for _, _, place in self._stretches(target))
        if (places, name) not in self._hours:
            stretches = [
                ((start, end), self._calendar_named(place, name)) for start, end, place in self._stretches(target)
            ]
            self._hours[places, name] = tuple(stretches)
        return self._hours[places, name]

    def hashes(self, name: str) -> tuple[str, ...]:
        """The hash of the calendar of that name in each inventory. SansangError where none has one."""
        return tuple(self._calendar_named(place, name) for place in range(len(self._read)))

    def calendars_of_targets(self) -> tuple[tuple[str, str], ...]:
        """Name and hash of every calendar that any target has as its own."""
        used = {
            self._calendar_of(place, name)
            for place, inventory in enumerate(self._read)
            for name in {entry.get("calendar", "always") for entry in inventory.targets.values()}
        }
        return tuple(sorted(used))

    def body(self, hash_: str) -> bytes:
        """The canonical document of a calendar that was named."""
        return self._bodies[hash_]

    def _filled(self, target: str) -> Iterator[SettingsInterval]:
        last: tuple[tuple[int, ...], TargetSettings] | None = None
        for start, end, place in self._stretches(target):
            rests_on = self._read[place].rests_on(target)
            if last is None or last[0] != rests_on:
                last = rests_on, self._settings(place, target)
            yield SettingsInterval(start, end, last[1])

    def _stretches(self, target: str) -> Iterator[tuple[int, int, int]]:
        """Which inventory, by its place, tells of the target in which stretch; the newest where none has it."""
        known = [place for place, inventory in enumerate(self._read) if target in inventory.targets]
        known = known or [len(self._read) - 1]
        starts = [
            self._versions[0].start_ms,
            *(self._versions[place].start_ms for place in known[1:]),
            self._versions[-1].end_ms,
        ]
        return ((start, end, place) for (start, end), place in zip(pairwise(starts), known, strict=True))

    def _settings(self, place: int, target: str) -> TargetSettings:
        inventory = self._read[place]
        entry = inventory.targets.get(target, _NO_ENTRY)
        return inventory.settings(target, entry, self._calendar_of(place, entry.get("calendar", "always")))

    @cached_property
    def _read(self) -> tuple[_Inventory, ...]:
        return tuple(_Inventory(version, self._zone) for version in self._versions)

    def _calendar_of(self, place: int, own: str) -> tuple[str, str]:
        """Name and hash of the calendar that counts."""
        if self._calendar_name:
            return self._calendar_name, self._calendar_named(place, self._calendar_name)
        return own, self._calendar_in([place], own)

    def _calendar_named(self, place: int, name: str) -> str:
        """The hash of the calendar as this inventory has it, else an earlier one, else the next that has it."""
        return self._calendar_in([place, *range(place - 1, -1, -1), *range(place + 1, len(self._read))], name)

    def _calendar_in(self, places: Iterable[int], name: str) -> str:
        for near in places:
            document = self._read[near].calendar(name)
            if document is not None:
                self._bodies.setdefault(document[0], document[1])
                return document[0]
        known = ", ".join(
            sorted({*BUILT_IN, *(calendar for inventory in self._read for calendar in inventory.calendars)})
        )
        raise SansangError(_NO_CALENDAR.filled(name=quoted(name), known=known))


_NO_ENTRY: Mapping[str, Any] = MappingProxyType({})
_MOST_TARGETS = 10_000  # whose settings are kept: a country has more, and is read target by target
_PARTS = 3  # of an inventory that all settings rest on, beside units: so a circle of units ends
_NO_CALENDAR = Text("không có lịch {name}; các lịch có: {known}", "there is no calendar {name}; there are: {known}")


class _Inventory:
    """One version, by id."""

    def __init__(self, version: InventoryVersion, zone: str) -> None:
        document = version.document
        self.start_ms = version.start_ms
        self.targets: Mapping[str, Mapping[str, Any]] = {target["id"]: target for target in document["targets"]}
        self.calendars: Mapping[str, Any] = document["calendars"]
        self._zone = document["organisation"].get("timezone", zone)
        self._organisation = document["organisation"]
        self._sites = {site["id"]: site for site in document["sites"]}
        self._modules: Mapping[str, Any] = document.get("modules", {})
        self._units = {unit["id"]: unit for unit in document["units"]}
        self._above = {unit["id"]: unit.get("parent") for unit in document["units"]}
        self._documents: dict[str, tuple[str, bytes] | None] = {}
        self._chains: dict[str, tuple[int, ...]] = {}

    def rests_on(self, target: str) -> tuple[int, ...]:
        """Which parts of the document its settings come from: versions share what is the same in both."""
        entry = self.targets.get(target, _NO_ENTRY)
        site, unit = self._sites.get(_site_of(target, entry)), entry.get("unit", "")
        chain = self._chains.get(unit)
        if chain is None:
            chain = self._chains[unit] = self._chain(unit)
        return id(entry), id(site), *chain

    def _chain(self, unit: str | None) -> tuple[int, ...]:
        """What all targets of a unit rest on."""
        parts = [self._organisation, self.calendars, self._modules]
        while unit in self._units and len(parts) <= len(self._units) + _PARTS:
            parts.append(self._units[unit])
            unit = self._above[unit]
        return tuple(map(id, parts))

    def settings(self, target: str, entry: Mapping[str, Any], calendar: tuple[str, str]) -> TargetSettings:
        """The settings of a target from its entry."""
        subject = self._subject(target, entry)
        slo = Fraction(entry["slo"]) if entry.get("slo") else None
        confirm = int(entry.get("policy", {}).get("confirm_interval_ms", 0))
        return TargetSettings(
            subject,
            *calendar,
            slo,
            scopes(target, subject.site, subject.unit, self._above),
            confirm,
            self._limits(entry),
            self._modules.get(entry.get("module", ""), {}).get("probe", ""),
        )

    def _limits(self, entry: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
        options = self._modules.get(entry.get("module", ""), {}).get("options", {})
        limits = options.get("degraded") or {}
        return tuple(sorted((name, limit) for name, limit in limits.items() if limit is not None))

    def calendar(self, name: str) -> tuple[str, bytes] | None:
        """Hash and canonical bytes."""
        if name not in self._documents:
            document = self.calendars.get(name) or (
                document_of(calendars_of(self._zone)[name]) if name in BUILT_IN else None
            )
            body = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
            self._documents[name] = None if document is None else (digest(body), body)
        return self._documents[name]

    def _subject(self, target: str, entry: Mapping[str, Any]) -> Subject:
        site = _site_of(target, entry)
        unit = self._units.get(entry.get("unit", ""), {})
        return Subject(
            target,
            entry.get("name", ""),
            entry.get("role", ""),
            site,
            self._sites.get(site, {}).get("name", ""),
            entry.get("unit", ""),
            unit.get("name", ""),
            unit.get("level", ""),
        )


def _site_of(target: str, entry: Mapping[str, Any]) -> str:
    site: str = entry.get("site", target.partition("/")[0])
    return site


def _joined(intervals: Iterable[SettingsInterval]) -> Iterator[SettingsInterval]:
    """The intervals, with neighbours of equal settings joined."""
    last: SettingsInterval | None = None
    for interval in intervals:
        if last is not None and (last.settings is interval.settings or last.settings == interval.settings):
            last = SettingsInterval(last.start_ms, interval.end_ms, interval.settings)
            continue
        if last is not None:
            yield last
        last = interval
    if last is not None:
        yield last
