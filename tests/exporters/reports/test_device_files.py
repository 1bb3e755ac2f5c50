"""A list of devices as workbook, CSV, JSON and on a terminal: the same devices, and nothing of theirs acts."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from agent.cli.tables.devices import device_table
from agent.errors import SansangError
from agent.reporting.devices import DeviceList, DeviceQuery, device_list
from exporters.reports.device_files import DEVICE_WRITERS, device_csv, device_writer
from exporters.reports.device_json import device_json, device_schema
from exporters.reports.device_sheets import device_workbook
from exporters.reports.xlsx_file import workbook
from tests.agent.reporting.device_ledger import NOW, devices_ledger

SCHEMA = Path(__file__).parents[3] / "docs" / "devices.schema.json"
HEADINGS = """STT|Đơn vị|Địa điểm|Thiết bị|Hãng|Kiểu|Số sê-ri|Phiên bản phần mềm|Địa chỉ|Chạy từ
|Số lần khởi động lại|Do mất điện|Tuổi thiết bị|Tình trạng|Lỗi bộ phận trong kỳ|Đề xuất""".replace("\n", "")


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> DeviceList:
    folder = tmp_path_factory.mktemp("ledger")
    return device_list(folder, devices_ledger(folder), DeviceQuery(), NOW)


def sheet(devices: DeviceList, name: str) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook(device_workbook(devices))))
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def test_the_workbook_has_the_columns_of_an_office_and_a_row_for_each_device(listed: DeviceList) -> None:
    rows = sheet(listed, "Hiện trạng")
    start = rows.index(next(row for row in rows if row[0] == "STT"))

    assert "|".join(map(str, rows[start])) == HEADINGS
    assert [row[:8] for row in rows[start + 1 :]] == [
        [1, "Xã A", "Xã A", "Bộ chuyển mạch", "HPE", "1920-24G", "CN1", "5.21"],
        [2, "Xã A", "Xã A", "UPS", "Santak", "C3KR", "S9", "5.20"],
        [3, "Xã B", "Xã B", "Máy in", "", "", "", ""],
    ]
    assert rows[start + 2][12] == "sản xuất 01/05/2015 (11 năm)"
    assert rows[start + 3][13] == "Hỏng; chưa hỏi SNMP"


def test_it_says_what_to_replace_first_and_why(listed: DeviceList) -> None:
    rows = sheet(listed, "Thay trước")
    start = rows.index(next(row for row in rows if row[0] == "STT"))

    assert [row[-1] for row in rows[start + 1 :]] == [
        "Thay ngay: Ắc quy cần thay, thiết bị tự báo; đã dùng 11 năm",
        "Thay ngay: không trả lời đã 5 ngày",
        "Nên thay sớm: khởi động lại 3 lần không do mất điện",
    ]


def test_the_summary_is_signed_and_counts(listed: DeviceList) -> None:
    texts = {str(row[0]): row[1] for row in sheet(listed, "Tổng hợp")}

    assert texts["Tổng số thiết bị"] == 3
    assert texts["Hỏng"] == 1
    assert texts["Chưa hỏi SNMP"] == 1
    assert texts["Đề xuất thay"] == 3
    assert "NGƯỜI LẬP BIỂU" in texts


def test_no_text_of_a_device_is_a_formula_a_link_or_a_control(listed: DeviceList) -> None:
    hostile = replace(listed.devices[0].identity, vendor="=1+1", model="@SUM(A1)", serial="+7", firmware="\x1b[2J-x")
    devices = replace(listed, devices=(replace(listed.devices[0], identity=hostile), *listed.devices[1:]))
    made = workbook(device_workbook(devices))
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(made))["Hiện trạng"].iter_rows() for cell in row]

    assert not [name for name in names if "link" in name.lower()]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    assert "=1+1" in [cell.value for cell in cells]
    for text in (device_csv(devices).decode(), device_json(devices).decode()):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "'=1+1" in device_csv(devices).decode()


def test_the_csv_has_the_same_devices(listed: DeviceList) -> None:
    rows = list(csv.DictReader(io.StringIO(device_csv(listed).decode("utf-8-sig"))))

    assert [row["target"] for row in rows] == ["a/switch", "a/ups", "b/printer"]
    assert [row["replace_rank"] for row in rows] == ["3", "1", "2"]
    assert [row["restarts"] for row in rows] == ["5", "0", ""]
    assert [row["replace"] for row in rows] == ["soon", "now", "now"]
    assert rows[1]["made_on"] == "2015-05-01"


def test_the_json_is_of_its_schema(listed: DeviceList) -> None:
    document = json.loads(device_json(listed))
    schema = json.loads(SCHEMA.read_text("utf-8"))

    assert SCHEMA.read_text("utf-8") == device_schema()
    Draft202012Validator(schema).validate(document)
    assert document["replace_first"] == ["a/ups", "b/printer", "a/switch"]
    assert [fault["end"] is None for fault in document["devices"][0]["faults"]] == [False, True]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("width", [80, 200])
def test_a_terminal_gets_every_device_and_what_to_replace(listed: DeviceList, language: str, width: int) -> None:
    console = Console(file=StringIO(), width=width)
    device_table(replace(listed, language=language), console)
    assert isinstance(console.file, StringIO)
    text = console.file.getvalue()

    assert "\x1b" not in text
    assert "CN1" in text
    assert "1920-24G" in text
    said = " ".join(text.split())
    assert ("5 (2 do mất điện)" if language == "vi" else "5 (2 by power cuts)") in said
    assert ("Nên thay trước:" if language == "vi" else "To replace first:") in said
    assert max(map(len, text.splitlines())) <= width


def test_the_same_list_gives_the_same_bytes(listed: DeviceList) -> None:
    for write in DEVICE_WRITERS.values():
        assert write(listed) == write(listed)


def test_a_mark_stands_in_every_form(listed: DeviceList) -> None:
    marked = replace(listed, unverified="CHƯA KIỂM CHỨNG - dòng 7")

    assert "CHƯA KIỂM CHỨNG" in device_csv(marked).decode()
    assert json.loads(device_json(marked))["unverified"].startswith("CHƯA")
    assert sheet(marked, "Hiện trạng")[0][0] == "CHƯA KIỂM CHỨNG - dòng 7"


def test_a_name_of_another_form_is_refused() -> None:
    with pytest.raises(SansangError, match=r"devices\.xlsx"):
        device_writer(Path("devices.pdf"))
