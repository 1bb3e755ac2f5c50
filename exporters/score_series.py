"""Scores as samples: each criterion of each unit while they are few, else totals of units. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from agent.reporting.scoring.year_to_date import ScoredSheet
from agent.scoring.evaluation import CriterionScore, Total
from exporters.catalog import (
    SCORE_EARNED_POINTS,
    SCORE_PENDING_POINTS,
    SCORE_POINTS,
    SCORE_POINTS_MAX,
    SCORE_SHEET_POINTS_MAX,
    SCORE_TIMESTAMP,
    Metric,
)
from exporters.families import MetricLines
from exporters.samples import label_set, number

MOST_SERIES = 5_000


class Detail(StrEnum):
    """How much of all scores is shown."""

    CRITERIA = "criteria"
    UNITS = "units"  # what each has earned, and what is pending
    EARNED = "earned"  # the first alone
    SHEETS = "sheets"


def score_series(sheets: Sequence[ScoredSheet], most: int = MOST_SERIES) -> tuple[Detail, tuple[MetricLines, ...]]:
    """The families of all sheets together, in the greatest detail that ``most`` series have room for."""
    detail = next((detail for detail in Detail if _count(sheets, detail) <= most), Detail.SHEETS)
    families = {metric: list(lines) for metric, lines in _families(sheets, detail)}
    return detail, tuple(MetricLines(metric, lines) for metric, lines in families.items())


def _count(sheets: Sequence[ScoredSheet], detail: Detail) -> int:
    rows = sum(criterion.scored * len(of.scores) for of in sheets for criterion in of.sheet.criteria)
    units = sum(len(of.scores) for of in sheets)
    least = 2 * len(sheets)
    return {
        Detail.CRITERIA: 2 * rows + 2 * units + least,
        Detail.UNITS: 2 * units + least,
        Detail.EARNED: units + least,
        Detail.SHEETS: least,
    }[detail]


def _families(sheets: Sequence[ScoredSheet], detail: Detail) -> Iterator[tuple[Metric, Iterator[str]]]:
    if detail is Detail.CRITERIA:
        yield SCORE_POINTS, _points(sheets)
        yield SCORE_POINTS_MAX, _maxima(sheets)
    if detail is not Detail.SHEETS:
        yield SCORE_EARNED_POINTS, _of_units(SCORE_EARNED_POINTS, sheets, lambda total: total.earned)
    if detail in (Detail.CRITERIA, Detail.UNITS):
        yield SCORE_PENDING_POINTS, _of_units(SCORE_PENDING_POINTS, sheets, lambda total: total.possible)
    yield SCORE_SHEET_POINTS_MAX, (_line(SCORE_SHEET_POINTS_MAX, of.sheet.maximum, sheet=of.sheet.id) for of in sheets)
    yield SCORE_TIMESTAMP, (_line(SCORE_TIMESTAMP, of.until_ms / 1000, sheet=of.sheet.id) for of in sheets)


def _points(sheets: Iterable[ScoredSheet]) -> Iterator[str]:
    for sheet, unit, row in _rows(sheets):
        if row.points is not None:
            yield _line(SCORE_POINTS, row.points, criterion=row.criterion.code, sheet=sheet, unit=unit)


def _maxima(sheets: Iterable[ScoredSheet]) -> Iterator[str]:
    for sheet, unit, row in _rows(sheets):
        yield _line(SCORE_POINTS_MAX, row.criterion.maximum, criterion=row.criterion.code, sheet=sheet, unit=unit)


def _rows(sheets: Iterable[ScoredSheet]) -> Iterator[tuple[str, str, CriterionScore]]:
    for of in sheets:
        for score in of.scores:
            yield from ((of.sheet.id, score.unit, row) for row in score.rows if row.criterion.scored)


def _of_units(metric: Metric, sheets: Iterable[ScoredSheet], points: Callable[[Total], Decimal]) -> Iterator[str]:
    for of in sheets:
        for score in of.scores:
            yield _line(metric, points(score.total), sheet=of.sheet.id, unit=score.unit)


def _line(metric: Metric, value: Decimal | float, **labels: str) -> str:
    return f"{metric.sample}{label_set(labels)} {number(float(value))}\n"
