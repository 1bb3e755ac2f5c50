"""What the accounts of all targets of one report share: names, calendars, maintenance windows, corrections."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from agent.availability.accounting import Scoring, Terms, Window, account, tally
from agent.availability.amending import amended
from agent.availability.calendar import Calendar
from agent.availability.calendar_document import AnyCalendar, calendar_of
from agent.availability.figures import Subject, TargetFigures
from agent.availability.intervals import Interval
from agent.errors import LedgerError, SansangError
from agent.inventory.calendars import BUILT_IN, built_in
from agent.inventory.entities import digest
from agent.ledger import amendments, maintenance
from agent.ledger.inventories import Inventories, Kept
from agent.ledger.lives import Life
from agent.ledger.reading import Reader
from agent.model import Reason, State, UnknownCause

_CALENDAR: TypeAdapter[Any] = TypeAdapter(AnyCalendar)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: terms, whose eyes, which targets (empty: all), which calendar ("": each its own), which groups."""

    terms: Terms
    zone: str
    observer: str
    calendar: str = ""
    roles: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    by: str = "target"

    def wants(self, subject: Subject) -> bool:
        """Whether the target belongs to the report."""
        return (
            (not self.roles or subject.role in self.roles)
            and (not self.sites or subject.site in self.sites)
            and (not self.targets or subject.target in self.targets)
        )


class Book:
    """One report's share in the ledger's inventories: the newest that was in force, and what rows say beside it."""

    def __init__(self, reader: Reader, kept: Inventories, inventory: Kept, query: Query) -> None:
        document = inventory.document
        self._zone = document["organisation"].get("timezone", query.zone)
        self._query, self._kept = query, kept
        self._documents: Mapping[str, Any] = document["calendars"]
        self._targets = inventory.targets()
        self._sites = {site["id"]: site for site in document["sites"]}
        self._units = {unit["id"]: unit for unit in document["units"]}
        self._windows = maintenance.windows(maintenance.read(reader), query.terms.as_of_ms)
        self._amended = _corrections(reader, query.terms.as_of_ms)
        self._calendars: dict[str, Calendar] = {}
        self._scorings: dict[tuple[str, tuple[str, ...]], Scoring] = {}
        self._subjects: dict[str, Subject] = {}

    def subject(self, target: str) -> Subject:
        """What the inventory calls it, the newest one that knows it."""
        if target not in self._subjects:
            self._subjects[target] = self._named(target, self._says(target))
        return self._subjects[target]

    def _says(self, target: str) -> Mapping[str, Any]:
        return self._targets.get(target) or self._kept.ever(target) or {}

    def _named(self, target: str, says: Mapping[str, Any]) -> Subject:
        site = says.get("site", target.partition("/")[0])
        unit = self._units.get(says.get("unit", ""), {})
        return Subject(
            target,
            says.get("name", ""),
            says.get("role", ""),
            site,
            self._sites.get(site, {}).get("name", ""),
            says.get("unit", ""),
            unit.get("name", ""),
            unit.get("level", ""),
        )

    def figures(self, life: Life) -> TargetFigures:
        """The account of one target, and what corrections make of it."""
        says = self._says(life.target)
        name = self._query.calendar or says.get("calendar", "always")
        scoring = self.scoring(name, self.subject(life.target))
        found = account(
            self.subject(life.target), life.states, scoring, life.soft, calendar=name, resolution_ms=life.interval_ms
        )
        corrections = self._amended.get(life.target)
        if not corrections:
            return found
        return replace(found, amended=tally(amended(life.states, corrections), scoring))

    def scoring(self, calendar: str, subject: Subject) -> Scoring:
        """Which instants count for it; shared by the targets under the same windows."""
        scopes = self._scopes(subject)
        windows = tuple(window for window in self._windows if window.scope in scopes)
        key = calendar, tuple(window.id for window in windows)
        if key not in self._scorings:
            booked = [one for window in windows for one in _booked(window)]
            self._scorings[key] = Scoring(self._query.terms, self._calendar(calendar), booked)
        return self._scorings[key]

    def _scopes(self, subject: Subject) -> frozenset[str]:
        found = {maintenance.ALL, f"target:{subject.target}", f"site:{subject.site}"}
        unit: str | None = subject.unit
        while unit and f"unit:{unit}" not in found:
            found.add(f"unit:{unit}")
            unit = self._units.get(unit, {}).get("parent")
        return frozenset(found)

    def _calendar(self, name: str) -> Calendar:
        if name not in self._calendars:
            try:
                self._calendars[name] = calendar_of(_CALENDAR.validate_json(_canonical(self._document(name))))
            except ValidationError as error:
                raise LedgerError(f"the calendar {name!a} of the ledger cannot be read: {error}") from error
        return self._calendars[name]

    def _document(self, name: str) -> Any:
        if name in self._documents:
            return self._documents[name]
        if name in BUILT_IN:
            return built_in(self._zone)[name]
        known = ", ".join(sorted({*BUILT_IN, *self._documents}))
        raise SansangError(f"there is no calendar {name!a}; there are: {known}")

    def calendars_used(self) -> tuple[tuple[str, str], ...]:
        """Names and hashes."""
        return tuple((name, digest(_canonical(self._document(name)))) for name in sorted(self._calendars))


def _canonical(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _booked(window: maintenance.Window) -> Iterable[Window]:
    """A cancelled window ends where it was cancelled; one that never began is none."""
    end = window.end_wall_ms
    if window.cancelled_wall_ms is not None:
        end = min(end, max(window.cancelled_wall_ms, window.start_wall_ms))
    if window.retroactive:
        yield Window(window.id, window.start_wall_ms, window.end_wall_ms, window.recorded_wall_ms)
    elif end > window.start_wall_ms:
        yield Window(window.id, window.start_wall_ms, end, window.recorded_wall_ms)


def _corrections(reader: Reader, as_of_ms: int) -> Mapping[str, list[Interval]]:
    """By target, in the order signed."""
    found: dict[str, list[Interval]] = defaultdict(list)
    for one in amendments.read(reader):
        row = one.row
        if row.recorded_wall_ms <= as_of_ms:
            cause = UnknownCause(row.cause) if row.state is State.UNKNOWN else Reason(row.cause)
            span = (row.start_wall_ms, row.end_wall_ms)
            found[one.target].append(Interval(*span, row.state, cause, row.recorded_wall_ms))
    return found
