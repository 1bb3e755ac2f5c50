"""Forms of five offices, filled in and opened in an office suite: nothing but the filled cells and the sums differs."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from agent.scoring.form.form import Form, FormColumn
from agent.scoring.form.read import read_form
from agent.scoring.form.score_sheet import FormIdentity, form_codes, score_sheet
from exporters.scores.form.form_fill import FilledRow
from exporters.scores.form.sheet_fill import fill_form
from tests.agent.scoring.form.office_workbooks import OFFICES
from tests.peers.test_reports_libreoffice import converted, parsed

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_STYLE = f"{_TABLE}style-name"
_MOST = 40  # cells of a row and rows of a sheet that are looked at
SUMS = {
    "excel": {"F8", "F13", "F16"},
    "sdk": set[str](),
    "xlsxwriter": {"D5", "D8", "D12"},
    "openpyxl": {"G10"},
    "libreoffice": {"E4", "E8", "E11"},
}

Seen = dict[tuple[str, str], tuple[str, ...]]


def row_of(number: int) -> FilledRow:
    return FilledRow(
        Decimal(number) / 4, f'Đạt {number}/719 <tốt> & "đủ"\ndòng hai', (f"su-co-{number}.csv", "bao-tri.csv")
    )


def filled(data: bytes, form: Form) -> bytes:
    """Every second criterion has a figure."""
    sheet = score_sheet(form, FormIdentity("xa", "tu-cham.xlsx", ("commune",), 2026))
    rows = {
        criterion.code: row_of(number) if number % 2 else FilledRow(None)
        for number, criterion in enumerate(sheet.criteria, start=11)
    }
    result = fill_form(data, sheet, rows)
    assert fill_form(result.data, sheet, rows).data == result.data
    assert all("công thức" in remark.vi for remark in result.remarks)
    assert any("Ctrl+Shift+F9" in remark.vi for remark in result.remarks) is (form.tab == "Biểu 01")
    return result.data


def seen(root: ET.Element) -> Seen:
    """By sheet and cell what an office suite makes of it: type, value, text, formula, and where it is merged."""
    found: Seen = {}
    for table in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        name, row_number = table.get(f"{_TABLE}name", ""), 0
        for row in _rows(table):
            times = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
            if row_number < _MOST and times < _MOST:
                for place, cell in _cells(row, row_number + 1):
                    found[name, place] = cell
            row_number += times
    return found


def _rows(table: ET.Element) -> Iterator[ET.Element]:
    """Those of the sheet itself, not of the data that a chart on it carries along."""
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in (f"{_TABLE}table-header-rows", f"{_TABLE}table-row-group", f"{_TABLE}table-rows"):
            yield from _rows(child)


def _cells(row: ET.Element, number: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    column = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        for _ in range(int(cell.get(f"{_TABLE}number-columns-repeated", "1"))):
            if column >= _MOST:
                return
            place = f"{chr(65 + column) if column < 26 else 'A' + chr(39 + column)}{number}"
            yield place, _cell(cell)
            column += 1


def _cell(cell: ET.Element) -> tuple[str, ...]:
    texts = ["".join(paragraph.itertext()) for paragraph in cell.findall(f"{_TEXT}p")]
    spans = [cell.get(f"{_TABLE}number-{what}-spanned", "1") for what in ("columns", "rows")]
    notes = ["".join(note.itertext()) for note in cell.findall(f"{_OFFICE}annotation")]
    validation = cell.get(f"{_TABLE}content-validation-name", "")
    formula = cell.get(f"{_TABLE}formula", "")
    value = cell.get(f"{_OFFICE}value-type", ""), cell.get(f"{_OFFICE}value", "")
    return (*value, "\n".join(texts), formula, *spans, *notes, validation)


def around(root: ET.Element) -> list[object]:
    """Everything beside the cells: drawings, validations, conditions, print areas, hidden columns."""
    names = (f"{_TABLE}content-validation", f"{_CALC}conditional-format", f"{_CALC}condition", f"{_DRAW}image")
    counted: list[object] = [
        sum(1 for _ in root.iter(name)) for name in (*names, f"{_DRAW}frame", f"{_OFFICE}annotation")
    ]
    counted += [table.get(f"{_TABLE}print-ranges") for table in root.iter(f"{_TABLE}table")]
    counted += [dict(condition.attrib) for condition in root.iter(f"{_CALC}condition")]
    counted += [
        (column.get(f"{_TABLE}visibility"), column.get(f"{_TABLE}number-columns-repeated"))
        for column in root.iter(f"{_TABLE}table-column")
    ]
    counted += [row.get(f"{_TABLE}visibility") for row in root.iter(f"{_TABLE}table-row")]
    pictures = ("".join(image.itertext()).strip() for image in root.iter(f"{_DRAW}image"))
    counted.append(
        [picture for picture in pictures if picture.startswith("iVBOR")]
    )  # PNG; that of a chart is made anew
    return counted


@pytest.mark.parametrize("office", OFFICES)
def test_nothing_but_the_filled_cells_and_the_sums_differs(office: str, tmp_path: Path) -> None:
    data = OFFICES[office]()
    form = read_form(data)
    after_data = filled(data, form)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    before = parsed(converted(tmp_path / "a", "fods", data))
    after = parsed(converted(tmp_path / "b", "fods", after_data))
    old, new = seen(before), seen(after)
    with_figure = [entry for number, entry in enumerate(form.criteria, start=11) if number % 2 and not entry.formula]
    meant = {name for entry in with_figure for name in (entry.points, entry.explanation, entry.evidence) if name}
    differs = {place for place in old.keys() | new.keys() if old.get(place) != new.get(place)}
    own = {name for tab, name in differs if tab == form.tab}

    assert len(meant) >= 4
    assert own == meant | SUMS[office]
    assert {tab for tab, _ in differs} <= {form.tab, "Tổng hợp"}
    assert around(before) == around(after)
    for number, entry in enumerate(form.criteria, start=11):
        if entry in with_figure:
            assert new[form.tab, entry.points][:2] == ("float", f"{number / 4:g}")
            assert new[form.tab, entry.evidence][2].endswith(f"su-co-{number}.csv\nbao-tri.csv")


@pytest.mark.parametrize("office", [office for office, sums in SUMS.items() if sums])
def test_sums_are_computed_anew(office: str, tmp_path: Path) -> None:
    data = OFFICES[office]()
    form = read_form(data)
    shown = seen(parsed(converted(tmp_path, "fods", filled(data, form))))
    points = {entry.points: Decimal(shown[form.tab, entry.points][1] or 0) for entry in form.criteria if entry.points}
    total = next(entry.points for entry in form.rows if entry.kind == "sum")

    assert Decimal(shown[form.tab, total][1]) == sum(points.values())


def test_a_sum_on_another_sheet_stays_as_it_was_saved_and_that_is_said(tmp_path: Path) -> None:
    """LibreOffice does not follow ``fullCalcOnLoad``, and the other sheet's part is not ours to change."""
    data = OFFICES["xlsxwriter"]()
    form = read_form(data)
    shown = seen(parsed(converted(tmp_path, "fods", filled(data, form))))

    assert shown["Tổng hợp", "B1"][1] == "0" != shown[form.tab, "D12"][1]


def test_each_form_has_its_columns() -> None:
    forms = {office: read_form(make()) for office, make in OFFICES.items()}

    assert {office: form.letters(FormColumn.POINTS) for office, form in forms.items()} == {
        "excel": "F",
        "sdk": "E",
        "xlsxwriter": "D",
        "openpyxl": "G",
        "libreoffice": "E",
    }
    assert all(len(set(form_codes(form).values())) == len(form_codes(form)) for form in forms.values())
