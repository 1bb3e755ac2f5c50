"""Data that all targets of one report share: names, calendars, maintenance windows, corrections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from agent.availability.accounting import ReportTerms, Scoring, account, tally
from agent.availability.calendar import Successive
from agent.availability.figures import InForce, Subject, TargetFigures
from agent.availability.intervals import Interval, overlaid
from agent.availability.maintenance import AppliedWindow, BookedWindow, applied
from agent.availability.spans import Span, intersection, union
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.recorded import recorded
from agent.ledger.history.state_history import TargetHistory
from agent.ledger.reader import Reader
from agent.ledger.rows import Configured
from agent.ledger.signed import amendments, maintenance
from agent.ledger.signed.amendments import DatedAmendment
from agent.model import Role, Selection, State, UnknownCause
from agent.probes.declared import ASKING_DEVICES, REASONS
from agent.reporting.inventory_history import InventoryHistory, SettingsInterval, TargetSettings
from agent.reporting.request import EVERYTHING
from agent.reporting.unit_grouping import UnitGrouping
from agent.reporting.unit_places import UnitPlaces
from agent.scoring.evidence import UnitBasis

_Scopes = tuple[frozenset[tuple[str, tuple[Span, ...]]], tuple[Span, ...]]
"""In which spans which scope of maintenance covers a target, and where it is configured."""

_MOST_APPLIED = 1_000


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """The terms, the observer, and what of its ledger is reported; calendar "": each target in its own."""

    terms: ReportTerms
    zone: str
    observer: str
    calendar: str = ""
    selection: Selection = EVERYTHING
    by: str = "target"
    units: UnitBasis = UnitBasis.AS_WAS


class SignedRows:
    """Maintenance and corrections, as people signed them; read once for many reports."""

    def __init__(self, reader: Reader) -> None:
        dates = recorded(reader)
        self._maintenance = maintenance.read(reader, dates)
        self._corrections = amendments.read(reader, dates)

    def windows(self, terms: ReportTerms) -> tuple[BookedWindow, ...]:
        """The windows that touch the period and were known at the report's instant."""
        known = maintenance.windows(self._maintenance, terms.as_of_ms)
        return tuple(
            window for window in known if window.start_wall_ms < terms.end_ms and window.end_wall_ms > terms.start_ms
        )

    def corrections_of(self, targets: Collection[str], terms: ReportTerms) -> tuple[DatedAmendment, ...]:
        """Corrections of these targets in the period, as known at the report's instant, in the order signed."""
        return tuple(
            correction
            for correction in self._corrections
            if correction.recorded.at_ms <= terms.as_of_ms
            and correction.target in targets
            and correction.row.start_wall_ms < terms.end_ms
            and correction.row.end_wall_ms > terms.start_ms
        )

    def corrected_states(self, as_of_ms: int) -> Mapping[str, list[Interval]]:
        """By target, in the order signed."""
        states: dict[str, list[Interval]] = defaultdict(list)
        for correction in self._corrections:
            row, recorded_ms = correction.row, correction.recorded.at_ms
            if recorded_ms <= as_of_ms:
                cause = UnknownCause(row.cause) if row.state is State.UNKNOWN else REASONS[row.cause]
                interval = Interval(row.start_wall_ms, row.end_wall_ms, row.state, cause, recorded_ms)
                states[correction.target].append(interval)
        return states


def inventory_history(inventories: Inventories, signed: SignedRows, query: ReportQuery) -> InventoryHistory:
    """The inventories of the period, and those that were in force just before its windows began."""
    terms = query.terms
    first = min([terms.start_ms, *(window.start_wall_ms - 1 for window in signed.windows(terms))])
    return InventoryHistory(inventories.versions(first, terms.until_ms), query.zone, query.calendar)


