"""The product's points and places beside those that were worked out a second time; and what holds of all of them."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.scoring.document.canonical import sheet_document, sheet_yaml
from agent.scoring.document.load import sheet_from_bytes
from agent.scoring.evaluation import RowState, Total, UnitScore, rounded, score_row, score_unit
from agent.scoring.formulas import ChoiceFormula, Formula, LinearFormula, StepsFormula, SumFormula, ThresholdFormula
from agent.scoring.group_totals import GroupTotals
from agent.scoring.measures import quantity_of
from agent.scoring.ranking import ranking
from agent.scoring.sheet import Criterion, ScoreSheet
from agent.scoring.values import MeasuredValue, Origin, ValueStatus
from tests.oracle.scoring.points import Given, document, places, scored
from tests.oracle.scoring.sheets import Case, cases

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def value(given: Given, quantity: Any) -> MeasuredValue:
    if given is None:
        return MeasuredValue(ValueStatus.NO_DATA, quantity)
    a, b = Fraction(given.get("a", "0")), Fraction(given.get("b", "1"))
    return MeasuredValue(ValueStatus.KNOWN, quantity, Origin.MANUAL, a, b, choice=given.get("choice", ""))


def score(sheet: ScoreSheet, unit: str, given: Mapping[str, Sequence[Given]]) -> UnitScore:
    values = [
        [value(one, quantity_of(measure)) for one, measure in zip(given[row.code], row.measures, strict=False)]
        for row in sheet.criteria
    ]
    return score_unit(sheet, unit, values)


def read(case: Case) -> ScoreSheet:
    return sheet_from_bytes("random.yml", case.text.encode())


def test_the_oracle_runs_without_the_product() -> None:
    """In an interpreter of its own: not by way of another module either."""
    code = (
        "import sys, tests.oracle.scoring.points, tests.oracle.scoring.sheets\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('agent', 'exporters', 'dashboards')])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_oracle_imports_nothing_of_the_product() -> None:
    for name in ("points.py", "sheets.py"):
        tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
        modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        modules += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        assert not [module for module in modules if module.split(".")[0] in ("agent", "exporters", "dashboards")]


@settings(max_examples=300, deadline=None)
@given(cases())
def test_every_row_and_total_is_the_oracles(case: Case) -> None:
    sheet, source = read(case), document(case.text)
    for known in case.units:
        result = score(sheet, "u", known)
        answer = scored(source, known)
        rows = {row.criterion.code: row.points for row in result.rows}
        assert {code: points if points is None else Decimal(points) for code, points in answer["rows"].items()} == rows
        total = result.total
        assert (total.earned, total.possible, total.lost) == tuple(
            Decimal(answer[key]) for key in ("earned", "possible", "lost")
        )
        assert total.full == answer["full"]


@settings(max_examples=100, deadline=None)
@given(cases())
def test_a_sheet_reads_back_equal(case: Case) -> None:
    sheet = read(case)
    assert sheet_from_bytes("s.yml", sheet_yaml(sheet).encode()) == sheet
    assert sheet_from_bytes("s.json", sheet_document(sheet)) == sheet


@settings(max_examples=100, deadline=None)
@given(cases(), st.randoms())
def test_the_order_of_rows_is_irrelevant(case: Case, order: random.Random) -> None:
    sheet = read(case)
    head, marker, rows = case.text.partition("criteria:\n")
    lines = rows.splitlines(keepends=True)
    order.shuffle(lines)
    other = sheet_from_bytes("other.yml", (head + marker + "".join(lines)).encode())
    for known in case.units:
        one, two = score(sheet, "u", known), score(other, "u", known)
        assert {row.criterion.code: row.points for row in one.rows} == {
            row.criterion.code: row.points for row in two.rows
        }
        assert one.total == two.total


@settings(max_examples=200, deadline=None)
@given(cases())
def test_maxima_hold_and_pending_is_never_full(case: Case) -> None:
    sheet = read(case)
    for known in case.units:
        result = score(sheet, "u", known)
        for row in result.rows:
            assert row.points is None or 0 <= row.points <= row.criterion.maximum
            assert row.state is not RowState.PENDING or not row.full
            missing = any(one.status is not ValueStatus.KNOWN for one in row.values)
            assert not (missing and row.full)
        total = result.total
        assert total.earned == sum((row.points or Decimal(0) for row in result.rows), Decimal(0))
        assert total.earned + total.possible + total.lost == total.maximum == sheet.maximum
        assert min(total.earned, total.possible, total.lost) >= 0


@settings(max_examples=100, deadline=None)
@given(cases())
def test_groups_keep_their_maxima_and_add_up(case: Case) -> None:
    sheet = read(case)
    groups = GroupTotals(sheet)
    for known in case.units:
        result = score(sheet, "u", known)
        totals = groups.of(result)
        for group in sheet.groups:
            of_group = totals[group.code]
            assert of_group.earned + of_group.possible <= of_group.maximum == group.maximum
        for name in ("earned", "possible", "lost", "maximum", "full", "rows", "pending"):
            assert sum(getattr(one, name) for one in totals.values()) == getattr(result.total, name)


@settings(max_examples=60, deadline=None)
@given(cases(), st.randoms())
def test_the_order_of_units_is_irrelevant(case: Case, order: random.Random) -> None:
    sheet = read(case)
    scores = [score(sheet, f"unit-{place}", known) for place, known in enumerate(case.units)]
    shuffled = list(scores)
    order.shuffle(shuffled)
    assert ranking(shuffled) == ranking(scores)


@settings(max_examples=300, deadline=None)
@given(st.fractions(0, 10**6), st.sampled_from([2, 3]))
def test_rounding_is_half_up_at_the_last_digit(points: Fraction, decimals: int) -> None:
    unit = Fraction(1, 10**decimals)
    got = rounded(points, decimals)
    assert len(f"{got:f}".partition(".")[2]) == decimals
    assert -unit / 2 < Fraction(got) - points <= unit / 2
    half, tiny = Fraction(got) + unit / 2, Fraction(1, 10**30)
    assert (rounded(half, decimals), rounded(half - tiny, decimals)) == (got + Decimal(1).scaleb(-decimals), got)


def direction(formula: Formula) -> int:
    """1 where more is better, -1 where less is, 0 where there is no such thing."""
    match formula:
        case StepsFormula(at_most=at_most) | ThresholdFormula(at_most=at_most):
            return -1 if at_most else 1
        case LinearFormula(start=start, end=end):
            return 1 if end > start else -1
        case ChoiceFormula():
            return 0
        case _:
            return 1


def numbers(criterion: Criterion, draws: Sequence[Fraction]) -> list[MeasuredValue]:
    """A known value for each of its measures; of a choice the first word."""
    return [
        MeasuredValue(ValueStatus.KNOWN, quantity_of(measure), Origin.MANUAL, number, choice=word(formula))
        for measure, formula, number in zip(criterion.measures, simple(criterion), draws, strict=False)
    ]


def word(formula: Formula) -> str:
    return next(iter(formula.shares)) if isinstance(formula, ChoiceFormula) else ""


def simple(criterion: Criterion) -> list[Formula]:
    """The formula of each measure."""
    if isinstance(criterion.formula, SumFormula):
        return [part.formula for part in criterion.formula.parts]
    return [criterion.formula] if criterion.measures else []


@settings(max_examples=200, deadline=None)
@given(cases(), st.lists(st.fractions(0, 60), min_size=4, max_size=4), st.fractions(0, 60))
def test_monotone_in_every_measure(case: Case, draws: list[Fraction], other: Fraction) -> None:
    """Rounded as they are, in a sum as well as alone."""
    for criterion in read(case).criteria:
        for place, formula in enumerate(simple(criterion)):
            low, high = (
                score_row(criterion, numbers(criterion, [*draws[:place], number, *draws[place + 1 :]]), 3).points
                for number in sorted((draws[place], other))
            )
            assert low is not None
            assert high is not None
            assert direction(formula) * (high - low) >= 0


UNITS = st.lists(
    st.lists(st.tuples(st.integers(1, 3), st.one_of(st.none(), st.integers(0, 3))), min_size=1, max_size=3),
    min_size=1,
    max_size=4,
)


def total_of(rows: Sequence[tuple[int, int | None]]) -> Total:
    earned = sum(points or 0 for _, points in rows)
    possible = sum(maximum for maximum, points in rows if points is None)
    pending = sum(points is None for _, points in rows)
    maximum = sum(maximum for maximum, _ in rows)
    return Total(Decimal(earned), Decimal(possible), Decimal(maximum), 0, len(rows), pending)


@settings(max_examples=400, deadline=None)
@given(UNITS)
def test_spans_of_places_are_those_of_all_completions(rows: list[list[tuple[int, int | None]]]) -> None:
    capped = [[(most, None if points is None else min(points, most)) for most, points in of] for of in rows]
    units = {f"unit-{index}": of for index, of in enumerate(capped)}
    result = ranking([UnitScore(unit, (), total_of(of)) for unit, of in units.items()])
    assert {row.unit: (row.best, row.worst) for row in result} == places(units)
