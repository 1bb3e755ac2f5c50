"""Points of a unit by a sheet: pure, exact, each row rounded once, half up, and sums of the rounded rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from agent.scoring.formulas import SimpleFormula, SumFormula, UnscoredFormula, share_of_maximum
from agent.scoring.sheet import Criterion, ScoreSheet, WhenMissing
from agent.scoring.values import MeasuredValue, ValueStatus

ZERO = Decimal(0)


class RowState(StrEnum):
    """How a row came to its points."""

    SCORED = "scored"
    ZEROED = "zeroed"  # nothing to go by, and the sheet says that this is worth nothing
    PENDING = "pending"
    UNSCORED = "unscored"


@dataclass(frozen=True, slots=True)
class PredecessorPoints:
    """What a unit of then earned in one row, by itself: exact, None while pending."""

    unit: str
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """One row: points None while pending. values: in the order of the criterion's measures.

    predecessors: the units of then whose mean the points are; () where the unit has points of its own.
    """

    criterion: Criterion
    state: RowState
    points: Decimal | None
    values: tuple[MeasuredValue, ...]
    predecessors: tuple[PredecessorPoints, ...] = ()

    @property
    def full(self) -> bool:
        """Whether it earned all that it is worth."""
        return self.points == self.criterion.maximum and self.criterion.scored


@dataclass(frozen=True, slots=True)
class Total:
    """earned + possible + lost is maximum. full: how many scored rows earned everything, of how many."""

    earned: Decimal
    possible: Decimal
    maximum: Decimal
    full: int
    rows: int
    pending: int

    @property
    def lost(self) -> Decimal:
        """What no pending row can bring back."""
        return self.maximum - self.earned - self.possible

    @property
    def provisional(self) -> bool:
        """Whether rows are still pending."""
        return self.pending > 0


@dataclass(frozen=True, slots=True)
class UnitScore:
    """All rows of one unit, in the order of the sheet."""

    unit: str
    rows: tuple[CriterionScore, ...]
    total: Total

    def row(self, code: str) -> CriterionScore:
        """The row of a criterion. StopIteration for a code that the sheet does not have."""
        return next(row for row in self.rows if row.criterion.code == code)


def score_unit(sheet: ScoreSheet, unit: str, values: Sequence[Sequence[MeasuredValue]]) -> UnitScore:
    """values: of each criterion, in the sheet's order, one of each of its measures."""
    rows = tuple(
        score_row(criterion, of_criterion, sheet.decimals)
        for criterion, of_criterion in zip(sheet.criteria, values, strict=True)
    )
    return UnitScore(unit, rows, total(rows))


def score_row(criterion: Criterion, values: Sequence[MeasuredValue], decimals: int) -> CriterionScore:
    """The points of one criterion. values: of each of its measures; those that are missing must not be left out."""
    given = tuple(values)
    if not criterion.scored:
        return CriterionScore(criterion, RowState.UNSCORED, ZERO, given)
    if all(value.status is ValueStatus.KNOWN for value in given):
        points = rounded(exact_points(criterion, given), decimals)
        return CriterionScore(criterion, RowState.SCORED, points, given)
    if criterion.when_missing is WhenMissing.ZERO:
        return CriterionScore(criterion, RowState.ZEROED, ZERO, given)
    return CriterionScore(criterion, RowState.PENDING, None, given)


def exact_points(criterion: Criterion, values: Sequence[MeasuredValue]) -> Fraction:
    """The points before rounding. values: all known."""
    maximum = Fraction(criterion.maximum)
    if isinstance(criterion.formula, UnscoredFormula):
        return Fraction(0)
    if isinstance(criterion.formula, SumFormula):
        parts = zip(criterion.formula.parts, values, strict=True)
        shares = (part.share * _share(part.formula, value, maximum * part.share) for part, value in parts)
        return maximum * min(sum(shares, Fraction(0)), Fraction(1))
    return maximum * _share(criterion.formula, values[0], maximum)


def _share(formula: SimpleFormula, value: MeasuredValue, maximum: Fraction) -> Fraction:
    return share_of_maximum(formula, value.scored_number, value.choice, maximum)


def rounded(points: Fraction, decimals: int) -> Decimal:
    """Half up, with so many decimals; never by way of a float or a quotient that was cut before."""
    scale = 10**decimals
    units = (2 * points.numerator * scale + points.denominator) // (2 * points.denominator)
    return Decimal(units).scaleb(-decimals)


def total(rows: Iterable[CriterionScore]) -> Total:
    """The sum of rounded rows, as the sheet's own formulas add them."""
    earned = possible = maximum = ZERO
    full = scored = pending = 0
    for row in rows:
        maximum += row.criterion.maximum if row.criterion.scored else ZERO
        scored += row.criterion.scored
        full += row.full
        earned += row.points or ZERO
        if row.state is RowState.PENDING:
            possible += row.criterion.maximum
            pending += 1
    return Total(earned, possible, maximum, full, scored, pending)
