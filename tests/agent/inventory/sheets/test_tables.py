"""Sheets as clerks save them: encodings, separators, Vietnamese headers, titles above the table."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from agent.errors import ConfigError
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.inventory.sheets.columns import CONTACT_COLUMNS, SITE_COLUMNS, UNIT_COLUMNS, headers_for, key_of, plain, slug
from agent.inventory.sheets.encoding import decode
from agent.inventory.sheets.number_formats import CellKind
from agent.inventory.sheets.reader import MAX_ROWS, read_csv, read_xlsx
from tests.agent.inventory.fakes import REGISTRY

MAIN = """
organisation: {name: Huyện thử}
levels: [{id: district, name: {vi: Huyện}}, {id: commune, name: {vi: Xã}}]
units: [{id: lap-thach, name: Huyện Lập Thạch, level: district}]
modules: {ping: {probe: icmp}}
profiles: {office: [{id: uplink, role: uplink, module: ping, address: "{gateway}"},
                    {id: camera, role: device, module: ping, address: "{camera_ip}"}]}
include: ["*.csv", "*.xlsx"]
"""
ROWS = [
    ["STT", "Tên điểm cầu", "Đơn vị", "Mẫu", "Cổng mạng (IP)", "Camera IP", "Ghi chú"],
    ["1", "UBND xã Đồng Ích", "Huyện Lập Thạch", "office", "192.0.2.1", "192.0.2.2", "mới"],
    ["2", "UBND xã Tử Du", "lap-thach", "office", "192.0.2.3", "", "cũ"],
]


def loaded(folder: Path, name: str, data: bytes) -> Inventory:
    (folder / "sansang.yml").write_text(MAIN, encoding="utf-8")
    (folder / name).write_bytes(data)
    return load(folder / "sansang.yml", REGISTRY, "en")


def as_csv(separator: str = ",") -> str:
    return "".join(separator.join(row) + "\r\n" for row in ROWS)


def check(inventory: Inventory) -> None:
    assert [(site.id, site.name) for site in inventory.sites] == [
        ("ubnd-xa-dong-ich", "UBND xã Đồng Ích"),
        ("ubnd-xa-tu-du", "UBND xã Tử Du"),
    ]
    assert {site.unit for site in inventory.sites} == {"lap-thach"}
    assert [target.id for target in inventory.targets] == [
        "ubnd-xa-dong-ich/uplink",
        "ubnd-xa-dong-ich/camera",
        "ubnd-xa-tu-du/uplink",
    ]


def to_windows_1258(text: str) -> bytes:
    """As Windows writes it: base letters with their own accent, the tone as a combining mark after them."""
    out = b""
    for sign in unicodedata.normalize("NFC", text):
        try:
            out += sign.encode("cp1258")
        except UnicodeEncodeError:
            base, tone = _split(sign)
            out += base.encode("cp1258") + tone.encode("cp1258")
    return out


def _split(sign: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", sign)
    tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", parts.replace(tone, "")), tone


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_csv_in_every_separator_and_encoding(tmp_path: Path, separator: str, encoding: str) -> None:
    check(loaded(tmp_path, "a.csv", as_csv(separator).encode(encoding)))


def test_csv_in_windows_1258(tmp_path: Path) -> None:
    data = to_windows_1258(as_csv(";"))
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    check(loaded(tmp_path, "a.csv", data))


def test_csv_with_excels_separator_line_and_a_title(tmp_path: Path) -> None:
    text = "sep=;\r\nDANH SÁCH ĐIỂM CẦU, năm 2025\r\n\r\n" + as_csv(";")
    check(loaded(tmp_path, "a.csv", text.encode("utf-8-sig")))


@given(st.text(alphabet="aăâeêioôơuưyđAĂÂĐ ắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ", min_size=1))
@settings(deadline=None)
def test_windows_1258_comes_back_as_it_was(text: str) -> None:
    data = to_windows_1258(text)
    if decode(data) is None:  # not UTF-8 by chance
        assert decode(data, legacy=True) == unicodedata.normalize("NFC", text)


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_units_sites_and_remarks(tmp_path: Path) -> None:
    units: list[list[object]] = [
        ["DANH SÁCH ĐƠN VỊ"],
        [],
        ["Tên đơn vị", "Cấp", "Trực thuộc", "Mã hành chính"],
        ["Xã Đồng Ích", "Xã", "Huyện Lập Thạch", 8881],
    ]
    sites: list[list[object]] = [
        ["Tên", "Đơn vị", "Mẫu", "Cổng mạng", "SLO", "camera_ip"],
        ["Điểm Đ", "Xã Đồng Ích", "office", "192.0.2.1", 99.5, "192.0.2.2"],
    ]
    data = workbook(("Đơn vị", units), ("Điểm", sites), ("#nháp", [["bỏ qua"]]), ("Trống", []))
    inventory = loaded(tmp_path, "a.xlsx", data)
    assert inventory.units[1].code == "08881"  # of communes all have five digits
    assert (inventory.units[1].level, inventory.units[1].parent) == ("commune", "lap-thach")
    assert (inventory.sites[0].unit, inventory.sites[0].slo) == ("xa-dong-ich", "99.5")


def test_cells_become_text() -> None:
    row: list[object] = [1, 2.0, 2.5, True, dt.date(2025, 7, 1), None, " x "]
    sheets, findings = read_xlsx("a.xlsx", workbook(("S", [row])))
    assert findings == []
    assert sheets[0].lines[0].cells == ("1", "2", "2.5", "true", "01/07/2025", "", "x")
    assert sheets[0].lines[0].kinds[4] is CellKind.DATE


def test_rows_are_numbered_as_excel_shows_them() -> None:
    sheets, _ = read_xlsx("a.xlsx", workbook(("S", [["x"], [], [], ["y"]])))
    assert [line.number for line in sheets[0].lines] == [1, 4]


def test_a_formula_without_a_kept_value_is_no_empty_cell() -> None:
    sheets, _ = read_xlsx("a.xlsx", workbook(("S", [["a", "=1+1"]])))
    assert (sheets[0].lines[0].cells, sheets[0].lines[0].kinds) == (("a", "="), {1: CellKind.FORMULA})


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (65 * 1024 * 1024))
    _, findings = read_xlsx("a.xlsx", out.getvalue())
    assert [finding.message for finding in findings] == ["file_too_large"]


def test_rows_columns_and_cells_are_bounded() -> None:
    _, rows = read_csv("a.csv", b"id,name\n" + b"a,b\n" * (MAX_ROWS + 1))
    _, columns = read_csv("a.csv", b"x," * 101 + b"y\n")
    _, cells = read_csv("a.csv", b"x" * 1001)
    assert [found[0].message for found in (rows, columns, cells)] == ["too_many_rows", "too_many_columns", "cell_long"]


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_no_bytes_make_the_readers_fail(data: bytes) -> None:
    for reader in (read_csv, read_xlsx):
        sheets, findings = reader("a", data)
        assert sheets or findings


def test_every_documented_header_is_understood() -> None:
    for key, headers in SITE_COLUMNS.items():
        _, table = headers_for(("Tên", "Đơn vị"))
        assert all(key_of(header.upper(), table, frozenset()) == key for header in headers), key
    for key, headers in UNIT_COLUMNS.items():
        _, table = headers_for(("Tên", "Cấp"))
        assert all(key_of(header, table, frozenset()) == key for header in headers), key
    for key, headers in CONTACT_COLUMNS.items():
        _, table = headers_for(("Họ tên", "Đơn vị", "Email"))
        assert all(key_of(header, table, frozenset()) == key for header in headers), key


def test_the_page_lists_every_header() -> None:
    page = (Path(__file__).parents[4] / "docs" / "inventory.md").read_text(encoding="utf-8")
    for columns in (SITE_COLUMNS, UNIT_COLUMNS, CONTACT_COLUMNS):
        assert all(f"| `{key}` | {', '.join(headers)} |" in page for key, headers in columns.items())


def test_no_two_columns_share_a_header() -> None:
    for columns in (SITE_COLUMNS, UNIT_COLUMNS, CONTACT_COLUMNS):
        headers = [plain(header) for key, known in columns.items() for header in {plain(one) for one in (key, *known)}]
        assert len(headers) == len(set(headers))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("UBND xã Đồng Ích", "ubnd-xa-dong-ich"),
        ("  Thị trấn  Lập Thạch (cũ) ", "thi-tran-lap-thach"),
        ("Phường 1/2", "phuong-1-2"),
        ("***", ""),
    ],
)
def test_ids_made_from_names(name: str, expected: str) -> None:
    assert slug(name) == expected
    assert slug(unicodedata.normalize("NFD", name)) == expected


def test_a_half_broken_encoding_is_refused_clearly(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, "a.csv", "id,name,unit\nb,Xã \ufffd,lap-thach\n".encode("utf-8") + b"\xff")
    assert f"{tmp_path}/a.csv: the text encoding is not recognised, save the file as UTF-8" in str(refused.value)
