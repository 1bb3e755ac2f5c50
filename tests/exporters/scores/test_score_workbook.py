from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest

from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evaluation import total
from agent.scoring.ranking import Ranked, ranking
from exporters.scores.words import difference_text, house_line, marks, period_days, place_text
from exporters.scores.xlsx_file import MOST_FORMS, xlsx_file
from tests.exporters.reports.hostile import texts
from tests.exporters.scores.score_sample import score_report

_HASH = "ab" * 32


def of_one(place: int = 0, language: str = "vi") -> ScoreReport:
    report = score_report(language)
    scores = report.scores[place : place + 1]
    return replace(report, scores=scores, ranked=ranking(scores, report.before))


def rows(content: bytes, sheet: str, *, cached: bool = True) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=cached)
    return list(book[sheet].iter_rows(values_only=True))


def test_the_form_has_the_official_columns_and_what_a_clerk_hands_in() -> None:
    table = rows(xlsx_file(of_one(), _HASH), "Biểu chấm điểm")
    said = [str(row[0]) for row in table if row[0]]
    heading = next(row for row in table if row[0] == "STT")
    first = next(row for row in table if row[0] == "1.1")

    assert heading == (
        "STT", "Chỉ số / Chỉ số thành phần", "Điểm tối đa", "Cách xác định và tính điểm", "Kết quả", "Điểm tự chấm",
        "Giải trình kết quả", "Tài liệu kiểm chứng", "Đơn vị xác minh",
    )  # fmt: skip
    assert {"XÃ AN HÒA", "BIỂU TỰ CHẤM ĐIỂM", "Năm 2026", "Đơn vị: Xã An Hòa (mã 08881)"} <= set(said)
    assert "Căn cứ: 123/QĐ-UBND ngày 02/01/2026" in said
    assert f"Mã SHA-256 của gói bằng chứng: {_HASH}" in said
    assert (first[2], first[4], first[5], first[8]) == (20, "30/33 = 90,9%", 18.182, "Sở Khoa học và Công nghệ")
    assert any("NGƯỜI LẬP BIỂU" in row for row in table)


def test_sums_are_formulas_over_the_rounded_rows_with_what_they_come_to() -> None:
    content = xlsx_file(of_one())
    formulas = [row[5] for row in rows(content, "Biểu chấm điểm", cached=False) if str(row[5]).startswith("=")]
    table = rows(content, "Biểu chấm điểm")
    points = [row[5] for row in table if isinstance(row[5], int | float)]

    assert formulas == ["=SUM(F14:F17)", "=SUM(F19:F21)", "=SUM(F13,F18)"]
    assert (points[0], points[4], points[-1]) == (47.915, 45.675, 93.59)
    assert total(of_one().scores[0].rows).earned == Decimal("93.590")


def test_a_row_that_waits_leaves_its_points_empty_and_the_form_says_what_may_come() -> None:
    content = xlsx_file(of_one(1))
    table = rows(content, "Biểu chấm điểm")
    waiting = next(row for row in table if row[0] == "1.3")

    assert (waiting[4], waiting[5]) == ("chưa điền", "")
    assert str(waiting[6]).startswith("Tạm chưa chấm: chưa chọn mức;")
    assert "TẠM TÍNH: đã đạt 85,408, còn có thể 10, đã mất 4,592 trên 100 điểm; 1 chỉ tiêu chưa chấm" in str(
        table[0][0]
    )
    assert "BIỂU MINH HỌA" in str(table[0][0])


def test_the_ranking_has_the_words_of_announcements() -> None:
    table = rows(xlsx_file(score_report()), "Xếp hạng")
    units = [row for row in table if row[1] in ("Xã An Hòa", "Xã Bắc Bình", "Xã Đồng Ích")]

    assert [row[0] for row in units] == ["1–2", "1–3", "2–3"]
    assert [row[8] for row in units] == [
        "93,59; +1,6; 1–2/3; 1/6 chỉ tiêu", "85,408; 1–3/3; 1/6 chỉ tiêu", "68,741; 2–3/3; 1/6 chỉ tiêu",
    ]  # fmt: skip
    assert [row[9] for row in units] == ["Hạ tầng số, Xã hội số", "Xã hội số", ""]
    assert units[0][10:12] == (47.915, 45.675)


