"""Columns are known by what offices call them."""

from __future__ import annotations

import pytest

from agent.scoring.form.form import FormColumn
from agent.scoring.form.headings import find_header, meaning

SPELLINGS: dict[FormColumn | None, str] = {
    FormColumn.NUMBER: "STT|TT|Số TT|Mã chỉ số|Mục",
    FormColumn.TITLE: "Chỉ số/ Chỉ số thành phần|Tiêu chí|Tên chỉ tiêu|NỘI DUNG|Nội dung tiêu chí|Lĩnh vực",
    FormColumn.MAXIMUM: "Điểm tối đa|Điểm chuẩn|Thang điểm|Điểm|Mức điểm tối đa|ĐIỂM TỐI ĐA\n(điểm)",
    FormColumn.METHOD: "Cách tính|Cách xác định và tính điểm|Hướng dẫn chấm điểm|Phương pháp đánh giá",
    FormColumn.POINTS: (
        "Điểm tự chấm|Điểm tự đánh giá|Tự chấm|Kết quả tự chấm|Điểm xã tự chấm|Điểm đạt được"
        "|Điểm tự chấm của đơn vị năm 2026|Đơn vị tự chấm điểm|Xã tự đánh giá"
    ),
    FormColumn.EXPLANATION: (
        "Giải trình|Ghi chú / giải trình|Giải trình, ghi chú|Thuyết minh|Lý do|Diễn giải|Giải trình kết quả tự chấm"
        "|Kết quả thực hiện"
    ),
    FormColumn.EVIDENCE: (
        "Tài liệu kiểm chứng|Hồ sơ minh chứng|Tài liệu kiểm chứng/đường dẫn|Minh chứng|Văn bản chứng minh"
        "|Tài liệu kiểm chứng (ghi số, ngày, tháng)"
    ),
    None: ("Ghi chú|Điểm thẩm định|Điểm phúc tra|Nguồn thu thập dữ liệu|Đơn vị phối hợp xác minh|Điểm tỉnh chấm"),
}


@pytest.mark.parametrize(
    ("heading", "column"), [(text, column) for column, texts in SPELLINGS.items() for text in texts.split("|")]
)
def test_a_heading_is_known(heading: str, column: FormColumn | None) -> None:
    assert meaning(heading) is column


def test_of_two_years_the_latest_is_filled() -> None:
    cells = dict(enumerate(("STT", "Chỉ số", "Điểm tối đa", "Tự chấm năm 2025", "Tự chấm năm 2026"), start=1))
    header = find_header([(1, cells)], ())

    assert header is not None
    assert header.columns[FormColumn.POINTS] == 5
    assert [(second.used, second.other) for second in header.seconds] == [(5, 4)]


def test_a_visible_column_goes_before_a_hidden_one() -> None:
    cells = dict(enumerate(("STT", "Chỉ số", "Điểm tối đa", "Điểm tự chấm", "Điểm tự chấm lại"), start=1))
    header = find_header([(1, cells)], (4,))

    assert header is not None
    assert (header.columns[FormColumn.POINTS], header.seconds) == (5, ())


def test_a_title_over_the_table_is_no_heading() -> None:
    title = dict.fromkeys(range(1, 6), "BẢNG TỰ ĐÁNH GIÁ CHỈ SỐ, ĐIỂM TỐI ĐA 100")
    cells = dict(enumerate(("STT", "Chỉ số", "Điểm tối đa", "Điểm tự chấm"), start=1))
    header = find_header([(1, title), (2, cells)], ())

    assert header is not None
    assert (header.first, header.last) == (2, 2)
