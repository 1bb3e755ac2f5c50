"""One figure for each role and one for all, in every form of a report: pooled or mean, never without its name."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from agent.availability.figures import Figure, Pooling, Status, Tally
from agent.cli.main import main
from agent.cli.tables.uptime import table as terminal_table
from agent.reporting.report import UptimeReport
from exporters.reports.cells import Duration, Share
from exporters.reports.files import WRITERS
from exporters.reports.json_document import DOCUMENT
from exporters.reports.json_file import json_file
from exporters.reports.sheet_figures import sites
from exporters.reports.sheet_method import method
from exporters.reports.sheet_summary import summary
from exporters.reports.workbook import build_workbook
from tests.agent.reporting.small_ledger import recorded
from tests.exporters.pages.test_landing import Shape
from tests.exporters.reports.sample import HOUR, figures, outage, report, subject

OFFICE = 176 * HOUR


def october(pooling: Pooling = Pooling.POOLED, language: str = "vi") -> UptimeReport:
    """The example of docs/uptime.md: 1,013 of 1,096 h pooled, 0.893 as a mean; and a switch that stands beside."""
    line = figures(subject("xa-1/line", "Đường truyền", "uplink"), outage("2026-10-05 00:00", 35 * HOUR))
    rooms = (
        figures(
            subject(f"xa-{number}/room", f"Phòng họp {number}", "conference"),
            outage("2026-10-06 08:00", lost * HOUR),
            scoring_ms=OFFICE,
            calendar="office",
        )
        for number, lost in ((1, 16), (2, 32))
    )
    switch = replace(figures(subject("xa-1/switch", role="device"), outage("2026-10-05 00:00", HOUR)), beside=True)
    return report(line, *rooms, switch, pooling=pooling, language=language, slos={})


@pytest.mark.parametrize(
    ("pooling", "whole", "shown"),
    [(Pooling.POOLED, Figure(1013 * HOUR, 1096 * HOUR), "92,42 %"), (Pooling.MEAN, Figure(21_935, 24_552), "89,34 %")],
)
def test_the_first_page_has_a_row_for_each_role_and_one_for_all(pooling: Pooling, whole: Figure, shown: str) -> None:
    page = summary(october(pooling))
    first = page.tables[0]
    shares = {row[0]: row[1] for row in first.rows}

    assert [row[0] for row in first.rows] == ["Đường truyền", "Điểm cầu", "Tính chung"]
    assert shares["Tính chung"] == Share(whole, Status.OK, 2)
    assert [row[3:] for row in first.rows][-1] == (Duration(83 * HOUR), Duration(0), Duration(0), 3, 3)
    assert (first.totalled, pooling_named(first.columns[1].heading)) == (True, pooling)
    assert pooling_named(page.headline) is pooling_named(first.caption) is pooling
    assert f": {shown};" in page.headline


def pooling_named(text: str) -> Pooling:
    """Exactly one of the two."""
    names = {Pooling.POOLED: "gộp thời gian", Pooling.MEAN: "trung bình mục tiêu"}
    (found,) = (pooling for pooling, name in names.items() if name in text)
    return found


def both(made: UptimeReport) -> tuple[str, dict[str, str]]:
    """Caption and rows of the method's table of both figures."""
    table = method(made).tables[1]
    return table.caption, {str(name): str(text) for name, text in table.rows}


@pytest.mark.parametrize("pooling", Pooling)
def test_the_method_has_both_and_how_each_is_made(pooling: Pooling) -> None:
    caption, rows = both(october(pooling))

    assert caption == "Số chung của nhiều mục tiêu"
    assert pooling_named(rows["Trang đầu dùng"]) is pooling
    assert rows["Sẵn sàng (gộp thời gian)"].startswith("Cộng mili giây của mọi mục tiêu")
    assert rows["Sẵn sàng (trung bình mục tiêu)"].startswith("Cộng tỷ lệ sẵn sàng của từng mục tiêu")
    assert rows["Tính chung"] == (
        "Gộp thời gian: 92,4270 % (P + w × G = 3.646.800.000 ms, P + G + D = 3.945.600.000 ms, độ phủ 100,0000 %). "
        "Trung bình mục tiêu: 89,3409 % (3/3 mục tiêu có số liệu, độ phủ trung bình 100,0000 %)."
    )


