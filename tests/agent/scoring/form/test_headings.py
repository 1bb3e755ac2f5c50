"""Columns are known by what offices call them."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest

from agent.scoring.form.form import FormColumn
from agent.scoring.form.headings import FormHeader, find_header, meaning

SPELLINGS: dict[FormColumn | None, str] = {
    FormColumn.NUMBER: (
        "STT|TT|Số TT|Mã chỉ số|Mục|S.T.T|Stt.|Mã tiêu chí|Số thứ tự|No.|Thứ tự|Mã số|T T|Mã|STT\n(1)|SỐ\nTT"
    ),
    FormColumn.TITLE: (
        "Chỉ số/ Chỉ số thành phần|Tiêu chí|Tên chỉ tiêu|NỘI DUNG|Nội dung tiêu chí|Lĩnh vực"
        "|Tiêu chí đánh giá|Tên chỉ số thành phần|Nội dung|Chỉ số thành phần/Tiêu chí|Các chỉ tiêu"
        "|Nội dung đánh giá|Chỉ số (thành phần)|Nhóm tiêu chí|Tên tiêu chí|Lĩnh vực/Tiêu chí"
        "|CHỈ SỐ / CHỈ SỐ THÀNH PHẦN|Tiêu chí/chỉ tiêu|Nhiệm vụ|Nội dung công việc|Nội dung các tiêu chí"
        "|Hạng mục|Tiêu chí, chỉ tiêu đánh giá|Criteria|Criterion|Indicator"
    ),
    FormColumn.MAXIMUM: (
        "Điểm tối đa|Điểm chuẩn|Thang điểm|Điểm|Mức điểm tối đa|ĐIỂM TỐI ĐA\n(điểm)|Số điểm|Điểm số|Mức điểm"
        "|Điểm tối đa của tiêu chí|Điểm của tiêu chí|Trọng số|Điểm quy định|Tổng điểm tối đa|Điểm chuẩn (100)"
        "|Max|Maximum score|Max score|Điểm số Chuẩn|Điểm Chuẩn|Đ. tối đa|Thang điểm chuẩn|Điểm cao nhất"
        "|Điểm chuẩn theo quy định|Khung điểm|Barem điểm|Điểm theo bộ tiêu chí|Số điểm tối đa|Điểm kế hoạch"
        "|Điểm tối đa theo QĐ 123"
    ),
    FormColumn.METHOD: (
        "Cách tính|Cách xác định và tính điểm|Hướng dẫn chấm điểm|Phương pháp đánh giá|Cách tính điểm"
        "|Cách tính điểm, thang điểm|Hướng dẫn tự chấm điểm|Hướng dẫn tự đánh giá|Phương pháp tính"
        "|Cách thức xác định|Công thức tính|Phương pháp chấm điểm|Cách chấm|Hướng dẫn cách tính"
        "|Quy định tính điểm|Phương pháp đánh giá, chấm điểm|Cách đánh giá|Nguyên tắc tính điểm"
        "|Tiêu chuẩn đánh giá|Căn cứ chấm điểm|Phương thức tính điểm|Scoring method"
    ),
    FormColumn.POINTS: (
        "Điểm tự chấm|Điểm tự đánh giá|Tự chấm|Kết quả tự chấm|Điểm xã tự chấm|Điểm đạt được"
        "|Điểm tự chấm của đơn vị năm 2026|Đơn vị tự chấm điểm|Xã tự đánh giá|Đơn vị tự chấm|Tự đánh giá"
        "|Điểm đơn vị tự chấm|Kết quả tự đánh giá|Điểm TĐG|Xã tự chấm|UBND xã tự chấm điểm|Điểm đạt"
        "|Điểm số Đạt|Kết quả chấm điểm|Điểm Chấm|Số điểm tự chấm|Điểm tự chấm năm 2026"
        "|Kết quả tự đánh giá Điểm|Điểm do đơn vị tự chấm|Điểm tự đánh giá, chấm điểm|Điểm thực hiện"
        "|Self-assessment score|Self-assessed points|Điểm cơ quan, đơn vị tự chấm|Tự cho điểm"
        "|Điểm đơn vị chấm|Điểm tự chấm của xã|Đơn vị chấm điểm|ĐIỂM ĐƠN VỊ TỰ ĐÁNH GIÁ|Điểm do xã chấm"
        "|Phần tự chấm của đơn vị"
    ),
    FormColumn.EXPLANATION: (
        "Giải trình|Ghi chú / giải trình|Giải trình, ghi chú|Thuyết minh|Lý do|Diễn giải"
        "|Giải trình kết quả tự chấm|Kết quả thực hiện|Giải trình kết quả|Ghi chú, giải trình"
        "|Giải trình/Ghi chú|Nội dung giải trình|Kết quả tự đánh giá Giải trình|Giải thích"
        "|Tình hình thực hiện|Giải trình cách tính điểm|Thuyết minh, giải trình|Giải trình (nếu có)"
        "|Giải trình điểm tự chấm|Diễn giải kết quả|Explanation|Ý kiến giải trình|Kết quả đạt được"
        "|Mô tả kết quả|Giải trình, lý do không đạt điểm tối đa"
    ),
    FormColumn.EVIDENCE: (
        "Tài liệu kiểm chứng|Hồ sơ minh chứng|Tài liệu kiểm chứng/đường dẫn|Minh chứng|Văn bản chứng minh"
        "|Tài liệu kiểm chứng (ghi số, ngày, tháng)|Tài liệu minh chứng|Hồ sơ, tài liệu kiểm chứng"
        "|Tài liệu chứng minh|Nội dung minh chứng|Danh mục tài liệu kiểm chứng|Danh mục hồ sơ"
        "|Đường dẫn tài liệu|Link minh chứng|Hồ sơ kiểm chứng|Tài liệu kiểm chứng (số, ký hiệu)"
        "|Văn bản, tài liệu kèm theo|Evidence|File minh chứng|Tài liệu, số liệu kiểm chứng"
        "|Minh chứng kèm theo|Số, ký hiệu văn bản|Tài liệu/Minh chứng|Bằng chứng"
        "|Tài liệu kiểm chứng\n(ghi rõ số)|Tài liệu kiểm chứng và ghi chú|Nguồn minh chứng"
    ),
    None: (
        "Ghi chú|Điểm thẩm định|Điểm phúc tra|Nguồn thu thập dữ liệu|Đơn vị phối hợp xác minh|Điểm tỉnh chấm"
        "|Điểm Hội đồng chấm|Điểm tổ thẩm định|Tỉnh chấm|Điểm Sở KHCN chấm|Đơn vị tính|Điểm trừ|Điểm thưởng"
        "|Năm trước|Điểm năm trước|Đơn vị chủ trì|Cơ quan phụ trách|Lĩnh vực phụ trách|Điểm thành phần"
        "|Thời hạn|Chênh lệch|Điểm tự chấm năm trước|Kết quả thẩm định|Lý do điều chỉnh của Hội đồng"
        "|Điểm Sở chấm|Huyện chấm|Điểm do tỉnh chấm|Điểm kiểm tra|Điểm thẩm định tối đa|Thẩm định Điểm"
        "|Thẩm định Lý do|Phúc tra Ghi chú|Xếp loại|Số lượng|Ngày|Người phụ trách tiêu chí"
        "|Điểm cấp tỉnh đánh giá|Ý kiến của Hội đồng|Đơn vị thực hiện tiêu chí|Điểm chấm của tổ giúp việc"
        "|Điểm công nhận|Tổ chấm điểm|Ý kiến thẩm định|Điểm xét duyệt"
    ),
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


@pytest.mark.parametrize("written", ["ĐIỂM TỰ CHẤM", "Điểm\ntự\u00a0chấm", "Đi\u200bểm  tự chấm", "Điểm tự chấm (*)"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_how_a_heading_is_typed_does_not_matter(written: str, form: Literal["NFC", "NFD"]) -> None:
    assert meaning(unicodedata.normalize(form, written)) is FormColumn.POINTS


def header_of(*rows: str) -> FormHeader:
    """Rows of headings with ``|`` between their cells."""
    numbered = [(number, dict(enumerate(row.split("|"), start=1))) for number, row in enumerate(rows, start=1)]
    found = find_header([(number, {at: text for at, text in cells.items() if text}) for number, cells in numbered], ())
    assert found is not None
    return found


def test_headings_over_three_rows() -> None:
    header = header_of(
        "STT|Tiêu chí|Kết quả năm 2026|Kết quả năm 2026|Kết quả năm 2026|Minh chứng",
        "||Điểm|Điểm|Giải trình",
        "||Tối đa|Tự chấm",
        "I|HẠ TẦNG|40",
    )

    assert header.last == 3
    assert [header.columns[column] for column in FormColumn if column in header.columns] == [1, 2, 3, 4, 5, 6]


def test_a_group_below_the_headings_is_no_heading() -> None:
    assert header_of("STT|Tiêu chí|Điểm tối đa|Điểm tự chấm", "|Nhóm tiêu chí hạ tầng", "1|Mạng LAN|20").last == 1


def test_of_two_columns_the_one_that_says_so_is_filled() -> None:
    header = header_of("STT|Chỉ số|Kết quả|Điểm|Thang điểm|Điểm đánh giá|Điểm tự chấm|Giải trình|Tài liệu|Minh chứng")

    assert {column.value: place for column, place in header.columns.items()} == {
        "number": 1,
        "title": 2,
        "maximum": 5,
        "points": 7,
        "explanation": 8,
        "evidence": 10,
    }


def test_points_alone_behind_the_maximum_are_the_offices_own() -> None:
    header = header_of("STT|Chỉ số|Điểm tối đa|Điểm|Ghi chú")

    assert (header.columns[FormColumn.MAXIMUM], header.columns[FormColumn.POINTS]) == (3, 4)
    assert header.unused == (5,)


def test_a_title_further_on_is_about_something_else() -> None:
    assert header_of("STT|Nhóm|Chỉ số|Chỉ tiêu|Điểm tối đa|Tự chấm|Nội dung thực hiện").titles == (3, 4)
