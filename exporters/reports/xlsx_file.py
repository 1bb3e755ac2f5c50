"""A report as a workbook for an office: printable, signed, and nothing in it that came from data can act.

Every text goes through write_string: no formula, no link. Fixed properties: the same report gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from agent.characters import cleaned
from agent.errors import SansangError
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.cells import (
    DATED,
    NONE,
    PERCENT_DECIMALS,
    SIGNERS,
    Cell,
    Duration,
    Instant,
    Points,
    PointsSum,
    Ratio,
    ReportSheet,
    Row,
    Share,
    SheetColumn,
    Table,
    Workbook,
)
from exporters.reports.csv_file import DANGEROUS
from exporters.reports.formatting import hours, insufficient_text, local, trimmed, written
from exporters.reports.workbook import build_workbook

_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed property; spreadsheets know no zone
_A4 = 9
_LINE = 15.5  # points
_HIGHEST = 409  # that a row may be
_MOST_TEXT = 32_767  # characters a cell may hold
_MOST_PROPERTY = 255
_VIETNAMESE = "[$-42A]"  # marks of numbers as Vietnamese has them, where a program lets a file say so
_MOST_HEADER = 200  # characters; a header may have 255
_BOLD = "_bold"  # ends the name of the same look in bold
_INDENT = 2  # characters beside a number
_ROOM_TO_SIGN = 5  # empty rows that belong to what is printed
_MOST_ROWS = 1_048_000  # a sheet has 1,048,576
_PAGE = Text("Trang &P/&N", "Page &P of &N")
_POINT_DIGITS = range(7)  # after the mark; sheets have two or three
_NUMBERS = {
    "count": "#,##0",
    "share": f"0.{'0' * PERCENT_DECIMALS}%",
    "share_2": "0.00%",
    "ratio": f"0.{'0' * 15}",
    "duration": "[h]:mm:ss",
    "duration_ms": "[h]:mm:ss.000",
    "instant": r"dd\/mm\/yyyy hh:mm:ss",
    "instant_ms": r"dd\/mm\/yyyy hh:mm:ss.000",
}


def xlsx_file(report: UptimeReport) -> bytes:
    """The whole workbook."""
    return workbook(build_workbook(report))


_TOO_LONG = Text(
    "{rows} dòng là nhiều hơn một bảng tính chứa được; hãy chọn kỳ ngắn hơn, hoặc ghi ra .csv",
    "{rows} rows are more than a workbook holds; right would be a shorter period, or .csv",
)


def workbook(content: Workbook) -> bytes:
    """Tables as an XLSX file, rows going to the disk as they are written. SansangError if they are too many for one."""
    longest = max(sum(len(table.rows) for table in sheet.tables) for sheet in content.sheets)
    if longest > _MOST_ROWS:
        raise SansangError(_TOO_LONG.filled(rows=longest))
    target = io.BytesIO()
    file = xlsxwriter.Workbook(target, {"constant_memory": True})
    file.set_properties({"title": cleaned(content.title)[:_MOST_PROPERTY], "author": "San Sang", "created": _CREATED})
    looks = _looks(file, "" if content.language == "en" else _VIETNAMESE)
    for sheet in content.sheets:
        _Paper(file.add_worksheet(sheet.name), looks, content, sheet).fill()
    file.close()
    return target.getvalue()


def _looks(file: xlsxwriter.Workbook, locale: str) -> dict[str, Any]:
    font = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
    boxed = {**font, "border": 1}
    number = {**boxed, "align": "right", "indent": 1}
    looks = {name: {**number, "num_format": f"{locale}{form}"} for name, form in _NUMBERS.items()}
    looks |= {f"points_{digits}": {**number, "num_format": _points_form(digits, locale)} for digits in _POINT_DIGITS}
    looks["text"] = {**boxed, "num_format": "@", "text_wrap": True, "align": "left", "indent": 1}
    looks["quoted"] = {**looks["text"], "quote_prefix": True}
    looks |= {f"{name}{_BOLD}": {**look, "bold": True} for name, look in looks.items()}
    looks["heading"] = {
        **boxed, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#E7EBF0",
    }  # fmt: skip
    looks["caption"] = {**font, "bold": True, "font_size": 12}
    looks["line"] = font
    looks["strong"] = {**font, "align": "center", "bold": True}
    looks["title"] = {**font, "align": "center", "bold": True, "font_size": 14, "valign": "vcenter"}
    looks["mark"] = {**looks["title"], "font_size": 11, "text_wrap": True, "font_color": "#B00000", "border": 2}
    looks["note"] = {**font, "align": "center", "italic": True, "text_wrap": True}
    return {name: file.add_format(look) for name, look in looks.items()}


def _points_form(digits: int, locale: str) -> str:
    return f"{locale}#,##0" + ("." + "0" * digits if digits else "")


@dataclass(slots=True)
class _Paper:
    """One sheet while it is written, from the top to the bottom."""

    page: Worksheet
    looks: dict[str, Any]
    content: Workbook
    sheet: ReportSheet
    row: int = 0
    columns: list[int] = field(default_factory=list)
    weight: str = ""
    first: int = 0  # row of the table under way

    def fill(self) -> None:
        self.columns = _widths(self.sheet.tables)
        self._set_up()
        if self.content.mark:
            self._across(self.content.mark, "mark", 2 * _LINE + 3)
        if self.sheet.signed:
            self._letterhead()
        self._across(self.sheet.title, "title", 24)
        if self.content.period and self.sheet.signed:
            self._across(self.content.period, "strong", _LINE + 3)
        if self.content.selection:
            lines = _lines(self.content.selection, sum(self.columns))
            self._across(self.content.selection, "note", min(lines * _LINE + 3, _HIGHEST))
        if self.sheet.headline:
            self._text(self.sheet.headline, "caption")
        for line in self.sheet.lines:
            self._text(line, "line")
        for table in self.sheet.tables:
            self._table(table)
        if self.sheet.signed:
            self._signatures()

    @property
    def _last(self) -> int:
        return len(self.columns) - 1

    def _set_up(self) -> None:
        page = self.page
        page.set_landscape()
        page.set_paper(_A4)
        page.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
        page.fit_to_pages(
            1, 1 if self.sheet.signed and not self.sheet.long else 0
        )  # names are signed under the figures, not on another page
        page.center_horizontally()
        page.hide_gridlines(2)
        name = cleaned(self.content.organisation)[:100].replace("&", "&&")
        middle = " - ".join(part for part in (self.sheet.name, cleaned(self.content.period)) if part)
        page.set_footer(f"&L{name}&C{middle}&R{_PAGE.to(self.content.language)}")
        if self.content.mark:
            page.set_header(f"&C&B{cleaned(self.content.mark)[:_MOST_HEADER].replace('&', '&&')}")
        for number, width in enumerate(self.columns):
            page.set_column(number, number, width)

    def _letterhead(self) -> None:
        """Whose report it is, and beside it, as its papers begin, the nation's name and motto."""
        half = (self._last - 1) // 2
        for left, right in self.content.heading:
            self._spread(0, half, left, "strong")
            self._spread(half + 1, self._last, right, "strong")
            self.row += 1
        self.row += 1

    def _across(self, text: str, look: str, height: float) -> None:
        self.page.set_row(self.row, height)
        self._spread(0, self._last, text, look)
        self.row += 1

    def _make_room(self, texts: Sequence[str]) -> None:
        """Set the row's height for its longest text, as not every program does so when it opens a file."""
        lines = max(_lines(text, width - 1) for text, width in zip(texts, self.columns, strict=False))
        if lines > 1:
            self.page.set_row(self.row, min(lines * _LINE, _HIGHEST))

    def _text(self, text: str, look: str) -> None:
        self.page.set_row(self.row, _LINE + 3)
        self._write(0, text, look)
        self.row += 1

    def _table(self, table: Table) -> None:
        self.row += 1
        if table.caption:
            self._text(table.caption, "caption")
        self._make_room([column.heading for column in table.columns])
        for number, column in enumerate(table.columns):
            self._write(number, column.heading, "heading")
        if len(self.sheet.tables) == 1:
            self.page.repeat_rows(self.row)
            self.page.freeze_panes(self.row + 1, 1)
        self.row += 1
        rows = table.rows or (_nothing(table, self.content.language),)
        self.first = self.row
        for place, cells in enumerate(rows):
            stands_out = place in table.strong or (table.totalled and place == len(rows) - 1)
            self.weight = _BOLD if stands_out else ""
            self._make_room([self._text_of(cell) for cell in cells])
            for number, cell in enumerate(cells):
                self._cell(number, cell)
            self.row += 1
        self.weight = ""

    def _signatures(self) -> None:
        self.row += 1
        half, language = (self._last - 1) // 2, self.content.language
        self._spread(half + 1, self._last, DATED.to(language), "note")
        self.row += 1
        for look, texts in zip(("strong", "note"), zip(*SIGNERS, strict=True), strict=True):
            self._spread(0, half, texts[0].to(language), look)
            self._spread(half + 1, self._last, texts[1].to(language), look)
            self.row += 1
        self.row += _ROOM_TO_SIGN
        self._write(self._last, " ", "line")  # something at its end, or programs do not print it

    def _text_of(self, cell: Cell) -> str:
        """The cell's text; empty for a number."""
        match cell:
            case str():
                return cell
            case Share(figure, status):
                return insufficient_text(figure, status, self.content.language)
            case Ratio(None):
                return written(cell, self.content.language, self.content.zone)
            case _:
                return ""

    def _cell(self, column: int, cell: Cell) -> None:
        if (text := self._text_of(cell)) or isinstance(cell, str):
            self._write(column, text, ("quoted" if cleaned(text).startswith(DANGEROUS) else "text") + self.weight)
            return
        match cell:
            case Share(figure, _, decimals) if figure:
                look = "share" if decimals == PERCENT_DECIMALS else f"share_{decimals}"
                self._number(column, figure.truncated(decimals + 2), look)
            case Ratio(figure) if figure:
                self._number(column, figure.ratio, "ratio")
            case Duration(ms):
                self._number(column, ms / 86_400_000, "duration_ms" if ms % 1000 else "duration")
            case Instant(ms):
                look = self.looks[("instant_ms" if ms % 1000 else "instant") + self.weight]
                self.page.write_datetime(self.row, column, local(ms, self.content.zone), look)
            case Points(number):
                self._number(column, float(number), _points_look(number))
            case PointsSum(number, rows):
                look = self.looks[_points_look(number) + self.weight]
                formula = f"=SUM({_cells(column, [self.first + row for row in rows])})"
                self.page.write_formula(self.row, column, formula, look, float(number))
            case int():
                self._number(column, cell, "count")

    def _number(self, column: int, number: float, look: str) -> None:
        self.page.write_number(self.row, column, number, self.looks[look + self.weight])

    def _write(self, column: int, text: str, look: str) -> None:
        self.page.write_string(self.row, column, cleaned(text)[:_MOST_TEXT], self.looks[look])

    def _spread(self, first: int, last: int, text: str, look: str) -> None:
        """A text over several columns."""
        if last > first:
            self.page.merge_range(self.row, first, self.row, last, "", self.looks[look])
        self._write(first, text, look)


