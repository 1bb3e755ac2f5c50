"""The scores that the metrics show: this year so far, of every sheet that the configuration names and that is good."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agent.errors import SansangError
from agent.inventory.entities import Inventory, ScoringSettings
from agent.reporting.scoring.year_to_date import scores_of_year
from agent.scoring.document.canonical import sheet_yaml
from agent.scoring.measures import UptimeMeasure
from tests.agent.reporting.scoring import score_ledger as ledger
from tests.agent.reporting.scoring.score_ledger import HERE
from tests.exporters import sample


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    folder = ledger.write(tmp_path / "ledger", ledger.rows())
    return dataclasses.replace(sample.inventory(sample.target("uplink")), storage_path=str(folder), organisation=HERE)


def naming(inventory: Inventory, *sheets: Path) -> Inventory:
    return dataclasses.replace(inventory, scoring=ScoringSettings(tuple(map(str, sheets))))


def good(folder: Path) -> Path:
    path = folder / "xa.yml"
    path.write_text(sheet_yaml(dataclasses.replace(ledger.sheet(UptimeMeasure()), digest="")), "utf-8")
    return path


def test_every_unit_by_every_sheet(tmp_path: Path, inventory: Inventory) -> None:
    (scored,) = scores_of_year(naming(inventory, good(tmp_path)), ledger.END)

    assert [score.unit for score in scored.scores] == ["xa-a", "xa-b", "xa-c"]
    assert all(Decimal(9) < score.total.earned < Decimal(10) for score in scored.scores)
    assert scored.until_ms == ledger.END


def test_without_a_sheet_there_are_no_scores(inventory: Inventory) -> None:
    assert scores_of_year(inventory, ledger.END) == ()


def test_a_sheet_that_cannot_be_scored_costs_no_other(tmp_path: Path, inventory: Inventory) -> None:
    bad = tmp_path / "bad.yml"
    bad.write_text("sheet: {id: x}", "utf-8")
    with capture_logs() as logged:
        scored = scores_of_year(naming(inventory, bad, good(tmp_path)), ledger.END)

    assert [one.sheet.id for one in scored] == ["thu"]
    assert [(line["event"], line["sheet"]) for line in logged] == [("sheet_not_scored", str(bad))]
    with pytest.raises(SansangError):
        scores_of_year(naming(inventory, bad), ledger.END)
