"""Three workbooks as district offices keep them, made by LibreOffice: what comes out, what is said, what is refused."""

from __future__ import annotations

import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from agent.errors import ConfigError
from agent.inventory.entities import Inventory
from agent.inventory.importing.propose import propose
from agent.inventory.load import load
from agent.inventory.sheets.tables import SheetTables, interpret
from agent.inventory.sources.files import Files, read_sheets
from agent.probes.registry import PROBES
from tests.agent.inventory.fakes import REGISTRY

SHEETS = Path(__file__).parents[3] / "data" / "sheets"
COLUMNS = frozenset({"gateway", "switch", "room"})
MAIN = """
organisation: {name: Huyện thử, language: vi}
levels: [{id: province, name: {vi: Tỉnh}}, {id: district, name: {vi: Huyện}}, {id: commune, name: {vi: Xã}}]
units: [UNITS]
defaults: {unit: UNIT, profile: tru-so}
modules: {ping: {probe: icmp}}
profiles:
  tru-so:
    - {id: uplink, role: uplink, module: ping, address: "{gateway}"}
    - {id: switch, role: lan, module: ping, address: "{switch}"}
    - {id: room, role: conference, module: ping, address: "{room}"}
include: [FILE]
"""


def tables(name: str) -> SheetTables:
    sheets, findings = read_sheets(Files(), SHEETS / name)
    assert findings == []
    return interpret(name, sheets, COLUMNS)


def said(found: SheetTables) -> list[str]:
    assert found.findings == []
    return [str(note.fault("vi")).partition(": ")[2] for note in found.notes]


def loaded(folder: Path, file: Path, units: str, unit: str) -> Inventory:
    text = MAIN.replace("UNITS", units).replace("UNIT", unit).replace("FILE", str(file))
    (folder / "sansang.yml").write_text(text, encoding="utf-8")
    return load(folder / "sansang.yml", REGISTRY, "vi")


@pytest.mark.parametrize("name", ["diem-cau-phu-khe", "ra-soat-song-may", "theo-doi-ba-lang"])
def test_libreoffice_made_them(name: str) -> None:
    with zipfile.ZipFile(SHEETS / f"{name}.xlsx") as archive:
        assert b"<Application>LibreOffice/" in archive.read("docProps/app.xml")


def test_an_official_form_is_read_and_what_is_no_site_is_said(tmp_path: Path) -> None:
    assert said(tables("diem-cau-phu-khe.xlsx")) == [
        "ô F6: không dùng cột: Nhà mạng",
        "ô G6: không dùng cột: Mã khách hàng",
        "dòng 8: bỏ qua dòng: (1) | (2) | (3) | (4) | (5) | (6) | (7) | (8) | (9) | (10) | (11)",
        "dòng 9: bỏ qua dòng: I | Cấp huyện",
        "dòng 11: bỏ qua dòng: II | Cấp xã",
        "dòng 33: bỏ qua dòng: Tổng cộng | 22 | 0",
        'dòng 35: bỏ qua dòng: Ghi chú: cột (7) là mã khách hàng của nhà mạng; điểm chưa có switch ghi dấu "-".',
        "dòng 36: bỏ qua dòng: Phú Khê, ngày 05 tháng 11 năm 2026",
        "dòng 37: bỏ qua dòng: NGƯỜI LẬP BIỂU | TRƯỞNG PHÒNG",
        "dòng 40: bỏ qua dòng: Trần Thị Lập | Nguyễn Văn Trưởng",
        "ô D15 (Địa chỉ IP Switch) '-': coi như ô trống",
        "ô E19 (Địa chỉ IP Codec) 'chưa lắp': coi như ô trống",
        "ô D20 (Địa chỉ IP Switch) '-': coi như ô trống",
        "ô D25 (Địa chỉ IP Switch) '-': coi như ô trống",
        "ô D30 (Địa chỉ IP Switch) '-': coi như ô trống",
    ]
    unit = "{id: phu-khe, name: Huyện Phú Khê, level: district}"
    inventory = loaded(tmp_path, SHEETS / "diem-cau-phu-khe.xlsx", unit, "phu-khe")
    sites = {site.id: site for site in inventory.sites}
    assert len(sites) == 22
    assert sites["ubnd-xa-an-khe"].columns == {
        "gateway": "127.60.2.1", "switch": "127.60.2.2", "room": "127.60.2.10",
    }  # fmt: skip
    assert Counter(site.slo for site in inventory.sites) == {"99.9": 1, "99.5": 10, "99": 11}
    assert Counter(target.role for target in inventory.targets) == {"uplink": 22, "lan": 18, "conference": 21}
    phones = {contact.name: contact.phone for contact in inventory.contacts}
    assert (phones["Trần Văn Bách"], phones["Lê Văn Dũng"]) == ("0912000101", "0912 000 103")
    assert len(inventory.notes) == 15


def test_its_csv_says_the_same(tmp_path: Path) -> None:
    unit = "{id: phu-khe, name: Huyện Phú Khê, level: district}"
    book = loaded(tmp_path, SHEETS / "diem-cau-phu-khe.xlsx", unit, "phu-khe")
    text = loaded(tmp_path, SHEETS / "diem-cau-phu-khe.csv", unit, "phu-khe")
    written = {site.id: site.slo.replace(".0", "") for site in text.sites if site.slo}
    assert written == {site.id: site.slo for site in book.sites}
    assert [(target.id, target.address) for target in text.targets] == [
        (target.id, target.address) for target in book.targets
    ]
    assert text.contacts == book.contacts
    assert len(text.notes) == len(book.notes)


