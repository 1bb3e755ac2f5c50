"""Points from values: the formula kinds, rounding once a row, totals, and places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from agent.scoring.evaluation import RowState, rounded, score_row, score_unit, total
from agent.scoring.formulas import (
    CappedFormula,
    ChoiceFormula,
    Formula,
    LinearFormula,
    Part,
    PointsFormula,
    PointsStep,
    RatioFormula,
    SimpleFormula,
    StepsFormula,
    SumFormula,
    ThresholdFormula,
    UnscoredFormula,
    share_of_maximum,
)
from agent.scoring.group_totals import GroupTotals, led_groups, most_points
from agent.scoring.measures import ManualMeasure, Quantity
from agent.scoring.ranking import ranking
from agent.scoring.sheet import Criterion, CriterionGroup, ScoreSheet, WhenMissing
from agent.scoring.values import MeasuredValue, Origin, ValueStatus
from agent.text import Text

NAME = Text("Tiêu chí", "Criterion")
MEETINGS = StepsFormula(
    (
        PointsStep(Fraction(1), Fraction(1, 4)),
        PointsStep(Fraction(2), Fraction(1, 2)),
        PointsStep(Fraction(3), Fraction(3, 4)),
        PointsStep(Fraction(4), Fraction(1)),
    )
)
LEADER = ChoiceFormula({"chair": Fraction(1), "deputy": Fraction(1, 2), "none": Fraction(0)}, {})


def known(a: int | Fraction, b: int | None = None, choice: str = "") -> MeasuredValue:
    """A share of b, and without one a number."""
    quantity = Quantity.COUNT if b is None else Quantity.SHARE
    return MeasuredValue(ValueStatus.KNOWN, quantity, Origin.MANUAL, Fraction(a), Fraction(b or 1), choice=choice)


MISSING = MeasuredValue(ValueStatus.NO_DATA, Quantity.SHARE)


def criterion(
    formula: Formula, maximum: str = "20", code: str = "1", missing: WhenMissing = WhenMissing.PENDING
) -> Criterion:
    measure = None if isinstance(formula, SumFormula | UnscoredFormula) else ManualMeasure(Quantity.SHARE)
    return Criterion(code, NAME, "g", Decimal(maximum), formula, measure, missing)


@pytest.mark.parametrize(
    ("formula", "value", "points"),
    [
        (RatioFormula(), known(716, 719), "19.917"),
        (RatioFormula(), known(45, 46), "19.565"),
        (RatioFormula(), known(9, 8), "20.000"),
        (RatioFormula(), known(0, 7), "0.000"),
        (MEETINGS, known(0), "0.000"),
        (MEETINGS, known(1), "5.000"),
        (MEETINGS, known(3), "15.000"),
        (MEETINGS, known(9), "20.000"),
        (LEADER, known(0, choice="deputy"), "10.000"),
        (LEADER, known(0, choice="none"), "0.000"),
        (ThresholdFormula(Fraction(9, 10)), known(9, 10), "20.000"),
        (ThresholdFormula(Fraction(9, 10)), known(89_999, 100_000), "0.000"),
        (ThresholdFormula(Fraction(9, 10), proportional=True), known(45, 100), "10.000"),
        (ThresholdFormula(Fraction(4), at_most=True), known(4), "20.000"),
        (ThresholdFormula(Fraction(4), at_most=True), known(5), "0.000"),
        (ThresholdFormula(Fraction(4), at_most=True, proportional=True), known(5), "16.000"),
        (LinearFormula(Fraction(1, 2), Fraction(1)), known(3, 4), "10.000"),
        (LinearFormula(Fraction(1, 2), Fraction(1)), known(1, 4), "0.000"),
        (LinearFormula(Fraction(8), Fraction(3)), known(4), "16.000"),
        (CappedFormula(Fraction(5)), known(3), "12.000"),
        (CappedFormula(Fraction(5)), known(50), "20.000"),
        (PointsFormula(), known(Fraction(33, 2)), "16.500"),
        (PointsFormula(), known(21), "20.000"),
        (
            StepsFormula((PointsStep(Fraction(5), Fraction(1, 2)), PointsStep(Fraction(2), Fraction(1))), at_most=True),
            known(3),
            "10.000",
        ),
    ],
)
def test_each_formula(formula: SimpleFormula, value: MeasuredValue, points: str) -> None:
    row = score_row(criterion(formula), (value,), 3)
    assert (row.state, str(row.points)) == (RowState.SCORED, points)


@pytest.mark.parametrize("bound", [Fraction(1), Fraction(1, 2), Fraction(2, 3)])
@pytest.mark.parametrize("at_most", [True, False])
@pytest.mark.parametrize("proportional", [True, False])
def test_a_share_above_one_counts_as_one_in_every_formula(bound: Fraction, at_most: bool, proportional: bool) -> None:
    formulas: list[SimpleFormula] = [
        RatioFormula(),
        ThresholdFormula(bound, at_most, proportional),
        StepsFormula((PointsStep(bound, Fraction(1)),), at_most),
        LinearFormula(bound, Fraction(0)),
        CappedFormula(bound),
    ]
    for formula in formulas:
        above, all_of_it = (score_row(criterion(formula), (known(a, 8),), 3).points for a in (9, 8))
        assert above == all_of_it


def test_a_count_above_one_is_a_count() -> None:
    count = MeasuredValue(ValueStatus.KNOWN, Quantity.COUNT, Origin.MANUAL, Fraction(3))
    assert str(score_row(criterion(CappedFormula(Fraction(4))), (count,), 3).points) == "15.000"


def test_a_threshold_of_nothing_with_at_most_asks_for_no_quotient() -> None:
    assert (
        share_of_maximum(ThresholdFormula(Fraction(0), at_most=True, proportional=True), Fraction(2), "", Fraction(9))
        == 0
    )


def test_sum_of_halves_is_rounded_once() -> None:
    third = Part(NAME, Fraction(1, 2), ManualMeasure(Quantity.SHARE), RatioFormula())
    row = score_row(criterion(SumFormula((third, third)), "1"), (known(1, 3), known(1, 3)), 3)
    assert str(row.points) == "0.333"  # 0,1667 twice would have made 0,334


def test_a_part_in_points_is_capped_by_its_own_share() -> None:
    half = Part(NAME, Fraction(1, 2), ManualMeasure(Quantity.POINTS), PointsFormula())
    row = score_row(criterion(SumFormula((half, half)), "10"), (known(7), known(1)), 2)
    assert str(row.points) == "6.00"


@pytest.mark.parametrize(
    ("points", "decimals", "text"),
    [
        (Fraction(1, 2000), 3, "0.001"),
        (Fraction(1, 2001), 3, "0.000"),
        (Fraction(14_999, 10_000), 3, "1.500"),
        (Fraction(5, 1000), 2, "0.01"),
        (Fraction(0), 2, "0.00"),
        (Fraction(744_213, 1000), 3, "744.213"),
    ],
)
def test_rounding_half_up(points: Fraction, decimals: int, text: str) -> None:
    assert str(rounded(points, decimals)) == text


def test_missing_is_pending_zero_or_waits_for_the_clerk() -> None:
    states = {missing: score_row(criterion(RatioFormula(), missing=missing), (MISSING,), 3) for missing in WhenMissing}
    assert states[WhenMissing.PENDING].points is None
    assert states[WhenMissing.MANUAL].state is RowState.PENDING
    assert (states[WhenMissing.ZERO].state, states[WhenMissing.ZERO].points) == (RowState.ZEROED, Decimal(0))


def test_what_is_only_shown_earns_nothing_and_waits_for_nothing() -> None:
    row = score_row(criterion(UnscoredFormula(), "0"), (), 3)
    assert (row.state, row.points) == (RowState.UNSCORED, Decimal(0))
    assert total([row]).rows == 0


def sheet(*criteria: Criterion) -> ScoreSheet:
    maximum = sum((row.maximum for row in criteria), Decimal(0))
    groups = (CriterionGroup("g", NAME, maximum),)
    return ScoreSheet("s", NAME, "", maximum, 3, ("district",), groups, criteria, date(2023, 1, 1))


TWO_ROWS = sheet(
    criterion(PointsFormula(), "900", "1"),
    criterion(RatioFormula(), "100", "2"),
)


def test_a_total_with_pending_rows_says_what_is_earned_possible_and_lost() -> None:
    score = score_unit(TWO_ROWS, "lap-thach", [(known(700),), (MISSING,)])
    assert (score.total.earned, score.total.possible, score.total.lost) == (Decimal(700), Decimal(100), Decimal(200))
    assert score.total.provisional


def test_lap_thach_first_of_nine_by_161_8() -> None:
    """744,213 of 1.000 points in 2023 after 582,413 in 2022, and the best other district at 631,2."""

    def of(unit: str, points: str) -> tuple[str, Decimal]:
        return unit, Decimal(points)

    others = [of(f"district-{number}", str(631 - number) + ".2") for number in range(8)]
    scores = [
        score_unit(sheet(criterion(PointsFormula(), "1000")), unit, [(known(Fraction(points)),)])
        for unit, points in [*others, of("lap-thach", "744.213")]
    ]
    before = score_unit(sheet(criterion(PointsFormula(), "1000")), "lap-thach", [(known(Fraction("582.413")),)])
    first = ranking(scores, {"lap-thach": before.total})[0]
    assert (first.unit, first.total.earned, first.delta) == ("lap-thach", Decimal("744.213"), Decimal("161.800"))
    assert (first.place, first.of) == (1, 9)


def test_a_pending_unit_stands_as_a_span() -> None:
    values = {"a": [(known(500),), (MISSING,)], "b": [(known(550),), (known(0),)], "c": [(known(10),), (known(0),)]}
    places = {
        row.unit: (row.best, row.worst, row.place)
        for row in ranking([score_unit(TWO_ROWS, *of) for of in values.items()])
    }
    assert places == {"a": (1, 2, None), "b": (1, 2, None), "c": (3, 3, 3)}


def test_equal_points_share_the_place() -> None:
    values = {unit: [(known(500),), (known(0),)] for unit in "ab"} | {"c": [(known(1),), (known(0),)]}
    rows = ranking([score_unit(TWO_ROWS, *of) for of in values.items()])
    assert [(row.unit, row.place) for row in rows] == [("a", 1), ("b", 1), ("c", 3)]


def test_groups_in_which_a_unit_leads() -> None:
    """Where both have nothing nobody leads; equal points lead both."""
    two = replace(TWO_ROWS, groups=(CriterionGroup("g", NAME, Decimal(900)), CriterionGroup("h", NAME, Decimal(100))))
    first, second = two.criteria
    two = replace(two, criteria=(first, replace(second, group="h")))
    values = {
        "a": [(known(5),), (known(0, 1),)],
        "b": [(known(4),), (known(0, 1),)],
        "c": [(known(5),), (known(0, 1),)],
    }
    groups = GroupTotals(two)
    totals = {unit: groups.of(score_unit(two, unit, of)) for unit, of in values.items()}
    most = most_points(totals.values())
    assert {unit: led_groups(of, most, ("g", "h")) for unit, of in totals.items()} == {
        "a": ("g",),
        "b": (),
        "c": ("g",),
    }
