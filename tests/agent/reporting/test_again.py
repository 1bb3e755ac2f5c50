"""Invariant 8: an old report again, from the same rows or after many more, is the same byte for byte."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.availability.accounting import ReportTerms
from agent.ledger.heartbeat import read as read_beat
from agent.ledger.reader import Reader
from agent.ledger.schema import HEARTBEAT_NAME
from agent.reporting.builder import ReportQuery
from agent.reporting.ledger_report import build_report
from exporters.reports.replay_json import replay_json
from tests.agent.reporting.lived import HOUR, Lived

ZONE = "Asia/Ho_Chi_Minh"
soak = pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")


def reported(directory: Path, as_of: int, calendar: str) -> str:
    terms = ReportTerms(as_of - HOUR, as_of, as_of)
    reader = Reader.open(directory)
    try:
        beat = read_beat(directory / HEARTBEAT_NAME)
        return json.dumps(replay_json(build_report(reader, beat, ReportQuery(terms, ZONE, "local", calendar))))
    finally:
        reader.close()


@dataclass
class Reporting(Lived):
    """A life on a good clock, of which a report is made whenever the agent has just ended or was killed."""

    made: dict[int, str] = field(default_factory=dict)

    def _turn_clock(self) -> None:
        """Anchors later than a report may move its labels (R35): none here."""

    def _set_clock_at_boot(self) -> None:
        """As above."""

    def _off(self) -> None:
        now = self.clock.wall_ms()
        self.made[now] = reported(self.directory, now, "always")
        super()._off()


async def changed(directory: Path, seed: int) -> tuple[list[int], int]:
    """Report instants whose report is another now; how many there were."""
    lived = Reporting(directory, seed)
    await lived.go()
    again = {as_of: reported(directory, as_of, "always") for as_of in lived.made}
    assert {as_of: reported(directory, as_of, "always") for as_of in lived.made} == again
    return [as_of for as_of, text in lived.made.items() if text != again[as_of]], len(again)


@pytest.mark.parametrize("seed", range(12))
async def test_an_old_report_stays_what_it_was(tmp_path: Path, seed: int) -> None:
    assert (await changed(tmp_path, seed))[0] == []


@pytest.mark.soak
@pytest.mark.timeout(1800)
@soak
async def test_old_reports_of_two_hundred_lives_stay_what_they_were(tmp_path: Path) -> None:
    made = 0
    for seed in range(200):
        wrong, number = await changed(tmp_path / str(seed), seed)
        made += number
        assert wrong == [], seed
    print(f"invariant 8: {made} reports of 200 lives made again after all had happened: 0 changed")
