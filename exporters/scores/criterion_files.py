"""For each criterion a folder of what is behind its points: figures, targets, outages, maintenance, corrections, facts.

For machines and for people with a spreadsheet: CSV, exact numbers, instants in UTC. All of it follows from the packed
evidence; nothing is read from here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.availability.accounting import clipped
from agent.availability.instants import iso_utc
from agent.characters import unaccented
from agent.model import State
from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evaluation import CriterionScore
from agent.scoring.evidence import TargetEvidence
from agent.scoring.measures import (
    AgeMeasure,
    Area,
    BooleanMeasure,
    CountMeasure,
    FactMeasure,
    FactTest,
    Measure,
    QuantileMeasure,
    ShareMeasure,
    UptimeMeasure,
)
from agent.scoring.measuring.areas import UnitTree, placements_by_unit
from agent.scoring.measuring.target_count import CountedTime, TargetCount
from agent.scoring.package.cells import exact_number
from agent.scoring.values import Document, MeasuredValue
from exporters.reports.csv_file import harmless

_FIGURES = (
    "unit", "unit_name", "points", "maximum", "state", "measure", "status", "source", "quantity", "numerator",
    "denominator", "choice", "calendar", "known_of_counted", "excluded_ms", "members", "lacking", "unsure", "amended",
    "document", "dated", "note",
)  # fmt: skip
_TARGETS = (
    "unit", "measure", "target", "name", "role", "calendar", "scoring_ms", "maintenance_ms", "unknown_ms", "down_ms",
    "degraded_ms", "up_ms", "availability_percent", "outages",
)  # fmt: skip
_OUTAGES = (
    "unit", "measure", "target", "name", "number", "start", "end", "counted_ms", "confirmed", "cause",
)  # fmt: skip
_MAINTENANCE = (
    "target", "window", "start", "end", "excluded", "scope", "recorded", "cancelled", "announced_on", "who", "why",
)  # fmt: skip
_CORRECTIONS = (
    "target", "seq", "corrects", "start", "end", "state", "cause", "recorded", "who", "why",
)  # fmt: skip
_FACTS = ("owner", "fact", "value", "unit", "document", "dated", "note")
_Row = Sequence[object]


def criterion_files(report: ScoreReport) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file; a criterion that rests on no targets has its figures alone."""
    behind = _Behind(report)
    for number, criterion in enumerate(report.sheet.criteria, 1):
        folder = f"criteria/{number:03d}-{_plain(criterion.code)}/"
        yield f"{folder}figures.csv", _csv(_FIGURES, behind.figures(number - 1))
        areas = [(place, area) for place, measure in enumerate(criterion.measures, 1) if (area := area_of(measure))]
        if areas:
            yield from behind.of_targets(folder, areas)
        facts = {fact for measure in criterion.measures if (fact := _fact_of(measure))}
        if facts:
            yield f"{folder}facts.csv", _csv(_FACTS, behind.facts(facts))


def area_of(measure: Measure) -> Area | None:
    """Whose targets the measure counts; None for one that counts none."""
    match measure:
        case ShareMeasure() | CountMeasure():
            return None if isinstance(measure.test, FactTest) else measure.area
        case UptimeMeasure() | BooleanMeasure() | QuantileMeasure() | AgeMeasure():
            return measure.area
        case _:
            return None


def _fact_of(measure: Measure) -> str:
    match measure:
        case FactMeasure():
            return measure.fact
        case ShareMeasure(test=FactTest(fact)) | CountMeasure(test=FactTest(fact)):
            return fact
        case _:
            return ""


def _plain(code: str) -> str:
    return re.sub("[^A-Za-z0-9._-]", "-", unaccented(code)).upper()[:40]


