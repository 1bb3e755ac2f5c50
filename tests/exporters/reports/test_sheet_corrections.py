"""A report lists who corrected what, why and when, in every form; only what it tells of, and only what was known."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from agent.availability.maintenance import ClockQuality
from agent.cli.tables.uptime import table
from agent.ledger.history.position import AsOf
from agent.ledger.history.recorded import Recorded
from agent.ledger.rows import Amendment
from agent.ledger.signed.amendments import DatedAmendment
from agent.model import State
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.request import ReportRequest
from exporters.reports.cells import Instant
from exporters.reports.files import WRITERS
from exporters.reports.sheet_corrections import corrections
from exporters.reports.sheet_summary import summary
from tests.agent.reporting.small_ledger import recorded
from tests.agent.reporting.test_as_of import DOWN_SEQ, HANDED_IN, ORGANISATION, written_since
from tests.exporters.reports.sample import DAY, HOUR, at, report

SPAN = at("2026-10-12 08:02:11"), at("2026-10-12 08:45:23")
RECORDED = at("2026-11-02 09:00")


def amended(seq: int, state: State, cause: str, target: str = "dc/one-stop", start_ms: int = SPAN[0]) -> DatedAmendment:
    row = Amendment(84_201, state, cause, start_ms, start_ms + HOUR, RECORDED, "Nguyễn Văn An", "Đo nhầm")
    return DatedAmendment(seq, target, row, Recorded(RECORDED, ClockQuality.UNKNOWN))


SIGNED = report(
    corrections=(
        amended(88_400, State.UP, "ok"),
        amended(88_401, State.DOWN, "timeout"),
        amended(88_402, State.UNKNOWN, "paused"),
    ),
)


def test_each_is_listed_with_who_why_and_when_and_what_it_really_was() -> None:
    rows = corrections(SIGNED).tables[0].rows

    assert [row[:2] for row in rows] == [("88400", "84201"), ("88401", "84201"), ("88402", "84201")]
    assert rows[0][2:5] == ("Một cửa điện tử", Instant(SPAN[0]), Instant(SPAN[0] + HOUR))
    assert rows[0][6:] == (Instant(RECORDED), "Nguyễn Văn An", "Đo nhầm")
    assert [str(row[5]).split(":")[0] for row in rows] == ["Tốt", "Hỏng", "Chưa rõ"]
    assert rows[2][5] == "Chưa rõ: việc kiểm tra bị tạm dừng"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_that_is_signed_says_how_many_there_are(language: str) -> None:
    said = replace(SIGNED, language=language)

    lines = [line for line in summary(said).lines if "3 đính chính" in line or "3 corrections" in line]
    assert lines == [
        {
            "vi": "Có 3 đính chính trong kỳ (trang Đính chính): số liệu đã ghi giữ nguyên, số liệu sau đính chính đứng "
            "bên cạnh",
            "en": "3 corrections in the period (sheet Corrections): the recorded figures stay, amended ones stand "
            "beside them",
        }[language]
    ]
    assert not [line for line in summary(report()).lines if "đính chính" in line]


def test_other_forms_have_them_too() -> None:
    document = json.loads(WRITERS[".json"](SIGNED))
    rows = csv.DictReader(io.StringIO(WRITERS[".csv"](SIGNED).decode("utf-8-sig")))
    console = Console(record=True, width=250, file=io.StringIO())
    table(SIGNED, console)
    text = console.export_text()

    assert document["corrections"][0] == {
        "row": 88_400, "refers_to": 84_201, "target": "dc/one-stop",
        "start": "2026-10-12T01:02:11.000Z", "end": "2026-10-12T02:02:11.000Z", "state": "up", "cause": "ok",
        "recorded": "2026-11-02T02:00:00.000Z", "who": "Nguyễn Văn An", "why": "Đo nhầm",
    }  # fmt: skip
    assert [row["corrections"] for row in rows if row["corrections"]] == ["88400 88401 88402"]
    assert [one["row"] for one in document["corrections"]] == [88_400, 88_401, 88_402]
    assert text.count("Nguyễn Văn An") == 3
    assert "Nguyễn Văn An" in WRITERS[".html"](SIGNED).decode()


def test_a_report_as_of_before_does_not_know_of_them(tmp_path: Path) -> None:
    """What written_since() of the test of --as-of writes: a correction of the outage of row 7."""
    recorded(tmp_path)
    written_since(tmp_path / "ledger")

    def listed(as_of: AsOf | None) -> list[tuple[int, str]]:
        found = report_from_ledger(
            tmp_path / "ledger", ORGANISATION, ReportRequest("2025-10", as_of=as_of), HANDED_IN + 9 * DAY
        )
        return [(one.row.refers_to, one.row.why) for one in found.corrections]

    assert listed(None) == [(DOWN_SEQ, "Đo nhầm")]
    assert listed(AsOf(DOWN_SEQ + 4)) == []
