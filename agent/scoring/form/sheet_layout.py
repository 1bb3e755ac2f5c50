"""Where the rows and cells of a worksheet stand in its XML, which are hidden, merged or formulas. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.inventory.sheets.workbook import Merge, column_number
from agent.scoring.form.texts import BROKEN, FormError
from agent.scoring.form.xml_bytes import Path, tag_end, walk

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_NUMBER = re.compile("[1-9][0-9]{0,6}")
_TRUE = ("1", "true", "on")
_DATA = ("worksheet", "sheetData")
_ROW = (*_DATA, "row")
_CELL = (*_ROW, "c")
_VALUE, _FORMULA, _INLINE = (*_CELL, "v"), (*_CELL, "f"), (*_CELL, "is")
_COLUMN = ("worksheet", "cols", "col")


@dataclass(slots=True)
class CellPlace:
    """One ``c`` element. start: of its tag; body: behind that tag; end: behind the element.

    kind, style: its attributes; formula: the text of its ``f``, None for none ("" where it shares another's).
    value, inline: the places of its ``v`` and its ``is``, (0, 0) for none.
    """

    row: int
    column: int
    start: int
    body: int
    kind: str
    style: str
    end: int = 0
    formula: str | None = None
    value: tuple[int, int] = (0, 0)
    inline: tuple[int, int] = (0, 0)
    text: str = ""


@dataclass(slots=True)
class RowPlace:
    """One ``row`` element with its cells in the order of the file; style: of its empty cells, "" for none."""

    number: int
    start: int
    body: int
    hidden: bool
    style: str
    spans: str
    end: int = 0
    cells: list[CellPlace] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ColumnSpan:
    """Columns from first to last that look alike."""

    first: int
    last: int
    hidden: bool
    style: str


@dataclass(slots=True)
class SheetLayout:
    """A worksheet as places in its bytes; dimension: place of that tag and what it says.

    data_end: where the closing tag of the rows begins.
    """

    rows: dict[int, RowPlace] = field(default_factory=dict)
    columns: list[ColumnSpan] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    dimension: tuple[int, str] = (0, "")
    protected: bool = False
    data_end: int = 0

    def cell(self, row: int, column: int) -> CellPlace | None:
        """The cell there; None where the file has none."""
        place = self.rows.get(row)
        return None if place is None else next((one for one in place.cells if one.column == column), None)

    def hides(self, column: int) -> bool:
        """Whether nobody sees the column."""
        return any(one.hidden for one in self.columns if one.first <= column <= one.last)

    def column_style(self, column: int) -> str:
        """The style of the column's empty cells; "" for none."""
        return next((one.style for one in self.columns if one.first <= column <= one.last), "")


def sheet_layout(content: bytes) -> SheetLayout:
    """Of a worksheet in UTF-8. Raises FormError for what is none."""
    reader = _LayoutReader(content)
    walk(content, reader.begin, reader.end)
    if not reader.is_worksheet:
        raise FormError(BROKEN)
    return reader.layout


class _LayoutReader:
    def __init__(self, content: bytes) -> None:
        self.layout = SheetLayout()
        self.is_worksheet = False
        self._content = content
        self._row: RowPlace | None = None
        self._cell: CellPlace | None = None
        self._start = self._start_body = 0
        self._number = self._column = 0

    def begin(self, path: Path, has: Mapping[str, str], start: int) -> None:
        if path == _CELL:
            self._begin_cell(has, start)
        elif path in (_VALUE, _INLINE):
            self._start, self._start_body = start, tag_end(self._content, start)
        elif path == _ROW:
            self._begin_row(has, start)
        elif path == _COLUMN:
            self._column_span(has)
        elif path == ("worksheet", "mergeCells", "mergeCell"):
            self._merge(has.get("ref", ""))
        elif path == ("worksheet", "dimension"):
            self.layout.dimension = (start, has.get("ref", ""))
        elif path == ("worksheet", "sheetProtection"):
            self.layout.protected = has.get("sheet", "0") in _TRUE
        elif path == ("worksheet",):
            self.is_worksheet = True

    def end(self, path: Path, text: str, at: int) -> None:
        if path == _CELL and self._cell is not None:
            self._cell.end = self._behind_tag(self._cell.body, at)
        elif path == _ROW and self._row is not None:
            self._row.end = self._behind_tag(self._row.body, at)
        elif path == _DATA:
            self.layout.data_end = at
        elif path == _VALUE and self._cell is not None:
            self._cell.value = (self._start, self._behind_tag(self._start_body, at))
            self._cell.text = text
        elif path == _INLINE and self._cell is not None:
            self._cell.inline = (self._start, self._behind_tag(self._start_body, at))
        elif path == _FORMULA and self._cell is not None:
            self._cell.formula = text

    def _behind_tag(self, body: int, at: int) -> int:
        """Behind the closing tag at ``at``; the element's one tag ends there where it closes itself."""
        return at if self._content[body - 2 : body] == b"/>" else tag_end(self._content, at)

    def _begin_row(self, has: Mapping[str, str], start: int) -> None:
        number = has.get("r", str(self._number + 1))
        if not _NUMBER.fullmatch(number) or int(number) in self.layout.rows:
            raise FormError(BROKEN)
        self._number, self._column = int(number), 0
        style = has.get("s", "") if has.get("customFormat", "0") in _TRUE else ""
        hidden = has.get("hidden", "0") in _TRUE
        body = tag_end(self._content, start)
        self._row = RowPlace(self._number, start, body, hidden, style, has.get("spans", ""))
        self.layout.rows[self._number] = self._row

    def _begin_cell(self, has: Mapping[str, str], start: int) -> None:
        at = _REFERENCE.fullmatch(has.get("r", ""))
        column = column_number(at[1]) if at else self._column + 1
        if column <= self._column or self._row is None or (at is not None and int(at[2]) != self._row.number):
            raise FormError(BROKEN)  # out of order: what another program makes of it is anyone's guess
        self._column = column
        body = tag_end(self._content, start)
        self._cell = CellPlace(self._row.number, column, start, body, has.get("t", "n"), has.get("s", ""))
        self._row.cells.append(self._cell)

    def _column_span(self, has: Mapping[str, str]) -> None:
        first, last = has.get("min", ""), has.get("max", "")
        if _NUMBER.fullmatch(first) and _NUMBER.fullmatch(last):
            span = ColumnSpan(int(first), int(last), has.get("hidden", "0") in _TRUE, has.get("style", ""))
            self.layout.columns.append(span)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if start is None or end is None:
            raise FormError(BROKEN)
        self.layout.merges.append((int(start[2]), column_number(start[1]), int(end[2]), column_number(end[1])))
