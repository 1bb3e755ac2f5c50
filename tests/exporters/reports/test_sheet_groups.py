from __future__ import annotations

from pathlib import Path

import pytest

from agent.availability.figures import Figure
from agent.inventory.entities import Organisation
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.request import ReportRequest
from exporters.reports.cells import Duration, ReportSheet, Share
from exporters.reports.html_page import html_page
from exporters.reports.workbook import build_workbook
from tests.agent.reporting.small_ledger import DOWN_MS, END, START, recorded

HOUR = 3_600_000
NAMES = {"unit": "Theo đơn vị", "level": "Theo cấp"}


def sheets(folder: Path, by: str) -> tuple[tuple[ReportSheet, ...], str]:
    recorded(folder)
    found = report_from_ledger(folder / "ledger", Organisation("H"), ReportRequest("2025-10", by=by), END + HOUR)
    return build_workbook(found).sheets, html_page(found)


@pytest.mark.parametrize(("by", "name", "identity"), [("unit", "Xã A", "xa-a"), ("level", "Xã", "commune")])
def test_groups_have_their_sheet_with_pooled_time_and_mean_apart(
    tmp_path: Path, by: str, name: str, identity: str
) -> None:
    found, page = sheets(tmp_path, by)
    (sheet,) = (one for one in found if one.name == NAMES[by])
    (row,) = sheet.tables[0].rows
    counted = END - START - HOUR

    assert [column.heading for column in sheet.tables[0].columns][3:5] == [
        "Sẵn sàng (gộp thời gian)",
        "Sẵn sàng (trung bình mục tiêu)",
    ]
    assert row[:4] == (name, identity, 2, Share(Figure(2 * counted - DOWN_MS, 2 * counted)))
    assert row[-4:] == (Duration(2 * (counted + HOUR)), Duration(2 * HOUR), Duration(0), Duration(DOWN_MS))
    assert NAMES[by] in page or sheet.title in page


@pytest.mark.parametrize("by", ["target", "site"])
def test_sites_and_targets_have_their_sheets_anyway(tmp_path: Path, by: str) -> None:
    names = [sheet.name for sheet in sheets(tmp_path, by)[0]]
    assert names[:3] == ["Tổng hợp", "Theo điểm", "Theo mục tiêu"]
