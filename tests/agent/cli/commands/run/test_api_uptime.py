"""The API of a running agent gives a report with the figure of several targets that was asked for."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from agent.cli.main import main
from tests.agent.cli.commands.run.test_months import until
from tests.agent.cli.commands.run.test_taken import asked, running
from tests.agent.cli.conftest import Served


async def test_the_command_line_makes_the_answer_again_with_the_same_figure(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"{served.address}/api/v1/uptime?period={datetime.now(UTC).year}"
    with running(served):
        await asyncio.to_thread(until, served, lambda found: found.get("sansang_ledger_rows_total", 0) > 2)
        answers = [await asyncio.to_thread(asked, f"{address}{more}") for more in ("", "&pooling=mean")]
    methods = [json.loads(text)["method"] for _, text in answers]

    assert [status for status, _ in answers] == [200, 200]
    assert [method["pooling"] for method in methods] == ["pooled", "mean"]
    for method, (_, text) in zip(methods, answers, strict=True):
        words = method["repeat"].split()
        assert f"--pooling {method['pooling']}" in method["repeat"]
        assert main([*words[1:], "--json", "--config", str(served.config)]) == 0
        assert capsys.readouterr().out == text
