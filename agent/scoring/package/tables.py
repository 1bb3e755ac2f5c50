"""Records as CSV and back: one table for each type of record, in columns that are named once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from agent.characters import quoted
from agent.errors import SansangError
from agent.scoring.package.cells import Cell
from agent.text import Text

_RecordT = TypeVar("_RecordT")
_SHOWN = 80  # characters of a strange cell
_NOT_TEXT = Text("{file}: không phải văn bản UTF-8 ở byte {at}", "{file}: no UTF-8 text at byte {at}")
_NOT_CSV = Text("{file}, dòng {line}: không đọc được như CSV ({why})", "{file}, line {line}: no CSV ({why})")
_COLUMNS = Text(
    "{file}: dòng đầu phải là {right}; ở đây là {found}", "{file}: the first line should be {right}, and is {found}"
)
_CELLS = Text("{file}, dòng {line}: có {found} ô, phải có {right}", "{file}, line {line}: {found} cells, not {right}")
_CELL = Text(
    "{file}, dòng {line}, cột {column}: không hiểu {value}", "{file}, line {line}, column {column}: {value} is no value"
)


class EvidenceError(SansangError):
    """Packed evidence that cannot be read back; the text says where."""


@dataclass(frozen=True, slots=True)
class TableOf(Generic[_RecordT]):
    """A CSV file of records. cells: by column, in order. values: of a record, in that order; record: what they make."""

    name: str
    cells: Mapping[str, Cell]
    values: Callable[[_RecordT], tuple[Any, ...]]
    record: Callable[..., _RecordT]

    def written(self, records: Iterable[_RecordT]) -> bytes:
        """UTF-8 with the mark that spreadsheets know it by, comma, CRLF. ValueError for what no cell can hold."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(self.cells)
        cells = [cell.write for cell in self.cells.values()]
        for record in records:
            values = zip(cells, self.values(record), strict=True)
            writer.writerow([write(value) for write, value in values])
        return text.getvalue().encode("utf-8-sig")

    def read(self, content: bytes) -> Iterator[_RecordT]:
        """The records of such a file. EvidenceError for anything else, with line and column."""
        rows = csv.reader(io.StringIO(self._decoded(content), newline=""), strict=True)
        columns = list(self.cells.items())
        try:
            heading = next(rows, [])
            if heading != list(self.cells):
                found = quoted(",".join(heading)[:_SHOWN])
                raise EvidenceError(_COLUMNS.filled(file=self.name, right=",".join(self.cells), found=found))
            for row in rows:
                yield self.record(*self._values(rows.line_num, columns, row))
        except csv.Error as error:
            raise EvidenceError(_NOT_CSV.filled(file=self.name, line=rows.line_num, why=error)) from error

    def _decoded(self, content: bytes) -> str:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise EvidenceError(_NOT_TEXT.filled(file=self.name, at=error.start)) from error

    def _values(self, line: int, columns: list[tuple[str, Cell]], row: list[str]) -> Iterator[Any]:
        if len(row) != len(columns):
            raise EvidenceError(_CELLS.filled(file=self.name, line=line, found=len(row), right=len(columns)))
        for (column, cell), text in zip(columns, row, strict=True):
            try:
                yield cell.read(text)
            except (ValueError, KeyError, OverflowError) as error:
                value = quoted(text[:_SHOWN])
                raise EvidenceError(_CELL.filled(file=self.name, line=line, column=column, value=value)) from error