class ReportBuilder:
    """One report's share in the ledger's inventories, and what rows say beside them."""

    def __init__(
        self, versions: InventoryHistory, signed: SignedRows, query: ReportQuery, grouping: UnitGrouping
    ) -> None:
        self.versions = versions
        self._as_was = query.units is UnitBasis.AS_WAS
        self._places = UnitPlaces(grouping, query.units, query.terms.until_ms - 1)
        self._terms = query.terms
        self._windows = signed.windows(query.terms)
        self._by_scope: dict[str, list[int]] = defaultdict(list)
        for place, window in enumerate(self._windows):
            self._by_scope[window.scope].append(place)
        self._selection = query.selection
        self._amended = signed.corrected_states(query.terms.as_of_ms)
        self._applied: dict[_Scopes, tuple[AppliedWindow, ...]] = {}
        self._scorings: dict[tuple[tuple[tuple[Span, str], ...], tuple[AppliedWindow, ...]], Scoring] = {}

    def subject(self, target: str) -> Subject:
        """The target's names in the last inventory that has it."""
        return self.versions.intervals(target)[-1].settings.subject

    def figures(self, life: TargetHistory) -> TargetFigures:
        """The account of one target, and what corrections make of it."""
        last = self.versions.intervals(life.target)[-1].settings
        scoring = self.scoring(life)
        in_force = tuple(_in_force(self.versions.intervals(life.target), life, self._terms))
        resolution = max((settings.interval_ms for settings in in_force), default=life.policies[-1][1].interval_ms)
        figures = account(
            self._places.subject(last.subject, in_force),
            life.states,
            scoring,
            life.soft,
            calendar=last.calendar,
            resolution_ms=resolution,
        )
        shortest = max((settings.policy.shortest_seen_ms for settings in in_force), default=0)
        shares = self._places.shares(in_force, life.states, scoring)
        figures = replace(
            figures,
            in_force=in_force,
            moved=shares if self._as_was else (),
            origins=() if self._as_was else shares,
            shortest_seen_ms=shortest,
            beside=self._is_beside(last),
        )
        corrections = self._amended.get(life.target)
        if not corrections:
            return figures
        return replace(figures, amended=tally(overlaid(life.states, corrections), scoring))

    def _is_beside(self, settings: TargetSettings) -> bool:
        """A device that is asked about itself, unless the report was asked for devices or for this target."""
        asked_for = Role.DEVICE in self._selection.roles or bool(self._selection.targets)
        return stands_beside(settings) and not asked_for

    def scoring(self, life: TargetHistory) -> Scoring:
        """The scoring of one target, shared by the targets with the same calendars and windows."""
        intervals = self.versions.intervals(life.target)
        hours = within_period(
            (((interval.start_ms, interval.end_ms), interval.settings.calendar_hash) for interval in intervals),
            self._terms,
        )
        booked = self.windows(life)
        if (hours, booked) not in self._scorings:
            calendar = Successive(tuple((span, self.versions.calendar(hash_)) for span, hash_ in hours))
            self._scorings[hours, booked] = Scoring(self._terms, calendar, booked)
        return self._scorings[hours, booked]

    def windows(self, life: TargetHistory) -> tuple[AppliedWindow, ...]:
        """Those of maintenance, as they apply to the target."""
        intervals = self.versions.intervals(life.target)
        scopes = frozenset[str]().union(*(interval.settings.scopes for interval in intervals))
        covered = {scope: _in_scope(scope, intervals) for scope in scopes & self._by_scope.keys()}
        key = frozenset(covered.items()), life.configured
        if key not in self._applied:
            if len(self._applied) >= _MOST_APPLIED:
                del self._applied[next(iter(self._applied))]  # the oldest: targets of one unit come together
            self._applied[key] = tuple(self._applying(covered, life.configured))
        return self._applied[key]

    def _applying(self, covered: Mapping[str, tuple[Span, ...]], configured: Sequence[Span]) -> Iterator[AppliedWindow]:
        """Of the windows of these scopes, in the order in which they were booked."""
        for place in sorted(place for scope in covered for place in self._by_scope[scope]):
            window = self._windows[place]
            yield from applied(window, covered[window.scope], configured, self._terms.as_of_ms)

    def corrections(self, target: str) -> tuple[Interval, ...]:
        """What signed corrections say of the target's states, in the order signed."""
        return tuple(self._amended.get(target, ()))


def within_period(hours: Iterable[tuple[Span, str]], terms: ReportTerms) -> tuple[tuple[Span, str], ...]:
    """Which calendar, by hash, holds in which span: as far as the period reaches."""
    return tuple(
        ((max(start, terms.start_ms), min(end, terms.end_ms)), digest)
        for (start, end), digest in hours
        if start < terms.end_ms and end > terms.start_ms
    )


def stands_beside(settings: TargetSettings) -> bool:
    """Whether it is a device that is asked about itself, which is in no figure of several targets."""
    return settings.subject.role == Role.DEVICE and settings.probe in ASKING_DEVICES


def calendars_used(targets: Iterable[TargetFigures]) -> tuple[tuple[str, str], ...]:
    """Names and hashes, each once."""
    used = {(settings.calendar, settings.calendar_hash) for target in targets for settings in target.in_force}
    return tuple(sorted(used))


def _in_scope(scope: str, intervals: Sequence[SettingsInterval]) -> tuple[Span, ...]:
    """The spans in which a scope of maintenance covers the target."""
    return union((interval.start_ms, interval.end_ms) for interval in intervals if scope in interval.settings.scopes)


def _in_force(intervals: Sequence[SettingsInterval], life: TargetHistory, terms: ReportTerms) -> Iterator[InForce]:
    """The settings and the policy of each stretch in which the target was configured."""
    changes = [*(interval.start_ms for interval in intervals), *(since for since, _ in life.policies)]
    last: InForce | None = None
    for start, end in intersection(life.configured, union([(terms.start_ms, terms.until_ms)])):
        edges = sorted({start, end, *(at for at in changes if start < at < end)})
        for first_ms, after_ms in pairwise(edges):
            stretch = _stretch(first_ms, after_ms, intervals, life)
            if (
                last is not None
                and replace(last, start_ms=first_ms, end_ms=after_ms) == stretch
                and last.end_ms == first_ms
            ):
                last = replace(last, end_ms=after_ms)
                continue
            if last is not None:
                yield last
            last = stretch
    if last is not None:
        yield last


def _stretch(start_ms: int, end_ms: int, intervals: Sequence[SettingsInterval], life: TargetHistory) -> InForce:
    settings = next(interval.settings for interval in intervals if interval.start_ms <= start_ms < interval.end_ms)
    policy = _policy_at(life.policies, start_ms)
    return InForce(
        start_ms,
        end_ms,
        settings.subject,
        settings.calendar,
        settings.calendar_hash,
        settings.slo,
        policy.interval_ms,
        policy.timeout_ms,
        policy.grace_ms,
        policy.fail_after,
        policy.recover_after,
        settings.confirm_interval_ms,
        settings.degraded,
    )


def _policy_at(policies: Sequence[tuple[int, Configured]], at_ms: int) -> Configured:
    return next((row for since, row in reversed(policies) if since <= at_ms), policies[0][1])