def test_the_house_line_is_that_of_the_article() -> None:
    whole = replace(score_report().scores[0].total, earned=Decimal("744.213"), maximum=Decimal(1000), full=17, rows=17)
    ranked = Ranked("lap-thach", whole, 1, 1, 9, Decimal("161.813"))

    assert house_line(ranked, "vi") == "744,213; +161,8; 1/9; 17/17 chỉ tiêu"
    assert house_line(ranked, "en") == "744.213; +161.8; 1/9; 17/17 criteria"
    assert (difference_text(Decimal("-1234.56"), "vi"), difference_text(Decimal("0.01"), "vi")) == ("-1.234,6", "0,0")
    assert place_text(replace(ranked, best=3, worst=7)) == "3–7"


def test_what_would_raise_the_score_begins_with_what_waits_then_with_what_lost_most() -> None:
    table = rows(xlsx_file(of_one(1)), "Tăng điểm")
    gains = [(row[1], row[5]) for row in table if isinstance(row[5], int | float)]

    assert gains == [("1.3", 10), ("2.3", 3.333), ("2.2", 0.909), ("1.2", 0.267), ("2.1", 0.083)]


def test_the_method_says_how_to_get_the_same_again() -> None:
    said = {row[0]: row[1] for row in rows(xlsx_file(of_one(), _HASH), "Phương pháp")}

    assert said["SHA-256 của bản kê trong gói bằng chứng"] == _HASH
    assert said["SHA-256 của biểu"] == "ab" * 32
    assert said["Mốc của sổ (dòng:mã băm)"] == f"4711:{'cd' * 32}"
    assert str(said["Lập lại đúng kết quả này"]).startswith("sansang score --sheet config/scoring/mau-xa-2026.yml")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_same_report_gives_the_same_bytes_and_nothing_is_compressed(language: str) -> None:
    content = xlsx_file(score_report(language))

    assert content == xlsx_file(score_report(language))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {part.compress_type for part in archive.infolist()} == {zipfile.ZIP_STORED}


def test_of_many_units_there_is_no_form_for_each() -> None:
    report = score_report()
    many = tuple(replace(report.scores[0], unit=f"xa-{number}") for number in range(MOST_FORMS + 1))
    units = tuple(replace(report.evidence.units[0], id=score.unit) for score in many)
    evidence = replace(report.evidence, units=units)
    content = xlsx_file(replace(report, scores=many, ranked=ranking(many), evidence=evidence))

    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["Xếp hạng", "Tăng điểm", "Phương pháp"]


def test_what_data_says_is_text_and_never_a_formula() -> None:
    report = of_one()
    for text in texts(20):
        unit = replace(report.evidence.units[0], name=text, code=text)
        content = xlsx_file(replace(report, evidence=replace(report.evidence, units=(unit,), organisation=text)))
        book = openpyxl.load_workbook(io.BytesIO(content))
        formulas = [cell.value for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
        assert formulas == ["=SUM(F14:F17)", "=SUM(F19:F21)", "=SUM(F13,F18)"]


def test_a_report_that_nobody_vouches_for_says_so_on_every_page() -> None:
    assert marks(replace(of_one(), unverified="sổ đã bị sửa")).endswith(" · sổ đã bị sửa")


def test_a_sheet_that_is_not_in_force_in_the_whole_period_is_said_on_every_page() -> None:
    report = of_one()
    first, after = period_days(report)
    kept = replace(report.sheet, illustrative=False, valid_from=first, valid_to=after - timedelta(days=1))
    for valid, words in (
        ({}, ""),
        ({"valid_to": None}, ""),
        (
            {"valid_from": first + timedelta(days=1)},
            f"KỲ NGOÀI HIỆU LỰC CỦA BIỂU: biểu có hiệu lực từ 02/01/{first.year} ",
        ),
        ({"valid_to": after - timedelta(days=2)}, "đến 30/"),
        ({"valid_from": after, "valid_to": None}, "KỲ NGOÀI HIỆU LỰC CỦA BIỂU: biểu có hiệu lực từ "),
    ):
        said = marks(replace(report, sheet=replace(kept, **valid)))
        assert words in said
        assert ("HIỆU LỰC" in said) == bool(words)
