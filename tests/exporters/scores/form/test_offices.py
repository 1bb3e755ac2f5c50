"""Every office's workbook comes back with the same parts, and a second time as the same bytes."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from agent.scoring.document.canonical import sheet_yaml, with_digest
from agent.scoring.document.load import sheet_from_bytes
from agent.scoring.form.read import read_form
from agent.scoring.form.score_sheet import FormIdentity, score_sheet
from exporters.scores.form.form_fill import FilledRow
from exporters.scores.form.sheet_fill import fill_form
from tests.agent.scoring.form.office_workbooks import OFFICES


@pytest.mark.parametrize("office", OFFICES)
def test_only_the_sheet_and_the_word_to_compute_change(office: str) -> None:
    data = OFFICES[office]()
    form = read_form(data)
    sheet = score_sheet(form, FormIdentity("xa", "tu-cham.xlsx", ("commune",), 2026))
    rows = {one.code: FilledRow(Decimal("7.25"), "Đạt 3/4", ("a.csv", "b.csv")) for one in sheet.criteria}
    filled = fill_form(data, sheet, rows).data
    before, after = (zipfile.ZipFile(io.BytesIO(one)) for one in (data, filled))
    differs = [name for name in before.namelist() if before.read(name) != after.read(name)]

    assert after.testzip() is None
    assert before.namelist() == after.namelist()
    assert len([name for name in differs if name.startswith("xl/worksheets/")]) == 1
    assert {name for name in differs if not name.startswith("xl/worksheets/")} <= {"xl/workbook.xml"}
    assert fill_form(filled, sheet, rows).data == filled
    own = openpyxl.load_workbook(io.BytesIO(filled))[form.tab]
    for entry in form.criteria:
        assert entry.formula or own[entry.points].value == 7.25
        assert not entry.explanation or str(own[entry.explanation].value).endswith("Đạt 3/4")
        assert str(own[entry.evidence].value).endswith("a.csv\nb.csv")


@pytest.mark.parametrize("office", OFFICES)
def test_each_becomes_a_sheet_that_is_good(office: str) -> None:
    form = read_form(OFFICES[office]())
    sheet = with_digest(score_sheet(form, FormIdentity("xa", "tu-cham.xlsx", ("commune",), 2026)))

    assert sheet_from_bytes("xa.yml", sheet_yaml(sheet).encode()) == sheet
    assert sheet.maximum in (100, 1000)
