"""A running agent computes the scores of the year so far at its start and at their minute, and shows them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

from agent.scoring.document.canonical import sheet_yaml
from agent.scoring.formulas import PointsFormula
from agent.scoring.measures import ManualMeasure, UptimeMeasure
from agent.scoring.sheet import Criterion, CriterionGroup, ScoreSheet
from tests.agent.cli.commands.run.test_jobs import AHEAD, at, done, shifted, stand, until
from tests.agent.cli.conftest import Served
from tests.agent.reporting.scoring.score_ledger import NAME, sheet

HEAD = "Mã đơn vị;Mã tiêu chí;Giá trị (a)\n"


def written() -> str:
    measured = sheet(UptimeMeasure())
    manual = Criterion("2", NAME, "g", Decimal(5), PointsFormula(), ManualMeasure())
    group = CriterionGroup("g", NAME, Decimal(15))
    criteria = (*measured.criteria, manual)
    return sheet_yaml(
        ScoreSheet("xa", NAME, "", Decimal(15), 3, ("commune",), (group,), criteria, valid_from=measured.valid_from)
    )


async def test_at_the_start_and_at_their_minute(served: Served) -> None:
    folder, due = served.config.parent, at(2, 10)
    (folder / "xa.yml").write_text(written(), "utf-8")
    (folder / "gia-tri.csv").write_text(HEAD + "u;2;3,5\n", "utf-8")
    with served.config.open("a", encoding="utf-8") as file:
        file.write("scoring: {sheets: [xa.yml], values: [gia-tri.csv]}\n")

    def work() -> tuple[dict[str, float], dict[str, float]]:
        with shifted(served, due - AHEAD):
            first = until(served, done("scores", due - timedelta(minutes=1)))
            return first, until(served, done("scores", due))

    first, shown = await asyncio.to_thread(work)

    for each in (first, shown):
        assert each['sansang_score_points{criterion="2",sheet="xa",unit="u"}'] == 3.5
        assert each['sansang_score_points_max{criterion="1",sheet="xa",unit="u"}'] == 10
        assert stand(each, "sansang_job_failures_total")["scores"] == 0
    until_first, until_due = (each['sansang_score_timestamp_seconds{sheet="xa"}'] for each in (first, shown))
    assert until_first < until_due, "a heartbeat later: the ledger vouches for no more"
    assert until_due <= due.timestamp() + 1
