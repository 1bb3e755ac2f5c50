"""What a row of an office's sheet is, and what its cells may hold: read, left out and said, or refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from agent.inventory.sheets.reader import read_csv, read_xlsx
from agent.inventory.sheets.tables import SheetTables, interpret

COLUMNS = frozenset({"gateway", "switch", "room", "camera_ip"})
HEADER = ["STT", "Tên điểm", "Đơn vị", "IP modem", "IP codec"]
FIRST, LAST = [1, "UBND xã A", "Xã A", "127.0.0.1", "127.0.0.2"], [2, "UBND xã B", "Xã B", "127.0.0.3", None]
Row = Sequence[object]
Reader = Callable[[Sequence[Row]], SheetTables]


def as_csv(rows: Sequence[Row]) -> SheetTables:
    text = "\n".join(";".join("" if cell is None else f'"{cell}"' for cell in row) for row in rows)
    return interpret("a.csv", read_csv("a.csv", text.encode())[0], COLUMNS)


def as_xlsx(rows: Sequence[Row], merges: Sequence[str] = ()) -> SheetTables:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append([*row])
    for merge in merges:
        sheet.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return interpret("a.xlsx", read_xlsx("a.xlsx", out.getvalue())[0], COLUMNS)


def names(tables: SheetTables) -> list[str]:
    return [row["name"] for source in tables.sources for row in source.rows]


def faults(tables: SheetTables) -> list[str]:
    return [str(finding.fault("en")) for finding in tables.findings]


LEFT_OUT: dict[str, Row] = {
    "a heading": ["I", "Cấp xã"],
    "a heading alone": ["A. CÁC XÃ, PHƯỜNG"],
    "a sum": [None, "Tổng cộng", None, 2, 1],
    "a short sum": ["Cộng", None, None, "22"],
    "a note": ["Ghi chú: số liệu đến 30/11"],
    "a note in the names": [None, "Ghi chú: chưa có codec"],
    "a date": [None, None, None, "Lập Thạch, ngày 30 tháng 11 năm 2026"],
    "a date to be filled in": [None, None, "Lập Thạch, ngày ... tháng ... năm 2026"],
    "signatures": [None, "NGƯỜI LẬP BIỂU", None, "TM. ỦY BAN NHÂN DÂN"],
    "a rank": [None, None, None, "KT. CHỦ TỊCH"],
    "a remark": [None, "(Đã ký)"],
    "a name alone": [None, "Nguyễn Văn An"],
    "recipients": ["Nơi nhận:", None],
    "a heading with its sums": ["II", "Cấp xã", None, 20, 18],
    "the header again": HEADER,
}


@pytest.mark.parametrize("kind", LEFT_OUT)
@pytest.mark.parametrize("read", [as_csv, as_xlsx])
def test_a_row_that_is_no_site_is_left_out_and_said(kind: str, read: Reader) -> None:
    found = read([HEADER, FIRST, LEFT_OUT[kind], LAST])
    assert (faults(found), names(found)) == ([], ["UBND xã A", "UBND xã B"])
    assert [(note.message, note.place.line) for note in found.notes] == [("row_left_out", 3)]


def test_numbers_made_in_advance_are_not_even_said() -> None:
    found = as_csv([HEADER, FIRST, LAST, [3], [4], [5]])
    assert (names(found), found.notes, found.findings) == (["UBND xã A", "UBND xã B"], [], [])


def test_units_without_a_level_have_that_of_their_name() -> None:
    found = as_csv(
        [["Tên đơn vị", "Cấp trên"], ["Phường A", "H. B"], ["Huyện B", "Tỉnh C"], ["Tỉnh C"], ["Ghi chú: x"]]
    )
    assert [(row["name"], row["level"]) for row in found.sources[0].rows] == [
        ("Phường A", "Phường"), ("Huyện B", "Huyện"), ("Tỉnh C", "Tỉnh"),
    ]  # fmt: skip
    assert [note.message for note in found.notes] == ["row_left_out", "level_supplied"]


@pytest.mark.parametrize(
    "header",
    [
        "Tên cơ quan/đơn vị", "CƠ QUAN, ĐƠN VỊ", "Tên điểm cầu/phòng họp", "Đơn vị - Địa điểm",
        "Tên điểm cầu trực tuyến", "Tên trạm", "Tên trụ sở làm việc", "Đơn vị sử dụng", "Điểm kết nối", "Tên xã/phường",
        "Xã, phường hoặc thị trấn",
    ],
)  # fmt: skip
def test_names_of_sites_under_other_headers(header: str) -> None:
    found = as_csv([["S TT", header, "IP modem"], [1, "UBND xã A", "127.0.0.1"]])
    assert (faults(found), names(found)) == ([], ["UBND xã A"])


def test_a_list_of_people_under_other_headers() -> None:
    found = as_csv([["STT", "Họ và tên cán bộ", "Điện thoại di động"], [1, "Lê Văn A", "0912 000 101"]])
    assert (faults(found), [source.kind for source in found.sources]) == ([], ["contacts"])
    assert found.sources[0].rows == ({"name": "Lê Văn A", "phone": "0912 000 101"},)


@pytest.mark.parametrize("read", [as_csv, as_xlsx])
def test_a_header_of_two_rows_and_numbers_again_on_each_page(read: Reader) -> None:
    header: list[Row] = [
        ["STT", "Tên điểm", "Địa chỉ IP", None],
        [None, None, "Modem", "Codec"],
        ["(1)", "(2)", "(3)", "(4)"],
    ]
    rows = [["1", "UBND xã A", "127.0.0.1", "127.0.0.2"], *header, ["2", "UBND xã B", "127.0.0.3", None]]
    found = read([*header, *rows])
    assert (faults(found), names(found)) == ([], ["UBND xã A", "UBND xã B"])
    assert [note.place.line for note in found.notes] == [3, 5, 6, 7]


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Số điện thoại liên hệ của cán bộ", "phone"), ("ĐTDĐ", "phone"), ("SĐT/Zalo", "phone"),
        ("Modem của VNPT", "gateway"), ("Địa chỉ e-mail", "email"),
        ("Họ tên cán bộ phụ trách CNTT", "contact"), ("Cán bộ đầu mối kỹ thuật", "contact"),
        ("IP Modem (VNPT)", "gateway"),
        ("Địa chỉ IP router nhà mạng", "gateway"), ("Default gateway (IP)", "gateway"), ("IP switch tầng 1", "switch"),
        ("IP thiết bị hội nghị trực tuyến", "room"), ("IP Polycom", "room"), ("IP codec họp", "room"),
        ("Toạ độ", "location"), ("Lat/Long", "location"), ("SLA cam kết\ncủa nhà mạng", "slo"),
        ("IP điểm cầu số 1", "room"), ("Đường truyền chính", "gateway"),
        ("Bộ chia mạng (switch)", "switch"), ("VC Codec (IP)", "room"), ("Mật khẩu (router)", None),
        ("Kinh độ/Vĩ độ", "location"), ("Vĩ độ - Kinh độ", "location"), ("IP WAN", "gateway"),
        ("Địa chỉ IP tĩnh", "gateway"),
        ("Họ và tên", "contact"), ("Người quản lý", "contact"), ("Điện thoại, Zalo", "phone"), ("Số liên hệ", "phone"),
        ("Cam kết SLA", "slo"), ("Mức độ sẵn sàng (%)", "slo"), ("Uptime cam kết", "slo"), ("Uptime", None),
        ("Phòng", None), ("Thiết bị/Hãng", None), ("Ghi chú/Tình trạng", None), ("S\nTT", None),
        ("VĨ ĐỘ (N)", "latitude"), ("Loại modem", None), ("Hãng codec", None), ("Số lượng switch", None),
    ],
)  # fmt: skip
def test_further_headers(header: str, key: str | None) -> None:
    found = as_csv([["Tên", "Đơn vị", header], ["A", "Xã A", "127.0.0.1" if key in COLUMNS else "x"]])
    assert found.findings == []
    own = {*found.sources[0].headers} - {"name", "unit"}
    assert own == ({key, "location"} if key == "latitude" else {key} if key else set())


def test_what_lies_below_the_signatures_is_left_out_unless_it_has_an_address() -> None:
    end: list[Row] = [
        [None, "NGƯỜI LẬP", None, "TRƯỞNG PHÒNG"],
        [],
        [None, "Lê Thị B", "Nguyễn Văn C", "đã duyệt"],
        LAST,
    ]
    found = as_csv([HEADER, FIRST, *end])
    assert (faults(found), names(found)) == ([], ["UBND xã A", "UBND xã B"])
    assert [note.place.line for note in found.notes] == [3, 5]


@pytest.mark.parametrize(
    "name", ["Xã Cộng Hòa", "Cộng Hòa", "Văn phòng Chủ tịch UBND", "Trạm Kế Sách", "Tổng Cọt", "Trung tâm Ghi Danh"]
)
def test_sites_that_sound_like_something_else_are_sites(name: str) -> None:
    assert names(as_csv([HEADER, [None, name, "Xã A", "127.0.0.1"], [3, name, "Xã A", None]])) == [name, name]


def test_a_row_with_an_address_and_no_name_is_refused_with_its_cell() -> None:
    rows: list[Row] = [HEADER, FIRST, [2, None, "Xã B", "127.0.0.3"], [None, None, None, None, "codec.example:5060"]]
    said = "the row has no name, yet a value that belongs to a site, write the name, or delete the row"
    assert faults(as_xlsx(rows)) == [
        f"a.xlsx: cell D3 (IP modem) '127.0.0.3': {said}",
        f"a.xlsx: cell E4 (IP codec) 'codec.example:5060': {said}",
    ]
    assert faults(as_csv(rows))[0].startswith("a.csv:3:4: IP modem '127.0.0.3': the row has no name")


@pytest.mark.parametrize("mark", ["-", "–", "N/A", "không", "Không có", "chưa có", "chưa lắp đặt", "..."])
def test_what_says_that_there_is_nothing_counts_as_nothing(mark: str) -> None:
    found = as_csv([HEADER, [1, "A", "Xã A", "127.0.0.1", mark]])
    assert faults(found) == []
    assert "room" not in found.sources[0].rows[0]
    assert [str(note.fault("vi")) for note in found.notes] == [f"a.csv:2:5: IP codec '{mark}': coi như ô trống"]


def test_where_a_device_stands_is_no_place_on_the_map() -> None:
    found = as_csv([["Tên", "Vị trí", "Modem"], ["A", "Tầng 2, phòng họp", "127.0.0.1"]])
    assert found.sources[0].rows == ({"name": "A", "gateway": "127.0.0.1"},)
    assert [note.message for note in found.notes] == ["column_left_out"]
    (row,) = as_csv([["Tên", "Vị trí", "Modem"], ["A", "21.4, 105.4301", "127.0.0.1"]]).sources[0].rows
    assert row["location"] == "21.4, 105.4301"


def test_a_row_whose_name_is_an_unsaved_formula_is_not_left_out() -> None:
    assert [finding.message for finding in as_xlsx([HEADER, [1, "=A1", "Xã A", "127.0.0.1"]]).findings] == [
        "cell_formula"
    ]


HEADERS: dict[str, Sequence[Row]] = {
    "one row": [["STT", "Tên đơn vị", "IP modem", "Codec (IP)"]],
    "no accents, capitals": [["TT", "TEN DON VI", "IP MODEM", "IP CODEC"]],
    "line breaks": [["Số\nTT", "Tên\nđơn vị", "Địa chỉ IP\nmodem", "Địa chỉ IP của\nthiết bị họp"]],
    "abbreviated": [["TT", "Tên ĐV (xã)", "Router/Modem", "IP VCS"]],
    "titles above": [["UBND HUYỆN X"], [], ["DANH SÁCH"], ["STT", "Cơ quan", "IP Router", "Thiết bị hội nghị"]],
    "numbers below": [["STT", "Tên điểm", "Modem", "Codec"], ["(1)", "(2)", "(3)", "(4)"]],
    "letters below": [["STT", "Tên điểm", "Modem", "Codec"], ["A", "B", "1", "2"]],
    "two rows": [["STT", "Tên điểm", "Địa chỉ IP", None], [None, None, "Modem", "Codec"]],
    "two rows of devices": [["STT", "Tên điểm", "Modem", "Codec"], [None, None, "Địa chỉ IP", "Địa chỉ IP"]],
    "two rows, one group unknown": [["STT", "Tên điểm", "Thiết bị", None], [None, None, "Modem", "Codec"]],
}


@pytest.mark.parametrize("kind", [kind for kind in HEADERS if kind != "abbreviated"])
@pytest.mark.parametrize("read", [as_csv, as_xlsx])
def test_headers_as_offices_write_them(kind: str, read: Reader) -> None:
    found = read([*HEADERS[kind], [1, "A", "127.0.0.1", "127.0.0.2"]])
    assert faults(found) == []
    assert found.sources[0].rows == ({"name": "A", "gateway": "127.0.0.1", "room": "127.0.0.2"},)


def test_a_header_of_merged_cells_and_a_unit_over_two_rows() -> None:
    rows: list[Row] = [
        ["STT", "Tên điểm", "Xã", "Địa chỉ IP", None], [None, None, None, "Modem", "Codec"],
        [1, "UBND", "Xã A", "127.0.0.1", "127.0.0.2"], [2, "Trạm y tế", None, "127.0.0.3", None],
    ]  # fmt: skip
    found = as_xlsx(rows, ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "C3:C4"])
    assert faults(found) == []
    assert [(row["name"], row["unit"], row["gateway"]) for row in found.sources[0].rows] == [
        ("UBND", "Xã A", "127.0.0.1"), ("Trạm y tế", "Xã A", "127.0.0.3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["Tên đơn vị", "Tên điểm cầu", "Modem"], {"unit": "a", "name": "b", "gateway": "127.0.0.1"}),
        (["Tên điểm cầu", "Tên đơn vị", "Modem"], {"name": "a", "unit": "b", "gateway": "127.0.0.1"}),
        (["Đơn vị", "Nhà mạng", "Modem"], {"name": "a", "gateway": "127.0.0.1"}),
        (["Xã/Phường", "Điểm cầu", "Modem"], {"unit": "a", "name": "b", "gateway": "127.0.0.1"}),
        (["Đơn vị", "Tên", "Điểm cầu"], {"unit": "a", "name": "b", "room": "127.0.0.1"}),
        (["Tên", "Camera an ninh", "Camera IP"], {"name": "a", "camera_ip": "127.0.0.1"}),
        (
            ["Site name / Tên điểm", "Unit (Đơn vị)", "Router / Bộ định tuyến"],
            {"name": "a", "unit": "b", "gateway": "127.0.0.1"},
        ),
        (["Site", "Commune", "IP Firewall"], {"id": "a", "name": "b", "gateway": "127.0.0.1"}),
        (["Điểm cầu", "Ghi chú", "Modem"], {"name": "a", "gateway": "127.0.0.1"}),
        (["Tên ĐVHC cấp xã mới", "Hình thành từ", "Modem"], {"name": "a", "gateway": "127.0.0.1"}),
        (["Tên xã, phường", "Ghi chú", "Modem"], {"name": "a", "gateway": "127.0.0.1"}),
        (["Tên điểm", "Phường, xã, đặc khu", "Modem"], {"name": "a", "unit": "b", "gateway": "127.0.0.1"}),
        (["Tên", "Địa chỉ", "Địa chỉ IP"], {"name": "a", "gateway": "127.0.0.1"}),
    ],
)
def test_headers_of_two_meanings(header: list[str], row: dict[str, str]) -> None:
    found = as_csv([header, ["a", "b", "127.0.0.1"]])
    assert (faults(found), found.sources[0].rows) == ([], (row,))


def test_a_column_that_is_not_used_is_said_or_refused() -> None:
    header = ["Tên", "Đơn vị", "Nhà mạng", "Diện tích", "Website", "IP camera", "IP dự phòng", "Cổng mạg"]
    found = as_csv([header, ["a", "b", "VNPT", "1", "xa.example", "127.0.0.9", "127.0.0.1"]])
    left_out = ["Nhà mạng", "Diện tích", "Website", "IP camera"]
    assert [(note.message, note.values["key"]) for note in found.notes] == [
        ("column_left_out", key) for key in left_out
    ]
    faulty = [(one.message, one.place.column) for one in found.findings]
    assert faulty == [("unused_addresses", 7), ("unknown_header_close", 8)]


def test_a_second_telephone_number_is_left_out_and_a_second_modem_refused() -> None:
    header = ["Tên", "Cán bộ phụ trách", "Chức vụ của cán bộ", "Di động", "Điện thoại cơ quan", "IP modem", "IP router"]
    found = as_csv([header, ["a", "An", "Công chức", "0912000111", "02113888999", "127.0.0.1", ""]])
    left_out = [note.values["key"] for note in found.notes if note.message == "column_left_out"]
    assert left_out == ["Chức vụ của cán bộ", "Điện thoại cơ quan"]
    assert faults(found) == [
        "a.csv:1:7: column 'IP router' stands twice (also 'IP modem'), keep one of them: # before the other header"
    ]


@pytest.mark.parametrize("read", [as_csv, as_xlsx])
def test_a_second_table_below_the_first_has_columns_of_its_own(read: Reader) -> None:
    people = ["TT", "Họ và tên", "Chức vụ", "Đơn vị", "Điện thoại"]
    found = read(
        [HEADER, FIRST, LAST, [], ["CÁN BỘ ĐẦU MỐI"], people, [1, "Trần Văn Cả", "Chuyên viên", "Sở", "0912000111"]]
    )
    assert faults(found) == []
    assert [(source.kind, [row["name"] for row in source.rows]) for source in found.sources] == [
        ("sites", ["UBND xã A", "UBND xã B"]), ("contacts", ["Trần Văn Cả"]),
    ]  # fmt: skip


def test_a_meeting_point_is_a_name_beside_the_address_of_its_device() -> None:
    found = as_csv([["STT", "Điểm cầu", "Modem", "Codec"], [1, "UBND xã A", "127.0.0.1", "127.0.0.2"]])
    assert faults(found) == []
    assert found.sources[0].rows == ({"name": "UBND xã A", "gateway": "127.0.0.1", "room": "127.0.0.2"},)


def test_a_site_written_as_no_id_is_a_name() -> None:
    (row,) = as_csv([["Site", "Commune", "Router IP"], ["Office A", "Xã A", "127.0.0.1"]]).sources[0].rows
    assert row == {"name": "Office A", "unit": "Xã A", "gateway": "127.0.0.1"}


def test_the_row_that_comes_nearest_to_a_header_is_named() -> None:
    found = as_xlsx([["BẢNG 1"], ["STT", "Thôn", "IP Router"], [1, "A", "127.0.0.1"]])
    assert [fault.partition(":")[0] for fault in faults(found)] == ["a.xlsx"]
    assert "row 2" in faults(found)[0]


def test_a_sheet_without_a_header_is_left_out_unless_it_looks_like_data() -> None:
    for second, messages in (("chỉ là ghi chú", ["sheet_left_out"]), ("127.0.0.9", [])):
        book = Workbook()
        book.worksheets[0].append(["Tên", "Đơn vị", "Modem"])
        book.worksheets[0].append(["A", "Xã A", "127.0.0.1"])
        book.create_sheet("Khác").append([second])
        out = io.BytesIO()
        book.save(out)
        found = interpret("a.xlsx", read_xlsx("a.xlsx", out.getvalue())[0], COLUMNS)
        assert [note.message for note in found.notes] == messages
        assert [finding.message for finding in found.findings] == ([] if messages else ["no_header"])


@given(
    st.lists(st.lists(st.text(max_size=6) | st.sampled_from([*HEADER, "127.0.0.1", "(1)", "Tổng cộng"]), max_size=5))
)
@settings(deadline=None, max_examples=60)
def test_no_rows_make_it_fail(rows: list[list[str]]) -> None:
    quoted = [[cell.replace('"', "") for cell in row] for row in rows]
    found = as_csv(quoted)
    lines = read_csv("a.csv", "\n".join(";".join(f'"{cell}"' for cell in row) for row in quoted).encode())[0]
    assert not lines or not lines[0].lines or found.sources or found.findings
