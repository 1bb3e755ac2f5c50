"""A self-assessment workbook is read as the office wrote it."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from fractions import Fraction

import pytest

from agent.scoring.form.form import EntryKind, Form, FormColumn
from agent.scoring.form.read import read_form
from agent.scoring.form.score_sheet import FormIdentity, form_codes, proposals, score_sheet, year_of
from agent.scoring.formulas import PointsFormula, RatioFormula
from agent.scoring.measures import BooleanMeasure, Feature, ManualMeasure, Quantity, ShareMeasure, UptimeTest
from tests.agent.scoring.form.form_tables import HEAD, Row, table_workbook
from tests.agent.scoring.form.raw_workbooks import excel_manner, sdk_manner

GROUP, CRITERION, SUM, NOTE = EntryKind.GROUP, EntryKind.CRITERION, EntryKind.SUM, EntryKind.NOTE


def kinds(form: Form) -> list[tuple[int, EntryKind, str]]:
    return [(entry.row, entry.kind, entry.number) for entry in form.rows]


def said(form: Form) -> list[str]:
    return [remark.vi for remark in form.remarks]


def test_a_form_as_excel_writes_it() -> None:
    data = excel_manner()
    form = read_form(data)

    assert form.tab == "Tự chấm"
    assert form.sha256 == hashlib.sha256(data).hexdigest()
    assert form.scale == 1000
    assert {column: form.letters(column) for column in FormColumn} == dict(zip(FormColumn, "ABDEFGH", strict=True))
    assert kinds(form) == [
        (8, GROUP, "I"),
        (9, CRITERION, "1.1"),
        (10, CRITERION, "1.2"),
        (11, CRITERION, "1.3"),
        (12, CRITERION, "1.4"),
        (13, GROUP, "II"),
        (14, CRITERION, "2.1"),
        (15, CRITERION, "2.2"),
        (16, SUM, ""),
        (18, NOTE, ""),
    ]
    assert [entry.parent for entry in form.criteria] == [8, 8, 8, 8, 13, 13]
    assert [entry.maximum for entry in form.criteria] == list(map(Decimal, ("20", "20", "40", "20", "400.5", "499.5")))
    assert [(entry.points, entry.explanation, entry.evidence) for entry in form.criteria[:1]] == [("F9", "G9", "H9")]
    assert [entry.formula for entry in form.criteria] == [False] * 5 + [True]
    assert form.criteria[0].asked == "QĐ 12/QĐ-UBND ngày 3/2/2025"
    assert said(form) == [
        "lấy trang 'Tự chấm' trong 3 trang; trang khác: --tab TÊN",
        "1 hàng ẩn vẫn được đọc: 14",
    ]


def test_a_form_as_a_program_writes_it() -> None:
    form = read_form(sdk_manner())

    assert [(entry.points, entry.maximum) for entry in form.criteria] == [
        ("E4", Decimal("30.5")),
        ("E5", Decimal("29.5")),
        ("E7", Decimal(40)),
    ]
    assert form.scale == 100
    assert form.remarks == ()


def test_a_form_becomes_a_score_sheet() -> None:
    form = read_form(excel_manner())
    sheet = score_sheet(form, FormIdentity("xa-2026", "tu-cham.xlsx", ("commune",), year_of(form) or 0))

    assert sheet.title.vi == "BẢNG TỰ ĐÁNH GIÁ CHUYỂN ĐỔI SỐ CẤP XÃ NĂM 2026"
    assert sheet.legal_reference == "Quyết định số 469/QĐ-UBND ngày 26/2/2026 của UBND tỉnh"
    assert (str(sheet.valid_from), str(sheet.valid_to)) == ("2026-01-01", "2026-12-31")
    assert sheet.maximum == 1000
    assert sheet.decimals == 2
    assert [(group.code, group.maximum) for group in sheet.groups] == [("I", Decimal(100)), ("II", Decimal(900))]
    by_code = {criterion.code: criterion for criterion in sheet.criteria}
    assert isinstance(by_code["1.1"].measure, ShareMeasure)
    assert by_code["1.1"].measure.test == UptimeTest(Fraction(99, 100))
    assert isinstance(by_code["1.3"].measure, BooleanMeasure)
    assert by_code["1.3"].measure.feature is Feature.IPV6
    assert (by_code["1.4"].measure, by_code["2.2"].measure, by_code["2.2"].formula) == (
        ManualMeasure(Quantity.SHARE, by_code["1.4"].measures[0].a, by_code["1.4"].measures[0].b),  # type: ignore[union-attr]
        ManualMeasure(Quantity.POINTS),
        PointsFormula(),
    )
    assert by_code["1.4"].formula == RatioFormula()
    assert sheet.form is not None
    assert [(row.code, row.points) for row in sheet.form.rows][:2] == [("1.1", "F9"), ("1.2", "F10")]
    assert set(proposals(form)) == {9, 10, 11}


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Tỷ lệ cơ quan có mạng LAN kết nối Internet", "lan"),
        ("Kết nối mạng Truyền số liệu chuyên dùng cấp II", "uplink"),
        ("Số điểm cầu hội nghị truyền hình đến cấp xã", "conference"),
        ("Trang thông tin điện tử của xã hoạt động ổn định", "portal"),
        ("Hệ thống thông tin một cửa điện tử", "one-stop"),
        ("Cán bộ được tập huấn về IPv6", ""),
        ("Ban hành kế hoạch chuyển đổi số", ""),
        ("Tỷ lệ plan hoàn thành", ""),
    ],
)
def test_words_propose_a_measure(title: str, role: str) -> None:
    form = read_form(table_workbook([["1", title, 100]]))
    found = [str(proposal.measure) for proposal in proposals(form).values()]

    assert [f"'{role}'" in one for one in found] == ([True] if role else [])


def test_numbers_that_excel_changed() -> None:
    numbers = (1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 1.1)
    rows: list[Row] = [("I", "Nhóm", 100)]
    rows += [(number, "Chỉ số", 10) for number in numbers]
    form = read_form(table_workbook(rows))

    assert [entry.number for entry in form.criteria][-2:] == ["1.9", "1.10"]
    assert said(form) == ["ô A12: đọc là 1.10, vì Excel đã bỏ số 0 ở cuối"]


def test_steps_belong_to_their_criterion() -> None:
    rows: list[Row] = [
        ["1", "Họp ban chỉ đạo", 20],
        ["-", "4 lần", 20],
        ["-", "2 lần", 10],
        ["2", "Nhóm có phần", 80],
        ["a)", "Phần một", 50],
        ["b)", "Phần hai", 30],
    ]
    form = read_form(table_workbook(rows))

    assert [(entry.row, entry.kind) for entry in form.rows] == [
        (2, CRITERION),
        (5, GROUP),
        (6, CRITERION),
        (7, CRITERION),
    ]
    assert (form.rows[0].method, form.rows[0].last) == ("- 4 lần: 20; - 2 lần: 10", 4)
    assert list(form_codes(form).values()) == ["1", "2", "a", "b"]


def test_what_does_not_add_up_is_said_with_cells() -> None:
    rows: list[Row] = [
        ["I", "Nhóm một", 60],
        ["1", "Chỉ số", 20],
        ["2", "Chỉ số", 30],
        ["II", "Nhóm hai", 40],
        ["", "Tổng cộng", 90],
    ]

    assert said(read_form(table_workbook(rows))) == [
        "ô C2: nhóm 'Nhóm một' có điểm tối đa 60, cộng các chỉ số bên trong (C3, C4) được 50",
        "ô C6: hàng 'Tổng cộng' ghi 90, cộng các nhóm được 100",
    ]


def test_numbers_that_start_anew_in_each_group_get_its_code() -> None:
    rows: list[Row] = [["I", "Một", 50], ["1", "Chỉ số", 50], ["II", "Hai", 50], ["1", "Chỉ số", 50]]

    assert list(form_codes(read_form(table_workbook(rows))).values()) == ["I", "1", "II", "II.1"]


def test_headings_over_two_rows_in_any_order() -> None:
    head: list[Row] = [
        ["Tiêu chí", "STT", "Điểm", "Điểm", "Điểm", "Tài liệu minh chứng"],
        ["Tiêu chí", "STT", "Tối đa", "Tự chấm", "Thẩm định", "Tài liệu minh chứng"],
    ]
    merged = ["A1:A2", "B1:B2", "C1:E1", "F1:F2"]
    form = read_form(table_workbook([["Chỉ số một", "1", "100", "", "", ""]], head=head, merged=merged))

    assert (form.header, form.criteria[0].points, form.criteria[0].evidence) == (2, "D3", "F3")
    assert form.criteria[0].maximum == 100
    assert said(form) == [
        "các cột không dùng đến, để nguyên: E2 'Điểm Thẩm định'",
        "không có cột 'Giải trình': phần này sẽ không được ghi vào biểu",
    ]


def test_several_sheets_ask_for_one() -> None:
    data = table_workbook([["1", "Chỉ số", 100]], tabs=("Xã", "Phòng"))

    with pytest.raises(Exception, match="--tab with one of: 'Xã', 'Phòng'"):
        read_form(data)
    assert read_form(data, "phòng").tab == "Phòng"


def test_one_cell_for_several_criteria_is_not_filled() -> None:
    form = read_form(table_workbook([["1", "Chỉ số", 40], ["2", "Chỉ số", 60]], merged=["E2:E3"]))

    assert [entry.points for entry in form.criteria] == ["", ""]
    assert said(form) == ["ô E2 chung cho các hàng 2, 3: sẽ không điền điểm vào ô này"]


def test_a_criterion_may_take_several_lines() -> None:
    rows: list[Row] = [["1", "Chỉ số", 60, "a/b"], ["", "", "", "b: tổng số hộ"], ["2", "Chỉ số", 40, ""]]
    merged = ["A2:A3", "B2:B3", "C2:C3", "E2:E3"]
    form = read_form(table_workbook(rows, merged=merged))

    assert [(entry.row, entry.last, entry.method) for entry in form.rows] == [(2, 3, "a/b; b: tổng số hộ"), (4, 4, "")]


def test_headings_stand_anywhere_above() -> None:
    rows: list[Row] = [["1", "Chỉ số", 100]]
    above: list[Row] = [["UBND XÃ TÂN PHÚ", "BẢNG TỰ ĐÁNH GIÁ CHỈ SỐ"], [], ["Số cán bộ: 21"], []]

    assert read_form(table_workbook(rows, head=[*above, HEAD])).header == 5
