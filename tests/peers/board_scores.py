"""Scores of one unit for the boards: half of the points, all of them, and a row that waits for a person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from agent.inventory.entities import Inventory
from agent.reporting.scoring.year_to_date import ScoredSheet
from agent.scoring.evaluation import score_unit
from agent.scoring.formulas import RatioFormula
from agent.scoring.measures import ManualMeasure, Quantity
from agent.scoring.sheet import Criterion, CriterionGroup, ScoreSheet
from agent.scoring.values import MeasuredValue, Origin, ValueStatus
from agent.text import Text

_TITLE, _SHARE = Text("Tiêu chí", "Criterion"), ManualMeasure(Quantity.SHARE)
_SHEET = ScoreSheet(
    "chuyen-doi-so-cap-xa",
    _TITLE,
    "",
    Decimal(60),
    3,
    ("commune",),
    (CriterionGroup("3", _TITLE, Decimal(60)),),
    tuple(Criterion(f"3.{row}", _TITLE, "3", Decimal(20), RatioFormula(), _SHARE) for row in (1, 2, 3)),
    date(2026, 1, 1),
)


def scored(known: Inventory, site: str, until_ms: int) -> ScoredSheet:
    """The scores of the unit that the site belongs to."""
    half, whole = (
        MeasuredValue(ValueStatus.KNOWN, Quantity.SHARE, Origin.MANUAL, Fraction(part), Fraction(2)) for part in (1, 2)
    )
    waiting = MeasuredValue(ValueStatus.NOT_GIVEN, Quantity.SHARE, Origin.MANUAL)
    unit = next(place.unit for place in known.sites if place.id == site)
    return ScoredSheet(_SHEET, (score_unit(_SHEET, unit, [(half,), (whole,), (waiting,)]),), until_ms)
