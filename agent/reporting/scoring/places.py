"""Units, sites and where targets count when, for the scores of a period: as it was, or by the units of today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from agent.availability.accounting import ReportTerms
from agent.availability.spans import Span, intersection
from agent.availability.unit_history import UnitSpan
from agent.ledger.history.inventories import InventoryVersion
from agent.reporting.inventory_history import InventoryHistory, Residence
from agent.reporting.unit_grouping import UnitGrouping
from agent.scoring.evidence import Placement, UnitBasis, UnitPeriod


class Places:
    """By the legal dates of units where there are any, else as recorded; everything inside the period."""

    def __init__(self, grouping: UnitGrouping, history: InventoryHistory, terms: ReportTerms, basis: UnitBasis) -> None:
        self._grouping = grouping
        self._history = history
        self._terms = terms
        self._basis = basis
        self._known: dict[tuple[Residence, ...], tuple[Placement, ...]] = {}

    def units(self) -> tuple[UnitPeriod, ...]:
        """Those that existed in the period; by the units of today, those that exist today."""
        return tuple(unit for id_ in self._grouping.units if (unit := self._unit(id_)) is not None)

    def of_target(self, target: str) -> tuple[Placement, ...]:
        """Unit and site of a target in its time."""
        residences = self._history.residences(target)
        if residences not in self._known:
            self._known[residences] = self._placed(residences)
        return self._known[residences]

    def _placed(self, residences: tuple[Residence, ...]) -> tuple[Placement, ...]:
        spans = self._grouping.spans_of(residences)
        if self._basis is UnitBasis.TODAY:
            spans = (UnitSpan(residences[0].start_ms, residences[-1].end_ms, self._grouping.today_of(spans)),)
        pieces = (
            Placement(max(span.start_ms, one.start_ms), min(span.end_ms, one.end_ms), span.unit, one.site)
            for span in spans
            for one in residences
            if span.start_ms < one.end_ms and one.start_ms < span.end_ms
        )
        return tuple(_joined(self._within(pieces)))

    def sites(self, versions: Iterable[InventoryVersion]) -> Mapping[str, tuple[Placement, ...]]:
        """Every site that an inventory of the period has, also without targets."""
        ids = dict.fromkeys(site["id"] for version in versions for site in version.document["sites"])
        return {site: tuple(self._within(self._of_site(site))) for site in ids}

    def _of_site(self, site: str) -> Iterator[Placement]:
        spans = self._grouping.site_spans(site)
        if self._basis is UnitBasis.TODAY and spans:
            spans = (UnitSpan(spans[0].start_ms, spans[-1].end_ms, self._grouping.today_of_site(site)),)
        return (Placement(span.start_ms, span.end_ms, span.unit, site) for span in spans)

    def _unit(self, id_: str) -> UnitPeriod | None:
        whole: Span = (self._terms.start_ms, self._terms.end_ms)
        existence = self._grouping.existence(id_)
        spans = intersection([existence], [whole])
        successors = self._grouping.successors(id_)
        is_there = id_ in successors
        if self._basis is UnitBasis.TODAY:
            spans = (whole,) if is_there else ()
        if not spans and not (is_there and self._basis is UnitBasis.TODAY_MEAN):
            return None
        by_today = is_there and self._basis is not UnitBasis.AS_WAS
        at_ms = self._terms.as_of_ms if by_today else min(spans[-1][1], max(self._terms.until_ms, spans[-1][0] + 1)) - 1
        facts = self._grouping.unit(id_, at_ms)
        return UnitPeriod(id_, facts.name, facts.code, facts.level, facts.parent, spans, successors)

    def _within(self, placements: Iterable[Placement]) -> Iterator[Placement]:
        for place in placements:
            start, end = max(place.start_ms, self._terms.start_ms), min(place.end_ms, self._terms.end_ms)
            if start < end:
                yield Placement(start, end, place.unit, place.site)


def _joined(placements: Iterable[Placement]) -> Iterator[Placement]:
    last: Placement | None = None
    for place in placements:
        if last is not None and (last.unit, last.site, last.end_ms) == (place.unit, place.site, place.start_ms):
            last = Placement(last.start_ms, place.end_ms, last.unit, last.site)
            continue
        if last is not None:
            yield last
        last = place
    if last is not None:
        yield last
