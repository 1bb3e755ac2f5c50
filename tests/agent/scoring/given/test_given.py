"""Given values: the workbook with empty cells, filled in as clerks do, and read back exactly, or refused by cell."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from agent.errors import ConfigError, SansangError
from agent.inventory.sheets.number_formats import CellKind
from agent.scoring.evidence import GivenValue
from agent.scoring.formulas import (
    ChoiceFormula,
    Part,
    PointsFormula,
    PointsStep,
    RatioFormula,
    StepsFormula,
    SumFormula,
)
from agent.scoring.given.asked import asked_values
from agent.scoring.given.read import read_given
from agent.scoring.given.values import day, number
from agent.scoring.measures import ExternalMeasure, ManualMeasure, Quantity, UptimeMeasure
from agent.scoring.sheet import Criterion, CriterionGroup, ScoreSheet, WhenMissing
from agent.scoring.values import Document
from agent.text import Text
from exporters.scores.values_file import values_file

NAME = Text("Tiêu chí", "Criterion")
LEADER = ChoiceFormula(
    {"chair": Fraction(1), "deputy": Fraction(1, 2)},
    {"chair": Text("Chủ tịch", "Chair"), "deputy": Text("Phó Chủ tịch, phụ trách", "Deputy")},
)
HALF = Part(Text("Có kế hoạch", "A plan"), Fraction(1, 2), ManualMeasure(Quantity.POINTS), PointsFormula())
ADOPTED = ManualMeasure(Quantity.SHARE, Text("hộ có cáp quang", "fibre"), Text("tổng số hộ", "households"))
CRITERIA = (
    Criterion("1.1", NAME, "1", Decimal(20), RatioFormula(), ADOPTED),
    Criterion("1.10", NAME, "1", Decimal(20), LEADER, ManualMeasure(Quantity.CHOICE)),
    Criterion("1.2", NAME, "1", Decimal(20), SumFormula((HALF, HALF))),
    Criterion(
        "1.3",
        NAME,
        "1",
        Decimal(20),
        StepsFormula((PointsStep(Fraction(4), Fraction(1)),)),
        ExternalMeasure(Quantity.COUNT, "Sở KH&CN"),
    ),
    Criterion("1.4", NAME, "1", Decimal(20), RatioFormula(), UptimeMeasure(), WhenMissing.MANUAL),
    Criterion("1.5", NAME, "1", Decimal(20), RatioFormula(), UptimeMeasure()),
    Criterion("1.6", NAME, "1", Decimal("16.5"), PointsFormula(), ManualMeasure()),
)
SHEET = ScoreSheet(
    "xa",
    NAME,
    "",
    Decimal(100),
    3,
    ("commune",),
    (CriterionGroup("1", NAME, Decimal(100)),),
    CRITERIA,
    date(2026, 1, 1),
)
UNITS = [("xa-a", "Xã A"), ("xa-b", "Xã B")]
HEAD = "Mã đơn vị;Mã tiêu chí;Phần;Giá trị (a);Trên tổng số (b);Lựa chọn;Số văn bản;Ngày văn bản;Ghi chú\n"


def csv(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "gia-tri.csv"
    path.write_text(HEAD + "".join(row + "\n" for row in rows), "utf-8")
    return path


def given(criterion: str, a: Fraction | None, b: Fraction | None = None, choice: str = "", part: int = 0) -> GivenValue:
    return GivenValue(criterion, part, "xa-a", a, b, choice, Document())


def test_what_is_asked_of_a_person() -> None:
    asked = [(one.criterion.code, one.part, one.quantity.value, one.required) for one in asked_values(SHEET)]
    assert asked == [
        ("1.1", 0, "share", True),
        ("1.10", 0, "choice", True),
        ("1.2", 0, "points", True),
        ("1.2", 1, "points", True),
        ("1.3", 0, "count", True),
        ("1.4", 0, "share", False),
        ("1.6", 0, "points", True),
    ]
    assert [one.most for one in asked_values(SHEET)][2:4] == [Decimal(10), Decimal(10)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_workbook_comes_back_filled_in(tmp_path: Path, language: str) -> None:
    book = load_workbook(io.BytesIO(values_file(SHEET, UNITS, language)))
    page = book.active
    assert page is not None
    assert page.max_row == 1 + 7 * 2
    path = tmp_path / "gia-tri.xlsx"
    book.save(path)
    assert read_given(path, SHEET, {"xa-a", "xa-b"}) == ()
    page["G2"], page["H2"], page["J2"], page["K2"], page["L2"] = (
        4597,
        5200,
        "12/BC-UBND",
        date(2026, 12, 5),
        "đã rà soát",
    )
    page["I3"] = "Phó Chủ tịch, phụ trách" if language == "vi" else "Deputy"
    page["G4"], page["G5"], page["G6"] = 7.5, "2,25", 4
    page["G15"] = 16.5
    book.save(path)

    assert read_given(path, SHEET, {"xa-a", "xa-b"}) == (
        GivenValue(
            "1.1",
            0,
            "xa-a",
            Fraction(4597),
            Fraction(5200),
            "",
            Document("12/BC-UBND", date(2026, 12, 5), "đã rà soát"),
        ),
        given("1.10", None, choice="deputy"),
        given("1.2", Fraction(15, 2)),
        given("1.2", Fraction(9, 4), part=1),
        given("1.3", Fraction(4)),
        GivenValue("1.6", 0, "xa-b", Fraction(33, 2), None, "", Document()),
    )


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert values_file(SHEET, UNITS) == values_file(SHEET, UNITS)


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("xa-a;1.1;;4597;5200;;;;", given("1.1", Fraction(4597), Fraction(5200))),
        ("xa-a;1.1;;15 763;16 000;;;;", given("1.1", Fraction(15_763), Fraction(16_000))),
        ("xa-a;1.1;;1.015.763;2.000.000;;;;", given("1.1", Fraction(1_015_763), Fraction(2_000_000))),
        ("xa-a;1.1;;98,65%;;;;;", given("1.1", Fraction("98.65"), Fraction(100))),
        ("xa-a;1.1;;7;5;;;;", given("1.1", Fraction(7), Fraction(5))),
        ("xa-a;1.10;;;;chair;;;", given("1.10", None, choice="chair")),
        ("xa-a;1.10;;;;CHỦ TỊCH;;;", given("1.10", None, choice="chair")),
        ("xa-a;1.2;2;1;;;;;", given("1.2", Fraction(1), part=1)),
        ("xa-a;1.4;;1;2;;;;", given("1.4", Fraction(1), Fraction(2))),
        ("xa-a;1.6;;16,5;;;;;", given("1.6", Fraction(33, 2))),
    ],
)
def test_as_people_write(tmp_path: Path, row: str, value: GivenValue) -> None:
    assert read_given(csv(tmp_path, row), SHEET) == (value,)


@pytest.mark.parametrize(
    ("row", "column", "wrong"),
    [
        ("xa-a;9.9;;1;2;;;;", 2, "biểu không có tiêu chí"),
        ("xa-a;1.5;;1;2;;;;", 2, "không nhập tay"),
        ("xa-a;1.2;3;1;;;;;", 3, "không nhập tay"),
        ("xa-c;1.1;;1;2;;;;", 1, "không có đơn vị 'xa-c'"),
        (";1.1;;1;2;;;;", 1, "không có mã đơn vị"),
        ("xa-a;1.1;;1;;;;;", 5, "thiếu"),
        ("xa-a;1.1;;;2;;;;", 4, "thiếu"),
        ("xa-a;1.1;;1;0;;;;", 5, "tổng số bằng 0"),
        ("xa-a;1.1;;1.493;2000;;;;", 4, "hai cách"),
        ("xa-a;1.1;;98%;100;;;;", 4, "vừa có phần trăm"),
        ("xa-a;1.1;;-1;5;;;;", 4, "không phải số"),
        ("xa-a;1.1;;=1+1;5;;;;", 4, "không phải số"),
        ("xa-a;1.1;;1e3;5;;;;", 4, "không phải số"),
        (f"xa-a;1.1;;{'9' * 40};5;;;;", 4, "không phải số"),
        ("xa-a;1.10;;;;Bí thư;;;", 6, "không có trong các lựa chọn"),
        ("xa-a;1.10;;1;;;;;", 6, "không có trong các lựa chọn"),
        ("xa-a;1.2;;10,01;;;;;", 4, "hơn điểm tối đa"),
        ("xa-a;1.3;;4;5;;;;", 5, "không có tổng số"),
        ("xa-a;1.3;;4%;;;;;", 4, "phần trăm"),
        ("xa-a;1.3;;4;;;;31/02/2026;", 8, "không phải ngày"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(tmp_path: Path, row: str, column: int, wrong: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_given(csv(tmp_path, row), SHEET, {"xa-a", "xa-b"})
    (fault,) = refused.value.faults
    assert (fault.line, fault.column) == (2, column)
    assert wrong in fault.wrong
    assert fault.right


def test_every_fault_is_said_at_once_and_a_second_value_too(tmp_path: Path) -> None:
    path = csv(tmp_path, "xa-a;1.1;;1;2;;;;", "xa-a;1.1;;2;2;;;;", "xa-b;1.1;;x;2;;;;")
    with pytest.raises(ConfigError) as refused:
        read_given(path, SHEET)
    assert [(fault.line, "hai lần" in fault.wrong) for fault in refused.value.faults] == [(3, True), (4, False)]


def test_a_code_that_a_spreadsheet_made_a_number_of(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(values_file(SHEET, UNITS)))
    page = book.active
    assert page is not None
    page["C6"], page["G6"] = 1.3, 4
    path = tmp_path / "gia-tri.xlsx"
    book.save(path)
    assert read_given(path, SHEET) == (given("1.3", Fraction(4)),)
    page["C3"], page["I3"] = 1.1, "chair"  # 1.1 or 1.10: as it is written it is 1.1, which is no choice
    book.save(path)
    with pytest.raises(ConfigError) as refused:
        read_given(path, SHEET)
    assert "G3" in refused.value.faults[0].cell


def test_a_file_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a;b\n1;2\n", "utf-8")
    with pytest.raises(ConfigError, match="không thấy dòng tiêu đề"):
        read_given(path, SHEET)


def test_nothing_asked_and_too_much_asked() -> None:
    measured = ScoreSheet("xa", NAME, "", Decimal(20), 3, ("commune",), SHEET.groups, (CRITERIA[5],), date(2026, 1, 1))
    with pytest.raises(SansangError, match="nothing in this sheet"):
        values_file(measured, UNITS)
    with pytest.raises(SansangError, match="more than a file of values"):
        values_file(SHEET, [(f"xa-{number}", "Xã") for number in range(3_000)])


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1493", None, Fraction(1493)),
        ("1493.5", CellKind.NUMBER, Fraction(2987, 2)),
        ("1.493", CellKind.NUMBER, Fraction(1493, 1000)),
        ("1.493,25", None, Fraction(149_325, 100)),
        ("1,493.25", None, Fraction(149_325, 100)),
        ("98.65%", CellKind.PERCENT, Fraction("98.65")),
    ],
)
def test_numbers(text: str, kind: CellKind | None, value: Fraction) -> None:
    assert number(text, kind)[0] == value


def test_days() -> None:
    assert day("1/7/2025") == day("01-07-2025") == day("2025-07-01") == date(2025, 7, 1)
