"""What is shown adds up: the lengths of the outages to the downtime, in every form for people, exactly."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from agent.cli.tables.uptime import table
from agent.reporting.report import UptimeReport
from exporters.reports.cells import Duration, Instant, ReportSheet, Row, SheetColumn, Table, Workbook
from exporters.reports.formatting import hours, written
from exporters.reports.html_page import html_page
from exporters.reports.sheet_events import outages
from exporters.reports.workbook import build_workbook
from exporters.reports.xlsx_file import workbook, xlsx_file
from tests.exporters.reports.sample import figures, outage, report, subject

LENGTHS = (20_400, 20_400, 20_400, 61_000, 999, 3_600_001)
"""In whole seconds, a part counted as one, they would be 3,752 s; all together they are 3,724 s."""


def odd() -> UptimeReport:
    made = [outage(f"2026-10-{day + 3:02d} 09:12:00.{day:03d}", length) for day, length in enumerate(LENGTHS)]
    return report(figures(subject("a/b"), *made))


def shown_ms(text: str) -> int:
    """What a person adds up."""
    hour, minute, second = re.split("[:]", text.replace(",", "."))
    return (int(hour) * 60 + int(minute)) * 60_000 + round(float(second) * 1000)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_lengths_shown_add_up_to_the_sum_shown(language: str) -> None:
    said = replace(odd(), language=language)
    lengths = [cell.ms for row in outages(said).tables[0].rows for cell in row if isinstance(cell, Duration)]

    whole = hours(sum(LENGTHS), language)
    assert lengths == list(LENGTHS)
    assert sum(shown_ms(hours(one, language)) for one in lengths) == shown_ms(whole) == 3_723_200
    assert whole == {"vi": "1:02:03,200", "en": "1:02:03.200"}[language]
    assert f'<td class="n">{whole}</td>' in html_page(said)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_terminal_too(language: str) -> None:
    console = Console(record=True, width=220, file=io.StringIO())
    table(replace(odd(), language=language), console)
    rows = [[cell.strip() for cell in line.split("│")] for line in console.export_text().splitlines() if "│" in line]
    (target,) = (row for row in rows if row[1] == "a/b")
    listed = [row for row in rows if row[2] == "a/b"]

    assert shown_ms(target[5]) == sum(shown_ms(row[5]) for row in listed) == sum(LENGTHS)
    assert [row[5] for row in listed] == [hours(one, language) for one in LENGTHS]
    assert [row[1] for row in listed] == [str(one.number) for one in odd().targets[0].outages]


def test_a_workbook_shows_milliseconds_exactly_where_there_are_any(tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").write_bytes(xlsx_file(odd()))
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Sự cố"]
    cells = [row[5] for row in sheet.iter_rows() if isinstance(row[5].value, timedelta | time)]
    values = [one.value if isinstance(one.value, timedelta) else _length(one.value) for one in cells]

    assert [round(one.total_seconds() * 1000) for one in values] == list(LENGTHS)
    assert [cell.number_format.endswith("[h]:mm:ss.000") for cell in cells] == [one % 1000 > 0 for one in LENGTHS]


@pytest.mark.parametrize("at_ms", [1_790_000_000_000, 1_790_000_000_123])
def test_every_number_of_a_workbook_has_the_room_to_be_shown(at_ms: int) -> None:
    """A program shows ### for a date or a length that is wider than its column."""
    cells: Row = (Instant(at_ms), Duration(at_ms), 12_345_678_901, "a text that is wrapped where it does not fit")
    narrow = Table("", tuple(SheetColumn("x", 4) for _ in cells), (cells,))
    made = workbook(Workbook("x", "vi", "Asia/Ho_Chi_Minh", (ReportSheet("x", "x", (narrow,)),)))
    page = openpyxl.load_workbook(io.BytesIO(made))["x"]
    shown = [len(written(cell, "vi", "Asia/Ho_Chi_Minh")) for cell in cells]

    assert all(page.column_dimensions[name].width > need for name, need in zip("ABC", shown, strict=False))
    assert page.column_dimensions["D"].width < 6


def _length(value: object) -> timedelta:
    """openpyxl takes what is shorter than a day for a time of day."""
    assert isinstance(value, time)
    return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)


def test_the_sums_of_every_sheet_are_exact() -> None:
    """A part of a second is nowhere rounded away: sites, targets and summary show the same downtime."""
    sheets = {sheet.name: sheet for sheet in build_workbook(odd()).sheets}
    found = [
        {cell.ms for table in sheets[name].tables for row in table.rows for cell in row if isinstance(cell, Duration)}
        for name in ("Tổng hợp", "Theo điểm", "Theo mục tiêu")
    ]

    assert [lengths - {0} for lengths in found] == [{sum(LENGTHS), max(LENGTHS)}] * 3
