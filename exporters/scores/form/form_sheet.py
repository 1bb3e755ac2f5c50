"""The worksheet of a form while it is filled in: what its cells show, their texts with runs, what is to stand there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from agent.scoring.form.cells import EMPTY, FormCell, FormTable
from agent.scoring.form.package import WorkbookPackage
from agent.scoring.form.texts import BROKEN, FormError
from agent.scoring.form.xml_bytes import Path, edited, tag_end, walk, xml_part
from exporters.scores.form.recalculation import stale
from exporters.scores.form.rich_text import CellText, read_text, text_of
from exporters.scores.form.sheet_edits import Cell, CellValue, SheetEdits

_STRINGS = "xl/sharedstrings.xml"


class FormSheet:
    """values: what is to stand in which cell."""

    def __init__(self, package: WorkbookPackage, table: FormTable) -> None:
        self.values: dict[Cell, CellValue] = {}
        self._package, self._table = package, table
        self._part = xml_part(package.read(table.part))
        self._shown = dict(table.rows)

    @property
    def has_formulas(self) -> bool:
        """Whether any cell of the sheet is computed."""
        return any(cell.formula is not None for row in self._table.layout.rows.values() for cell in row.cells)

    def shown(self, cell: Cell) -> FormCell:
        """What the cell shows in the workbook as it came."""
        return self._shown.get(cell[0], {}).get(cell[1], EMPTY)

    def text(self, cell: Cell) -> CellText:
        """The text that stands or is to stand in the cell, with its runs; of a number as it is shown."""
        written = self.values.get(cell)
        if isinstance(written, CellText):
            return written
        place = self._table.layout.cell(*cell)
        if place is None:
            return CellText()
        if place.kind == "inlineStr" and place.inline != (0, 0):
            return read_text(self._part.content, place.inline)
        if place.kind == "s":
            return self._shared(place.text)
        shown = self.shown(cell).text
        return text_of(shown) if shown else CellText()

    def edited(self) -> bytes:
        """The part with all values in it, in its own encoding; results that rest on them are gone."""
        edits = SheetEdits(self._part.content, self._table.layout)
        edits.set_cells(self.values)
        for place in stale(self._table.layout, self.values):
            edits.drop_result(place)
        return self._part.encoded(edited(self._part.content, edits.edits))

    def _shared(self, number: str) -> CellText:
        content, places = self._shared_texts
        index = int(number) if number.strip().isdecimal() else -1
        if not 0 <= index < len(places):
            raise FormError(BROKEN)
        return read_text(content, places[index])

    @cached_property
    def _shared_texts(self) -> tuple[bytes, list[tuple[int, int]]]:
        """The part of shared strings, and where each of them stands."""
        path = next((path for path in self._package.paths if path.endswith("sharedstrings.xml")), _STRINGS)
        content = xml_part(self._package.read(path)).content
        places: list[tuple[int, int]] = []
        starts: list[int] = []

        def begin(at: Path, _has: Mapping[str, str], start: int) -> None:
            if at == ("sst", "si"):
                starts.append(start)

        def end(at: Path, _text: str, place: int) -> None:
            if at == ("sst", "si"):
                body = tag_end(content, starts[-1])
                places.append((starts[-1], place if content[body - 2 : body] == b"/>" else tag_end(content, place)))

        walk(content, begin, end)
        return content, places
