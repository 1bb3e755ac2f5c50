"""What an office suite makes of a list of devices: every device as text, and a heading on every page that it prints."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from agent.characters import cleaned
from agent.explain.components import device_text
from exporters.reports.device_sheets import device_workbook
from exporters.reports.xlsx_file import workbook
from tests.exporters.reports.device_sample import district
from tests.exporters.reports.hostile import texts
from tests.peers.test_reports_libreoffice import converted, parsed, shown

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]

_FORMULA = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}formula"


def test_every_device_is_shown_with_what_it_says_of_itself(tmp_path: Path) -> None:
    devices = district()
    sheets = shown(converted(tmp_path, "fods", workbook(device_workbook(devices))))
    rows = [row for row in sheets["Hiện trạng"] if row and row[0][0] == "float"]

    assert [row[6][1] for row in rows] == [device.identity.serial for device in devices.devices]
    assert [row[0][1] for row in rows] == [str(number) for number in range(1, 9)]
    assert rows[0][9] == ("date", "22/09/2026 00:00:00")
    assert [row[3][1] for row in sheets["Thay trước"] if row and row[0][0] == "float"] == [
        "Bộ chuyển mạch",
        "Bộ lưu điện",
        "Bộ phát wifi",
        "Bộ chuyển mạch",
    ]


def test_hostile_text_of_devices_is_text(tmp_path: Path) -> None:
    one = district().devices[0]
    said = [text for text in texts(200) if cleaned(text).strip()]
    devices = tuple(replace(one, identity=replace(one.identity, model=text)) for text in said)
    file = converted(tmp_path, "fods", workbook(device_workbook(replace(district(), devices=devices))))
    rows = [row for row in shown(file)["Hiện trạng"] if row and row[0][0] == "float"]

    assert [row[5] for row in rows] == [("string", device_text(text)) for text in said]
    assert _FORMULA not in {name for element in parsed(file).iter() for name in element.attrib}


def test_it_prints_on_a4_with_its_heading_on_every_page(tmp_path: Path) -> None:
    many = replace(district(), devices=district().devices * 12)
    paper = converted(tmp_path, "pdf", workbook(device_workbook(many)))
    facts = subprocess.run(["pdfinfo", str(paper)], capture_output=True, text=True, timeout=30, check=True).stdout
    text = subprocess.run(
        ["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, timeout=30, check=True
    )
    pages = [page for page in text.stdout.split("\f") if "Hiện trạng" in "".join(page.splitlines()[-1:])]

    assert "841.89 x 595.304 pts (A4)" in facts
    assert len(pages) > 1
    assert [page for page in pages if "Số sê-ri" not in page] == []
