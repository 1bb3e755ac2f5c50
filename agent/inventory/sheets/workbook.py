"""An Excel workbook as far as an inventory needs it: values, number formats and merged cells of each sheet.

Nothing else of it is read, so nothing else can be wrong with it: no fonts, fills, properties, names, drawings or links.
The file is a stranger's: it is unpacked within bounds, each part at most once, and no part is followed or executed.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from agent.inventory.sheets.number_formats import BUILT_IN

MAX_UNPACKED = 64 * 1024 * 1024
_MOST_ELEMENTS = 3_000_000  # 20,000 rows of 30 cells
_MOST_OF_A_ROW = 100_000  # a sheet is 16,384 columns wide; a row is taken in as a whole
_MOST_OF_OTHERS = 400_000  # styles, shared texts: read as a whole, whatever the sheets use of them
_MOST_PARTS = 10_000
_LONGEST_CODE = 255  # characters of a number format, as many as Excel takes
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384

_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_INDEX = re.compile("[0-9]{1,7}")
_ROW_NUMBER = re.compile("[1-9][0-9]{0,6}")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and what Excel makes of a workbook with a password
BOOKS = (_OLE, b"PK\x03\x04")
"""How workbooks begin, whatever they are called."""

_MARKUP = re.compile(rb"\s*<(?:!doctype html|html|table|\?xml)", re.IGNORECASE)

Merge = tuple[int, int, int, int]
"""First row and column, last row and column, from 1."""


class WorkbookError(Exception):
    """No workbook that could be read; ``message`` is the key of what to say."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.message, self.values = message, values


