"""Which formulas have to be computed again once cells were filled, and the workbook's word that they are. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping

from agent.scoring.form.form import cell_of
from agent.scoring.form.sheet_layout import CellPlace, SheetLayout
from agent.scoring.form.texts import BROKEN, FormError
from agent.scoring.form.xml_bytes import Edit, Path, edited, prefix, tag_end, walk, with_attributes

_TEXT = re.compile(r'"[^"]*"')
_FUNCTION = re.compile(r"[A-Z][A-Z0-9.]*\(")
_CELL = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}"
_AREA = re.compile(rf"(?<![\w!'.\]])({_CELL})(?::({_CELL}))?(?![\w!(.])")
_PLAIN = re.compile(r"[\s0-9.,;+\-*/^&=<>()%{}]*")
_MOST_FOLLOWED = 1_000  # formulas; of more, each counts as stale
_LONGEST = 8_192  # characters that Excel takes
_MOST_AREAS = 5_000  # that they read
_BEFORE_CALCULATION = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
)  # fmt: skip

Cell = tuple[int, int]
Area = tuple[int, int, int, int]


def stale(layout: SheetLayout, filled: Collection[Cell]) -> list[CellPlace]:
    """The formulas of the sheet whose result may change, directly or through others.

    One that names anything else than cells of its own sheet counts as such; one of another workbook does not.
    """
    formulas = [cell for row in layout.rows.values() for cell in row.cells if cell.formula is not None]
    left = [cell for cell in formulas if "[" not in (cell.formula or "")]
    if len(left) > _MOST_FOLLOWED:
        return left
    areas = {(cell.row, cell.column): _areas(cell.formula or "") for cell in left}
    if sum(len(of_cell or ()) for of_cell in areas.values()) > _MOST_AREAS:
        return left
    found: list[CellPlace] = []
    new: Collection[Cell] = filled
    while new:
        changed = _by_column(new)
        stale_now = [cell for cell in left if _reads(areas[cell.row, cell.column], changed)]
        found += stale_now
        new = {(cell.row, cell.column) for cell in stale_now}
        left = [cell for cell in left if (cell.row, cell.column) not in new]
    return found


def _by_column(cells: Collection[Cell]) -> Mapping[int, list[int]]:
    """Rows in order, by column."""
    rows: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        rows.setdefault(column, []).append(row)
    return rows


def _areas(formula: str) -> list[Area] | None:
    """The areas that a formula reads; None where it may read others."""
    if len(formula) > _LONGEST:
        return None
    text = _TEXT.sub("", formula)
    areas = [area for area in map(_area, _AREA.finditer(text)) if area is not None]
    rest = _FUNCTION.sub("(", _AREA.sub("", text))
    return areas if formula and _PLAIN.fullmatch(rest) and "INDIRECT(" not in text and "OFFSET(" not in text else None


def _area(found: re.Match[str]) -> Area | None:
    first, last = cell_of(found[1]), cell_of(found[2] or found[1])
    if first is None or last is None:
        return None
    return (min(first[0], last[0]), min(first[1], last[1]), max(first[0], last[0]), max(first[1], last[1]))


def _reads(areas: list[Area] | None, changed: Mapping[int, list[int]]) -> bool:
    return areas is None or any(
        bisect_left(rows, top) < bisect_right(rows, bottom)
        for top, left, bottom, right in areas
        for column, rows in changed.items()
        if left <= column <= right
    )


def asks_for_calculation(content: bytes) -> bytes:
    """The workbook part with a ``calcPr`` that has everything computed when the file is opened."""
    places = dict(_children(content))
    if "workbook" not in places:
        raise FormError(BROKEN)
    if "calcPr" in places:
        start = places["calcPr"]
        end = tag_end(content, start)
        tag = with_attributes(content[start:end], {"fullCalcOnLoad": "1"})
        return edited(content, [Edit(start, end, tag)])
    after = next((start for name, start in places.items() if name not in (*_BEFORE_CALCULATION, "workbook")), 0)
    at = after or content.rindex(b"</")
    space = prefix(content, places["workbook"])
    return edited(content, [Edit(at, at, b"<" + space + b'calcPr fullCalcOnLoad="1"/>')])


def _children(content: bytes) -> Iterator[tuple[str, int]]:
    found: list[tuple[str, int]] = []

    def begin(path: Path, _has: Mapping[str, str], start: int) -> None:
        if len(path) <= 2:
            found.append((path[-1], start))

    walk(content, begin)
    seen_sheets = False
    for name, start in found:
        seen_sheets = seen_sheets or name == "sheets"
        if seen_sheets or name in (*_BEFORE_CALCULATION, "workbook", "calcPr"):
            yield name, start
