"""The evidence of scores out of a ledger at one moment: what it is about at once, its targets one after another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property

from agent.availability.accounting import ReportTerms, clipped
from agent.availability.intervals import Interval
from agent.availability.spans import Span
from agent.availability.zones import date_of, offsets
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.state_history import HistoryQuery, TargetHistory, Wanted, all_targets, each_target_history
from agent.ledger.reader import Reader
from agent.ledger.signed.amendments import DatedAmendment
from agent.reporting.builder import (
    ReportBuilder,
    ReportQuery,
    SignedRows,
    inventory_history,
    stands_beside,
    within_period,
)
from agent.reporting.provenance import ledger_provenance
from agent.reporting.scoring.declared import declared_facts
from agent.reporting.scoring.device_evidence import device_evidence
from agent.reporting.scoring.measured_evidence import measured_spans
from agent.reporting.scoring.places import Places
from agent.reporting.unit_grouping import unit_grouping
from agent.scoring.evidence import (
    DeviceEvidence,
    Evidence,
    GivenValue,
    MeasuredSpan,
    SignedCorrection,
    TargetEvidence,
    UnitBasis,
)
from agent.scoring.measures import (
    AgeMeasure,
    AgeTest,
    BooleanMeasure,
    CountMeasure,
    FeatureTest,
    FirstByteTest,
    QuantileMeasure,
    ShareMeasure,
    area_of,
)
from agent.scoring.measuring.areas import UnitTree
from agent.scoring.sheet import ScoreSheet


@dataclass(frozen=True, slots=True)
class EvidenceQuery:
    """Whose record, of which time, on which basis of units; zone: of an inventory that names none."""

    terms: ReportTerms
    zone: str
    observer: str
    basis: UnitBasis = UnitBasis.AS_WAS


_OF_MEASURED_DAYS = (BooleanMeasure, QuantileMeasure, FeatureTest, FirstByteTest)


@dataclass(frozen=True, slots=True)
class SheetNeeds:
    """What of a ledger the measures of a sheet ask for. calendars: beside each target's own."""

    calendars: tuple[str, ...]
    devices: bool
    measured: bool


def needs_of(sheet: ScoreSheet) -> SheetNeeds:
    """Everything that a criterion of it is counted from."""
    measures = [measure for criterion in sheet.criteria for measure in criterion.measures]
    areas = [area for measure in measures if (area := area_of(measure)) is not None]
    tests = [measure.test for measure in measures if isinstance(measure, ShareMeasure | CountMeasure)]
    aged = any(isinstance(asked, AgeMeasure | AgeTest) for asked in (*measures, *tests))
    by_days = any(isinstance(asked, _OF_MEASURED_DAYS) for asked in (*measures, *tests))
    return SheetNeeds(tuple(sorted({area.calendar for area in areas} - {""})), aged, by_days)


