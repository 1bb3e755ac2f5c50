"""CSV and XLSX files to sheets of lines of texts, within bounds, whatever is in the file."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from agent.characters import NOT_IN_TEXTS
from agent.inventory.findings import FilePosition, Finding, hidden_character
from agent.inventory.messages.parsers import parser_text
from agent.inventory.sheets.encoding import decode
from agent.inventory.sheets.number_formats import CellKind, display_text
from agent.inventory.sheets.workbook import Merge, OpenedWorkbook, RawCell, WorkbookError, WorkbookSheet, open_workbook

MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL = 1_000
MAX_CELL_ERRORS = 1_000
_MOST_OF_A_CELL = 32_767  # characters that Excel keeps in a cell
_HEAD = 64 * 1024  # characters, in which the first rows lie
HEADER_WITHIN = 20  # rows: titles of an office paper may stand above the header

OFFICE_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")  # how a workbook writes what XML cannot (ECMA-376, ST_Xstring)
_AROUND = " \t\r\n\v\f\u00a0\u2007\u202f\u200b\u2060\ufeff"  # blanks, and what a web page leaves around a text
_LINE_ENDS = re.compile(r"[\r\n]+")
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')  # how people keep a CSV's zeros from Excel
_TEXTS = ("s", "str", "inlineStr")


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One row of a sheet; number is the line in the file, or the row in the sheet.

    kinds: by index, of the cells that are no text.
    """

    number: int
    cells: tuple[str, ...]
    kinds: Mapping[int, CellKind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """The non-empty rows of one sheet; title is "" in CSV and where a workbook has no other sheet.

    lettered: whether its places are cells of a workbook, as in G13. hidden: nobody sees it; it has no rows here.
    """

    title: str
    lines: tuple[SheetLine, ...]
    lettered: bool = False
    hidden: bool = False


def read_csv(file: str, data: bytes) -> tuple[list[RawSheet], list[Finding]]:
    """The one sheet of a CSV file; comma, semicolon or tab, in any encoding that Excel writes."""
    text = decode(data, legacy=True)
    if text is None:
        return [], [Finding(FilePosition(file), "encoding")]
    first, _, rest = text.partition("\n")
    offset = 0
    if first.lower().startswith("sep="):  # Excel's own hint to itself
        text, offset = rest, 1
    findings: list[Finding] = []
    lines = list(_bounded(_csv_lines(file, text, offset, findings), FilePosition(file), findings))
    return [RawSheet("", tuple(lines))], findings


def _csv_lines(file: str, text: str, offset: int, findings: list[Finding]) -> Iterator[SheetLine]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cells):  # of millions of empty lines nothing is made
                yield SheetLine(start + offset, tuple(_csv_text(cell) for cell in cells))
            start = reader.line_num + 1
    except csv.Error as error:
        findings.append(Finding(FilePosition(file, start + offset), "csv_syntax", {"detail": parser_text(str(error))}))


def _csv_text(cell: str) -> str:
    text = cell.strip(_AROUND)
    if (formula := _TEXT_FORMULA.fullmatch(text)) is not None:
        text = formula[1].replace('""', '"').strip(_AROUND)
    return _on_one_line(text)


def _on_one_line(text: str) -> str:
    return " ".join(filter(None, map(str.strip, _LINE_ENDS.split(text)))) if _LINE_ENDS.search(text) else text


def _delimiter(text: str) -> str:
    """The separator that divides the first lines most; a title row above the header has none."""
    head = "\n".join(text[:_HEAD].splitlines()[:HEADER_WITHIN])
    outside = "".join(head.split('"')[::2])
    return max(",;\t", key=outside.count)


def read_xlsx(file: str, data: bytes) -> tuple[list[RawSheet], list[Finding]]:
    """Every sheet of a workbook, values only; refused before unpacking when it would unpack to too much."""
    findings: list[Finding] = []
    try:
        sheets = list(_sheets(file, open_workbook(data), findings))
    except WorkbookError as error:
        return [], [Finding(FilePosition(file), error.message, error.values)]
    except Exception:  # noqa: BLE001 - whatever else a made-up workbook makes zipfile, zlib, expat or us trip over
        return [], [Finding(FilePosition(file), "xlsx_broken")]
    return (sheets, findings) if sum(bool(sheet.lines) for sheet in sheets) > 1 else _alone(sheets, findings)


def _alone(sheets: list[RawSheet], findings: list[Finding]) -> tuple[list[RawSheet], list[Finding]]:
    """A workbook in which one sheet holds anything: nobody needs its title to find a cell."""
    return (
        [dataclasses.replace(sheet, title="") if sheet.lines else sheet for sheet in sheets],
        [dataclasses.replace(finding, place=dataclasses.replace(finding.place, sheet="")) for finding in findings],
    )


