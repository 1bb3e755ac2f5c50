"""Cells of a worksheet set to numbers and texts by editing their own bytes: whatever else stands there stays. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from agent.scoring.form.form import address, cell_of
from agent.scoring.form.sheet_layout import CellPlace, RowPlace, SheetLayout
from agent.scoring.form.xml_bytes import Edit, prefix, tag_end, with_attributes
from exporters.scores.form.rich_text import CellText, inline

CellValue = Decimal | CellText
Cell = tuple[int, int]
"""Row and column."""


@dataclass(slots=True)
class SheetEdits:
    """Collects the edits of one worksheet, of which ``content`` are the bytes in UTF-8."""

    content: bytes
    layout: SheetLayout
    edits: list[Edit] = field(default_factory=list)

    def set_cells(self, values: Mapping[Cell, CellValue]) -> None:
        """Set these cells; none of them holds a formula."""
        missing: dict[int, dict[int, CellValue]] = {}
        for (row, column), value in sorted(values.items(), key=lambda item: item[0]):
            place = self.layout.cell(row, column)
            if place is None:
                missing.setdefault(row, {})[column] = value
            else:
                self._replace(place, value)
        for row, cells in missing.items():
            self._insert(row, cells)
        if missing:
            self._widen([(row, column) for row, cells in missing.items() for column in cells])

    def drop_result(self, place: CellPlace) -> None:
        """Take away what a formula gave when it was saved, so that it is computed when the file is opened."""
        if place.value != (0, 0):
            self._retype(place, None)
            self.edits.append(Edit(*place.value, b""))

    @property
    def _namespace(self) -> bytes:
        return prefix(self.content, min(row.start for row in self.layout.rows.values()))

    def _value(self, value: CellValue) -> bytes:
        space = self._namespace
        if isinstance(value, CellText):
            return inline(value, space)
        return b"<" + space + b"v>" + f"{value:f}".encode() + b"</" + space + b"v>"

    def _replace(self, place: CellPlace, value: CellValue) -> None:
        written = self._value(value)
        kind = "inlineStr" if isinstance(value, CellText) else None
        tag = self.content[place.start : place.body]
        if tag.endswith(b"/>"):
            opening = with_attributes(tag[:-2].rstrip() + b">", {"t": kind})
            self.edits.append(Edit(place.start, place.end, opening + written + b"</" + self._namespace + b"c>"))
            return
        self._retype(place, kind)
        spans = [span for span in (place.value, place.inline) if span != (0, 0)]
        at = spans[0] if spans else (place.body, place.body)
        self.edits.append(Edit(*at, written))
        self.edits += [Edit(*span, b"") for span in spans[1:]]

    def _retype(self, place: CellPlace, kind: str | None) -> None:
        tag = self.content[place.start : place.body]
        changed = with_attributes(tag, {"t": kind})
        if changed != tag:
            self.edits.append(Edit(place.start, place.body, changed))

    def _insert(self, number: int, cells: Mapping[int, CellValue]) -> None:
        row = self.layout.rows.get(number)
        if row is None:
            self._insert_row(number, cells)
            return
        tag = self.content[row.start : row.body]
        opened = tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag
        opened = with_attributes(opened, {"spans": _spanned(row.spans, cells)}) if row.spans else opened
        if tag.endswith(b"/>"):
            written = b"".join(self._cell(number, column, value, row) for column, value in cells.items())
            self.edits.append(Edit(row.start, row.end, opened + written + b"</" + self._namespace + b"row>"))
            return
        if opened != tag:
            self.edits.append(Edit(row.start, row.body, opened))
        for column, value in cells.items():
            at = self._place_in(row, column)
            self.edits.append(Edit(at, at, self._cell(number, column, value, row)))

    def _place_in(self, row: RowPlace, column: int) -> int:
        """Before the first cell right of the column, else behind the last, else at the beginning of the row."""
        right = next((cell.start for cell in row.cells if cell.column > column), 0)
        return right or (row.cells[-1].end if row.cells else row.body)

    def _insert_row(self, number: int, cells: Mapping[int, CellValue]) -> None:
        below = [row.start for row in self.layout.rows.values() if row.number > number]
        at = min(below, default=self.layout.data_end)
        written = b"".join(self._cell(number, column, value, None) for column, value in cells.items())
        opening = b"<" + self._namespace + f'row r="{number}">'.encode()
        self.edits.append(Edit(at, at, opening + written + b"</" + self._namespace + b"row>"))

    def _cell(self, row: int, column: int, value: CellValue, place: RowPlace | None) -> bytes:
        style = (place.style if place is not None else "") or self.layout.column_style(column)
        opening = f'c r="{address(row, column)}"' + (f' s="{style}"' if style else "")
        opening += ' t="inlineStr"' if isinstance(value, CellText) else ""
        space = self._namespace
        return b"<" + space + opening.encode() + b">" + self._value(value) + b"</" + space + b"c>"

    def _widen(self, cells: list[Cell]) -> None:
        """The dimension says which area is in use."""
        start, said = self.layout.dimension
        if said:
            wider = _wider(said, cells)
            tag = self.content[start : tag_end(self.content, start)]
            if wider != said:
                self.edits.append(Edit(start, start + len(tag), with_attributes(tag, {"ref": wider})))


def _spanned(spans: str, columns: Mapping[int, CellValue]) -> str:
    first, _, last = spans.partition(":")
    if not (first.isdecimal() and last.isdecimal()):
        return spans
    return f"{min(int(first), *columns)}:{max(int(last), *columns)}"


def _wider(reference: str, cells: list[Cell]) -> str:
    corners = list(_corners(reference))
    if not corners:
        return reference
    rows, columns = zip(*corners, *cells, strict=True)
    first, last = address(min(rows), min(columns)), address(max(rows), max(columns))
    return first if first == last else f"{first}:{last}"


def _corners(reference: str) -> Iterator[Cell]:
    for corner in reference.split(":"):
        cell = cell_of(corner)
        if cell is not None:
            yield cell
