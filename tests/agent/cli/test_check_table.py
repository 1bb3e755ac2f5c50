"""What the table of `sansang check` says of our own clock."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from agent.cli.agent_client import Row, parse
from agent.cli.check_table import Style, table
from agent.engine.check import CheckRow
from agent.explain.clock import DOUBTED, NOT_SYNCHRONISED
from agent.explain.texts import explain
from agent.model import ProbeResult, Reason, State
from agent.web.documents import of_row
from tests.exporters.sample import target, view


def row(reason: Reason, *, doubted: bool) -> Row:
    """A run of a target that the agent calls down."""
    result = replace(ProbeResult.of(reason, 0.1), clock_doubted=doubted)
    return parse(of_row(CheckRow(view(target("web"), State.DOWN, None, Reason.TLS_EXPIRED), result)))


def shown(rows: list[Row], style: Style, width: int) -> str:
    console = Console(file=StringIO(), width=width)
    table(rows, style, console)
    assert isinstance(console.file, StringIO)
    return " ".join(console.file.getvalue().split())


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_doubt_stands_beside_the_verdict_and_the_clock_below_the_table(language: str) -> None:
    style = Style(language, ZoneInfo("UTC"), clock=NOT_SYNCHRONISED)
    text = shown([row(Reason.TLS_EXPIRED, doubted=True)], style, 60)
    assert text.index(explain(row(Reason.OK, doubted=False).role, Reason.TLS_EXPIRED, language).what) < text.index(
        DOUBTED.to(language)
    )
    assert text.endswith(NOT_SYNCHRONISED.to(language))


def test_nothing_is_doubted_by_a_clock_that_is_set() -> None:
    text = shown([row(Reason.TLS_EXPIRED, doubted=False)], Style("en", ZoneInfo("UTC")), 120)
    assert "clock" not in text.replace("the monitor's own date", "")


def test_what_our_clock_cannot_judge_says_so_itself() -> None:
    text = shown([row(Reason.CLOCK_SKEW, doubted=True)], Style("en", ZoneInfo("UTC")), 60)
    assert "The monitor's own clock is wrong" in text
    assert DOUBTED.en not in text