def _csv(columns: Sequence[str], rows: Iterable[_Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


@dataclass(frozen=True, slots=True)
class _Counted:
    """A target as it counts for one unit in one measure."""

    unit: str
    measure: int
    calendar: str
    count: TargetCount


class _Behind:
    """What the folders of one report share."""

    def __init__(self, report: ScoreReport) -> None:
        self._report = report
        self._units = report.unit_periods()
        self._scored = [score.unit for score in report.scores]
        self._tree = UnitTree(report.evidence.units)
        self._time = CountedTime(report.evidence)
        self._windows = {window.id: window for window in report.evidence.booked}

    def figures(self, place: int) -> Iterator[_Row]:
        """A row for each unit and each measure of the criterion of that place."""
        for score in self._report.scores:
            row = score.rows[place]
            name = self._units[score.unit].name
            for number, value in enumerate(row.values or (None,), 1):
                yield (score.unit, name, *_points(row), number, *_value(value))

    def of_targets(self, folder: str, areas: Sequence[tuple[int, Area]]) -> Iterator[tuple[str, bytes]]:
        """The files about targets."""
        counted = [one for measure, area in areas for one in self._counted(measure, area)]
        targets = {one.count.target.target: one.count.target for one in counted}
        yield f"{folder}targets.csv", _csv(_TARGETS, map(self._target_row, counted))
        yield f"{folder}outages.csv", _csv(_OUTAGES, (row for one in counted for row in self._outages(one)))
        yield f"{folder}maintenance.csv", _csv(_MAINTENANCE, self._maintenance(targets))
        yield f"{folder}corrections.csv", _csv(_CORRECTIONS, self._corrections(targets))

    def facts(self, names: set[str]) -> Iterator[_Row]:
        """What was declared under these names."""
        for fact in self._report.evidence.facts:
            if fact.fact in names:
                yield fact.owner, fact.fact, fact.value, fact.unit, *_document(fact.document)

    def _counted(self, measure: int, area: Area) -> Iterator[_Counted]:
        for target in self._report.evidence.targets:
            placed = placements_by_unit(self._tree, area, target, self._scored)
            for unit in self._scored:
                if unit in placed:
                    yield _Counted(unit, measure, area.calendar, TargetCount(target, placed[unit], self._time))

    def _target_row(self, one: _Counted) -> _Row:
        target, tally = one.count.target, one.count.tally(one.calendar)
        share = tally.availability
        calendars = " ".join(dict.fromkeys(one.count.calendars(one.calendar)))
        figures = *tally.sums, "" if share is None else share.percent(4), one.count.outages(one.calendar)
        return one.unit, one.measure, target.target, target.name, target.role, calendars, *figures

    def _outages(self, one: _Counted) -> Iterator[_Row]:
        target = one.count.target
        counted = self._time.scoring(target.hours[one.calendar], target.windows).counted_net
        for start_ms, end_ms in one.count.spans:
            for state in clipped(target.states, start_ms, end_ms):
                ms = counted.within(state.start_ms, state.end_ms) if state.state is State.DOWN else 0
                if ms:
                    known = iso_utc(state.start_ms), iso_utc(state.end_ms), ms, iso_utc(state.confirmed_ms)
                    cause = str(state.cause.value)
                    yield one.unit, one.measure, target.target, target.name, state.number, *known, cause

    def _maintenance(self, targets: Mapping[str, TargetEvidence]) -> Iterator[_Row]:
        for target in targets.values():
            for applied in target.windows:
                span = iso_utc(applied.start_ms), iso_utc(applied.end_ms), "yes" if applied.excluded else "no"
                booked = self._windows.get(applied.id)
                if booked is None:
                    yield target.target, applied.id, *span, *[""] * 6
                    continue
                cancelled = "" if booked.cancelled_wall_ms is None else iso_utc(booked.cancelled_wall_ms)
                said = booked.scope, iso_utc(booked.recorded_wall_ms), cancelled, booked.announced_on
                yield target.target, applied.id, *span, *said, booked.who, booked.why

    def _corrections(self, targets: Mapping[str, TargetEvidence]) -> Iterator[_Row]:
        for signed in self._report.evidence.signed:
            if signed.target in targets:
                span = iso_utc(signed.start_ms), iso_utc(signed.end_ms)
                said = signed.state.name.lower(), signed.cause, iso_utc(signed.recorded_ms), signed.who, signed.why
                yield signed.target, signed.seq, signed.refers_to, *span, *said


def _points(row: CriterionScore) -> _Row:
    points = "" if row.points is None else format(row.points, "f")
    return points, format(row.criterion.maximum, "f"), row.state.value


def _value(value: MeasuredValue | None) -> _Row:
    if value is None:
        return [""] * (len(_FIGURES) - 6)
    coverage, amended = (
        "" if figure is None else f"{figure.numerator}/{figure.denominator}"
        for figure in (value.coverage, value.amended)
    )
    numbers = exact_number(value.numerator), exact_number(value.denominator)
    named = value.members, " ".join(value.lacking), " ".join(value.unsure)
    kind = value.status.value, value.source.value, value.quantity.value
    counted = value.choice, value.calendar, coverage, value.excluded_ms
    return *kind, *numbers, *counted, *named, amended, *_document(value.document)


def _document(document: Document | None) -> _Row:
    if document is None:
        return "", "", ""
    return document.number, "" if document.dated is None else document.dated.isoformat(), document.note
