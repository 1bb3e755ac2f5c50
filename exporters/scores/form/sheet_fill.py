"""A form filled in by the score sheet that was read from it, also when the workbook was edited since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from agent.scoring.form.form import EntryKind, Form, FormEntry
from agent.scoring.form.headings import plain_words
from agent.scoring.form.read import read_form
from agent.scoring.form.score_sheet import form_codes
from agent.scoring.form.texts import FormError
from agent.scoring.sheet import FormSource, RowCells, ScoreSheet
from agent.text import Text
from exporters.scores.form.form_fill import FilledForm, FilledRow, fill_cells
from exporters.scores.form.texts import NO_CELL, NO_FORM, OTHER_ROWS, OTHER_WORKBOOK

TOTAL = ""
"""The code of the row that sums up everything."""

_MOST_NAMED = 12


def fill_form(data: bytes, sheet: ScoreSheet, rows: Mapping[str, FilledRow]) -> FilledForm:
    """The workbook that the sheet was read from, filled in by code: criteria, groups and ``TOTAL``.

    A formula in the cell of a group or of the total is what fills it. A workbook that was edited since is filled in if
    it has every criterion, by number and title. Raises FormError otherwise, and for what fill_cells refuses.
    """
    source = sheet.form
    if source is None:
        raise FormError(NO_FORM.filled(sheet=sheet.id))
    form = read_form(data, source.tab)
    same = hashlib.sha256(data).hexdigest() == source.sha256
    cells = _same_cells(source) if same else _found_cells(form, sheet, source)
    alone = [code for code in _criteria(sheet, rows) if code not in cells and rows[code].points is not None]
    cells |= _sums(form, rows)
    filled = fill_cells(data, source.tab, [(cells[code], row) for code, row in rows.items() if code in cells])
    remarks = [OTHER_WORKBOOK] if filled.cells and not same else []
    remarks += [NO_CELL.filled(code=code) for code in alone]
    return FilledForm(filled.data, filled.cells, (*remarks, *filled.remarks))


def _criteria(sheet: ScoreSheet, rows: Mapping[str, FilledRow]) -> Iterator[str]:
    return (criterion.code for criterion in sheet.criteria if criterion.code in rows)


def _same_cells(source: FormSource) -> dict[str, RowCells]:
    return {row.code: row for row in source.rows}


def _found_cells(form: Form, sheet: ScoreSheet, source: FormSource) -> dict[str, RowCells]:
    """The criteria where they stand now. Raises FormError with those that are not there."""
    codes = form_codes(form)
    entries = {codes[entry.row]: entry for entry in form.criteria}
    titles = {criterion.code: criterion.title for criterion in sheet.criteria}
    found = {
        row.code: RowCells(row.code, entry.points, entry.explanation, entry.evidence)
        for row in source.rows
        if (entry := entries.get(row.code)) is not None and _is_it(entry, row, titles.get(row.code))
    }
    gone = [row.code for row in source.rows if row.code not in found]
    if gone:
        named = ", ".join(gone[:_MOST_NAMED]) + (" ..." if len(gone) > _MOST_NAMED else "")
        raise FormError(OTHER_ROWS.filled(codes=named))
    return found


def _is_it(entry: FormEntry, row: RowCells, title: Text | None) -> bool:
    """By its cell, or by its title where rows were put in or taken out above it."""
    return entry.points == row.points or (title is not None and plain_words(title.vi) == plain_words(entry.title))


def _sums(form: Form, rows: Mapping[str, FilledRow]) -> dict[str, RowCells]:
    """Cells of the groups and of the total that no formula fills."""
    codes = form_codes(form)
    found = {codes[entry.row]: entry for entry in form.rows if entry.kind is EntryKind.GROUP}
    totals = [entry for entry in form.rows if entry.kind is EntryKind.SUM]
    whole = [entry for entry in totals if entry.maximum == form.scale]
    if totals:
        found[TOTAL] = (whole or totals)[-1]
    return {
        code: RowCells(code, entry.points, entry.explanation, entry.evidence)
        for code, entry in found.items()
        if code in rows and entry.points and not entry.formula
    }
