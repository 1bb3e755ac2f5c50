"""Scores of many units out of evidence: values, then points; for units of today also as the mean of what they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from agent.scoring.evaluation import (
    CriterionScore,
    PredecessorPoints,
    RowState,
    UnitScore,
    exact_points,
    rounded,
    score_unit,
    total,
)
from agent.scoring.evidence import Evidence, TargetEvidence, UnitBasis
from agent.scoring.measures import ExternalMeasure, ManualMeasure
from agent.scoring.measuring.measured import measured
from agent.scoring.sheet import Criterion, ScoreSheet
from agent.scoring.values import MeasuredValue, ValueStatus


def scored(
    sheet: ScoreSheet, evidence: Evidence, units: Sequence[str], targets: Iterable[TargetEvidence] | None = None
) -> tuple[UnitScore, ...]:
    """The scores of these units, in that order. targets: in the place of those of the evidence, and not kept."""
    if evidence.basis is not UnitBasis.TODAY_MEAN:
        values = measured(sheet, evidence, units, targets)
        return tuple(score_unit(sheet, unit, values[unit]) for unit in units)
    before = {unit: predecessors(evidence, unit) for unit in units}
    all_units = dict.fromkeys([*units, *(name for names in before.values() for name in names)])
    values = measured(sheet, evidence, tuple(all_units), targets)
    own = {unit: score_unit(sheet, unit, values[unit]) for unit in all_units}
    return tuple(mean_score(sheet, own[unit], [own[name] for name in before[unit]]) for unit in units)


def predecessors(evidence: Evidence, unit: str) -> tuple[str, ...]:
    """The units of the period, of its level, that are this unit today: itself among them, if it was there then."""
    levels = {other.id: other.level for other in evidence.units}
    level = levels.get(unit, "")
    return tuple(other.id for other in evidence.units if unit in other.successors and other.level == level)


def mean_score(sheet: ScoreSheet, own: UnitScore, parts: Sequence[UnitScore]) -> UnitScore:
    """Each row the mean of the exact points of the parts, rounded once; what a person gives is of the unit of today."""
    if [part.unit for part in parts] in ([], [own.unit]):
        return own
    rows = tuple(
        row if _is_given(row.criterion) else _mean_row(sheet, row.criterion, parts, place)
        for place, row in enumerate(own.rows)
    )
    return UnitScore(own.unit, rows, total(rows))


def _mean_row(sheet: ScoreSheet, criterion: Criterion, parts: Sequence[UnitScore], place: int) -> CriterionScore:
    rows = [part.rows[place] for part in parts]
    before = tuple(PredecessorPoints(part.unit, _points(row)) for part, row in zip(parts, rows, strict=True))
    points = [part.points for part in before if part.points is not None]
    values = tuple(_mean_value(of_measure) for of_measure in zip(*(row.values for row in rows), strict=True))
    if not criterion.scored:
        return CriterionScore(criterion, RowState.UNSCORED, rows[0].points, values, before)
    if len(points) < len(before):
        return CriterionScore(criterion, RowState.PENDING, None, values, before)
    state = RowState.SCORED if any(row.state is RowState.SCORED for row in rows) else RowState.ZEROED
    mean = sum(points, Fraction(0)) / len(points)
    return CriterionScore(criterion, state, rounded(mean, sheet.decimals), values, before)


def _points(row: CriterionScore) -> Fraction | None:
    """Exact, as they were before rounding."""
    if row.state is RowState.SCORED:
        return exact_points(row.criterion, row.values)
    return None if row.points is None else Fraction(row.points)


def _mean_value(values: Sequence[MeasuredValue]) -> MeasuredValue:
    """The mean of what all have; the first that lacks where one does."""
    lacking = next((value for value in values if value.status is not ValueStatus.KNOWN or value.choice), None)
    if lacking is not None:
        return lacking
    first = values[0]
    return MeasuredValue(
        ValueStatus.KNOWN,
        first.quantity,
        first.source,
        numerator=sum((value.number for value in values), Fraction(0)) / len(values),
        calendar=first.calendar,
        excluded_ms=sum(value.excluded_ms for value in values),
        members=sum(value.members for value in values),
    )


def _is_given(criterion: Criterion) -> bool:
    return all(isinstance(measure, ManualMeasure | ExternalMeasure) for measure in criterion.measures)


def chosen_units(sheet: ScoreSheet, evidence: Evidence, unit: str = "", level: str = "") -> tuple[str, ...]:
    """The units to score, in the order of the evidence: this one, else those of the level, else of the sheet's levels.

    By the units of today only those that are there today.
    """
    levels = (level,) if level else sheet.levels
    there = _there_today(evidence) if evidence.basis is UnitBasis.TODAY_MEAN else None
    return tuple(
        other.id
        for other in evidence.units
        if (other.id == unit if unit else other.level in levels) and (there is None or other.id in there)
    )


def _there_today(evidence: Evidence) -> Mapping[str, None]:
    return dict.fromkeys(successor for unit in evidence.units for successor in unit.successors)
