"""A self-assessment workbook to a form: which sheet, which columns, which rows, and what a person should know of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agent.inventory.findings import column_letters
from agent.scoring.form.cells import FormTable, form_tables
from agent.scoring.form.form import EntryKind, Form, FormColumn, FormEntry, address
from agent.scoring.form.headings import NAMES, FormHeader, find_header
from agent.scoring.form.package import WorkbookPackage
from agent.scoring.form.protection import refuse_protected
from agent.scoring.form.rows import form_rows, shared_points
from agent.scoring.form.sums import scale_of, sum_remarks
from agent.scoring.form.texts import (
    BROKEN,
    CHOSEN_TAB,
    HIDDEN_ROWS,
    HIDDEN_TAB,
    NO_COLUMN,
    NO_ROWS,
    NO_TAB,
    NO_TABLE,
    NO_TABLE_IN_TAB,
    SECOND_COLUMN,
    SEVERAL_TABS,
    SHARED_CELL,
    SHEET_PROTECTED,
    UNUSED_COLUMNS,
    FormError,
)
from agent.scoring.form.written_rows import WrittenRow, written_rows
from agent.text import Text

_FILLED = (FormColumn.POINTS, FormColumn.EXPLANATION, FormColumn.EVIDENCE)
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sheet that has the headings of a form."""

    table: FormTable
    header: FormHeader
    written: tuple[WrittenRow, ...]

    @property
    def earns(self) -> bool:
        """Whether any row may earn points."""
        return any(one.maximum is not None and not one.sums for one in self.written)


def read_form(data: bytes, tab: str | None = None) -> Form:
    """The form in a workbook's bytes; ``tab``: the sheet that has it, needed where several do.

    Raises FormError, whatever the bytes are: another kind of file, protected, damaged, without such a table.
    """
    try:
        return _form(data, tab)
    except FormError:
        raise
    except Exception as error:  # what else a made-up workbook makes zipfile, zlib, expat or us trip over
        raise FormError(BROKEN) from error


def _form(data: bytes, tab: str | None) -> Form:
    package = WorkbookPackage(data)
    refuse_protected(package)
    tables, hidden = form_tables(data, package)
    chosen, remarks = _chosen(tables, hidden, tab)
    if chosen.table.layout.protected:
        raise FormError(SHEET_PROTECTED.filled(tab=chosen.table.tab))
    columns = chosen.header.columns
    rows = form_rows(chosen.written, columns, chosen.table.merges)
    if not any(row.kind is EntryKind.CRITERION for row in rows):
        raise FormError(NO_ROWS.filled(tab=chosen.table.tab, row=chosen.header.last))
    shared = shared_points(rows)
    return Form(
        tab=chosen.table.tab,
        sha256=hashlib.sha256(data).hexdigest(),
        header=chosen.header.last,
        columns=columns,
        rows=tuple(replace(row, points="") if row.points in shared else row for row in rows),
        scale=scale_of(rows),
        heading=_heading(chosen),
        remarks=(*remarks, *_remarks(chosen, rows)),
    )


def _chosen(tables: Sequence[FormTable], hidden: Sequence[str], tab: str | None) -> tuple[_Candidate, list[Text]]:
    """The sheet with the form. Raises FormError if it cannot be told which."""
    if tab is not None:
        return _named(tables, hidden, tab), []
    found = [one for one in map(_candidate, tables) if one is not None]
    found = [one for one in found if one.earns] or found
    with_points = [one for one in found if FormColumn.POINTS in one.header.columns]
    if len(with_points or found) > 1:
        tabs = ", ".join(f"'{one.table.tab}'" for one in (with_points or found)[:_MOST_NAMED])
        raise FormError(SEVERAL_TABS.filled(count=len(with_points or found), tabs=tabs))
    if not found:
        raise FormError(NO_TABLE)
    chosen = (with_points or found)[0]
    named = CHOSEN_TAB.filled(tab=chosen.table.tab, count=len(tables) + len(hidden))
    return chosen, [named] if len(tables) > 1 else []


def _named(tables: Sequence[FormTable], hidden: Sequence[str], tab: str) -> _Candidate:
    wanted = tab.strip().casefold()
    table = next((one for one in tables if one.tab.strip().casefold() == wanted), None)
    if table is None:
        if any(title.strip().casefold() == wanted for title in hidden):
            raise FormError(HIDDEN_TAB.filled(tab=tab))
        tabs = ", ".join(f"'{one.tab}'" for one in tables[:_MOST_NAMED])
        raise FormError(NO_TAB.filled(tab=tab, tabs=tabs))
    candidate = _candidate(table)
    if candidate is None:
        raise FormError(NO_TABLE_IN_TAB.filled(tab=table.tab))
    return candidate


def _candidate(table: FormTable) -> _Candidate | None:
    filled = []
    for number, cells in table.rows[:60]:
        texts = {column: cell.text for column, cell in cells.items()}
        for column in range(1, max(texts, default=0) + 20):
            top, left, bottom, _ = table.merges.of(number, column)
            if column not in texts and top == number and bottom == number and left in texts:
                texts[column] = texts[left]  # a heading over several columns
        filled.append((number, texts))
    header = find_header(filled, table.hidden_columns)
    return None if header is None else _Candidate(table, header, tuple(written_rows(table, header)))


def _heading(chosen: _Candidate) -> tuple[str, ...]:
    above = [cells for number, cells in chosen.table.rows if number < chosen.header.first]
    return tuple(cell.text for cells in above for cell in cells.values() if cell.text)


def _remarks(chosen: _Candidate, rows: Sequence[FormEntry]) -> Iterator[Text]:
    header, columns = chosen.header, chosen.header.columns
    for second in header.seconds:
        yield SECOND_COLUMN.filled(
            heading=NAMES[second.meaning],
            used=column_letters(second.used),
            used_heading=header.headings[second.used][:60],
            other=column_letters(second.other),
            other_heading=header.headings[second.other][:60],
        )
    unused = [column for column in header.unused if not chosen.table.layout.hides(column)]
    if unused:
        named = (f"{address(header.last, column)} '{header.headings[column][:60]}'" for column in unused[:_MOST_NAMED])
        yield UNUSED_COLUMNS.filled(cells="; ".join(named))
    for column in _FILLED:
        if column not in columns:
            yield NO_COLUMN.filled(heading=NAMES[column])
    for one in chosen.written:
        yield from one.remarks
    hidden = [str(row.row) for row in rows if _is_hidden(chosen.table, row)]
    if hidden:
        yield HIDDEN_ROWS.filled(count=len(hidden), rows=", ".join(hidden[:_MOST_NAMED]))
    for cell, numbers in shared_points(rows).items():
        yield SHARED_CELL.filled(cell=cell, rows=", ".join(map(str, numbers[:_MOST_NAMED])))
    maxima = columns[FormColumn.MAXIMUM]
    yield from sum_remarks(rows, maxima, column_letters(maxima))


def _is_hidden(table: FormTable, row: FormEntry) -> bool:
    place = table.layout.rows.get(row.row)
    return place is not None and place.hidden and row.kind in (EntryKind.GROUP, EntryKind.CRITERION)