def test_where_the_data_do_not_suffice_the_first_page_says_so_and_the_method_shows_what_there_is() -> None:
    short = report()
    page, (_, known) = summary(short), both(short)
    rows = {row[0]: row for row in page.tables[0].rows}

    assert page.headline.endswith("(gộp thời gian): không đủ dữ liệu; 13/14 mục tiêu có số liệu, độ phủ 88,90 %")
    assert isinstance(rows["Dịch vụ"][1], Share)
    assert [share.status for row in rows.values() if isinstance(share := row[1], Share)] == [
        *[Status.OK] * 4, Status.INSUFFICIENT, Status.NO_DATA, Status.INSUFFICIENT,
    ]  # fmt: skip
    assert "99,8070 %" in known["Tính chung"]
    assert "độ phủ 88,9079 %: không đủ dữ liệu" in known["Tính chung"]
    assert known["Dịch vụ"].startswith("Gộp thời gian: không có dữ liệu (P + w × G = 0 ms")


def test_at_a_site_too_each_figure_is_judged_by_its_own_coverage() -> None:
    """A room of which nothing is known is a thirtieth of the site's hours, and half of its targets."""
    line = figures(subject("xa-1/line", role="uplink"))
    room = figures(subject("xa-1/room", role="conference"), scoring_ms=24 * HOUR, unknown_ms=24 * HOUR)
    (row,) = sites(report(line, room, slos={})).tables[0].rows
    shown = [cell.status for cell in row[3:5] if isinstance(cell, Share)]

    assert shown == [Status.OK, Status.INSUFFICIENT]


@pytest.mark.parametrize("pooling", Pooling)
def test_the_workbook_has_the_same_numbers_cut_to_two_decimals(pooling: Pooling) -> None:
    book = openpyxl.load_workbook(io.BytesIO(WRITERS[".xlsx"](october(pooling))))
    page = book["Tổng hợp"]
    (cells,) = (row for row in page.iter_rows() if row[0].value == "Tính chung")
    texts = [str(row[0].value) for row in page.iter_rows() if row[0].value]

    assert cells[1].value == {Pooling.POOLED: 0.9242, Pooling.MEAN: 0.8934}[pooling]
    assert cells[1].number_format.endswith("0.00%")
    assert cells[1].font.b
    assert texts[:3] == ["ỦY BAN NHÂN DÂN HUYỆN LẬP THẠCH", "BÁO CÁO MỨC ĐỘ SẴN SÀNG HẠ TẦNG SỐ", "Tháng 10/2026"]
    assert book["Sự cố"].oddFooter.center.text == "Sự cố - Tháng 10/2026"  # type: ignore[union-attr]
    assert book.properties.title == "BÁO CÁO MỨC ĐỘ SẴN SÀNG HẠ TẦNG SỐ - Tháng 10/2026"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("form", [".xlsx", ".html"])
def test_both_forms_for_people_begin_alike(form: str, language: str) -> None:
    made = october(language=language)
    content = build_workbook(made)
    first = content.sheets[0]
    expected = [content.organisation.upper(), first.title, content.period, first.headline, *first.lines]
    if form == ".html":
        text = Shape(WRITERS[form](made).decode()).text
        places = [text.find(one, text.index("@media print")) for one in expected]
    else:
        page = openpyxl.load_workbook(io.BytesIO(WRITERS[form](made))).worksheets[0]
        column = [row[0] for row in page.iter_rows(values_only=True)]
        places = [column.index(one) for one in expected]
        text = str([cell for row in page.iter_rows(values_only=True, max_row=3) for cell in row])

    assert places == sorted(places)
    assert min(places) >= 0
    assert ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text) is (language == "vi")
    assert content.period == {"vi": "Tháng 10/2026", "en": "October 2026"}[language]