@dataclass(slots=True)
class RawCell:
    """A cell as the file has it: its type letter, its text, the code of its number format."""

    kind: str = "n"
    text: str = ""
    code: str = ""
    formula: bool = False


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet: rows by number with their cells by column, both from 1 and in the order of the file."""

    title: str
    hidden: bool
    rows: Iterator[tuple[int, Mapping[int, RawCell]]]
    merges: list[Merge]
    """Complete when the rows have been gone through: they stand behind them."""
    part: str = ""
    """Its path in the package."""


@dataclass(frozen=True, slots=True)
class OpenedWorkbook:
    """The sheets in their order; worksheets only, no charts."""

    sheets: Iterator[WorkbookSheet]
    from_1904: bool


def open_workbook(data: bytes) -> OpenedWorkbook:
    """Raises WorkbookError; so do the sheets and rows while they are gone through."""
    if data.startswith(_OLE):
        raise WorkbookError("xlsx_password" if "EncryptedPackage".encode("utf-16-le") in data else "xls_old")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = _Parts(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise WorkbookError("xlsx_markup" if _MARKUP.match(data[:200]) else "xlsx_broken") from error
    if parts.has("content.xml") and not parts.has("xl/workbook.xml"):
        raise WorkbookError("ods")
    return _workbook(parts)


class _Parts:
    """The parts of the package, by path without regard to case, each to be read once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        listed = archive.infolist()
        if sum(part.file_size for part in listed) > MAX_UNPACKED or len(listed) > _MOST_PARTS:
            raise WorkbookError("file_too_large", limit=str(MAX_UNPACKED // 1024 // 1024))
        self._left = {part.filename.replace("\\", "/").lstrip("/").lower(): part for part in listed}
        self._elements = _MOST_ELEMENTS

    def has(self, path: str) -> bool:
        return path.lower() in self._left

    def named(self, ending: str) -> str:
        """The first part whose path ends so; "" if none does."""
        return next((path for path in self._left if path.endswith(ending)), "")

    def take(self, path: str, *, sheet: bool = False) -> bytes:
        """The part's content; WorkbookError for one that is missing, was read already or takes minutes to read."""
        part = self._left.pop(path.lower(), None)
        if part is None:
            raise WorkbookError("xlsx_broken")
        try:
            content = self._archive.read(part)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise WorkbookError("xlsx_broken") from error
        self._count(content, sheet=sheet)
        return content

    def _count(self, content: bytes, *, sheet: bool) -> None:
        """Millions of elements pack to nothing."""
        count = content.count(b"<")
        self._elements -= count
        if self._elements < 0 or (count > _MOST_OF_OTHERS and not sheet):
            raise WorkbookError("xlsx_crowded")
        if count > _MOST_OF_A_ROW and any(row.count(b"<") > _MOST_OF_A_ROW for row in _ROW.split(content)):
            raise WorkbookError("xlsx_crowded")


Attributes = Mapping[str, str]


@dataclass(slots=True)
class _XmlReader:
    """Calls back at the start and end of elements, by name without namespace: those of Strict workbooks differ."""

    begin: Callable[[str, Attributes], None]
    end: Callable[[str, str], None] = lambda _name, _text: None  # with the text since the element before
    _text: list[str] = field(default_factory=list)

    def feed(self, content: bytes) -> Iterator[None]:
        """Yields after each piece; a document type (entities that grow without end) is refused."""
        parser = expat.ParserCreate(None, " ")
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = _refuse_doctype
        start, piece, before = 0, _PIECE, -1
        try:
            while not start or start < len(content):
                parser.Parse(content[start : start + piece], start + piece >= len(content))
                yield
                start += piece
                # one tag over many pieces is gone through again with each: twice as much at a time
                piece = piece * 2 if parser.CurrentByteIndex == before else _PIECE
                before = parser.CurrentByteIndex
        except expat.ExpatError as error:
            raise WorkbookError("xlsx_broken") from error

    def read(self, content: bytes) -> None:
        """Read the whole part at once."""
        for _ in self.feed(content):
            pass

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._text.clear()
        self.begin(name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self.end(name.rpartition(" ")[2], "".join(self._text))
        self._text.clear()


_PIECE = 64 * 1024


def _refuse_doctype(*_parts: object) -> None:
    raise WorkbookError("xlsx_broken")


def _workbook(parts: _Parts) -> OpenedWorkbook:
    path = _office_document(parts)
    named: list[tuple[str, str, bool]] = []
    calendar: list[str] = []

    def begin(name: str, has: Attributes) -> None:
        if name == "sheet":
            named.append((has.get("name", ""), has.get("id", ""), has.get("state", "visible") != "visible"))
        elif name == "workbookPr":
            calendar.append(has.get("date1904", "0"))

    _XmlReader(begin).read(parts.take(path))
    folder = posixpath.dirname(path)
    links = _relations(parts, f"{folder}/_rels/{posixpath.basename(path)}.rels", folder)
    texts = _shared_texts(parts, links)
    codes = _codes(parts, links)

    def sheets() -> Iterator[WorkbookSheet]:
        for title, link, hidden in named:
            kind, where = links.get(link, ("", ""))
            if kind == "worksheet":
                content = _Sheet(texts, codes)
                rows = content.rows(parts.take(where, sheet=True)) if not hidden else iter(())
                yield WorkbookSheet(title, hidden, rows, content.merges, where)

    if not named:
        raise WorkbookError("xlsx_broken")
    return OpenedWorkbook(sheets(), calendar[-1:] in (["1"], ["true"]))


def _office_document(parts: _Parts) -> str:
    links = _relations(parts, "_rels/.rels", "") if parts.has("_rels/.rels") else {}
    path = next((where for kind, where in links.values() if kind == "officeDocument"), "")
    return path if path and parts.has(path) else parts.named("workbook.xml")


def _relations(parts: _Parts, path: str, folder: str) -> dict[str, tuple[str, str]]:
    """The relations of a part by id: the kind, and the path, whole or relative to the folder."""
    relations: dict[str, tuple[str, str]] = {}

    def begin(name: str, has: Attributes) -> None:
        if name == "Relationship" and has.get("TargetMode") != "External":
            where = posixpath.normpath(posixpath.join(f"/{folder}", has.get("Target", "").replace("\\", "/")))
            relations[has.get("Id", "")] = (has.get("Type", "").rpartition("/")[2], where.lstrip("/"))

    _XmlReader(begin).read(parts.take(path))
    return relations


def _of_kind(parts: _Parts, links: Mapping[str, tuple[str, str]], kind: str) -> bytes | None:
    """The one part of that kind; a workbook may do without."""
    where = next((where for link_kind, where in links.values() if link_kind == kind), "")
    return parts.take(where) if parts.has(where) else None


def _shared_texts(parts: _Parts, links: Mapping[str, tuple[str, str]]) -> list[str]:
    """The texts that cells share; how they are pronounced (rPh) is no part of them."""
    content = _of_kind(parts, links, "sharedStrings")
    texts: list[str] = []
    pieces: list[str] = []
    spoken: list[str] = []

    def begin(name: str, _has: Attributes) -> None:
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            spoken.append(name)

    def end(name: str, text: str) -> None:
        if name == "t" and not spoken:
            pieces.append(text)
        elif name == "rPh":
            spoken.clear()
        elif name == "si":
            texts.append("".join(pieces))

    if content is not None:
        _XmlReader(begin, end).read(content)
    return texts


def _codes(parts: _Parts, links: Mapping[str, tuple[str, str]]) -> list[str]:
    """The code of the number format of each cell style, by number; whatever else a style says is nothing to us."""
    content = _of_kind(parts, links, "styles")
    own: dict[str, str] = {}
    styles: list[str] = []
    inside: list[str] = []

    def begin(name: str, has: Attributes) -> None:
        if name == "numFmt":
            own[has.get("numFmtId", "")] = has.get("formatCode", "")[:_LONGEST_CODE]
        elif name == "cellXfs":
            inside.append(name)
        elif name == "xf" and inside:
            styles.append(has.get("numFmtId", "0"))

    def end(name: str, _text: str) -> None:
        if name == "cellXfs":
            inside.clear()

    if content is not None:
        _XmlReader(begin, end).read(content)
    return [own.get(number) or BUILT_IN.get(int(number) if _INDEX.fullmatch(number) else 0, "") for number in styles]


class _Sheet:
    """One worksheet while it is read."""

    def __init__(self, texts: list[str], codes: list[str]) -> None:
        self.merges: list[Merge] = []
        self._texts, self._codes = texts, codes
        self._row = self._column = 0
        self._cells: dict[int, RawCell] = {}
        self._value: RawCell | None = None
        self._done: list[tuple[int, Mapping[int, RawCell]]] = []
        self._spoken = False

    def rows(self, content: bytes) -> Iterator[tuple[int, Mapping[int, RawCell]]]:
        for _ in _XmlReader(self._begin, self._end).feed(content):
            yield from self._done
            self._done.clear()

    def _begin(self, name: str, has: Attributes) -> None:
        if name == "c":
            at = _REFERENCE.fullmatch(has.get("r", ""))
            self._column = column_number(at[1]) if at else self._column + 1
            self._value = self._cells[self._column] = RawCell(has.get("t", "n"), "", self._code(has.get("s", "")))
        elif name == "row":
            self._row = _row_number(has["r"]) if "r" in has else self._row + 1
            self._column, self._cells = 0, {}
        elif name == "f" and self._value is not None:
            self._value.formula = True
        elif name == "rPh":
            self._spoken = True
        elif name == "mergeCell":
            self._merge(has.get("ref", ""))

    def _end(self, name: str, text: str) -> None:
        if name == "v" and self._value is not None:
            self._value.text = self._shared(text) if self._value.kind == "s" else text
        elif name == "t" and self._value is not None and not self._spoken:
            self._value.text += text
        elif name == "c":
            self._value = None
        elif name == "rPh":
            self._spoken = False
        elif name == "row" and any(value.text or value.formula for value in self._cells.values()):
            self._done.append((self._row, self._cells))

    def _code(self, style: str) -> str:
        number = int(style) if _INDEX.fullmatch(style) else -1
        return self._codes[number] if 0 <= number < len(self._codes) else ""

    def _shared(self, text: str) -> str:
        number = text.strip()
        if not _INDEX.fullmatch(number) or int(number) >= len(self._texts):
            raise WorkbookError("xlsx_broken")
        return self._texts[int(number)]

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
        if start and end:
            self.merges.append((int(start[2]), column_number(start[1]), int(end[2]), column_number(end[1])))


def _row_number(text: str) -> int:
    if not _ROW_NUMBER.fullmatch(text) or int(text) > _LAST_ROW:
        raise WorkbookError("xlsx_broken")
    return int(text)


def column_number(letters: str) -> int:
    """``A`` is 1, ``AA`` 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return min(number, _LAST_COLUMN + 1)
