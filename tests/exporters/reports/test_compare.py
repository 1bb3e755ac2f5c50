"""A report that somebody hands back: each edited cell is found and named, a hostile workbook is a sentence."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill

from agent.errors import SansangError
from agent.model import Selection
from agent.reporting.report import UptimeReport
from agent.reporting.request import parse_rerun_command
from exporters.reports.compare import differences, rerun_command_in
from exporters.reports.csv_file import csv_file
from exporters.reports.files import WRITERS
from exporters.reports.submitted import open_submitted
from exporters.reports.xlsx_file import xlsx_file
from tests.exporters.reports.sample import report

XLSX = Path("bao-cao.xlsx")
GOOD = "sansang uptime --period 2026-10 --as-of 4711@2026-11-01T08:00:00.000Z --by target --pooling pooled --lang vi"


ASKED = report(request=parse_rerun_command(GOOD))


@pytest.fixture(scope="module")
def made() -> bytes:
    return xlsx_file(ASKED)


def edited(made: bytes, edit: Callable[[Any], None]) -> bytes:
    """As another program saves it, after somebody's deed."""
    book, target = openpyxl.load_workbook(io.BytesIO(made)), io.BytesIO()
    edit(book)
    book.save(target)
    return target.getvalue()


def _nothing(_book: Any) -> None:
    """Nothing is edited."""


def told(there: bytes, made: bytes, language: str = "vi") -> list[str]:
    return [one.text for one in differences(there, made, XLSX, language)]


def test_the_same_bytes_and_a_workbook_saved_anew_are_no_difference(made: bytes) -> None:
    assert told(made, made) == []
    assert told(edited(made, _nothing), made) == []


def cell(sheet: str, place: str, value: object) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        book[sheet][place] = value

    return edit


def styled(sheet: str, place: str, **look: Any) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        for name, value in look.items():
            setattr(book[sheet][place], name, value)

    return edit


def swapped(book: Any) -> None:
    book.move_sheet("Phương pháp", -1)


def hidden_row(book: Any) -> None:
    book["Sự cố"].row_dimensions[4].hidden = True


def flat_row(book: Any) -> None:
    book["Sự cố"].row_dimensions[4].height = 0.5


def hidden_column(book: Any) -> None:
    book["Theo mục tiêu"].column_dimensions["I"].hidden = True


def hidden_sheet(book: Any) -> None:
    book["Sự cố"].sheet_state = "veryHidden"


def without_row(book: Any) -> None:
    book["Sự cố"].delete_rows(4)


def with_row(book: Any) -> None:
    book["Sự cố"].append(["Thêm"])


def merged(book: Any) -> None:
    book["Theo mục tiêu"].merge_cells("D5:E5")


def noted(book: Any) -> None:
    book["Theo mục tiêu"]["E5"].comment = Comment("đã kiểm tra", "ai đó")


def conditional(book: Any) -> None:
    rule: Any = FormulaRule(formula=["TRUE"], font=Font(color="FFFFFFFF"))  # type: ignore[no-untyped-call]
    book["Theo mục tiêu"].conditional_formatting.add("E4:E9", rule)


