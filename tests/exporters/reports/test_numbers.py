"""The number of an outage is the same in every form, month, selection, calendar and language, and as of any row."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from agent.cli.main import main
from agent.cli.tables.uptime import table
from agent.ledger.history.position import AsOf
from agent.ledger.rows import AgentRun, AgentStop, Configured, Row, StateChange
from agent.ledger.store import Ledger
from agent.model import Reason, Selection, State
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.request import ReportRequest
from exporters.reports.files import WRITERS
from tests.agent.reporting.test_as_of import ORGANISATION
from tests.clock import TravellingClock
from tests.exporters.reports.sample import at

NOW = at("2025-12-10 00:00")
EDGE = 6
"""The row that says DOWN at 23:00 on 31 October; the outage ends at 02:00 on 1 November."""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Two targets; one is down over the edge of the month and again in November."""
    begin, stop = at("2025-10-01 00:00"), at("2025-12-01 00:00")
    rows: list[Row] = [AgentRun("local", "boot", begin, begin, synchronised=True, version="0")]
    for target in ("s/a", "t/b"):
        rows.append(Configured(target, begin, 60_000, 5_000, 30_000, 3, 1, ""))
        rows.append(StateChange(target, State.UP, Reason.OK, begin, begin + 20, begin + 250))
    for clock, state in (
        ("2025-10-31 23:00", State.DOWN),
        ("2025-11-01 02:00", State.UP),
        ("2025-11-05 08:00", State.DOWN),
        ("2025-11-05 09:00", State.UP),
    ):
        cause = Reason.TIMEOUT if state is State.DOWN else Reason.OK
        rows.append(StateChange("s/a", state, cause, at(clock), at(clock) + 20, at(clock) + 250))
    ledger = Ledger.open(tmp_path / "ledger", TravellingClock())
    ledger.append([*rows, AgentStop(stop)])
    ledger.close()
    return tmp_path / "ledger"


def numbers(directory: Path, question: ReportRequest) -> list[int]:
    found = report_from_ledger(directory, ORGANISATION, question, NOW)
    return [outage.number for one in found.targets for outage in one.outages]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (ReportRequest("2025-10"), [EDGE]),
        (ReportRequest("2025-11"), [EDGE, 8]),
        (ReportRequest("2025-11-01..2025-11-01"), [EDGE]),
        (ReportRequest("2025-11", "en"), [EDGE, 8]),
        (ReportRequest("2025", selection=Selection(("s",))), [EDGE, 8]),
        (ReportRequest("2025-11", selection=Selection(targets=("s/a",)), by="site"), [EDGE, 8]),
        (ReportRequest("2025-11", calendar="office"), [8]),
        (ReportRequest("2025-11", selection=Selection(("t",))), []),
        (ReportRequest("2025-10", as_of=AsOf(EDGE)), [EDGE]),
        (ReportRequest("2025-11", as_of=AsOf(EDGE + 1)), [EDGE]),
        (ReportRequest("2025-11", as_of=AsOf(8)), [EDGE, 8]),
    ],
)
def test_it_is_the_same_whatever_is_asked(directory: Path, question: ReportRequest, expected: list[int]) -> None:
    assert numbers(directory, question) == expected


def test_every_form_prints_it(directory: Path, tmp_path: Path) -> None:
    found = report_from_ledger(directory, ORGANISATION, ReportRequest("2025-11"), NOW)
    made = {suffix: writer(found) for suffix, writer in WRITERS.items()}
    (tmp_path / "report.xlsx").write_bytes(made[".xlsx"])
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Sự cố"]
    rows = list(csv.DictReader(io.StringIO(made[".csv"].decode("utf-8-sig"))))
    console = Console(record=True, width=200, file=io.StringIO())
    table(found, console)
    listed = [line.split("│")[1].strip() for line in console.export_text().splitlines() if "│ s/a " in line]

    assert [row[0] for row in sheet.iter_rows(values_only=True)][-2:] == [str(EDGE), "8"]
    assert [one["number"] for one in json.loads(made[".json"])["targets"][0]["outages"]] == [EDGE, 8]
    assert [row["outage_numbers"] for row in rows] == [f"{EDGE} 8", ""]
    assert made[".html"].decode().count(f"<td>{EDGE}</td>") == 1
    assert listed[-2:] == [str(EDGE), "8"]


def test_a_replay_has_no_rows_and_no_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = {
        "version": 1,
        "period": {"from": 0, "to": 600_000},
        "agent_runs": [{"boot": "b", "start_ms": 0, "end": "running"}],
        "clock_anchors": [{"boot": "b", "at_ms": 0, "wall_utc_ms": 0, "synchronised": True}],
        "targets": [
            {
                "id": "t",
                "policy": {"interval_ms": 60_000, "timeout_ms": 5_000, "fail_after": 1, "recover_after": 1},
                "configured": [{"start_utc_ms": 0}],
                "probes": [["b", minute * 60_000, 10, "failed" if minute == 4 else "ok"] for minute in range(10)],
            }
        ],
    }
    (tmp_path / "story.json").write_text(json.dumps(story), "utf-8")
    file = tmp_path / "report.json"

    assert main(["uptime", "--replay", str(tmp_path / "story.json"), "-o", str(file)]) == 0
    (target,) = json.loads(file.read_text("utf-8"))["targets"]
    assert [one["number"] for one in target["outages"]] == [None]
    assert target["shortest_seen_ms"] == 60_000
