"""What an office suite makes of a report: the numbers that it shows are those of the JSON, and it prints as a whole."""

from __future__ import annotations

import io
import json
import subprocess
import xml.etree.ElementTree as ET  # a file that LibreOffice just wrote
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from agent.availability.figures import Pooling
from agent.characters import cleaned
from agent.reporting.report import UptimeReport
from exporters.reports.compare import differences
from exporters.reports.formatting import hours
from exporters.reports.json_file import json_file
from exporters.reports.names import role_name
from exporters.reports.xlsx_file import xlsx_file
from tests.exporters.reports.hostile import texts
from tests.exporters.reports.sample import DISTRICT, figures, report, subject

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


SAID = {"insufficient": ("string", "không đủ dữ liệu"), "no_data": ("string", "không có dữ liệu")}


def converted(folder: Path, kind: str, content: bytes) -> Path:
    """LibreOffice answers a file that it cannot read with exit code 0: what counts is that the other file is there."""
    (folder / "report.xlsx").write_bytes(content)
    call = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind]
    subprocess.run(
        [*call, "--outdir", str(folder), str(folder / "report.xlsx")], capture_output=True, timeout=120, check=True
    )
    return folder / f"report.{kind}"


def test_a_report_that_an_office_suite_saved_anew_is_the_same_in_every_cell(tmp_path: Path) -> None:
    """And one whose cell was edited first is not."""
    made = xlsx_file(report())
    (tmp_path / "report.xlsx").write_bytes(made)
    call = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx"]
    place = ["--outdir", str(tmp_path / "back"), str(tmp_path / "report.xlsx")]
    subprocess.run([*call, *place], capture_output=True, timeout=120, check=True)
    again = (tmp_path / "back" / "report.xlsx").read_bytes()

    assert [one.text for one in differences(again, made, Path("report.xlsx"), "vi")] == []
    book = openpyxl.load_workbook(io.BytesIO(again))
    book["Theo mục tiêu"]["E15"] = 0.9999
    target = io.BytesIO()
    book.save(target)
    told = [one.text for one in differences(target.getvalue(), made, Path("report.xlsx"), "vi")]
    assert told == ["trang Theo mục tiêu, ô E15: trong tệp là 99,9900 %, theo sổ là 99,8915 %"]


def shown(file: Path) -> dict[str, list[list[tuple[str, str]]]]:
    """By sheet, of every row its cells: type and the text that a person sees."""
    tables = parsed(file).iter(f"{_TABLE}table")
    return {
        table.get(f"{_TABLE}name", ""): [list(_cells(row)) for row in table.iter(f"{_TABLE}table-row")]
        for table in tables
    }


def parsed(file: Path) -> ET.Element:
    return ET.parse(file).getroot()  # noqa: S314 - our own LibreOffice wrote it


def _cells(row: ET.Element) -> Iterator[tuple[str, str]]:
    for cell in row:
        times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        text = "\n".join("".join(_pieces(one)) for one in cell.iter(f"{_TEXT}p"))
        yield from [(cell.get(f"{_OFFICE}value-type", ""), text)] * min(times, 50)


def _pieces(paragraph: ET.Element) -> Iterator[str]:
    """Several spaces are written as one element with their number."""
    for element in paragraph.iter():
        yield " " * int(element.get(f"{_TEXT}c", "1")) if element.tag == f"{_TEXT}s" else element.text or ""
        if element is not paragraph:
            yield element.tail or ""


def percent(figure: dict[str, Any] | None) -> tuple[str, str]:
    if figure is None:
        return SAID["no_data"]
    return ("percentage", figure["percent_4"].replace(".", ",") + "%")