EDITS: dict[str, tuple[Callable[[Any], None], str]] = {
    "a better percent": (
        cell("Theo mục tiêu", "E15", 0.9999),
        r"trang Theo mục tiêu, ô E15: trong tệp là 99,9900 %, theo sổ là 99,8915 %",
    ),
    "one ten-thousandth of a percent": (cell("Theo mục tiêu", "E15", 0.998916), r"ô E15: .*99,8916 %.*99,8915 %"),
    "a percent as text": (cell("Theo mục tiêu", "E15", "99,8915 %"), r"ô E15: trong tệp là chữ “99,8915 %”, theo sổ"),
    "a formula": (cell("Theo mục tiêu", "E15", "=0.998915"), r"ô E15: trong tệp là công thức “=0.998915”"),
    "a verdict": (cell("Theo mục tiêu", "M15", "không đạt"), r"ô M15: trong tệp là “không đạt”, theo sổ là “đạt”"),
    "an empty cell": (cell("Sự cố", "G4", None), r"trang Sự cố, ô G4: trong tệp là \(trống\)"),
    "a cell far away": (
        cell("Phương pháp", "Z900", "x"),
        r"trang Phương pháp, ô Z900: trong tệp là “x”, theo sổ là \(tr",
    ),
    "a form that shows another number": (
        styled("Theo mục tiêu", "E15", number_format='"100,0000 %"'),
        r"ô E15: đúng giá trị 99,8915 % nhưng cách hiển thị đã bị đổi",
    ),
    "no decimals": (styled("Theo mục tiêu", "E15", number_format="0%"), r"ô E15: đúng giá trị"),
    "white ink": (styled("Sự cố", "G4", font=Font(color="FFFFFFFF")), r"ô G4: đúng giá trị .*FFFFFFFF"),
    "ink that nobody can read": (styled("Sự cố", "G4", font=Font(sz=1)), r"ô G4: đúng giá trị .*small"),
    "black ground": (
        styled("Sự cố", "G4", fill=PatternFill("solid", fgColor="FF000000")),
        r"ô G4: đúng giá trị .*000000",
    ),
    "a hidden row": (hidden_row, r"trang Sự cố: trong tệp có thêm hidden row 4"),
    "a flat row": (flat_row, r"trang Sự cố: trong tệp có thêm hidden row 4"),
    "a hidden column": (hidden_column, r"trang Theo mục tiêu: trong tệp có thêm hidden columns 9-9"),
    "a hidden sheet": (hidden_sheet, r"trang Sự cố: bị ẩn trong tệp"),
    "a sheet less": (lambda book: book.remove(book["Sự cố"]), r"trang Sự cố: bị thiếu trong tệp"),
    "a sheet more": (lambda book: book.create_sheet("Ghi chú"), r"trang Ghi chú: không có trong báo cáo của sổ"),
    "another order": (swapped, r"thứ tự các trang đã bị đổi"),
    "a row less": (without_row, r"trang Sự cố: tệp có \d+ dòng, sổ cho \d+"),
    "a row more": (with_row, r"trang Sự cố, ô A\d+: trong tệp là “Thêm”, theo sổ là \(trống\)"),
    "a merged cell": (merged, r"trang Theo mục tiêu: trong tệp có thêm merged D5:E5"),
    "a comment over it": (noted, r"trong tệp có phần mà báo cáo không có: xl/comments"),
    "a rule that paints it": (conditional, r"trang Theo mục tiêu: trong tệp có thêm conditionalFormatting"),
}


@pytest.mark.parametrize("deed", EDITS)
def test_every_edit_is_found_and_named_by_sheet_and_cell(made: bytes, deed: str) -> None:
    edit, words = EDITS[deed]
    found = told(edited(made, edit), made)

    assert any(re.search(words, one) for one in found), found


def test_each_cell_of_each_sheet_is_looked_at(made: bytes) -> None:
    """Every text and number, one at a time, is another: as many findings as cells."""
    book = openpyxl.load_workbook(io.BytesIO(made))
    places = [(sheet.title, one.coordinate) for sheet in book for row in sheet for one in row if one.value is not None]
    for sheet, place in places:
        held = book[sheet][place]
        held.value = "khác" if isinstance(held.value, str) else 0.123456
    target = io.BytesIO()
    book.save(target)

    found = told(target.getvalue(), made)
    named = {(sheet, place) for sheet, place in places if any(f"trang {sheet}, ô {place}:" in one for one in found)}
    versions = [one for one in found if "tệp được lập bằng" in one]
    assert len(versions) == 2
    assert len(set(places) - named) == len(versions), "software and tzdata are said without their cell"
    assert len(places) > 150


