"""Whatever is filled in: nothing but the rows' cells changes, what stood there stays, a second time is the same."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from functools import cache

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from agent.scoring.form.form import Form, FormEntry
from agent.scoring.form.read import read_form
from agent.scoring.form.score_sheet import FormIdentity, form_codes, score_sheet
from agent.scoring.sheet import ScoreSheet
from exporters.scores.form.form_fill import FilledRow
from exporters.scores.form.sheet_fill import fill_form
from tests.agent.scoring.form.office_workbooks import OFFICES

_SIGNS = some.characters(blacklist_categories=("Cs", "Co", "Cn"))
_LINES = some.text(_SIGNS, max_size=30) | some.sampled_from(
    ["", "=1+1", "_x0041_", "<b>&amp;</b>", "a\r\nb", " a ", "]]>"]
)
_ROWS = some.builds(
    FilledRow,
    some.none() | some.decimals(min_value=0, max_value=1000, places=3),
    _LINES,
    some.lists(_LINES, max_size=3).map(tuple),
)  # fmt: skip
_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^>]*?)?(?:/>|>.*?</(?:\w+:)?c>)", re.DOTALL)
_REACH = re.compile(rb"<(?:\w+:)?(?:row|dimension)(?:\s[^>]*)?>|</(?:\w+:)?row>")


@cache
def office(name: str) -> tuple[bytes, Form, ScoreSheet]:
    """A workbook, the form in it and its sheet."""
    data = OFFICES[name]()
    form = read_form(data)
    return data, form, score_sheet(form, FormIdentity("xa", "tu-cham.xlsx", ("commune",), 2026))


def parts(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def values(data: bytes, tab: str) -> dict[str, object]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))[tab]
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}


def around(sheet: bytes) -> bytes:
    """A sheet without its cells, and without the tags that say how far they reach."""
    return _REACH.sub(b"", _CELL.sub(b"", sheet))


def cells_of(entry: FormEntry) -> set[str]:
    return {name for name in (entry.points, entry.explanation, entry.evidence) if name}


@pytest.mark.parametrize("name", OFFICES)
@settings(max_examples=25, deadline=None)
@given(drawn=some.data())
def test_only_what_is_meant_changes(name: str, drawn: some.DataObject) -> None:
    data, form, sheet = office(name)
    rows = drawn.draw(some.dictionaries(some.sampled_from([one.code for one in sheet.criteria]), _ROWS))
    result = fill_form(data, sheet, rows)
    by_code = {code: entry for entry in form.criteria for code in [form_codes(form)[entry.row]]}
    meant = {cell for code in rows for cell in cells_of(by_code[code])}
    before, after = values(data, form.tab), values(result.data, form.tab)

    assert fill_form(result.data, sheet, rows).data == result.data
    assert set(result.cells) <= meant
    assert {cell for cell in before.keys() | after.keys() if before.get(cell) != after.get(cell)} <= set(result.cells)
    old, new = parts(data), parts(result.data)
    differs = [part for part in old if old[part] != new[part]]
    assert list(old) == list(new)
    assert all(part == "xl/workbook.xml" or part.startswith("xl/worksheets/sheet") for part in differs)
    for part in (one for one in differs if one != "xl/workbook.xml"):
        assert around(old[part]) == around(new[part])


@pytest.mark.parametrize("name", OFFICES)
@settings(max_examples=25, deadline=None)
@given(drawn=some.data())
def test_what_stood_there_stays(name: str, drawn: some.DataObject) -> None:
    data, form, sheet = office(name)
    rows = drawn.draw(some.dictionaries(some.sampled_from([one.code for one in sheet.criteria]), _ROWS, min_size=1))
    after = values(fill_form(data, sheet, rows).data, form.tab)
    before = values(data, form.tab)
    for entry in form.criteria:
        row = rows.get(form_codes(form)[entry.row])
        for cell in {entry.explanation, entry.evidence} - {""}:
            assert str(after.get(cell, "")).startswith(str(before.get(cell, "")))
        if entry.formula or row is None or row.points is None:
            assert after.get(entry.points) == before.get(entry.points)
        elif entry.points:
            assert Decimal(str(after[entry.points])) == row.points
