"""A self-assessment form as the office's workbook has it: its rows, what they may earn, and where the cells are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from agent.inventory.findings import column_letters
from agent.inventory.sheets.workbook import column_number
from agent.text import Text

_NAME = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


class FormColumn(StrEnum):
    """What a column of the form is for."""

    NUMBER = "number"  # STT
    TITLE = "title"  # chỉ số, chỉ số thành phần
    MAXIMUM = "maximum"  # điểm tối đa
    METHOD = "method"  # cách tính
    POINTS = "points"  # điểm tự chấm
    EXPLANATION = "explanation"  # giải trình
    EVIDENCE = "evidence"  # tài liệu kiểm chứng


class EntryKind(StrEnum):
    """What a row of the form is."""

    GROUP = "group"
    CRITERION = "criterion"
    SUM = "sum"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class FormEntry:
    """A row of the form; the cells to fill are named as A1, "" where the form has no such column.

    row: its number in the sheet, from 1; last: that of the last row that belongs to it. parent: the row number of
    the group that it belongs to, None at the top. maximum: in points, None where the form says none. formula: whether
    the cell of the points holds one. asked: what stands in the evidence column, the documents that the form asks for.
    """

    row: int
    last: int
    kind: EntryKind
    number: str
    title: str
    parent: int | None = None
    maximum: Decimal | None = None
    method: str = ""
    points: str = ""
    explanation: str = ""
    evidence: str = ""
    formula: bool = False
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form as read.

    sha256: of the workbook's bytes, as hex. columns: numbers, from 1, by meaning. header: row number of its last
    heading row; heading: the lines above the table. scale: the sum of all maxima. remarks: what a person should know of
    the reading, in file order.
    """

    tab: str
    sha256: str
    header: int
    columns: Mapping[FormColumn, int]
    rows: tuple[FormEntry, ...]
    scale: Decimal
    heading: tuple[str, ...] = ()
    remarks: tuple[Text, ...] = ()

    @property
    def criteria(self) -> tuple[FormEntry, ...]:
        """The rows that earn points."""
        return tuple(row for row in self.rows if row.kind is EntryKind.CRITERION)

    def letters(self, column: FormColumn) -> str:
        """The column's letters, as in ``E``; "" where the form has none."""
        return column_letters(self.columns[column]) if column in self.columns else ""


def address(row: int, column: int) -> str:
    """``E12`` of row 12, column 5."""
    return f"{column_letters(column)}{row}"


def cell_of(name: str) -> tuple[int, int] | None:
    """Row and column of ``E12`` or ``$E$12``; None for what names no cell."""
    found = _NAME.fullmatch(name)
    return None if found is None else (int(found[2]), column_number(found[1]))