def _sheets(file: str, book: OpenedWorkbook, findings: list[Finding]) -> Iterator[RawSheet]:
    for sheet in book.sheets:
        if sheet.title.startswith("#"):
            continue
        title = unicodedata.normalize("NFC", sheet.title).strip()
        whole = FilePosition(file, sheet=title, lettered=True)
        lines = tuple(_bounded(_xlsx_lines(sheet, whole, book, findings), whole, findings))
        yield RawSheet(title, _merged(lines, sheet.merges), lettered=True, hidden=sheet.hidden)


def _xlsx_lines(
    sheet: WorkbookSheet, whole: FilePosition, book: OpenedWorkbook, findings: list[Finding]
) -> Iterator[SheetLine]:
    for number, values in sheet.rows:
        cells = [""] * min(max(values), MAX_COLUMNS + 1)
        kinds: dict[int, CellKind] = {}
        for column, value in values.items():
            text, kind = _text(value, from_1904=book.from_1904)
            if column > MAX_COLUMNS and (text or kind):
                findings.append(Finding(whole.at(number), "too_many_columns", {"limit": str(MAX_COLUMNS)}))
                return
            if column <= MAX_COLUMNS:
                cells[column - 1] = text
                if kind is not None:
                    kinds[column - 1] = kind
        while cells and not cells[-1] and len(cells) - 1 not in kinds:
            cells.pop()
        yield SheetLine(number, tuple(cells), kinds)


def _text(value: RawCell, *, from_1904: bool) -> tuple[str, CellKind | None]:
    """The text of a cell, and its kind if it is no text."""
    written = value.text[: _MOST_OF_A_CELL + 1]
    if value.kind in _TEXTS:
        return unescaped(written), None
    written = written.strip()
    if not written:
        return ("=", CellKind.FORMULA) if value.formula else ("", None)
    if value.kind == "b":
        return ("true" if written in ("1", "true") else "false"), CellKind.BOOLEAN
    if value.kind == "e":
        return written, CellKind.ERROR
    if value.kind == "d":
        return written, CellKind.DATE
    try:
        return display_text(written, value.code, from_1904=from_1904)
    except ValueError:
        return unescaped(written), None


def unescaped(written: str) -> str:
    """A text of a workbook on one line, composed."""
    text = OFFICE_ESCAPE.sub(lambda match: chr(int(match[1], 16)), written) if "_x" in written else written
    text = _on_one_line(text.strip(_AROUND))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _merged(lines: tuple[SheetLine, ...], merges: Iterable[Merge]) -> tuple[SheetLine, ...]:
    """Fill merged cells downwards, in rows that hold anything: one pass through rows and merges."""
    upright = sorted(merge for merge in merges if merge[2] > merge[0] and merge[1] <= MAX_COLUMNS)
    if not upright:
        return lines
    waiting = iter(upright)
    coming = next(waiting, None)
    open_: dict[int, tuple[int, str, CellKind | None]] = {}  # by index of the column: last row, what it holds
    done: list[SheetLine] = []
    for line in lines:
        while coming is not None and coming[0] <= line.number:
            if coming[0] == line.number:
                index = coming[1] - 1
                text = line.cells[index] if index < len(line.cells) else ""
                open_[index] = (coming[2], text, line.kinds.get(index))
            coming = next(waiting, None)
        done.append(_filled(line, open_))
    return tuple(done)


def _filled(line: SheetLine, open_: dict[int, tuple[int, str, CellKind | None]]) -> SheetLine:
    cells, kinds = list(line.cells), dict(line.kinds)
    for index, (last, text, kind) in list(open_.items()):
        if last < line.number:
            del open_[index]
            continue
        cells += [""] * (index + 1 - len(cells))
        if text and not cells[index]:
            cells[index] = text
            if kind is not None:
                kinds[index] = kind
    return SheetLine(line.number, tuple(cells), kinds)


def _bounded(lines: Iterable[SheetLine], whole: FilePosition, findings: list[Finding]) -> Iterator[SheetLine]:
    """The non-empty lines within the limits; what is over them is one finding each."""
    for count, line in enumerate((line for line in lines if any(line.cells) or line.kinds), start=1):
        if count > MAX_ROWS:
            findings.append(Finding(whole, "too_many_rows", {"limit": str(MAX_ROWS)}))
            return
        if len(line.cells) > MAX_COLUMNS and any(line.cells[MAX_COLUMNS:]):
            findings.append(Finding(whole.at(line.number), "too_many_columns", {"limit": str(MAX_COLUMNS)}))
            return
        for column, cell in enumerate(line.cells, start=1):
            if (match := NOT_IN_TEXTS.search(cell)) is not None and len(findings) < MAX_CELL_ERRORS:
                findings.append(hidden_character(whole.at(line.number, column), match[0]))
            if len(cell) > MAX_CELL:
                values = {"length": str(len(cell)), "limit": str(MAX_CELL)}
                findings.append(Finding(whole.at(line.number, column), "cell_long", values))
        longest = max(map(len, line.cells), default=0)
        yield (
            line
            if longest <= MAX_CELL
            else SheetLine(line.number, tuple(cell[:MAX_CELL] for cell in line.cells), line.kinds)
        )