class LedgerEvidence:
    """Read within the moment in which the reader looked the ledger through."""

    def __init__(self, reader: Reader, alive: Heartbeat | None, query: EvidenceQuery, sheet: ScoreSheet) -> None:
        self._reader = reader
        self._alive = alive
        self._query = query
        self._needs = needs_of(sheet)
        self._inventories = Inventories(reader, query.observer)
        report = ReportQuery(query.terms, query.zone, query.observer)
        self._signed = SignedRows(reader)
        self._history = inventory_history(self._inventories, self._signed, report)
        grouping = unit_grouping(self._inventories, self._history, query.zone, query.terms.as_of_ms)
        self._builder = ReportBuilder(self._history, self._signed, report, grouping)
        self._places = Places(grouping, self._history, query.terms, query.basis)

    def about(self, given: Sequence[GivenValue] = ()) -> Evidence:
        """Everything but the targets."""
        terms, observer = self._query.terms, self._query.observer
        newest = self._inventories.versions(terms.as_of_ms - 1, terms.as_of_ms)[-1]
        within = self._inventories.versions(terms.start_ms, terms.until_ms)
        versions = [newest, *(version for version in reversed(within) if version.hash != newest.hash)]
        names = self._calendar_names()
        return Evidence(
            terms,
            self._query.zone,
            newest.document["organisation"].get("name", ""),
            observer,
            self._places.units(),
            {site["id"]: site.get("name", "") for version in reversed(versions) for site in version.document["sites"]},
            (),
            {digest: self._history.body(digest) for _, digest in names},
            tuple(declared_facts(newest, reversed(within), self._last_day)),
            tuple(given),
            ledger_provenance(
                self._reader,
                observer,
                self._history.newest.hash,
                names,
                self._history.within(terms.start_ms, terms.until_ms),
            ),
            basis=self._query.basis,
            sites=self._places.sites(versions),
            booked=self._signed.windows(terms),
        )

    def kept(self, evidence: Evidence, targets: Sequence[TargetEvidence]) -> Evidence:
        """The evidence with these targets, and of windows and corrections those of them."""
        names = {target.target for target in targets}
        windows = {window.id for target in targets for window in target.windows}
        return replace(
            evidence,
            targets=tuple(targets),
            booked=tuple(window for window in evidence.booked if window.id in windows),
            signed=tuple(map(_signed, self._signed.corrections_of(names, self._query.terms))),
        )

    def targets(self, units: Collection[str] | None = None) -> Iterator[TargetEvidence]:
        """Every target that was configured in the period, by id; with units only those that counted below one of them.

        Of the others no state is read.
        """
        terms = self._query.terms
        query = HistoryQuery(
            self._query.observer, terms.start_ms, terms.end_ms, terms.as_of_ms, self._alive, self._inventories.behind
        )
        wanted = all_targets if units is None else self._below(units)
        for life in each_target_history(self._reader, query, soft_failures=False, wanted=wanted):
            states = tuple(clipped(life.states, terms.start_ms, terms.until_ms))
            if states:
                yield self._target(life, states)

    def _below(self, units: Collection[str]) -> Wanted:
        """Whether a target counted, at any time of the period, in one of the units or below it."""
        tree = UnitTree(self._places.units())
        asked = frozenset(units)

        @cache
        def is_below(target: str) -> bool:
            return any(asked.intersection(tree.above(place.unit)) for place in self._places.of_target(target))

        return is_below

    def _target(self, life: TargetHistory, states: tuple[Interval, ...]) -> TargetEvidence:
        settings = self._history.intervals(life.target)[-1].settings
        subject = settings.subject
        return TargetEvidence(
            life.target,
            subject.name,
            subject.role,
            settings.probe,
            self._places.of_target(life.target),
            states,
            self._hours(life.target),
            self._builder.windows(life),
            self._builder.corrections(life.target),
            settings.slo,
            measured=self._measured.get(life.target, ()),
            device=self._devices.get(life.target),
            beside=stands_beside(settings),
        )

    def _hours(self, target: str) -> Mapping[str, tuple[tuple[Span, str], ...]]:
        own = (((one.start_ms, one.end_ms), one.settings.calendar_hash) for one in self._history.intervals(target))
        hours = {"": within_period(own, self._query.terms)}
        for name in self._needs.calendars:
            hours[name] = within_period(self._history.hours(target, name), self._query.terms)
        return hours

    def _calendar_names(self) -> tuple[tuple[str, str], ...]:
        """Name and hash of every calendar that may count."""
        named = {(name, digest) for name in self._needs.calendars for digest in self._history.hashes(name)}
        return tuple(sorted({*self._history.calendars_of_targets(), *named}))

    @cached_property
    def _devices(self) -> Mapping[str, DeviceEvidence]:
        if not self._needs.devices:
            return {}
        return device_evidence(self._reader, self._query.observer, self._query.terms.until_ms)

    @cached_property
    def _measured(self) -> Mapping[str, tuple[MeasuredSpan, ...]]:
        if not self._needs.measured:
            return {}
        query = self._query
        period = self._day(query.terms.start_ms), self._last_day
        return measured_spans(self._reader, query.observer, query.zone, period, self._places.of_target)

    @property
    def _last_day(self) -> date:
        """The local day of the last instant that counts."""
        return self._day(max(self._query.terms.until_ms, self._query.terms.start_ms + 1) - 1)

    def _day(self, at_ms: int) -> date:
        return date_of(at_ms + offsets(self._query.zone, at_ms, at_ms + 1)[0].offset_ms)


def _signed(correction: DatedAmendment) -> SignedCorrection:
    row = correction.row
    return SignedCorrection(
        correction.seq,
        row.refers_to,
        correction.target,
        row.start_wall_ms,
        row.end_wall_ms,
        row.state,
        row.cause,
        correction.wall_ms,
        row.who,
        row.why,
    )
