"""The clerk's own workbook with points, explanations and evidence filled in; all else in it stays, to the byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.scoring.form.cells import FormTable, form_tables
from agent.scoring.form.form import address, cell_of
from agent.scoring.form.package import WorkbookPackage
from agent.scoring.form.points import points_text
from agent.scoring.form.protection import refuse_protected, workbook_path
from agent.scoring.form.texts import BROKEN, NO_TAB, SHEET_PROTECTED, FormError
from agent.scoring.form.xml_bytes import xml_part
from agent.scoring.sheet import RowCells
from agent.text import Text
from exporters.scores.form.form_sheet import FormSheet
from exporters.scores.form.recalculation import asks_for_calculation
from exporters.scores.form.rich_text import text_of
from exporters.scores.form.sheet_edits import Cell
from exporters.scores.form.texts import (
    FORMULA_KEPT,
    NO_CELL,
    OTHER_SHEETS,
    POINTS_KEPT,
    POINTS_REPLACED,
    SIGNED,
    TOO_LONG,
)
from exporters.scores.form.zip_parts import exchanged

_MOST_NAMED = 12
_MOST_TEXT = 32_767  # characters a cell may hold


@dataclass(frozen=True, slots=True)
class FilledRow:
    """What goes into a row of the form. points: None for a row without a figure yet; evidence: one line each."""

    points: Decimal | None = None
    explanation: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilledForm:
    """The workbook's bytes, the very ones that came in where nothing had to change; cells: names of the changed ones.

    remarks: what was not written, or replaced.
    """

    data: bytes
    cells: tuple[str, ...] = ()
    remarks: tuple[Text, ...] = ()


def fill_cells(data: bytes, tab: str, rows: Sequence[tuple[RowCells, FilledRow]]) -> FilledForm:
    """The workbook with these rows filled in.

    Points are written as numbers; a row without points keeps its cell as it is. Explanation and evidence are added
    below what stands there, unless they stand there already. A formula is never overwritten. Raises FormError.
    """
    try:
        return _filled(data, tab, rows)
    except FormError:
        raise
    except Exception as error:  # what else a made-up workbook makes zipfile, zlib, expat or us trip over
        raise FormError(BROKEN) from error


def _filled(data: bytes, tab: str, rows: Sequence[tuple[RowCells, FilledRow]]) -> FilledForm:
    package = WorkbookPackage(data)
    refuse_protected(package)
    tables, _ = form_tables(data, package)
    table = _table(tables, tab)
    sheet = FormSheet(package, table)
    remarks: list[Text] = []
    for cells, filled in rows:
        remarks += _fill(sheet, cells, filled)
    if not sheet.values:
        return FilledForm(data, (), tuple(remarks))
    if any("_xmlsignatures/" in path for path in package.paths):
        remarks.append(SIGNED)
    remarks += _others(tables, tab)
    parts = {package.entry(table.part): sheet.edited()}
    if sheet.has_formulas or "xl/calcchain.xml" in package:
        workbook = package.entry(workbook_path(package))
        part = xml_part(package.read(workbook.filename))
        parts[workbook] = part.encoded(asks_for_calculation(part.content))
    names = tuple(address(*cell) for cell in sorted(sheet.values))
    return FilledForm(exchanged(data, parts), names, tuple(remarks))


def _others(tables: Sequence[FormTable], tab: str) -> Iterator[Text]:
    """Other sheets whose formulas read the form: their parts stay as they are, saved results too."""
    name = tab.replace("'", "''")
    reading = [one.tab for one in tables if one.tab != tab and any(name in text for text in _formulas(one))]
    if reading:
        yield OTHER_SHEETS.filled(tabs=", ".join(f"'{one}'" for one in reading[:_MOST_NAMED]))


def _formulas(table: FormTable) -> Iterator[str]:
    return (cell.formula for row in table.layout.rows.values() for cell in row.cells if cell.formula)


def _table(tables: Sequence[FormTable], tab: str) -> FormTable:
    table = next((one for one in tables if one.tab == tab), None)
    if table is None:
        raise FormError(NO_TAB.filled(tab=tab, tabs=", ".join(f"'{one.tab}'" for one in tables[:_MOST_NAMED])))
    if table.layout.protected:
        raise FormError(SHEET_PROTECTED.filled(tab=tab))
    return table


def _fill(sheet: FormSheet, cells: RowCells, filled: FilledRow) -> Iterator[Text]:
    yield from _fill_points(sheet, cells, filled.points)
    for name, lines in ((cells.explanation, (filled.explanation,)), (cells.evidence, filled.evidence)):
        cell = cell_of(name)
        if cell is not None:
            for line in lines:
                yield from _add(sheet, cell, name, line)


def _fill_points(sheet: FormSheet, cells: RowCells, points: Decimal | None) -> Iterator[Text]:
    cell = cell_of(cells.points)
    if cell is None:
        if points is not None:
            yield NO_CELL.filled(code=cells.code)
        return
    shown = sheet.shown(cell)
    if points is None:
        if shown.text and not shown.formula:
            yield POINTS_KEPT.filled(cell=cells.points, code=cells.code, value=shown.text[:60])
        return
    if shown.formula:
        yield FORMULA_KEPT.filled(cell=cells.points, value=_both(points))
    elif shown.number != points:
        if shown.text:
            yield POINTS_REPLACED.filled(
                cell=cells.points, code=cells.code, before=shown.text[:60], value=_both(points)
            )
        sheet.values[cell] = points


def _add(sheet: FormSheet, cell: Cell, name: str, line: str) -> Iterator[Text]:
    """The line below what stands in the cell, unless it stands there."""
    if not line:
        return
    if sheet.shown(cell).formula:
        yield FORMULA_KEPT.filled(cell=name, value=f"'{line[:60]}'")
        return
    before = sheet.text(cell)
    after = before.with_lines(line)
    if f"\n{text_of(line).plain}\n" in f"\n{before.plain}\n":
        return
    if len(after.plain) > _MOST_TEXT:
        yield TOO_LONG.filled(cell=name)
        return
    sheet.values[cell] = after


def _both(value: Decimal) -> Text:
    return Text(points_text(value, "vi"), points_text(value, "en"))