def test_a_page_that_nobody_verified_says_so_above_its_figure() -> None:
    text = Shape(WRITERS[".html"](replace(october(), unverified="CHƯA KIỂM CHỨNG: dòng 7")).decode()).text

    end = text.find("Kỳ báo cáo")
    mark, period, figure = (text.rfind(one, 0, end) for one in ("KIỂM CHỨNG", "Tháng 10/2026", "92,42 %"))
    assert 0 < mark < period < figure


def test_json_has_both_and_which_one_people_are_shown() -> None:
    document = json.loads(json_file(october(Pooling.MEAN)))
    DOCUMENT.validate_json(json_file(october()))
    overall = document["overall"]

    assert document["method"]["pooling"] == "mean"
    assert [(role["id"], role["targets"]) for role in document["roles"]] == [("uplink", 1), ("conference", 2)]
    assert (overall["id"], overall["targets"], overall["measured"]) == ("", 3, 3)
    assert overall["pooled"]["availability"] == {
        "exact": [1013 * HOUR, 1096 * HOUR], "percent_2": "92.42", "percent_4": "92.4270",
    }  # fmt: skip
    assert overall["mean"] == {"exact": [21_935, 24_552], "percent_2": "89.34", "percent_4": "89.3409"}
    assert (overall["mean_status"], overall["mean_coverage"]["exact"]) == ("ok", [1, 1])


def test_a_mean_of_thousands_of_digits_is_left_to_be_made_again_from_its_targets() -> None:
    """A JSON whose numbers no reader takes would be none: Python refuses those of more than 4,300 digits."""
    many = (
        replace(figures(subject(f"x/{number}")), tally=Tally(known, 0, 0, 1, 0, known - 1))
        for number, known in ((number, 2_000_000_011 + 2 * number) for number in range(1_000))
    )
    document = json.loads(json_file(report(*many, slos={})))

    assert document["overall"]["mean"] == {"exact": None, "percent_2": "99.99", "percent_4": "99.9999"}
    assert len(document["targets"]) == document["overall"]["measured"] == 1_000


def test_every_row_of_the_csv_has_the_figure_of_its_role_and_of_all() -> None:
    rows = csv.DictReader(io.StringIO(WRITERS[".csv"](october(Pooling.MEAN)).decode("utf-8-sig")))
    names = ("pooling", "role_availability_percent", "role_status", "overall_availability_percent", "overall_status")

    assert [tuple(row[name] for name in names) for row in rows] == [
        ("mean", "95.2956", "ok", "89.3409", "ok"),
        ("mean", "86.3636", "ok", "89.3409", "ok"),
        ("mean", "86.3636", "ok", "89.3409", "ok"),
        ("mean", "", "", "89.3409", "ok"),
    ]


@pytest.mark.parametrize(("width", "pooling"), [(80, Pooling.POOLED), (200, Pooling.MEAN)])
def test_the_terminal_has_them_too(width: int, pooling: Pooling) -> None:
    console = Console(record=True, width=width, file=io.StringIO())
    terminal_table(october(pooling), console)
    lines = [line.strip() for line in console.export_text().splitlines()]
    (overall,) = (line for line in lines if "Tính chung" in line)
    said = "92,42 %" if pooling is Pooling.POOLED else "89,34 %"

    assert lines[0] == "Tháng 10/2026"
    assert said in overall
    (headline,) = (line for line in lines if line.startswith("Tỷ lệ sẵn sàng chung"))
    assert pooling_named(headline) is pooling


@pytest.mark.parametrize("form", [".xlsx", ".html", ".csv", ".json"])
def test_a_report_with_the_other_figure_is_made_again_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    place = ["--config", str(recorded(tmp_path))]
    file, other = (tmp_path / f"{name}{form}" for name in ("mean", "pooled"))
    assert main(["uptime", "--period", "2025-10", "--pooling", "mean", *place, "-o", str(file)]) == 0
    assert main(["uptime", "--period", "2025-10", *place, "-o", str(other)]) == 0

    assert main(["ledger", "verify", "--report", str(file), *place]) == 0
    assert "--pooling mean" in capsys.readouterr().out
    assert file.read_bytes() != other.read_bytes()
