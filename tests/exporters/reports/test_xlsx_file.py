from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import openpyxl
import pytest

from agent.characters import cleaned
from agent.errors import SansangError
from exporters.reports.cells import ReportSheet, SheetColumn, Table, Workbook
from exporters.reports.xlsx_file import workbook, xlsx_file
from tests.exporters.reports.hostile import texts
from tests.exporters.reports.sample import ZONE, figures, outage, report, subject

VIETNAMESE = [
    "Tổng hợp",
    "Theo điểm",
    "Theo mục tiêu",
    "Sự cố",
    "Thời gian loại trừ",
    "Đính chính",
    "Đứt quãng",
    "Số liệu gốc",
    "Ngưỡng",
    "Phương pháp",
]
ENGLISH = [
    "Summary",
    "By site",
    "By target",
    "Outages",
    "Excluded time",
    "Corrections",
    "Breaks",
    "Base figures",
    "Thresholds",
    "Method",
]


def rows_of(content: bytes, sheet: str) -> list[tuple[object, ...]]:
    page = openpyxl.load_workbook(io.BytesIO(content))[sheet]
    return list(page.iter_rows(values_only=True))


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


@pytest.mark.parametrize(("language", "names"), [("vi", VIETNAMESE), ("en", ENGLISH)])
def test_the_sheets_are_named_in_the_language_asked_for(language: str, names: list[str]) -> None:
    content = xlsx_file(report(language=language))

    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == names


def test_every_target_has_its_row_of_numbers() -> None:
    rows = {row[0]: row for row in rows_of(xlsx_file(report()), "Theo mục tiêu")}

    assert rows["Một cửa điện tử"] == (
        "Một cửa điện tử", "Trung tâm dữ liệu", "Một cửa", "mọi lúc", 0.998915, 1, 0.998915, 0.998915,
        timedelta(minutes=48, seconds=12), 2, timedelta(minutes=43, seconds=12), 0.995, "đạt",
    )  # fmt: skip
    assert rows["Mạng nội bộ xã Ngọc Mỹ"][4] == 0.999999
    assert rows["Cổng thông tin"][4:8] == ("không đủ dữ liệu", 0.870967, 0.870967, 1)
    assert rows["Cổng thông tin"][12] == "không đủ dữ liệu"
    assert rows["Dịch vụ mới"][4:8] == ("không có dữ liệu", 0, 0, 1)


def test_an_outage_stands_with_local_times_and_its_reason_in_words() -> None:
    rows = rows_of(xlsx_file(report()), "Sự cố")
    found = next(row for row in rows if row[1] == "Một cửa điện tử")

    assert [str(cell) for cell in found[3:6]] == ["2026-10-12 08:02:11", "2026-10-12 08:45:23", "0:43:12"]
    assert str(found[6]).startswith("Trang một cửa điện tử mở được nhưng trả về mã trạng thái ngoài mong đợi")


def test_the_base_sheet_keeps_whole_milliseconds_that_give_the_ratio() -> None:
    for row in rows_of(xlsx_file(report()), "Số liệu gốc")[3:]:
        scoring, maintenance, unknown, down, degraded, up = (int(str(cell)) for cell in row[1:7])

        assert scoring == maintenance + unknown + down + degraded + up
        if up + degraded + down:
            assert float(str(row[7])) == pytest.approx((up + degraded) / (up + degraded + down), abs=1e-15)


def test_what_is_shown_can_be_recomputed_from_the_method_sheet() -> None:
    method = {str(row[0]): row[1] for row in rows_of(xlsx_file(report()), "Phương pháp")}

    assert method["Mã băm dòng cuối (SHA-256)"] == "3f" * 32
    assert method["Lịch office (SHA-256)"] == "9e" * 32
    assert (method["Dòng sổ đầu tiên"], method["Dòng sổ cuối cùng"]) == ("1204", "88317")
    assert (method["Múi giờ"], method["Phiên bản dữ liệu múi giờ (tzdata)"]) == (ZONE, "2026b")
    assert (method["Ngưỡng độ phủ"], method["Trọng số w của suy giảm"]) == ("95 %", "1")


