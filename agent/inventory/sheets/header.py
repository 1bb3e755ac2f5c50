"""Finding the header of a sheet, below titles and over one row or two, and the meaning of its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from agent.inventory.findings import FilePosition, Finding, closest
from agent.inventory.sheets.columns import ID, OTHER_DEVICES, UNUSED, device_of, headers_for, is_remark, key_of, plain
from agent.inventory.sheets.reader import HEADER_WITHIN, RawSheet, SheetLine
from agent.inventory.sheets.row_kinds import is_ip, looks_like_address

_LEAST = 3  # columns of a second table
_NAMING = frozenset({"id", "name", "unit"})
_OF_UNITS = re.compile("(?:ten )?(?:don vi|co quan)(?: .*)?")
_OF_PEOPLE = ("phone", "email", "contact")  # of a second number nothing depends
_SLIP = 0.85  # of the letters are those of a known header: a slip of the pen


@dataclass(frozen=True, slots=True)
class TableHeader:
    """kind: ``sites``, ``units`` or ``contacts``. cells: what each column is called, by index.

    columns: by key, the column's number and header as written. body: the lines below; rest: those of a second table.
    above: the header's own lines.
    """

    kind: str
    number: int
    cells: tuple[str, ...]
    columns: Mapping[str, tuple[int, str]]
    body: tuple[SheetLine, ...]
    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    rest: tuple[SheetLine, ...] = ()
    above: tuple[SheetLine, ...] = ()

    def is_again(self, line: SheetLine) -> bool:
        """Whether a line repeats the header or one of its two rows, as at the top of each printed page."""
        cells = [(index, plain(cell)) for index, cell in enumerate(line.cells) if cell]
        own = [
            {plain(header_line.cells[index]) for header_line in self.above if index < len(header_line.cells)}
            for index, _ in cells
        ]
        return len(cells) > 1 and all(cell in known for (_, cell), known in zip(cells, own, strict=True))


def find_header(whole: FilePosition, sheet: RawSheet, extra: frozenset[str]) -> TableHeader | None:
    """The first row with a naming column and one more known header, alone or together with the row below."""
    for index, line in enumerate(sheet.lines[:HEADER_WITHIN]):
        below = sheet.lines[index + 1] if index + 1 < len(sheet.lines) else None
        alone = _is_header(line.cells, extra)
        begun = alone or (_keys(line.cells, extra) and below is not None and not _is_header(below.cells, extra))
        if begun and below is not None and _is_second(line, below, extra):
            cells = _joined(line, below, extra)
            if _is_header(cells, extra):
                return _header(whole, SheetLine(line.number, cells), (line, below), sheet.lines[index + 2 :], extra)
        if alone:
            return _header(whole, line, (line,), sheet.lines[index + 1 :], extra)
    return None


def likely_header(sheet: RawSheet, extra: frozenset[str]) -> SheetLine:
    """The row of a sheet without a header that comes nearest to one: the first."""
    return max(sheet.lines[:HEADER_WITHIN], key=lambda line: len(_keys(line.cells, extra)))


def _keys(cells: tuple[str, ...], extra: frozenset[str]) -> set[str]:
    _, table = headers_for(cells)
    return {key for cell in cells if cell and (key := key_of(cell, table, extra)) is not None}


def _is_header(cells: tuple[str, ...], extra: frozenset[str]) -> bool:
    keys = _keys(cells, extra)
    return len(keys) >= 2 and (bool(keys & _NAMING) or "diem cau" in map(plain, cells))


def _is_second(line: SheetLine, below: SheetLine, extra: frozenset[str]) -> bool:
    """Whether the row below goes on with the header: it names columns and holds no row of the table."""
    _, table = headers_for((*line.cells, *below.cells))
    above = dict(enumerate(line.cells))
    new = [cell for index, cell in enumerate(below.cells) if cell and cell != above.get(index)]
    spread = [index for index, cell in enumerate(below.cells) if cell and not above.get(index)]
    named = [index for index, cell in above.items() if key_of(cell, table, extra) in ("name", "id")]
    row = [index for index in named if index < len(below.cells) and below.cells[index] not in ("", above[index])]
    known_cells = [cell for cell in new if key_of(cell, table, extra) is not None]
    plainly = not below.kinds and not any(looks_like_address(cell) for cell in below.cells)
    return bool(known_cells) and plainly and not row and (bool(spread) or len(known_cells) == len(new))


def _joined(line: SheetLine, below: SheetLine, extra: frozenset[str]) -> tuple[str, ...]:
    """One header for each column: that of the lower row where it means something, else both."""
    _, table = headers_for((*line.cells, *below.cells))
    joined: list[str] = []
    group = ""
    for index in range(max(len(line.cells), len(below.cells))):
        upper = line.cells[index] if index < len(line.cells) else ""
        lower = below.cells[index] if index < len(below.cells) else ""
        group = upper or (group if lower else "")
        if not lower or lower == upper:
            joined.append(upper)
            continue
        both = f"{group} {lower}".strip()
        generic = plain(lower) in ("ip", "dia chi ip", "dia chi", "ip address")
        best = (both, group, lower) if generic else (both, lower)
        joined.append(next((text for text in best if key_of(text, table, extra) is not None), both))
    return tuple(joined)


def _second_table(lines: tuple[SheetLine, ...], cells: tuple[str, ...], extra: frozenset[str]) -> int:
    """The index of another table's header, below a gap or a title; the number of lines if there is none."""
    for index, (before, line) in enumerate(pairwise(lines), start=1):
        apart = line.number > before.number + 1 or sum(map(bool, before.cells)) == 1
        if apart and line.cells != cells and _is_other_header(line, extra):
            return index
    return len(lines)


