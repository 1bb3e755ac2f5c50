"""A workbook that somebody hands back, read within bounds: what stands in each cell, and what makes it look otherwise.

The file is a stranger's: it is never unpacked to more than it may be, no part of it is executed, fetched or followed.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from agent.characters import cleaned
from agent.errors import SansangError
from agent.text import Text

MOST_BYTES = 64 * 1024 * 1024
_MOST_UNPACKED = 512 * 1024 * 1024
_MOST_OF_PART = {"xl/sharedStrings.xml": 64 * 1024 * 1024, "xl/styles.xml": 8 * 1024 * 1024}
_MOST_SHEETS = 64
_BROKEN = (
    zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, ParseError, EOFError,
    RecursionError, NotImplementedError,
)  # fmt: skip
_USUAL = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/.*|customXml/.*|xl/(_rels/)?(workbook|styles|sharedStrings|metadata)"
    r"\.xml(\.rels)?|xl/theme/.*|xl/worksheets/(_rels/)?sheet[0-9]+\.xml(\.rels)?|xl/printerSettings/.*|xl/calcChain\.xml"
)
_OVER_IT = ("drawing", "legacyDrawing", "picture", "oleObjects", "controls", "conditionalFormatting", "tableParts")
_PLAIN_INK = ("", "FF000000", "00000000")
_THIN = 2.0  # points of a row, or characters of a column, that nobody can read

_NO_WORKBOOK = Text(
    "{path}: không đọc được như tệp bảng tính .xlsx: tệp hỏng, bị cắt, hoặc không phải là báo cáo",
    "{path}: cannot be read as a workbook: {why}",
)

Value = str | float | bool | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class SubmittedCell:
    """One cell. kind: text, number, moment, length, truth, formula or error; look: form, ink and ground."""

    kind: str
    value: Value
    look: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SubmittedSheet:
    """One sheet. odd: what of it is hidden, merged or laid over, in a fixed order."""

    name: str
    state: str
    odd: tuple[str, ...]


class SubmittedWorkbook:
    """An open workbook."""

    def __init__(self, book: Any, archive: zipfile.ZipFile, what: str) -> None:
        """Use ``open_submitted``."""
        self._book = book
        self._archive = archive
        self._what = what

    def foreign(self) -> tuple[str, ...]:
        """Parts that no report has: macros, pictures, comments, links to other files."""
        names = sorted(name for name in self._archive.namelist() if not name.endswith("/"))
        return tuple(cleaned(name)[:80] for name in names if not _USUAL.fullmatch(name))

    def pages(self) -> tuple[SubmittedSheet, ...]:
        """Every sheet, in its order."""
        with _reading(self._what):
            return tuple(
                SubmittedSheet(sheet.title, sheet.sheet_state, tuple(_odd(self._archive, _part(sheet))))
                for sheet in self._book
            )

    def rows(self, name: str) -> Iterator[tuple[SubmittedCell | None, ...]]:
        """The rows of a sheet from the first one on; empty cells are None."""
        with _reading(self._what):
            for cells in self._book[name].iter_rows():
                yield tuple(_held(cell) for cell in cells)


@contextmanager
def open_submitted(data: bytes, what: str) -> Iterator[SubmittedWorkbook]:
    """SansangError, with ``what`` in it, for whatever is no workbook, or too much of one; also while it is read."""
    with ExitStack() as stack:
        with _reading(what):
            archive = stack.enter_context(zipfile.ZipFile(io.BytesIO(data)))
            _bound(archive)
            book = _opened(data)
            stack.callback(book.close)
        yield SubmittedWorkbook(book, archive, what)


def _opened(data: bytes) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415 - 80 ms, for this alone

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    if len(book.worksheets) != len(book.sheetnames) or not 0 < len(book.sheetnames) <= _MOST_SHEETS:
        raise ValueError("its sheets are no tables, none, or too many")
    return book


@contextmanager
def _reading(what: str) -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl does not keep
        try:
            yield
        except _BROKEN as error:
            raise SansangError(_NO_WORKBOOK.filled(path=what, why=cleaned(str(error))[:200])) from error


def _bound(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(names) != len(set(names)):
        raise ValueError("it has one part twice")
    if sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise ValueError(f"it unpacks to more than {_MOST_UNPACKED // 1024 // 1024} MiB, which no report needs")
    for part in parts:
        if part.file_size > _MOST_OF_PART.get(part.filename, _MOST_UNPACKED):
            raise ValueError(f"{part.filename} is larger than that of any report")
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as file:
                begin = file.read(1024).replace(b"\0", b"")
            if b"<!DOCTYPE" in begin or b"<!ENTITY" in begin:
                raise ValueError(f"{part.filename} declares entities, which no workbook does")


def _part(sheet: Any) -> str:
    """The name of a sheet's part in the archive."""
    return str(sheet._worksheet_path)  # noqa: SLF001 - openpyxl has no public name for it


