"""CSV and XLSX sheets as clerks write them, to rows of named cells that know where they stand."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from agent.characters import NOT_IN_TEXTS
from agent.inventory.columns import headers_for, is_remark, key_of, plain
from agent.inventory.encoding import decode
from agent.inventory.findings import Finding, Place, Trail, hidden, unknown

MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL = 1_000
MAX_UNPACKED = 64 * 1024 * 1024
MAX_CELL_ERRORS = 1_000
_MOST_ELEMENTS = 3_000_000  # 20,000 rows of 30 cells
_MOST_OF_A_ROW = 100_000  # a sheet is 16,384 columns wide; a row is taken in as a whole
_MOST_OF_OTHERS = 400_000  # styles, shared texts: read as a whole, whatever the sheets use of them
_HEAD = 64 * 1024  # characters, in which such rows lie
_HEADER_WITHIN = 10  # rows above the header that may hold a title

_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_OFFICE_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")  # how a workbook writes what XML cannot (ECMA-376, ST_Xstring)
_ERRORS = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet; number is the line in the file, or the row in the sheet."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The non-empty rows of one sheet; title is "" in CSV."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TableSource:
    """Rows of one sheet; a trail is (row index, key)."""

    file: str
    title: str
    kind: str
    rows: tuple[Mapping[str, str], ...]
    numbers: tuple[int, ...]
    header_line: int
    headers: Mapping[str, tuple[int, str]]  # key -> column number and header as written

    def place(self, trail: Trail, *, key: bool = False) -> Place:  # noqa: ARG002 - a cell has no key of its own
        row = trail[0] if trail and isinstance(trail[0], int) else 0
        column, header = self.headers.get(str(trail[1]), (0, str(trail[1]))) if len(trail) > 1 else (0, "")
        sheet = f"{self.title}!" if self.title else ""
        return Place(self.file, self.numbers[row] if self.numbers else 1, column, f"{sheet}{header}".removesuffix("!"))


def read_csv(file: str, data: bytes) -> tuple[list[Sheet], list[Finding]]:
    """The one sheet of a CSV file; comma, semicolon or tab, in any encoding that Excel writes."""
    text = decode(data, legacy=True)
    if text is None:
        return [], [Finding(Place(file), "encoding")]
    first, _, rest = text.partition("\n")
    offset = 0
    if first.lower().startswith("sep="):  # Excel's own hint to itself
        text, offset = rest, 1
    found: list[Finding] = []
    lines = list(_bounded(_csv_lines(file, text, offset, found), Place(file), found))
    return [Sheet("", tuple(lines))], found


def _csv_lines(file: str, text: str, offset: int, found: list[Finding]) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cells):  # of millions of empty lines nothing is made
                yield Line(start + offset, tuple(cell.strip() for cell in cells))
            start = reader.line_num + 1
    except csv.Error as error:
        found.append(Finding(Place(file, start + offset), "csv_syntax", {"detail": str(error)}))


def _delimiter(text: str) -> str:
    """The separator that divides the first lines most; a title row above the header has none."""
    head = "\n".join(text[:_HEAD].splitlines()[:_HEADER_WITHIN])
    outside = "".join(head.split('"')[::2])
    return max(",;\t", key=outside.count)


def read_xlsx(file: str, data: bytes) -> tuple[list[Sheet], list[Finding]]:
    """Every sheet of a workbook, values only; refused before unpacking when it would unpack to too much."""
    found: list[Finding] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                limit = str(MAX_UNPACKED // 1024 // 1024)
                return [], [Finding(Place(file), "file_too_large", {"limit": limit})]
            if _takes_minutes(archive):
                return [], [Finding(Place(file), "xlsx_crowded")]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations it does not keep
            sheets = list(_workbook(file, data, found))
    except Exception:  # noqa: BLE001 - zipfile, expat and openpyxl raise whatever a made-up workbook makes them trip over
        return [], [Finding(Place(file), "xlsx_broken")]
    return sheets, found


def _takes_minutes(archive: zipfile.ZipFile) -> bool:
    """Whether there are more elements to read than any inventory needs: millions of them pack to nothing."""
    left = _MOST_ELEMENTS
    for part in archive.infolist():
        content = archive.read(part)
        count = content.count(b"<")
        left -= count
        if left < 0:
            return True
        if count > _MOST_OF_OTHERS and "/worksheets/" not in part.filename:
            return True
        if count > _MOST_OF_A_ROW and any(row.count(b"<") > _MOST_OF_A_ROW for row in _ROW.split(content)):
            return True
    return False


class _Once(io.BytesIO):
    """The bytes of a workbook, to be read about twice: thousands of sheets may name one part and unpack it each."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = 3 * len(data) + 64 * 1024

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._left -= len(data)
        if self._left < 0:
            raise zipfile.BadZipFile("the same parts again and again")
        return data