def test_a_workbook_of_several_sheets_with_its_units(tmp_path: Path) -> None:
    notes = said(tables("ra-soat-song-may.xlsx"))
    assert notes == [
        "trang Điểm cầu, ô L2: không dùng cột: Tình trạng",
        "trang Điểm cầu, dòng 25: bỏ qua dòng: Cộng: 22 điểm",
        "trang Điểm cầu, dòng 27: bỏ qua dòng: NGƯỜI LẬP BIỂU",
        "trang Điểm cầu, dòng 28: bỏ qua dòng: (Ký, ghi rõ họ tên)",
        "trang Điểm cầu, dòng 29: bỏ qua dòng: Lê Thị Biểu",
        *(f"trang Điểm cầu, ô E{row} (IP switch) 'không có': coi như ô trống" for row in (4, 10, 16, 22)),
        "trang Danh mục: bỏ qua trang ẩn",
        "trang Hướng dẫn: bỏ qua trang này, không có dòng tiêu đề",
    ]
    inventory = loaded(tmp_path, SHEETS / "ra-soat-song-may.xlsx", "", "huyen-song-may")
    units = {unit.id: (unit.parent, unit.code) for unit in inventory.units}
    assert units["phuong-an-khe"] == ("huyen-song-may", "08801")
    assert units["huyen-song-may"] == ("tinh-trung-du", "251")
    assert (len(units), len(inventory.sites), len(inventory.targets)) == (13, 22, 51)
    sites = {site.id: site for site in inventory.sites}
    assert sites["tram-y-te-phuong-an-khe"].unit == "phuong-an-khe"  # of a cell merged over two rows: P. An Khê
    assert sites["tru-so-ubnd-xa-cam-son"].unit == "xa-cam-son"  # Cẩm Sơn
    assert sites["tru-so-ubnd-phuong-an-khe"].location == (21.3071, 105.4093)  # 21,3071 as text
    assert sites["tru-so-ubnd-phuong-binh-thuong"].location == (21.3213, 105.4279)  # as numbers


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """The starter configuration as it is installed."""
    shutil.copytree(Path(__file__).parents[4] / "config" / "examples" / "starter", tmp_path / "starter")
    return tmp_path / "starter" / "sansang.yml"


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("diem-cau-phu-khe.xlsx", (0, 22, 22)),
        ("diem-cau-phu-khe.csv", (0, 22, 22)),
        ("ra-soat-song-may.xlsx", (13, 22, 22)),
    ],
)
def test_they_are_imported_into_the_starter_in_one_round(
    starter: Path, name: str, counts: tuple[int, int, int]
) -> None:
    changes = propose(starter, SHEETS / name, PROBES).changes
    assert tuple(len(changes[kind].added) for kind in ("units", "contacts", "sites")) == counts


def test_an_import_refuses_every_wrong_cell_at_once(starter: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        propose(starter, SHEETS / "theo-doi-ba-lang.xlsx", PROBES)
    assert [fault.cell.partition(" (")[0] for fault in refused.value.faults] == ["ô G9", "ô E13", "ô I19", "ô E23"]


COMMUNES = ("Gia Phú", "Hải Vân", "Hòa Lạc", "Khánh An", "Kim Đường", "Liên Hoa")


def test_a_working_list_is_refused_once_with_every_wrong_cell_then_read(tmp_path: Path) -> None:
    units = ", ".join(f"{{id: xa-{n}, name: Xã {name}, level: commune}}" for n, name in enumerate(COMMUNES))
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, SHEETS / "theo-doi-ba-lang.xlsx", units, "xa-0")
    assert [str(fault).partition(".xlsx: ")[2] for fault in refused.value.faults] == [
        "ô G9 (IP THIẾT BỊ HỌP): ô chứa ngày 03/05/2026, định dạng cột là Văn bản (Text) rồi gõ lại",
        (
            "ô E13 (ĐỊA CHỈ IP (MODEM)): ô chứa số 127062009001, không phải địa chỉ,"
            " định dạng cột là Văn bản (Text) rồi gõ 127.62.9.1 nếu đúng là vậy"
        ),
        (
            "ô I19 (SLA (%)): mức cam kết '0.995' phần trăm chắc không đúng ý,"
            " ghi 99.5 (phần trăm), hoặc định dạng ô là phần trăm"
        ),
        "ô E23 (ĐỊA CHỈ IP (MODEM)) '127.62.17,1': not an address, 127.62.17.1",
    ]
    mended = tmp_path / "theo-doi.xlsx"
    shutil.copy(SHEETS / "theo-doi-ba-lang.xlsx", mended)
    book = load_workbook(mended, data_only=True)
    sheet = book.worksheets[0]
    for cell, value in (("G9", "127.62.6.10"), ("E13", "127.62.9.1"), ("I19", 99.5), ("E23", "127.62.17.1")):
        sheet[cell] = value
        sheet[cell].number_format = "General"
    book.save(mended)
    inventory = loaded(tmp_path, mended, units, "xa-0")
    assert Counter(site.unit for site in inventory.sites) == {**{f"xa-{n}": 4 for n in range(4)}, "xa-4": 3, "xa-5": 3}
    assert Counter(site.slo for site in inventory.sites) == {"99.5": 19, "99": 3}
    assert [target.address for target in inventory.targets if target.id == "nha-van-hoa-xa-gia-phu/uplink"] == [
        "127.62.4.1"  # a formula's kept value
    ]
