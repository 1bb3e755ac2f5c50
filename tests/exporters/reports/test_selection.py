"""What a report leaves out stands in its title, its method and its own command, in every form."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from agent.cli.main import main
from agent.cli.tables.uptime import table
from agent.ledger.history.position import AsOf
from agent.model import Selection
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.report import UptimeReport
from agent.reporting.request import ReportRequest, parse_rerun_command
from exporters.reports.files import WRITERS
from exporters.reports.selection import selection_text, selection_title
from tests.agent.reporting.small_ledger import END, recorded
from tests.agent.reporting.test_as_of import ORGANISATION
from tests.exporters.reports.sample import HOUR, report

ASKED = ReportRequest(
    "2026-10", "vi", "office", Selection(("xa-1", "xa-9"), ("uplink",)), "site", AsOf(88_317, 1_793_520_000_000)
)  # fmt: skip
ONE = report().targets[0]
TITLE = {
    "vi": "Chỉ gồm vai trò: Đường truyền; điểm: UBND xã Bắc Bình (xa-1), xa-9 (1 trong 14 mục tiêu của kỳ). "
    "Mọi mục tiêu tính theo lịch: giờ hành chính",
    "en": "Only role: Uplink; site: UBND xã Bắc Bình (xa-1), xa-9 (1 of 14 targets of the period). "
    "All targets counted in the calendar: office hours",
}
LINE = (
    "sansang uptime --period 2026-10 --as-of 88317@2026-11-01T08:00:00.000Z --site xa-1 --site xa-9 --role uplink "
    "--calendar office --by site --pooling pooled --lang "
)


def chosen(language: str = "vi", request: ReportRequest = ASKED) -> UptimeReport:
    return report(ONE, left_out=13, language=language, request=replace(request, language=language))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_workbook_says_it_under_the_title_of_every_sheet_and_in_its_method(tmp_path: Path, language: str) -> None:
    file = tmp_path / "report.xlsx"
    file.write_bytes(WRITERS[".xlsx"](chosen(language)))
    book = openpyxl.load_workbook(file)
    sheets = [[str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell] for sheet in book]

    assert [sheet.count(TITLE[language]) for sheet in sheets] == [1] * (len(sheets) - 1) + [2]
    assert f"{LINE}{language}" in sheets[-1]
    assert TITLE[language][:100] in str(book.properties.title)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_other_form_says_it_too(language: str) -> None:
    said = chosen(language)
    page = WRITERS[".html"](said).decode()
    document = json.loads(WRITERS[".json"](said))
    (row,) = csv.DictReader(io.StringIO(WRITERS[".csv"](said).decode("utf-8-sig")))
    console = Console(record=True, width=400, file=io.StringIO())
    table(said, console)
    shown = console.export_text().splitlines()

    assert f"{TITLE[language]} - {said.organisation}</title>" in page
    assert page.count(f'<p class="selection">{TITLE[language]}</p>') == page.count("<section>") > 8
    assert f"{LINE}{language}</td>" in page
    assert document["selection"] == {
        "roles": ["uplink"], "sites": ["xa-1", "xa-9"], "targets": [], "calendar": "office", "left_out": 13,
    }  # fmt: skip
    assert row["selection"] == "role=uplink; site=xa-1; site=xa-9; calendar=office"
    assert {document["method"]["repeat"], row["repeat"]} == {f"{LINE}{language}"}
    assert TITLE[language] in shown
    assert [line.endswith(f"{LINE}{language}") for line in shown].count(True) == 1


def test_where_nothing_is_left_out_no_title_says_so_but_the_method_does() -> None:
    whole = report(request=ReportRequest("2026-10"))

    assert selection_title(whole) == ""
    assert selection_text(whole) == "Toàn bộ mục tiêu, mỗi mục tiêu theo lịch của mình"
    assert selection_text(report()) == ""


def test_a_title_names_the_first_three_of_many_and_the_method_all() -> None:
    many = chosen(request=replace(ASKED, selection=Selection(tuple("abcde")), calendar=""))

    assert "điểm: a, b, c và 2 nữa (" in selection_title(many)
    assert "điểm: a, b, c, d, e (" in selection_text(many)


def test_the_line_of_a_ledgers_report_makes_it_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, file = recorded(tmp_path), tmp_path / "again.html"
    question = ReportRequest("2025-10", "en", "office", Selection(("s",), ("one-stop",)), "unit")
    found = report_from_ledger(tmp_path / "ledger", ORGANISATION, question, END + 50 * HOUR)
    words = found.rerun.split()
    before = WRITERS[".html"](found)

    code = main([*words[1:], "--config", str(config), "-o", str(file)])

    assert (code, found.left_out, [one.target for one in found.targets]) == (0, 1, ["s/dead"])
    assert file.read_bytes() == before
    assert parse_rerun_command(found.rerun) == found.request