def _workbook(file: str, data: bytes, found: list[Finding]) -> Iterator[Sheet]:
    from openpyxl import load_workbook  # noqa: PLC0415 - 80 ms, for those alone who keep workbooks

    book = load_workbook(_Once(data), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            if sheet.title.startswith("#"):
                continue
            rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, max_row=MAX_ROWS + 100, values_only=True)
            lines = (
                Line(number, _texts(Place(file, number, 0, sheet.title), cells, found))
                for number, cells in enumerate(rows, start=1)
            )
            yield Sheet(sheet.title, tuple(_bounded(lines, Place(file, path=sheet.title), found)))
    finally:
        book.close()


def _texts(row: Place, cells: tuple[object, ...], found: list[Finding]) -> tuple[str, ...]:
    """The cells as text; one that shows an error counts as empty, and is a finding."""
    texts = [_text(cell) for cell in cells]
    for index, text in enumerate(texts):
        if text in _ERRORS and len(found) < MAX_CELL_ERRORS:
            found.append(Finding(dataclasses.replace(row, column=index + 1), "cell_error", {"value": text}))
            texts[index] = ""
    while texts and not texts[-1]:  # openpyxl fills every row up to the limit
        texts.pop()
    return tuple(texts)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()
    return _OFFICE_ESCAPE.sub(lambda match: chr(int(match[1], 16)), str(cell)).strip()


def _bounded(lines: Iterable[Line], whole: Place, found: list[Finding]) -> Iterator[Line]:
    """The non-empty lines within the limits; what is over them is one finding each."""
    for count, line in enumerate((line for line in lines if any(line.cells)), start=1):
        if count > MAX_ROWS:
            found.append(Finding(whole, "too_many_rows", {"limit": str(MAX_ROWS)}))
            return
        if len(line.cells) > MAX_COLUMNS and any(line.cells[MAX_COLUMNS:]):
            place = Place(whole.file, line.number, 0, whole.path)
            found.append(Finding(place, "too_many_columns", {"limit": str(MAX_COLUMNS)}))
            return
        for column, cell in enumerate(line.cells, start=1):
            if (match := NOT_IN_TEXTS.search(cell)) is not None and len(found) < MAX_CELL_ERRORS:
                found.append(hidden(Place(whole.file, line.number, column, whole.path), match[0]))
            if len(cell) > MAX_CELL:
                values = {"length": str(len(cell)), "limit": str(MAX_CELL)}
                found.append(Finding(Place(whole.file, line.number, column, whole.path), "cell_long", values))
        yield (
            line
            if max(map(len, line.cells)) <= MAX_CELL
            else Line(line.number, tuple(cell[:MAX_CELL] for cell in line.cells))
        )


def interpret(file: str, sheet: Sheet, extra: frozenset[str]) -> tuple[TableSource | None, list[Finding]]:
    """The rows of a sheet by key. ``extra`` are the columns that profiles use beyond the known ones."""
    if not sheet.lines:
        return None, []
    start = _header_index(sheet, extra)
    if start is None:
        return None, [Finding(Place(file, sheet.lines[0].number, 0, sheet.title), "no_header")]
    header = sheet.lines[start]
    kind, table = headers_for(header.cells)
    headers, findings = _headers(file, sheet.title, header, table, extra)
    body = sheet.lines[start + 1 :]
    findings += _extra_cells(file, sheet.title, header, body)
    rows = tuple(_row(line, headers) for line in body)
    numbers = tuple(line.number for line in body)
    return TableSource(file, sheet.title, kind, rows, numbers, header.number, headers), findings


def _header_index(sheet: Sheet, extra: frozenset[str]) -> int | None:
    """The first row with a name or id column and one more known header; titles may stand above it."""
    for index, line in enumerate(sheet.lines[:_HEADER_WITHIN]):
        _, table = headers_for(line.cells)
        known = {key_of(cell, table, extra) for cell in line.cells if cell} - {None}
        if len(known) >= 2 and known & {"id", "name"}:
            return index
    return None


def _headers(
    file: str, title: str, line: Line, table: Mapping[str, str], extra: frozenset[str]
) -> tuple[dict[str, tuple[int, str]], list[Finding]]:
    headers: dict[str, tuple[int, str]] = {}
    found: list[Finding] = []
    for number, header in enumerate(line.cells, start=1):
        if is_remark(header):
            continue
        place = Place(file, line.number, number, title)
        key = key_of(header, table, extra)
        if key is None:
            words = {*table, *extra}
            values = {"key": header[:60]}
            found.append(unknown(place, "unknown_header", values, plain(header), words))
        elif key in headers:
            found.append(Finding(place, "duplicate_header", {"key": header[:60], "first": headers[key][1]}))
        else:
            headers[key] = (number, header)
    return headers, found


def _extra_cells(file: str, title: str, header: Line, body: tuple[Line, ...]) -> list[Finding]:
    width = len(header.cells)
    wide = [line for line in body if any(line.cells[width:])]
    return [Finding(Place(file, line.number, width + 1, title), "cell_extra") for line in wide]


def _row(line: Line, headers: Mapping[str, tuple[int, str]]) -> dict[str, str]:
    cells = line.cells
    return {
        key: cells[number - 1] for key, (number, _) in headers.items() if number <= len(cells) and cells[number - 1]
    }
