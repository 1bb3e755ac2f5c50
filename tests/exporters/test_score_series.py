"""Scores as samples, and how much of them there is room for."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from agent.engine.agent_stats import AgentStats
from agent.reporting.scoring.year_to_date import ScoredSheet
from agent.scoring.evaluation import UnitScore, score_unit
from agent.scoring.formulas import RatioFormula, UnscoredFormula
from agent.scoring.measures import ManualMeasure, Quantity
from agent.scoring.sheet import Criterion, CriterionGroup, ScoreSheet
from agent.scoring.values import MeasuredValue, Origin, ValueStatus
from agent.text import Text
from exporters.prometheus import Exposition
from exporters.score_series import Detail, score_series
from tests.exporters.sample import inventory

NAME = Text("Tiêu chí", "Criterion")
HALF = MeasuredValue(ValueStatus.KNOWN, Quantity.SHARE, Origin.MANUAL, Fraction(1), Fraction(2))
PENDING = MeasuredValue(ValueStatus.NOT_GIVEN, Quantity.SHARE, Origin.MANUAL)


def sheet(rows: int) -> ScoreSheet:
    share = ManualMeasure(Quantity.SHARE)
    criteria = [Criterion(f"1.{row}", NAME, "1", Decimal(10), RatioFormula(), share) for row in range(rows)]
    shown = Criterion("1.shown", NAME, "1", Decimal(0), UnscoredFormula())
    groups = (CriterionGroup("1", NAME, Decimal(10 * rows)),)
    levels = ("commune",)
    return ScoreSheet(
        "xa", NAME, "", Decimal(10 * rows), 3, levels, groups, (*criteria, shown), valid_from=date(2026, 1, 1)
    )


def scored(rows: int, units: int, value: MeasuredValue = HALF) -> ScoredSheet:
    one = sheet(rows)
    values = [(HALF,)] * (rows - 1) + [(value,), ()]
    scores: list[UnitScore] = [score_unit(one, f"xa-{unit:04}", values) for unit in range(units)]
    return ScoredSheet(one, tuple(scores), 1_772_326_800_000)


def samples(sheets: list[ScoredSheet], most: int = 5_000) -> tuple[Detail, dict[str, list[str]]]:
    detail, families = score_series(sheets, most)
    return detail, {family.metric.name: family.lines for family in families}


def test_each_criterion_of_each_unit() -> None:
    detail, lines = samples([scored(2, 1, PENDING)])

    assert detail is Detail.CRITERIA
    assert lines["sansang_score_points"] == ['sansang_score_points{criterion="1.0",sheet="xa",unit="xa-0000"} 5.0\n']
    assert [line.rpartition(" ")[2] for line in lines["sansang_score_points_max"]] == ["10.0\n", "10.0\n"]
    assert lines["sansang_score_earned_points"] == ['sansang_score_earned_points{sheet="xa",unit="xa-0000"} 5.0\n']
    assert lines["sansang_score_pending_points"] == ['sansang_score_pending_points{sheet="xa",unit="xa-0000"} 10.0\n']
    assert lines["sansang_score_sheet_points_max"] == ['sansang_score_sheet_points_max{sheet="xa"} 20.0\n']
    assert lines["sansang_score_timestamp_seconds"] == ['sansang_score_timestamp_seconds{sheet="xa"} 1.7723268e+09\n']


@pytest.mark.parametrize(
    ("rows", "units", "detail"),
    [
        (98, 25, Detail.CRITERIA),
        (98, 26, Detail.UNITS),
        (98, 2_499, Detail.UNITS),
        (98, 2_500, Detail.EARNED),
        (98, 3_321, Detail.EARNED),
        (1, 4_999, Detail.SHEETS),
    ],
)
def test_never_more_than_5000_series(rows: int, units: int, detail: Detail) -> None:
    one = scored(rows, 1)
    many = ScoredSheet(one.sheet, one.scores * units, one.until_ms)
    given, lines = samples([many])

    assert given is detail
    assert sum(map(len, lines.values())) <= 5_000


def test_the_exposition_shows_them_in_both_formats() -> None:
    exposition = Exposition(inventory(), AgentStats)
    assert exposition.update_scores([scored(1, 1)]) is Detail.CRITERIA
    for openmetrics in (False, True):
        text = gzip.decompress(exposition.render(openmetrics=openmetrics))
        assert b'sansang_score_points{criterion="1.0",sheet="xa",unit="xa-0000"} 5.0' in text
    assert exposition.update_scores([]) is Detail.CRITERIA
    assert b"sansang_score_points{" not in gzip.decompress(exposition.render(openmetrics=False))