def test_it_prints_on_a4_landscape_with_the_heading_on_every_page() -> None:
    for sheet in openpyxl.load_workbook(io.BytesIO(xlsx_file(report()))):
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        pages = (sheet.page_setup.fitToWidth or 1, 1 if sheet.page_setup.fitToHeight is None else 0)
        assert pages == (1, 1 if sheet.title == "Tổng hợp" else 0), "the signatures stand under the figures"
        assert sheet.oddFooter is not None
        assert sheet.oddFooter.right.text == "Trang &P/&N"
        if sheet.title in ("Theo điểm", "Theo mục tiêu", "Sự cố", "Số liệu gốc"):
            assert sheet.print_title_rows == "$3:$3"


def test_the_same_report_gives_the_same_bytes() -> None:
    assert xlsx_file(report()) == xlsx_file(report())


def cells_of(names: list[str]) -> Workbook:
    columns = tuple(SheetColumn("x", 20) for _ in range(10))
    rows = tuple(tuple(names[start : start + 10]) for start in range(0, len(names), 10))
    return Workbook("=1+1 &P", "vi", ZONE, (ReportSheet("Thử", "=1+1", (Table("=2+2", columns, rows),), ("=3+3",)),))


def in_order(content: bytes) -> Iterator[str]:
    """Undoes what openpyxl leaves to its caller: _x005F_ is how the format writes a _ that begins no escape."""
    for row in rows_of(content, "Thử")[5:]:
        yield from ("" if cell is None else str(cell).replace("_x005F_", "_") for cell in row)


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_text_stays_text(count: int) -> None:
    """A hundred thousand in the longer form: no formula, no link, each cell the text that is meant."""
    if count > 10_000 and not os.environ.get("SANSANG_SOAK"):
        pytest.skip("the longer form: make soak")
    names = texts(count)
    content = workbook(cells_of(names))
    files = parts(content)

    assert [name for name, xml in files.items() if re.search(r"<f[ >/]|<hyperlink", xml)] == []
    assert [name for name in files if "externalLink" in name or "sheet1.xml.rels" in name] == []
    assert list(in_order(content)) == [cleaned(name) for name in names]
    assert set(re.findall(r'<c r="[^"]*"(?: s="\d+")? t="(\w+)"', files["xl/worksheets/sheet1.xml"])) == {"inlineStr"}


def test_negative_numbers_stay_numbers_beside_text_that_looks_like_one() -> None:
    table = Table("", (SheetColumn("a", 9), SheetColumn("b", 9)), ((-1, "-1"),))
    content = workbook(Workbook("", "en", ZONE, (ReportSheet("Thử", "t", (table,)),)))

    assert rows_of(content, "Thử")[-1] == (-1, "-1")


def test_hostile_names_pass_through_the_whole_report() -> None:
    odd = report(
        *(figures(subject(f"x/{n}", name), outage("2026-10-05 08:00", 9)) for n, name in enumerate(texts(300)))
    )

    assert [name for name, xml in parts(xlsx_file(odd)).items() if re.search(r"<f[ >/]|<hyperlink", xml)] == []


def test_a_report_without_targets_is_one_all_the_same() -> None:
    empty = report(targets=())

    assert rows_of(xlsx_file(empty), "Sự cố")[-1][0] == "(không có)"


def test_more_rows_than_a_sheet_holds_are_refused_and_not_lost() -> None:
    table = Table("", (SheetColumn("a", 9),), (("x",),) * 1_048_001)

    with pytest.raises(SansangError, match="1048001 rows are more than a workbook holds"):
        workbook(Workbook("", "vi", ZONE, (ReportSheet("Thử", "t", (table,)),)))
