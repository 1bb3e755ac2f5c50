"""Points across a merger, by hand: the example of docs/units.md, ten points times the uptime of each unit.

As it was: 97/100 and 80/100. In the units of today: 678/720, 9.41666... points. As mean of indices: 88.5/100.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from agent.inventory.entities import Organisation
from agent.reporting.scoring.ledger_score import score_from_ledger
from agent.reporting.scoring.request import ScoreRequest
from agent.scoring.measures import UptimeMeasure
from tests.agent.reporting.scoring.score_ledger import sheet
from tests.agent.reporting.test_inventory_history import DAY, ZONE, told
from tests.agent.reporting.test_unit_changes import AFTER, END, HOA, HUYEN, PHU, RECORDED, ledger

HERE = Organisation(name="Huyện", timezone=ZONE, language="vi")


@pytest.mark.parametrize(
    ("units", "points"),
    [
        ("as-was", {HOA: "9.7", PHU: "8"}),
        ("today", {HOA: "9.417"}),
        ("today-mean", {HOA: "8.85"}),
    ],
)
def test_a_merger_in_the_middle_of_a_period(tmp_path: Path, units: str, points: dict[str, str]) -> None:
    place = ledger(tmp_path, told(AFTER, RECORDED))
    asked = ScoreRequest("s.yml", "2026-06-01..2026-06-10", level="commune", units=units)

    report = score_from_ledger(place, HERE, asked, sheet(UptimeMeasure()), (), END + DAY)

    found = {score.unit: score.rows[0].points for score in report.scores if score.unit != HUYEN}
    assert found == {unit: Decimal(exact) for unit, exact in points.items()}
    assert report.request.units == units
