"""The API of a running agent gives the scores that the command gives, to the byte."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from agent.cli.main import main
from tests.agent.cli.commands.run.test_daily_scores import HEAD, written
from tests.agent.cli.commands.run.test_months import until
from tests.agent.cli.commands.run.test_taken import asked, running
from tests.agent.cli.conftest import Served


async def test_the_command_line_makes_the_answer_again(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    folder, year = served.config.parent, datetime.now(UTC).year
    (folder / "xa.yml").write_text(written(), "utf-8")
    (folder / "gia-tri.csv").write_text(HEAD + "u;2;3,5\n", "utf-8")
    with served.config.open("a", encoding="utf-8") as file:
        file.write("scoring: {sheets: [xa.yml], values: [gia-tri.csv]}\n")
    address = f"{served.address}/api/v1/scores"
    queries = (f"period={year}&unit=u", f"period={year}&level=commune&sheet=xa", f"period={year - 1}&unit=u")
    wrong = (f"period={year}&sheet=/etc/passwd", f"period={year}&unit=nobody", "period=never")
    with running(served):
        await asyncio.to_thread(until, served, lambda found: found.get("sansang_ledger_rows_total", 0) > 2)
        answers = [await asyncio.to_thread(asked, f"{address}?{query}") for query in queries]
        refusals = [await asyncio.to_thread(asked, f"{address}?{query}") for query in wrong]

    assert [status for status, _ in answers[:2]] == [200, 200]
    for _, text in answers[:2]:
        document = json.loads(text)
        given = document["units"][0]["criteria"][1]
        assert (document["sheet"]["id"], given["points"]) == ("xa", "3.500")
        words = document["method"]["repeat"].split()
        assert main([*words[1:], "--json", "--config", str(served.config)]) == 0
        assert capsys.readouterr().out == text
    assert answers[2][0] == 200
    assert "gia-tri.csv" not in answers[2][1]
    assert [status for status, _ in refusals] == [400, 400, 400]
    assert "there is no score sheet '/etc/passwd'; there are: xa" in refusals[0][1]


async def test_without_a_sheet_in_the_configuration_there_are_no_scores(served: Served) -> None:
    with running(served):
        await asyncio.to_thread(until, served, lambda found: found.get("sansang_ledger_rows_total", 0) > 2)
        status, said = await asyncio.to_thread(asked, f"{served.address}/api/v1/scores?period=2026")

    assert status == 400
    assert "the configuration names no score sheet" in said
