"""The sentences of every measure with every formula and status: whole, grammatical, true to the numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from agent.scoring.evaluation import CriterionScore, RowState, score_row
from agent.scoring.explanations.sentences import Explanations
from agent.scoring.formulas import RatioFormula
from agent.scoring.values import MOST_NAMED, ValueStatus
from agent.text import LANGUAGES
from tests.agent.scoring.explanations.samples import (
    CONFERENCE,
    FORMULAS,
    MEASURES,
    NAMES,
    SHARE,
    SUM,
    SUM_VALUES,
    criterion,
    known,
    missing_rows,
    scored_rows,
    sheet_of,
)

_WHOLE = re.compile(r"[A-ZÀ-Ỵ0-9“(].*[^ .;]\.")
_BROKEN = re.compile(r"  | [,;.:]|[{}]|None|;;|\.\.|: ;")


def explained(row: CriterionScore, language: str = "vi") -> str:
    return Explanations(sheet_of(row.criterion), NAMES, language).sentence(row)


def result(row: CriterionScore, language: str = "vi") -> str:
    return Explanations(sheet_of(row.criterion), NAMES, language).result(row)


def scored(name: str, formula: int = 0) -> CriterionScore:
    measure, value = MEASURES[name]
    return score_row(criterion(FORMULAS[value.quantity][formula], measure), [value], 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_has_a_whole_sentence(language: str) -> None:
    rows = dict([*scored_rows(), *missing_rows()])
    sentences = {name: explained(row, language) for name, row in rows.items()}

    assert len(sentences) > 180
    assert [name for name, text in sentences.items() if not _WHOLE.fullmatch(text) or _BROKEN.search(text)] == []
    assert [name for name, row in rows.items() if not result(row, language)] == []


def test_each_points_text_is_that_of_the_row() -> None:
    for name, row in scored_rows():
        points = f"{row.points:f}".rstrip("0").rstrip(".").replace(".", ",")
        if row.state is RowState.SCORED:
            assert explained(row).endswith(f"{points or 0}."), name


def test_a_row_that_waits_says_so_and_one_that_is_worth_nothing_by_rule_does_not() -> None:
    for name, row in missing_rows():
        assert explained(row).startswith("Tạm chưa chấm: ") == (row.state is RowState.PENDING), name
        assert explained(row).endswith("thiếu số liệu thì tính 0 điểm.") == (row.state is RowState.ZEROED), name


@pytest.mark.parametrize(
    ("name", "formula", "sentence"),
    [
        (
            "share by uptime",
            0,
            ("30/33 điểm cầu đạt độ sẵn sàng từ 99% trở lên trong giờ hành chính (90,90%); chưa đạt: Xã An Hòa, Xã Bắc "
            "Bình, Xã Đồng Ích; độ phủ 98,20%; loại trừ 120 phút bảo trì; điểm = 30/33 × 20 = 18,182."),
        ),
        (
            "uptime",
            2,
            ("33 điểm cầu hoạt động 6:10:48 trên 6:15:00 giờ đã biết trong giờ hành chính (98,88%); có lần mất: Xã An "
            "Hòa, Xã Bắc Bình; độ phủ 98,20%; loại trừ 120 phút bảo trì; theo đính chính đã ký: 99,20%; đạt ngưỡng từ "
            "95% trở lên nên được điểm tối đa: điểm = 20."),
        ),
        (
            "share of sites",
            3,
            ("7/27 điểm đạt độ sẵn sàng từ 99,5% trở lên, tính cả ngày đêm (25,92%); chưa đạt: Xã An Hòa, Xã Bắc Bình, "
            "Xã Đồng Ích, Xã Hợp Lý, Xã Liễn Sơn và 15 nơi khác; loại trừ 2:01:00,500 giờ bảo trì; không đạt ngưỡng "
            "từ 95% trở lên nên tính theo tỷ lệ: điểm = 7/27 ÷ 95% × 20 = 5,458."),
        ),
        (
            "outages",
            2,
            ("4 lần mất của điểm cầu trong giờ hành chính; có lần mất: Xã An Hòa; vượt ngưỡng không quá 2 nên tính "
            "theo tỷ lệ: điểm = 2 ÷ 4 × 20 = 10."),
        ),
        (
            "manual share",
            0,
            ("Cán bộ có máy tính: 720; tổng số cán bộ: 719 (100,13%); theo 5/BC ngày 02/01/2026; ghi chú: đếm ngày "
            "02/01; tỷ lệ trên 1 được tính là 1: điểm = 20."),
        ),
        (
            "share by fact",
            0,
            ("716/719 đơn vị đã khai báo “cáp quang” (99,58%); khai báo không kèm văn bản; điểm = 716/719 × 20 = "
            "19,917."),
        ),
        (
            "external points",
            0,
            ("Điểm được điền: 25; nguồn: dti.gov.vn; số liệu ngày 03/02/2026; số liệu bên ngoài, không tính lại được "
            "từ sổ của bộ giám sát; vượt điểm tối đa 20 nên tính bằng điểm tối đa: điểm = 20."),
        ),
    ],
)  # fmt: skip
def test_what_a_clerk_reads(name: str, formula: int, sentence: str) -> None:
    assert explained(scored(name, formula)) == sentence


def test_a_share_above_one_is_said_whatever_the_formula() -> None:
    much = known(SHARE, 9, 8)
    said = "tỷ lệ trên 1 được tính là 1; "
    for formula in FORMULAS[SHARE]:
        text = explained(score_row(criterion(formula, MEASURES["manual share"][0]), [much], 3))
        assert said in text or "tỷ lệ trên 1 được tính là 1: điểm" in text, formula
        assert "112,5" in text
    parts = explained(score_row(criterion(SUM), [much, SUM_VALUES[1]], 3))
    assert f"{said}được 10/10 điểm" in parts


def test_parts_of_a_sum_say_what_each_earned() -> None:
    text = explained(score_row(criterion(SUM), SUM_VALUES, 3))

    assert text.startswith("(1) Có mạng LAN: 30/33 điểm cầu đạt")
    assert "được 9,09…/10 điểm; (2) Trưởng ban: mức được chọn: “Bí thư hoặc Chủ tịch là Trưởng ban”; " in text
    assert text.endswith("được 10/10 điểm; điểm = 19,091.")


def test_results_are_as_the_articles_have_them() -> None:
    assert result(scored("manual share without names")) == "716/719 = 99,6%"
    assert result(scored("uptime")) == "98,88%"
    assert result(scored("share by first byte")) == "3/3 = 100%"
    assert result(scored("fact as date")) == "01/03/2026"
    nearly = known(SHARE, 66_419, 66_420)
    assert result(score_row(criterion(RatioFormula(), MEASURES["manual share"][0]), [nearly], 3)) == (
        "66.419/66.420 = 99,9%"
    )


def test_a_percent_is_cut_and_never_raised() -> None:
    nearly = known(SHARE, 99_999_999, 100_000_000, calendar="office")
    row = score_row(criterion(RatioFormula(), MEASURES["uptime"][0]), [nearly], 3)
    assert "(99,99%)" in explained(row)
    assert result(row) == "99,99%"
    assert explained(row).endswith("= 20.")


def test_a_fraction_of_thousands_of_digits_is_not_written_out() -> None:
    value = known(SHARE, Fraction(3**9000, 3**9000 + 1), members=900)
    row = score_row(criterion(RatioFormula(), MEASURES["mean uptime"][0]), [value], 3)
    assert len(explained(row)) < 300
    assert "99,99…% × 20 = 20." in explained(row)


def test_of_members_that_are_not_all_named_the_number_is_said() -> None:
    ids = tuple(f"x{number}" for number in range(MOST_NAMED))
    many = known(SHARE, 100, 1000, calendar="office", lacking=ids)
    row = score_row(criterion(RatioFormula(), MEASURES["share by uptime"][0]), [many], 3)
    assert "chưa đạt: x0, x1, x2, x3, x4 và 895 nơi khác;" in explained(row)
    unsure = replace(many, status=ValueStatus.INSUFFICIENT, lacking=(), unsure=ids)
    row = score_row(criterion(RatioFormula(), MEASURES["share by uptime"][0]), [unsure], 3)
    assert "chưa rõ: x0, x1, x2, x3, x4 và những nơi khác;" in explained(row)


def test_a_target_without_a_name_goes_by_its_site() -> None:
    value = known(SHARE, 1, 2, calendar="office", lacking=("a/room",))
    row = score_row(criterion(RatioFormula(), MEASURES["share by uptime"][0]), [value], 3)
    assert CONFERENCE.calendar in value.calendar
    assert "chưa đạt: Xã An Hòa;" in explained(row)


def test_a_calendar_of_ones_own_is_quoted() -> None:
    value = known(SHARE, 1, 2, calendar="truc-dem")
    row = score_row(criterion(RatioFormula(), MEASURES["share by uptime"][0]), [value], 3)
    assert "trở lên theo lịch “truc-dem” (50,00%)" in explained(row)