def test_every_number_shown_is_the_one_of_the_json(tmp_path: Path) -> None:
    sheets = shown(converted(tmp_path, "fods", xlsx_file(report())))
    targets = json.loads(json_file(report()))["targets"]
    by_name = {row[0][1]: row for row in sheets["Theo mục tiêu"] if row}
    by_id = {row[0][1]: row for row in sheets["Số liệu gốc"] if row}

    assert len(targets) == 14
    for target in targets:
        sums, row = target["recorded"], by_name[target["name"]]
        counted = [
            f"{sums[f'{part}_ms']:,}".replace(",", ".") for part in ("scoring", "maintenance", "unknown", "down")
        ]
        lengths = (hours(sums["down_ms"], "vi"), str(len(target["outages"])), hours(target["longest_outage_ms"], "vi"))

        assert row[5:8] == [percent(sums[figure]) for figure in ("coverage", "low", "high")]
        assert row[4] == SAID.get(sums["status"], percent(sums["availability"]))
        assert tuple(text for _, text in row[8:11]) == lengths
        assert [text for _, text in by_id[target["target"]][1:5]] == counted


@pytest.mark.parametrize("pooling", Pooling)
def test_the_figures_of_the_first_page_are_those_of_the_json(tmp_path: Path, pooling: Pooling) -> None:
    """Each role and all together, pooled or mean, cut after two decimals; too little data in words."""
    made = report(*DISTRICT[:-1], pooling=pooling)
    document = json.loads(json_file(made))
    rows = {row[0][1]: row for row in shown(converted(tmp_path, "fods", xlsx_file(made)))["Tổng hợp"] if len(row) > 7}
    expected = {role_name(role["id"], "vi"): role for role in document["roles"]} | {"Tính chung": document["overall"]}

    assert len(expected) == 6
    for name, group in expected.items():
        sums, of = group["pooled"], group["pooled"]["availability"] if pooling is Pooling.POOLED else group["mean"]
        status = sums["status"] if pooling is Pooling.POOLED else group["mean_status"]
        figure = ("percentage", of["percent_2"].replace(".", ",") + "%")
        lengths = [hours(sums[f"{part}_ms"], "vi") for part in ("down", "unknown", "maintenance")]

        assert rows[name][1] == SAID.get(status, figure)
        assert [text for _, text in rows[name][3:8]] == [*lengths, str(group["targets"]), str(group["measured"])]
    assert rows["Tính chung"][1][1] == {Pooling.POOLED: "99,80%", Pooling.MEAN: "99,66%"}[pooling]


def test_every_outage_of_the_json_is_shown(tmp_path: Path) -> None:
    sheets = shown(converted(tmp_path, "fods", xlsx_file(report())))
    rows = [row for row in sheets["Sự cố"] if len(row) > 7 and row[3][0] == "date"]

    assert len(rows) == sum(len(target["outages"]) for target in json.loads(json_file(report()))["targets"])
    assert [row[3][1] for row in rows if row[1][1] == "Một cửa điện tử"] == [
        "12/10/2026 08:02:11",
        "20/10/2026 14:40:00",
    ]


def test_hostile_names_are_text_in_an_office_suite_too(tmp_path: Path) -> None:
    names = [name for name in texts(200) if cleaned(name).strip()]
    odd = report(*(figures(subject(f"x/{number}", name)) for number, name in enumerate(names)))
    file = converted(tmp_path, "fods", xlsx_file(odd))
    rows = [row for row in shown(file)["Theo mục tiêu"] if len(row) > 12 and row[2][1] == "Dịch vụ"]

    assert [row[0] for row in rows] == [("string", cleaned(name)) for name in names]
    assert f"{_TABLE}formula" not in {name for element in parsed(file).iter() for name in element.attrib}


def long_report() -> UptimeReport:
    return report(*(figures(subject(f"x/{number}", f"Mục tiêu số {number}")) for number in range(120)))


def test_it_prints_with_its_heading_on_every_page(tmp_path: Path) -> None:
    paper = converted(tmp_path, "pdf", xlsx_file(long_report()))
    facts = subprocess.run(["pdfinfo", str(paper)], capture_output=True, text=True, timeout=30, check=True).stdout
    text = subprocess.run(
        ["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, timeout=30, check=True
    )
    pages = [page for page in text.stdout.split("\f") if "Theo mục tiêu" in page]

    assert "841.89 x 595.304 pts (A4)" in facts
    assert len(pages) > 1
    assert [page for page in pages if "Độ phủ số" not in page] == []
