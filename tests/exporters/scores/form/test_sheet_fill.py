"""A form is filled in by the codes of the score sheet that was read from it."""

from __future__ import annotations

import dataclasses
import io
from decimal import Decimal

import openpyxl
import pytest

from agent.scoring.document.canonical import sheet_yaml, with_digest
from agent.scoring.document.load import sheet_from_bytes
from agent.scoring.form.read import read_form
from agent.scoring.form.score_sheet import FormIdentity, score_sheet
from agent.scoring.form.texts import FormError
from agent.scoring.sheet import ScoreSheet
from exporters.scores.form.form_fill import FilledRow
from exporters.scores.form.sheet_fill import TOTAL, fill_form
from tests.agent.scoring.form.form_tables import Row, table_workbook
from tests.agent.scoring.form.raw_workbooks import excel_manner

ROWS: list[Row] = [["I", "Nhóm", 100], ["1", "Một", 60], ["2", "Hai", 40], ["", "Tổng cộng", 100]]


def sheet_of(data: bytes) -> ScoreSheet:
    return score_sheet(read_form(data), FormIdentity("xa", "tu-cham.xlsx", ("commune",), 2026))


def points(data: bytes) -> list[object]:
    return [cell.value for cell in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["E"]]


def test_criteria_groups_and_the_total_by_code() -> None:
    data = table_workbook(ROWS)
    rows = {code: FilledRow(Decimal(value)) for code, value in (("1", 50), ("2", 30), ("I", 80), (TOTAL, 80))}
    result = fill_form(data, sheet_of(data), rows)

    assert points(result.data)[1:] == [80, 50, 30, 80]
    assert result.remarks == ()


def test_what_formulas_fill_is_left_to_them() -> None:
    data = excel_manner()
    rows = {"I": FilledRow(Decimal(1)), TOTAL: FilledRow(Decimal(1)), "1.1": FilledRow(Decimal(20))}
    result = fill_form(data, sheet_of(data), rows)

    assert (result.cells, result.remarks) == (("F9",), ())


def test_a_sheet_that_went_through_its_file_fills_the_same() -> None:
    data = excel_manner()
    sheet = with_digest(sheet_of(data))
    again = sheet_from_bytes("xa.yml", sheet_yaml(sheet).encode())
    rows = {"1.1": FilledRow(Decimal(20), "Đạt", ("a.csv",))}

    assert again == sheet
    assert fill_form(data, again, rows) == fill_form(data, sheet, rows)


def test_rows_that_moved_are_found_by_number_and_title() -> None:
    sheet = sheet_of(table_workbook(ROWS))
    head: list[Row] = [["UBND XÃ"], ["STT", "Tiêu chí", "Điểm tối đa", "Ghi", "Tự chấm"]]
    moved = table_workbook([ROWS[0], ["", "", None], *ROWS[1:]], head=head)
    result = fill_form(moved, sheet, {"1": FilledRow(Decimal(50))})

    assert result.cells == ("E5",)
    assert [remark.vi for remark in result.remarks] == [
        "sổ Excel đã sửa từ lúc nhập; các chỉ số vẫn còn đủ và được điền theo số thứ tự và tên"
    ]


def test_criteria_that_are_others_are_named_by_row() -> None:
    sheet = sheet_of(table_workbook(ROWS))
    head: list[Row] = [["A"], ["STT", "Tiêu chí", "Điểm tối đa", "Tự chấm"]]
    other = table_workbook([["1", "Khác hẳn", 60], ["3", "Hai", 40]], head=head)

    with pytest.raises(FormError, match="row 3: criterion 1 should be 'Một', the workbook has 'Khác hẳn'"):
        fill_form(other, sheet, {"1": FilledRow(Decimal(50))})


def test_a_sheet_that_came_from_no_workbook_says_so() -> None:
    data = table_workbook(ROWS)
    with pytest.raises(FormError, match="import-sheet FILE"):
        fill_form(data, dataclasses.replace(sheet_of(data), form=None), {})


def test_a_criterion_without_a_cell_of_its_own_is_said() -> None:
    data = table_workbook(ROWS, merged=["E3:E4"])
    result = fill_form(data, sheet_of(data), {"1": FilledRow(Decimal(50)), "2": FilledRow(None)})

    assert result.data == data
    assert [remark.vi for remark in result.remarks] == ["chỉ số 1: biểu không có ô riêng để điền điểm"]
