"""What an office suite makes of the scores: it counts the sums itself and comes to the same, and prints on A4."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from exporters.scores.xlsx_file import xlsx_file
from tests.exporters.scores.score_sample import score_report
from tests.exporters.scores.test_score_workbook import of_one
from tests.peers.test_reports_libreoffice import converted, shown

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]


def counted_again(folder: Path, content: bytes) -> bytes:
    """The workbook with all that was counted before taken out, as LibreOffice saves it: every sum is its own."""
    book = openpyxl.load_workbook(io.BytesIO(content))  # openpyxl keeps no cached values beside formulas
    target = io.BytesIO()
    book.save(target)
    (folder / "report.xlsx").write_bytes(target.getvalue())
    call = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx"]
    place = ["--outdir", str(folder / "back"), str(folder / "report.xlsx")]
    subprocess.run([*call, *place], capture_output=True, timeout=120, check=True)
    return (folder / "back" / "report.xlsx").read_bytes()


def test_sums_that_the_office_counts_are_those_that_were_written(tmp_path: Path) -> None:
    content = xlsx_file(score_report())
    written = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    again = openpyxl.load_workbook(io.BytesIO(counted_again(tmp_path, content)), data_only=True)

    sums = 0
    for page in openpyxl.load_workbook(io.BytesIO(content)):
        for cell in (cell for row in page.iter_rows() for cell in row if cell.data_type == "f"):
            sums += 1
            there, here = again[page.title][cell.coordinate].value, written[page.title][cell.coordinate].value
            assert there == pytest.approx(here, abs=1e-9), (page.title, cell.coordinate)
    assert sums == 9


def test_points_are_shown_with_the_comma_and_the_digits_that_they_have(tmp_path: Path) -> None:
    sheets = shown(converted(tmp_path, "fods", xlsx_file(of_one())))
    points = {row[0][1]: row[5] for row in sheets["Biểu chấm điểm"] if len(row) > 8}

    assert points["1.1"] == ("float", "18,182")
    assert points["1.3"] == ("float", "10")
    assert points["1"] == ("float", "47,915")


def test_it_prints_on_a4_with_its_heading_on_every_page(tmp_path: Path) -> None:
    report = of_one()
    score = report.scores[0]
    sheet = replace(
        report.sheet,
        criteria=tuple(
            replace(criterion, code=f"{criterion.code}.{number}")
            for criterion in report.sheet.criteria
            for number in range(8)
        ),
    )
    rows = tuple(
        replace(row, criterion=replace(row.criterion, code=f"{row.criterion.code}.{number}"))
        for row in score.rows
        for number in range(8)
    )
    long = replace(report, sheet=sheet, scores=(replace(score, rows=rows),))
    paper = converted(tmp_path, "pdf", xlsx_file(long))
    facts = subprocess.run(["pdfinfo", str(paper)], capture_output=True, text=True, timeout=30, check=True).stdout
    text = subprocess.run(
        ["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, timeout=30, check=True
    ).stdout
    pages = [page for page in text.split("\f") if "Biểu chấm điểm - Năm 2026" in page]

    assert "841.89 x 595.304 pts (A4)" in facts
    assert len(pages) > 2
    assert [page for page in pages if "Giải trình kết quả" not in page] == []
    assert "NGƯỜI LẬP BIỂU" in pages[-1]
