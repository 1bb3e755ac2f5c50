"""The visible sheets of a workbook as texts and numbers by cell, with what is merged, hidden or bold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from agent.inventory.sheets.number_formats import CellKind, display_text
from agent.inventory.sheets.reader import unescaped
from agent.inventory.sheets.workbook import Merge, RawCell, WorkbookError, WorkbookSheet, open_workbook
from agent.scoring.form.package import WorkbookPackage
from agent.scoring.form.sheet_layout import SheetLayout, sheet_layout
from agent.scoring.form.texts import BROKEN, TOO_LARGE, TOO_MANY_ROWS, FormError
from agent.scoring.form.xml_bytes import Path, walk, xml_part

MOST_ROWS = 5_000
MOST_COLUMNS = 100
_MOST_MERGES = 20_000
_LONGEST = 32_767  # characters that Excel keeps in a cell
_MOST_TEXT = 16_000_000  # characters of all cells: one text may be shared by thousands
_TEXTS = ("s", "str", "inlineStr")


@dataclass(frozen=True, slots=True)
class FormCell:
    """What a cell shows: its text, and its number if it is one. kind: None for a text."""

    text: str
    kind: CellKind | None = None
    number: Decimal | None = None
    formula: bool = False
    style: int = 0


EMPTY = FormCell("")


class Merges:
    """Which cells are one."""

    def __init__(self, merges: list[Merge]) -> None:
        if len(merges) > _MOST_MERGES:
            raise FormError(TOO_LARGE.filled(limit=64))
        self._by_column: dict[int, list[Merge]] = {}
        for merge in merges:
            for column in range(merge[1], min(merge[3], MOST_COLUMNS) + 1):
                self._by_column.setdefault(column, []).append(merge)

    def of(self, row: int, column: int) -> Merge:
        """The area that the cell belongs to: first row and column, last row and column; of a single one itself."""
        found = (merge for merge in self._by_column.get(column, ()) if merge[0] <= row <= merge[2])
        return next(found, (row, column, row, column))


@dataclass(frozen=True, slots=True)
class FormTable:
    """A sheet with its non-empty rows in order. part: its path; bold: numbers of the cell styles in bold type."""

    tab: str
    part: str
    rows: tuple[tuple[int, Mapping[int, FormCell]], ...]
    merges: Merges
    layout: SheetLayout
    bold: frozenset[int]

    @property
    def hidden_columns(self) -> frozenset[int]:
        """Columns that nobody sees."""
        return frozenset(column for column in range(1, MOST_COLUMNS + 1) if self.layout.hides(column))


@dataclass(slots=True)
class _Room:
    """How many characters may still be read."""

    left: int = _MOST_TEXT

    def take(self, count: int) -> None:
        """Raises FormError where there is no room for so many."""
        self.left -= count
        if self.left < 0:
            raise FormError(TOO_LARGE.filled(limit=64))


def form_tables(data: bytes, package: WorkbookPackage) -> tuple[list[FormTable], tuple[str, ...]]:
    """The visible sheets, and the titles of the hidden ones. Raises FormError for a workbook that cannot be read."""
    tables: list[FormTable] = []
    hidden: list[str] = []
    room = _Room()
    try:
        book = open_workbook(data)
        bold = _bold_styles(package)
        for sheet in book.sheets:
            if sheet.hidden:
                hidden.append(sheet.title)
            else:
                tables.append(_table(sheet, package, bold, room, from_1904=book.from_1904))
    except WorkbookError as error:
        large = error.message in ("xlsx_crowded", "file_too_large")
        raise FormError(TOO_LARGE.filled(limit=64) if large else BROKEN) from error
    titles = [title.strip().casefold() for title in (*(table.tab for table in tables), *hidden)]
    if len({*titles}) < len(titles):
        raise FormError(BROKEN)  # two sheets of one name: which of them is meant is anyone's guess
    return tables, tuple(hidden)


def _table(
    sheet: WorkbookSheet, package: WorkbookPackage, bold: frozenset[int], room: _Room, *, from_1904: bool
) -> FormTable:
    layout = sheet_layout(xml_part(package.read(sheet.part)).content)
    rows = tuple(_rows(sheet, layout, room, from_1904=from_1904))
    return FormTable(sheet.title, sheet.part, rows, Merges(layout.merges), layout, bold)


def _rows(
    sheet: WorkbookSheet, layout: SheetLayout, room: _Room, *, from_1904: bool
) -> Iterator[tuple[int, Mapping[int, FormCell]]]:
    for count, (number, values) in enumerate(sheet.rows):
        if count >= MOST_ROWS:
            raise FormError(TOO_MANY_ROWS.filled(tab=sheet.title, limit=MOST_ROWS))
        place = layout.rows.get(number)
        room.take(sum(min(len(value.text), _LONGEST) for value in values.values()))
        styles = {} if place is None else {cell.column: cell.style for cell in place.cells}
        cells = {
            column: _cell(value, styles.get(column, ""), from_1904=from_1904)
            for column, value in values.items()
            if column <= MOST_COLUMNS
        }
        yield number, {column: cell for column, cell in cells.items() if cell.text or cell.formula}


def _cell(value: RawCell, style: str, *, from_1904: bool) -> FormCell:
    text, kind = _shown(value, from_1904=from_1904)
    number = Decimal(text) if kind is CellKind.NUMBER else None
    return FormCell(text, kind, number, value.formula, int(style) if style.isdecimal() else 0)


def _shown(value: RawCell, *, from_1904: bool) -> tuple[str, CellKind | None]:
    written = value.text[:_LONGEST]
    if value.kind in _TEXTS:
        return unescaped(written), None
    if not written.strip():
        return "", None
    if value.kind in ("b", "e", "d"):
        kinds = {"b": CellKind.BOOLEAN, "e": CellKind.ERROR, "d": CellKind.DATE}
        return written.strip(), kinds[value.kind]
    try:
        return display_text(written.strip(), value.code, from_1904=from_1904)
    except ValueError:
        return unescaped(written), None


def _bold_styles(package: WorkbookPackage) -> frozenset[int]:
    """Numbers of the cell styles whose font is bold."""
    if "xl/styles.xml" not in package:
        return frozenset()
    bold_fonts: set[int] = set()
    fonts: list[int] = []
    styles: list[str] = []

    def begin(path: Path, has: Mapping[str, str], _start: int) -> None:
        if path[-2:] == ("fonts", "font"):
            fonts.append(len(fonts))
        elif path[-3:] == ("fonts", "font", "b") and has.get("val", "1") not in ("0", "false"):
            bold_fonts.add(fonts[-1])
        elif path[-2:] == ("cellXfs", "xf"):
            styles.append(has.get("fontId", "0"))

    walk(xml_part(package.read("xl/styles.xml")).content, begin)
    return frozenset(
        number for number, font in enumerate(styles) if font.isdecimal() and len(font) < 8 and int(font) in bold_fonts
    )