def _points_look(number: Decimal) -> str:
    exponent = trimmed(number).as_tuple().exponent
    return f"points_{min(max(-exponent, 0), _POINT_DIGITS[-1])}" if isinstance(exponent, int) else "points_0"


def _cells(column: int, rows: Sequence[int]) -> str:
    """Cells of one column, neighbours as a range: ``F5:F9,F12``."""
    spans: list[tuple[int, int]] = []
    for row in rows:
        if spans and spans[-1][1] == row - 1:
            spans[-1] = spans[-1][0], row
        else:
            spans.append((row, row))
    names = [(xl_rowcol_to_cell(first, column), xl_rowcol_to_cell(last, column)) for first, last in spans]
    return ",".join(first if first == last else f"{first}:{last}" for first, last in names)


def _lines(text: str, width: int) -> int:
    """The number of lines that a text takes in a column, broken between words."""
    lines = free = 0
    for word in text.split(" "):
        if len(word) < free:
            free -= len(word) + 1
        else:
            lines += max(1, -(-len(word) // width))
            free = width - len(word) % width
    return lines


def _widths(tables: Sequence[Table]) -> list[int]:
    """The width of each column: the widest that a table asks for or a number needs, as programs show ### otherwise."""
    columns: list[tuple[SheetColumn | None, ...]] = list(zip_longest(*(table.columns for table in tables)))
    widths = [max(column.width for column in those if column) for those in columns]
    for table in tables:
        for cells in table.rows:
            for number, cell in enumerate(cells):
                widths[number] = max(widths[number], _room(cell))
    return widths


def _room(cell: Cell) -> int:
    """The width that a number needs; 0 for a text, which is wrapped."""
    match cell:
        case Instant(ms):
            return _INDENT + len("dd/mm/yyyy hh:mm:ss.000" if ms % 1000 else "dd/mm/yyyy hh:mm:ss")
        case Duration(ms):
            return _INDENT + len(hours(ms, "en"))
        case int():
            return _INDENT + len(f"{cell:,}")
        case _:
            return 0


def _nothing(table: Table, language: str) -> Row:
    return (NONE.to(language), *[""] * (len(table.columns) - 1))