def _is_other_header(line: SheetLine, extra: frozenset[str]) -> bool:
    written = [cell for cell in line.cells if cell]
    if len(written) < _LEAST or line.kinds or any(cell.isdigit() or looks_like_address(cell) for cell in written):
        return False
    begun = any(is_remark(cell) or _keys((cell,), extra) for cell in written[:_LEAST])  # few lines are read further
    known = _keys(line.cells, extra) if begun else set[str]()
    return len(known) + sum(map(is_remark, written)) >= _LEAST and _is_header(line.cells, extra)


def _header(
    whole: FilePosition,
    line: SheetLine,
    above: tuple[SheetLine, ...],
    lines: tuple[SheetLine, ...],
    extra: frozenset[str],
) -> TableHeader:
    kind, table = headers_for(line.cells)
    second = _second_table(lines, line.cells, extra)
    body, rest = lines[:second], lines[second:]
    columns_by_key: dict[str, list[tuple[int, str]]] = {}
    findings: list[Finding] = []
    notes: list[Finding] = []
    for number, header in enumerate(line.cells, start=1):
        if is_remark(header):
            continue
        key = key_of(header, table, extra)
        if key is None and _holds_ips(number - 1, body):
            key = device_of(header, table)
        if key == "location" and plain(header) == "vi tri" and not _holds_digits(number - 1, body):
            notes.append(Finding(whole.at(line.number, number), "column_left_out", {"key": header[:60]}))
            continue
        if key is not None:
            columns_by_key.setdefault(key, []).append((number, header))
            continue
        unknown = _unknown(whole.at(line.number, number), body, header, {*table, *extra})
        (notes if unknown.message == "column_left_out" else findings).append(unknown)
    if kind == "sites":
        _settle(columns_by_key, body)
    for key, columns in columns_by_key.items():
        for number, header in columns[1:]:
            if key in _OF_PEOPLE:
                notes.append(Finding(whole.at(line.number, number), "column_left_out", {"key": header[:60]}))
                continue
            values = {"key": header[:60], "first": columns[0][1]}
            findings.append(Finding(whole.at(line.number, number), "duplicate_header", values))
    only = {key: columns[0] for key, columns in columns_by_key.items()}
    return TableHeader(kind, line.number, line.cells, only, body, tuple(findings), tuple(notes), rest, above)


def _settle(columns_by_key: dict[str, list[tuple[int, str]]], body: tuple[SheetLine, ...]) -> None:
    """Headers of two meanings, by what else there is: *Tên đơn vị* beside *Tên điểm cầu* is the unit, *Điểm cầu* over
    names a name, *Site* over names too, and what tells the unit the name where nothing else does.
    """
    for index, (number, header) in enumerate(columns_by_key.get("name", ())):
        if len(columns_by_key["name"]) > 1 and "unit" not in columns_by_key and _OF_UNITS.fullmatch(plain(header)):
            del columns_by_key["name"][index]
            columns_by_key["unit"] = [(number, header)]
            break
    for index, (number, header) in enumerate(columns_by_key.get("room", ())):
        if "name" not in columns_by_key and plain(header) == "diem cau" and not _holds_addresses(number - 1, body):
            del columns_by_key["room"][index]
            columns_by_key["name"] = [(number, header)]
            break
    if "name" not in columns_by_key and [plain(header) for _, header in columns_by_key.get("id", ())] == ["site"]:
        number = columns_by_key["id"][0][0]
        written = [line.cells[number - 1] for line in body if number <= len(line.cells) and line.cells[number - 1]]
        if 2 * sum(ID.fullmatch(text) is None for text in written) > len(written):
            columns_by_key["name"] = columns_by_key.pop("id")
    if not columns_by_key.get("room", ("",)):
        del columns_by_key["room"]
    if "name" not in columns_by_key and "unit" in columns_by_key:
        columns_by_key["name"] = columns_by_key.pop("unit")


def _unknown(place: FilePosition, body: tuple[SheetLine, ...], header: str, words: set[str]) -> Finding:
    """A column that is not used: a fault where it was probably meant to be, for its header or for what it holds."""
    values = {"key": header[:60]}
    name = plain(header)
    if not OTHER_DEVICES.search(f" {name} ") and _holds_ips(place.column - 1, body):
        return Finding(place, "unused_addresses", values)
    if name not in UNUSED and (close := closest(name, words, _SLIP)) is not None:
        return Finding(place, "unknown_header_close", {**values, "close": close})
    return Finding(place, "column_left_out", values)


def _holds_addresses(index: int, body: tuple[SheetLine, ...]) -> bool:
    return any(looks_like_address(line.cells[index]) for line in body if index < len(line.cells))


def _holds_digits(index: int, body: tuple[SheetLine, ...]) -> bool:
    """Whether it may tell coordinates: rather than the room that a device stands in."""
    return any(len(re.sub("[^0-9]", "", line.cells[index])) > 3 for line in body if index < len(line.cells))


def _holds_ips(index: int, body: tuple[SheetLine, ...]) -> bool:
    return any(is_ip(line.cells[index]) for line in body if index < len(line.cells))