def test_another_version_is_said_and_accuses_nobody(made: bytes) -> None:
    def other(book: Any) -> None:
        for row in book["Phương pháp"].iter_rows():
            if row[0].value == "Phiên bản phần mềm":
                row[1].value = "sansang 9.9"

    found = list(differences(edited(made, other), made, XLSX, "vi"))
    assert [one.figures for one in found] == [False]
    assert "tệp được lập bằng “sansang 9.9”" in found[0].text


@pytest.mark.parametrize("suffix", [".csv", ".json", ".html"])
def test_the_other_forms_are_the_same_to_the_byte_or_named_by_line(suffix: str) -> None:
    made = WRITERS[suffix](report())
    path = Path(f"r{suffix}")
    assert list(differences(made, made, path, "en")) == []
    old, new = {".csv": (b"99.8915", b"99.9915"), ".json": (b"99.8915", b"99.9915"), ".html": (b"99,8915", b"99,9915")}[
        suffix
    ]
    assert old in made
    found = list(differences(made.replace(old, new, 1), made, path, "en"))
    assert len(found) == 1
    assert new.decode() in found[0].text
    assert old.decode() in found[0].text


def packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return target.getvalue()


def parts(made: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(name: str, body: bytes) -> Callable[[bytes], bytes]:
    return lambda made: packed(parts(made) | {name: body})


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda made: made[:0],
    "no zip": lambda made: made[:4] + b"\0" * 100,
    "half": lambda made: made[: len(made) // 2],
    "an empty zip": lambda made: packed(dict.fromkeys((), made)),
    "entities in a sheet": with_part("xl/worksheets/sheet1.xml", BOMB),
    "entities in the styles": with_part("xl/styles.xml", BOMB.decode().encode("utf-16")),
    "a bomb": with_part("xl/worksheets/sheet1.xml", b"<worksheet>" + b"\0" * (600 * 1024 * 1024)),
    "endless strings": with_part("xl/sharedStrings.xml", b"<sst>" + b" " * (65 * 1024 * 1024)),
    "a sheet that is no sheet": with_part("xl/worksheets/sheet1.xml", b"<a><b></a>"),
    "a workbook without sheets": with_part(
        "xl/workbook.xml", b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    ),
    "a cell of no place": with_part(
        "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="x">'
        b'<c r="ZZZZZZ99999999999" t="s"><v>99999999</v></c></row></sheetData></worksheet>',
    ),
}


@pytest.mark.parametrize("deed", HOSTILE)
def test_a_hostile_workbook_is_a_sentence(made: bytes, deed: str) -> None:
    there = HOSTILE[deed](made)
    with pytest.raises(SansangError, match=r"^bao-cao\.xlsx: cannot be read as a workbook: "):
        told(there, made)


def test_a_sheet_whose_part_is_gone_is_missing(made: bytes) -> None:
    there = packed({name: body for name, body in parts(made).items() if name != "xl/worksheets/sheet2.xml"})
    assert "trang Theo điểm: bị thiếu trong tệp" in told(there, made)


def test_a_macro_is_told(made: bytes) -> None:
    found = told(with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")(made), made, "en")
    assert found == ["the file has a part that no report has: xl/vbaProject.bin"]


def test_the_line_that_makes_it_again_is_found_in_every_form() -> None:
    for suffix, writer in WRITERS.items():
        assert rerun_command_in(writer(ASKED), Path(f"r{suffix}")) == GOOD


@pytest.mark.parametrize("name", ["r.txt", "r", "r.xlsm"])
def test_what_is_no_report_is_refused(name: str) -> None:
    with pytest.raises(SansangError, match="a report ends in"):
        rerun_command_in(b"", Path(name))


def test_a_workbook_without_its_line_is_refused(made: bytes) -> None:
    def without(book: Any) -> None:
        for sheet in book:
            for row in sheet.iter_rows():
                for one in row:
                    if isinstance(one.value, str) and one.value.startswith("sansang uptime"):
                        one.value = "x"

    with pytest.raises(SansangError, match="no line in it says how it was made"):
        rerun_command_in(edited(made, without), XLSX)


def test_the_cells_of_a_wide_sheet_bear_the_names_that_spreadsheets_give_them(made: bytes) -> None:
    def wide(book: Any) -> None:
        book["Sự cố"]["AB3"] = 5

    assert any("ô AB3: trong tệp là 5" in one for one in told(edited(made, wide), made))
    with open_submitted(made, "r") as book:
        assert [page.state for page in book.pages()] == ["visible"] * len(book.pages())


def _selecting(number: int, name: str) -> UptimeReport:
    many = tuple(f"{name}{one}" for one in range(number))
    return report(request=replace(parse_rerun_command(GOOD), selection=Selection(targets=many)))


@pytest.mark.parametrize(
    ("number", "name"),
    [(1_000, "xã-bắc-bình/điểm-cầu-"), (3, "\u202e" * 10_000), (4, "-" * 10_000), (70, "a b " * 500), (9, "'" * 5_000)],
)
@pytest.mark.parametrize("form", sorted(WRITERS))
def test_a_line_longer_than_a_cell_holds_comes_back_whole(form: str, number: int, name: str) -> None:
    made = _selecting(number, name)
    assert made.request is not None
    file = WRITERS[form](made)
    if form == ".xlsx":
        file = edited(file, _nothing)

    line = rerun_command_in(file, Path(f"bao-cao{form}"))

    assert len(line) > 32_767
    assert line == made.rerun
    assert parse_rerun_command(line) == made.request


def test_all_of_a_long_line_and_of_a_long_selection_stands_on_the_paper() -> None:
    """A row is at most 409 points high, 26 lines: what takes more of them is cut where it is printed."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file(_selecting(1_000, "xã-bắc-bình/điểm-cầu-"))))
    sheet = book["Phương pháp"]
    rows = [row for row in sheet.iter_rows(max_col=2) if row[1].value]

    assert all((one.height or 0) < 409 for one in sheet.row_dimensions.values())
    covered = "".join(str(row[1].value) for row in rows if str(row[0].value).startswith("Phạm vi báo cáo"))
    assert covered.count("xã-bắc-bình/điểm-cầu-") == 1_000
    assert "Phạm vi báo cáo (2/13)" in [row[0].value for row in rows]


def test_a_long_line_of_which_a_row_was_taken_out_is_no_other_line() -> None:
    def short(book: Any) -> None:
        sheet = book["Phương pháp"]
        label = "Lập lại đúng báo cáo này (thêm -o TỆP để ghi) ("
        (first, *_) = (row[0].row for row in sheet.iter_rows() if str(row[0].value).startswith(label))
        sheet.delete_rows(first + 2)

    file = edited(xlsx_file(_selecting(1_000, "xã-bắc-bình/điểm-cầu-")), short)
    with pytest.raises(SansangError, match="the line that makes it again is not whole"):
        rerun_command_in(file, XLSX)


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_a_name_that_looks_like_the_line_is_not_taken_for_it(form: str) -> None:
    made = ASKED
    name = "sansang uptime --period 2020-01 --as-of 1@2026-11-01T08:00:00.000Z --by site --lang vi"
    named = [replace(one, subject=replace(one.subject, name=name, site_name=name)) for one in made.targets]
    file = WRITERS[form](replace(made, targets=tuple(named)))

    assert rerun_command_in(file, Path(f"bao-cao{form}")) == GOOD


def test_a_csv_has_a_long_line_once() -> None:
    made = _selecting(1_000, "x")
    rows = list(csv.DictReader(io.StringIO(csv_file(made).decode("utf-8-sig"), newline="")))

    assert [bool(row["repeat"]) for row in rows] == [bool(row["selection"]) for row in rows]
    assert [bool(row["repeat"]) for row in rows] == [True, *[False] * (len(made.targets) - 1)]
