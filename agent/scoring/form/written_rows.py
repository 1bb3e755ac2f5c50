"""The rows below the headings as they are written: number, title, maximum and method of each, continuations joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from agent.inventory.sheets.number_formats import CellKind
from agent.scoring.form.cells import EMPTY, FormCell, FormTable
from agent.scoring.form.form import FormColumn, address
from agent.scoring.form.headings import FormHeader, plain_words
from agent.scoring.form.numbering import UNNUMBERED, Numbering, NumberStyle, numbering
from agent.scoring.form.points import plain_number, points_of
from agent.scoring.form.texts import MAXIMUM_UNREAD, NUMBER_IS_DATE, NUMBER_TEN
from agent.text import Text

_SUM = re.compile(r"(?:diem )?(?:tong|cong)(?: (?:cong|diem|so|cac|toan|muc|nhom|phan|\(?[ivxa-h0-9]+\b).*)?")
_BEGUN = re.compile(
    r"\s*(?:(?:phần|nhóm|mục|chỉ số|tiêu chí|chỉ tiêu|trụ cột)\s+)?"
    r"([IVX]{1,6}[.):/-]|[A-H][.):/-]|[0-9]+(?:\.[0-9]+)+[.):]?|[0-9]+[.):/-])\s+(\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_COUNTED = re.compile(r"\(?([0-9]{1,2}|[A-H])\)?(?:\s*=.*)?")
_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/[0-9]{4}")
_LONGEST_TITLE = 500  # characters


@dataclass(slots=True)
class WrittenRow:
    """A row of the table before anything is said about what it is. sums: whether it is one of *Tổng cộng*.

    value: what the cell of the points shows; asked: what stands in the evidence column.
    """

    row: int
    last: int
    number: Numbering
    title: str
    maximum: Decimal | None
    method: list[str]
    bold: bool = False
    sums: bool = False
    value: FormCell = EMPTY
    asked: str = ""
    remarks: list[Text] = field(default_factory=list)


def written_rows(table: FormTable, header: FormHeader) -> Iterator[WrittenRow]:
    """Rows with a title or a number, in order; headings repeated on a page and rows of column numbers left out."""
    reader = _RowReader(table, header)
    for number, cells in table.rows:
        if number > header.last:
            reader.take(number, cells)
    yield from reader.rows


class _RowReader:
    def __init__(self, table: FormTable, header: FormHeader) -> None:
        self.rows: list[WrittenRow] = []
        self._table, self._header = table, header
        self._letter = ""
        self._siblings: dict[tuple[str, ...], str] = {}

    def take(self, row: int, cells: Mapping[int, FormCell]) -> None:
        if self._is_heading(cells) or self._counts_columns(cells):
            return
        if self._goes_on(row, cells):
            self.rows[-1].last = row
            self.rows[-1].method += self._method(cells)
            return
        written = self._written(row, cells)
        if written is not None:
            self.rows.append(written)

    def _text(self, cells: Mapping[int, FormCell], column: FormColumn) -> FormCell:
        return cells.get(self._header.columns.get(column, 0), EMPTY)

    def _method(self, cells: Mapping[int, FormCell]) -> list[str]:
        text = self._text(cells, FormColumn.METHOD).text
        return [text] if text else []

    def _is_heading(self, cells: Mapping[int, FormCell]) -> bool:
        shown = [(column, cell.text) for column, cell in cells.items()]
        return len(shown) > 1 and all(
            text and text in self._header.headings.get(column, "") and not text.isdecimal() for column, text in shown
        )

    def _counts_columns(self, cells: Mapping[int, FormCell]) -> bool:
        """(1) (2) (3) below the headings, or 1 2 3=1x2, or A B 1 2."""
        if self.rows or len(cells) < 3:
            return False
        matches = [_COUNTED.fullmatch(cell.text) for _, cell in sorted(cells.items())]
        title = cells.get(self._header.columns[FormColumn.TITLE], EMPTY).text
        return all(matches) and len(title) <= 4

    def _goes_on(self, row: int, cells: Mapping[int, FormCell]) -> bool:
        """Whether the title's merged cell begins in a row above."""
        if not self.rows:
            return False
        top = self._table.merges.of(row, self._header.columns[FormColumn.TITLE])[0]
        return self._header.last < top < row and self.rows[-1].row <= top and self._maximum_is_merged(row, cells)

    def _maximum_is_merged(self, row: int, cells: Mapping[int, FormCell]) -> bool:
        column = self._header.columns[FormColumn.MAXIMUM]
        return self._table.merges.of(row, column)[0] < row or column not in cells

    def _written(self, row: int, cells: Mapping[int, FormCell]) -> WrittenRow | None:
        remarks: list[Text] = []
        number, title = self._number_and_title(row, cells, remarks)
        maximum = self._maximum(row, cells, remarks)
        if not title and (number.style is NumberStyle.NONE or maximum is None):
            return None
        bold = any(self._is_bold(cells, column) for column in (*self._header.titles, self._number_column))
        sums = _SUM.fullmatch(plain_words(title)) is not None and number.style in (NumberStyle.NONE, NumberStyle.DASH)
        value = self._text(cells, FormColumn.POINTS)
        asked = self._text(cells, FormColumn.EVIDENCE).text
        method = self._method(cells)
        return WrittenRow(row, row, number, title[:_LONGEST_TITLE], maximum, method, bold, sums, value, asked, remarks)

    @property
    def _number_column(self) -> int:
        return self._header.columns.get(FormColumn.NUMBER, 0)

    def _is_bold(self, cells: Mapping[int, FormCell], column: int) -> bool:
        return column in cells and cells[column].style in self._table.bold

    def _number_and_title(self, row: int, cells: Mapping[int, FormCell], remarks: list[Text]) -> tuple[Numbering, str]:
        cell = cells.get(self._number_column, EMPTY)
        title = next((cells[one].text for one in reversed(self._header.titles) if one in cells and cells[one].text), "")
        written = self._number_text(row, cell, remarks)
        number = numbering(written, self._letter)
        if number.style is NumberStyle.NONE and written and not title:  # "I. Nhận thức số" over merged columns
            title = written
        if number.style is NumberStyle.NONE and (begun := _BEGUN.fullmatch(title)) is not None:
            number, title = numbering(begun[1], self._letter), begun[2].strip()
        if number.style is NumberStyle.LETTER:
            self._letter = number.text
        number = self._with_its_zero(row, cell, number, remarks)
        self._siblings[number.parts[:-1]] = number.parts[-1]
        return number, title or (written if number is UNNUMBERED else "")

    def _number_text(self, row: int, cell: FormCell, remarks: list[Text]) -> str:
        day = _DAY.match(cell.text) if cell.kind is CellKind.DATE else None
        if day is None:
            return cell.text
        read = f"{int(day[1])}.{int(day[2])}"
        remarks.append(NUMBER_IS_DATE.filled(cell=address(row, self._number_column), value=day[0], number=read))
        return read

    def _with_its_zero(self, row: int, cell: FormCell, number: Numbering, remarks: list[Text]) -> Numbering:
        """1.10 of a cell that holds the number 1.1, where 1.9 stands above it."""
        before = self._siblings.get(number.parts[:-1], "")
        if cell.number is None or number.depth != 2 or not before.isdecimal():
            return number
        due = str(int(before) + 1)
        if due == number.parts[-1] or due.rstrip("0") != number.parts[-1]:
            return number
        read = f"{number.parts[0]}.{due}"
        remarks.append(NUMBER_TEN.filled(cell=address(row, self._number_column), value=read))
        return Numbering(read, number.style, number.depth)

    def _maximum(self, row: int, cells: Mapping[int, FormCell], remarks: list[Text]) -> Decimal | None:
        cell = self._text(cells, FormColumn.MAXIMUM)
        if cell.number is not None:
            unsaved = cell.formula and not cell.number  # programs that compute nothing write 0
            return None if unsaved else plain_number(cell.number)
        found = points_of(cell.text) if cell.kind is None else None
        if found is None and any(sign.isdigit() for sign in cell.text):
            place = address(row, self._header.columns[FormColumn.MAXIMUM])
            remarks.append(MAXIMUM_UNREAD.filled(cell=place, value=cell.text[:60]))
        return None if found is None else plain_number(found)