def _odd(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    hidden: list[str] = []
    merged: list[str] = []
    over: set[str] = set()
    with archive.open(part.lstrip("/")) as file:
        for _, element in iterparse(file):  # noqa: S314 - bounded, and no entities (_bound)
            tag = element.tag.rpartition("}")[2]
            if tag in ("row", "col"):
                hidden += _hidden(tag, element.attrib)
            elif tag == "mergeCell":
                merged.append(element.get("ref", ""))
            elif tag in _OVER_IT and (len(element) or element.attrib):
                over.add(tag)
            if tag in ("row", "c"):
                element.clear()
    yield from (f"hidden {place}" for place in hidden)
    yield from (f"merged {cells}" for cells in sorted(merged))
    yield from sorted(over)


def _hidden(tag: str, attrs: Mapping[str, str]) -> Iterator[str]:
    size = attrs.get("ht" if tag == "row" else "width")
    if attrs.get("hidden") in ("1", "true") or (size is not None and float(size) < _THIN):
        yield f"row {attrs.get('r', '?')}" if tag == "row" else f"columns {attrs.get('min')}-{attrs.get('max')}"


def _held(cell: Any) -> SubmittedCell | None:
    value = cell.value
    if value is None or value == "":  # programs keep an empty text, or none
        return None
    kind = _kind(cell.data_type, value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - spreadsheets know no zone
    elif isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    elif not isinstance(value, str | int | float | datetime | timedelta):
        value = str(value)
    form = "" if kind in ("text", "formula") else _form(cell.number_format)
    return SubmittedCell(kind, value, (form, _ink(cell.font), _ground(cell.fill)))


def _kind(data_type: str, value: object) -> str:
    if data_type in ("f", "e", "b"):
        return {"f": "formula", "e": "error", "b": "truth"}[data_type]
    if isinstance(value, str):
        return "text"
    if isinstance(value, timedelta | time):
        return "length"
    return "moment" if isinstance(value, date) else "number"


def _form(text: str) -> str:
    """A number format without the locale and the marks that programs set differently."""
    return re.sub(r'\[\$[^\]]*\]|\\|"(?=\W")|(?<=\W)"| ', "", text).lower()


def _ink(font: Any) -> str:
    """The colour of a text that is not simply black; small for one that nobody can read."""
    if font is None:
        return ""
    if font.sz is not None and float(font.sz) < 6:
        return "small"
    color = font.color
    if color is None or color.type != "rgb" or color.rgb in _PLAIN_INK:
        return "" if color is None or color.type != "theme" or color.theme == 1 else f"theme {color.theme}"
    return str(color.rgb)


def _ground(fill: Any) -> str:
    if fill is None or fill.fill_type != "solid" or fill.fgColor is None or fill.fgColor.type != "rgb":
        return ""
    return "" if fill.fgColor.rgb in ("FFFFFFFF", "00FFFFFF") else str(fill.fgColor.rgb)[2:]
