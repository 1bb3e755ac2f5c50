"""A form filled in by the score sheet that was read from it, also when the workbook was edited since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from agent.scoring.form.form import EntryKind, Form, FormEntry
from agent.scoring.form.headings import plain_words
from agent.scoring.form.points import points_text
from agent.scoring.form.read import read_form
from agent.scoring.form.score_sheet import form_codes
from agent.scoring.form.texts import FormError
from agent.scoring.sheet import Criterion, FormSource, RowCells, ScoreSheet
from agent.text import Text
from exporters.scores.form.form_fill import FilledForm, FilledRow, fill_cells
from exporters.scores.form.texts import (
    AND_MORE,
    NO_CELL,
    NO_FORM,
    OTHER_ROWS,
    OTHER_WORKBOOK,
    ROW_GONE,
    ROW_IS_OTHER,
    ROW_IS_WORTH,
)

TOTAL = ""
"""The code of the row that sums up everything."""

_MOST_NAMED = 12
_LONGEST_TITLE = 80  # characters of one that is named


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
    """The criteria where they stand now. Raises FormError with those that are not there, or are others."""
    rows = _FormRows(form)
    criteria = {criterion.code: criterion for criterion in sheet.criteria}
    found: dict[str, RowCells] = {}
    wrong: list[Text] = []
    for row in source.rows:
        criterion = criteria.get(row.code)
        if criterion is None:
            continue
        entry = rows.like(criterion)
        fault = _fault(criterion, row, entry)
        if fault is None and entry is not None:
            found[row.code] = RowCells(row.code, entry.points, entry.explanation, entry.evidence)
        elif fault is not None:
            wrong.append(fault)
    if wrong:
        raise FormError(OTHER_ROWS.filled(sheet=sheet.id, rows=_listed(wrong), name=source.name))
    return found


def _listed(wrong: Sequence[Text]) -> Text:
    more = [AND_MORE.filled(count=len(wrong) - _MOST_NAMED)] if len(wrong) > _MOST_NAMED else []
    named = (*wrong[:_MOST_NAMED], *more)
    return Text("; ".join(one.vi for one in named), "; ".join(one.en for one in named))


class _FormRows:
    """The criteria of a form, to be found by code or by title."""

    def __init__(self, form: Form) -> None:
        codes = form_codes(form)
        self._by_code = {codes[entry.row]: entry for entry in form.criteria}
        self._by_title: dict[str, list[FormEntry]] = {}
        for entry in form.criteria:
            self._by_title.setdefault(plain_words(entry.title), []).append(entry)

    def like(self, criterion: Criterion) -> FormEntry | None:
        """That of its code if it says the same, else the only one of its title, else that of its code as it is."""
        same = self._by_code.get(criterion.code)
        titled = self._by_title.get(plain_words(criterion.title.vi), [])
        return same if same in titled or len(titled) != 1 else titled[0]


def _fault(criterion: Criterion, row: RowCells, entry: FormEntry | None) -> Text | None:
    """Why the row of the form is not that of the criterion; None if it is."""
    title = criterion.title.vi[:_LONGEST_TITLE]
    if entry is None:
        return ROW_GONE.filled(code=row.code, title=title, cell=row.points)
    if not _alike(criterion.title.vi, entry.title):
        return ROW_IS_OTHER.filled(row=entry.row, code=row.code, title=title, found=entry.title[:_LONGEST_TITLE])
    if entry.maximum is not None and entry.maximum != criterion.maximum:
        worth = {"maximum": _both(criterion.maximum), "found": _both(entry.maximum)}
        return ROW_IS_WORTH.filled(row=entry.row, code=row.code, **worth)
    return None


def _alike(one: str, other: str) -> bool:
    """Whether a title is the other but for a word put right: most words of both are in both."""
    first, second = set(plain_words(one).split()), set(plain_words(other).split())
    return first == second or 3 * len(first & second) >= 2 * len(first | second)


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


def _both(value: Decimal) -> Text:
    return Text(points_text(value, "vi"), points_text(value, "en"))
