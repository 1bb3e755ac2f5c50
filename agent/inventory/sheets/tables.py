"""Sheets as clerks write them to rows of named cells that know where they stand."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agent.inventory.findings import FilePosition, Finding, Trail, hidden_character
from agent.inventory.sheets.columns import ADDRESS_COLUMNS, plain
from agent.inventory.sheets.fact_cells import DOCUMENT, DOCUMENT_DATE, FACT_COLUMNS, FACTS, folded
from agent.inventory.sheets.header import TableHeader, find_header, likely_header
from agent.inventory.sheets.number_formats import CellKind
from agent.inventory.sheets.reader import RawSheet, SheetLine
from agent.inventory.sheets.row_kinds import RowKind, addresses_in, classify_rows, excerpt, looks_like_address
from agent.inventory.sheets.unit_names import kind_of
from agent.model.declared_facts import KNOWN_FACTS

_EMPTY = frozenset(
    ("", "n a", "na", "khong", "khong co", "chua co", "chua lap", "chua lap dat", "chua", "none", "null", "trong")
)
_MARKS = frozenset(
    (
        "x",
        "v",
        "co",
        "yes",
        "y",
        "true",
        "dung",
        "roi",
        "da co",
        "da lap",
        "false",
        "sai",
        "xx",
        "xxx",
        "dhcp",
        "auto",
        "ip dong",
        "ip tinh",
        "wifi",
    )
)
_ERRORS = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!")
_SHORTENED = re.compile(r"[0-9][.,]?[0-9]*E\+[0-9]{1,3}", re.IGNORECASE)
_EXCELS_DATE = re.compile(r"[0-9]{1,2}-[A-Z][a-z]{2}(?:-[0-9]{2,4})?|[A-Z][a-z]{2}-[0-9]{2}")
_COUNTING = frozenset(("stt", "tt", "so tt", "so thu tu", "thu tu", "no", "nr"))
_MORE = re.compile(r"[\s,;()]|/[0-9]{1,2}$|(?:\..*){4}")  # what no address has
_PREFIXED = re.compile(r"[0-9.]{7,15}/[0-9]{1,2}")
_OF_TWO = 30  # longer prefixes have no address of their own (RFC 3021)
_SHORT_NUMBER = re.compile("[0-9]{1,6}")  # a telephone extension, a port
_EXACT = frozenset((*ADDRESS_COLUMNS, "id", "phone", "code"))  # where a number cut short is lost
_MAY_BE_EMPTY = (
    "slo",
    "location",
    "latitude",
    "longitude",
    "phone",
    "email",
    "contact",
    "parent",
    "code",
    "calendar",
    "snmp",
)
_WORDS = re.compile(r"[^\W\d]+(?:[\s,/-]+[^\W\d]+)*")
_UNSEEN_IN = {False: re.compile("[\u00ad\u200b]"), True: re.compile("[\u00ad\u200b-\u200d]")}
_OF_FACTS = (CellKind.BOOLEAN, CellKind.DATE)
WRONG_KINDS = {
    CellKind.DATE: "cell_date",
    CellKind.TIME: "cell_time",
    CellKind.BOOLEAN: "cell_boolean",
    CellKind.ERROR: "cell_error",
    CellKind.FORMULA: "cell_formula",
}
"""What is said of a cell that is no text, by what it is instead."""


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
    lettered: bool = False

    def place(self, trail: Trail, *, key: bool = False) -> FilePosition:  # noqa: ARG002 - a cell has no key of its own
        row = trail[0] if trail and isinstance(trail[0], int) else 0
        name = str(trail[1]) if len(trail) > 1 else ""
        column, header = self.headers.get(name, (0, name))
        is_shown = (
            column and name != "snmp" and row < len(self.rows)
        )  # where a name belongs, the secret itself may stand
        value = self.rows[row].get(name, "") if is_shown else ""
        return self.whole.at(self.numbers[row] if self.numbers else 1, column, header, value)

    @property
    def whole(self) -> FilePosition:
        """The sheet as a place."""
        return FilePosition(self.file, sheet=self.title, lettered=self.lettered)


@dataclass(slots=True)
class SheetTables:
    """The tables of one file, what is wrong with their form, and what was left out or read otherwise."""

    sources: list[TableSource] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)


def interpret(file: str, sheets: Sequence[RawSheet], extra: frozenset[str]) -> SheetTables:
    """The rows of the sheets by key. ``extra`` are the columns that profiles use beyond the known ones.

    A sheet without a header is left out where another has one and nothing in it looks like an address.
    """
    tables = SheetTables()
    bare: list[tuple[FilePosition, RawSheet]] = []
    for sheet in sheets:
        whole = FilePosition(file, sheet=sheet.title, lettered=sheet.lettered)
        if sheet.hidden:
            tables.notes.append(Finding(whole, "sheet_hidden"))
        elif sheet.lines and not _tables_of(tables, whole, sheet, extra):
            bare.append((whole, sheet))
    for whole, sheet in bare:
        left_out = tables.sources and not any(map(looks_like_address, _texts(sheet)))
        finding = Finding(whole if left_out else whole.at(likely_header(sheet, extra).number), "no_header")
        (tables.notes if left_out else tables.findings).append(
            Finding(whole, "sheet_left_out") if left_out else finding
        )
    return tables


def _tables_of(tables: SheetTables, whole: FilePosition, sheet: RawSheet, extra: frozenset[str]) -> bool:
    """Add the tables of one sheet, which may stand below one another; whether there is one."""
    header = find_header(whole, sheet, extra)
    has_table = header is not None
    while header is not None:
        _table(tables, whole, header, extra)
        sheet = dataclasses.replace(sheet, lines=header.rest)
        header = find_header(whole, sheet, extra)
    return has_table


def _texts(sheet: RawSheet) -> Iterator[str]:
    return (cell for line in sheet.lines for cell in line.cells)


def _table(tables: SheetTables, whole: FilePosition, header: TableHeader, extra: frozenset[str]) -> None:
    body = header.body
    addresses = frozenset((*ADDRESS_COLUMNS, *extra))
    numbered = next((index for index, cell in enumerate(header.cells) if plain(cell) in _COUNTING), None)
    rows: list[Mapping[str, str]] = [_row(line, header) for line in body]
    table_rows: list[tuple[SheetLine, Mapping[str, str]]] = []
    tables.findings += header.findings
    tables.notes += header.notes
    parts = classify_rows(rows, [line.cells for line in body], numbered, addresses)
    for line, row, part in zip(body, rows, parts, strict=True):
        if header.is_again(line):
            tables.notes.append(Finding(whole.at(line.number), "row_left_out", {"text": excerpt(line.cells)}))
        elif part is RowKind.ROW:
            table_rows.append((line, row))
        elif part is RowKind.NAMELESS:
            tables.findings.append(_nameless(whole, line, row, header, addresses))
        elif not _is_number_alone(line, numbered):
            tables.notes.append(Finding(whole.at(line.number), "row_left_out", {"text": excerpt(line.cells)}))
    columns = dict(header.columns)
    if header.kind == "units" and "name" in columns and "level" not in columns:
        columns["level"] = columns["name"]
        tables.notes.append(Finding(whole.at(header.number, *columns["name"]), "level_supplied"))
    if half := next((columns[key] for key in ("latitude", "longitude") if key in columns), None):
        columns.setdefault("location", half)
    if first := next((columns[key] for key in (*KNOWN_FACTS, FACTS) if key in columns), None):
        columns.setdefault(FACTS, first)
    headers = _Headers(whole, columns, addresses, header.kind)
    read = [headers.read(tables, line, row) for line, row in table_rows]
    tables.findings += _extra_cells(whole, header, [line for line, _ in table_rows])
    numbers = tuple(line.number for line, _ in table_rows)
    tables.sources.append(
        TableSource(whole.file, whole.sheet, header.kind, tuple(read), numbers, header.number, columns, whole.lettered)
    )


def _is_number_alone(line: SheetLine, numbered: int | None) -> bool:
    """Whether it holds nothing but its own number, made in advance."""
    return [index for index, cell in enumerate(line.cells) if cell] == [numbered] and line.cells[
        numbered or 0
    ].isdigit()


def _nameless(
    whole: FilePosition, line: SheetLine, row: Mapping[str, str], header: TableHeader, addresses: frozenset[str]
) -> Finding:
    key = next(key for key in row if key in addresses and looks_like_address(row[key]))
    number, written = header.columns[key]
    return Finding(whole.at(line.number, number, written, row[key]), "row_nameless")


@dataclass(frozen=True, slots=True)
class _Headers:
    """The columns of one sheet, by which its rows are read. addresses: the keys of those that hold some."""

    whole: FilePosition
    columns: Mapping[str, tuple[int, str]]
    addresses: frozenset[str]
    kind: str

    def read(self, tables: SheetTables, line: SheetLine, row: Mapping[str, str]) -> Mapping[str, str]:
        """The row without what counts as empty; what cells hold that they must not is added to the findings."""
        read = dict(row)
        for key, (number, written) in self.columns.items():
            text = read.get(key, "")
            place = self.whole.at(line.number, number, written, text)
            kind = line.kinds.get(number - 1)
            if not text.isascii() and (sign := _UNSEEN_IN[key in _EXACT or key in self.addresses].search(text)):
                tables.findings.append(hidden_character(place, sign[0]))
                read.pop(key, None)
            elif (wrong := _cell_fault(key, text, kind, self.addresses)) is not None:
                tables.findings.append(_cell_finding(place, wrong, text))
                read.pop(key, None)
            elif key in self.addresses and (address := _without_prefix(text)):
                read[key] = address
                tables.notes.append(Finding(place, "cell_prefix", {"value": address}))
            elif (key in self.addresses or key in _MAY_BE_EMPTY) and key in read and _is_empty_mark(text):
                tables.notes.append(Finding(place, "cell_empty_mark"))
                del read[key]
            elif key == "code" and re.fullmatch("[1-9][0-9]{3}", text):  # of communes: five digits
                read[key] = f"0{text}"
                tables.notes.append(Finding(place, "code_zero", {"value": read[key]}))
        halves = [read.pop(key) for key in ("latitude", "longitude") if key in read]
        if halves:
            read.setdefault("location", "; ".join(halves))
        if FACTS in self.columns:
            self._fold_facts(tables, line, read)
        else:  # papers of something else
            read.pop(DOCUMENT, None)
            read.pop(DOCUMENT_DATE, None)
        return read

    def _fold_facts(self, tables: SheetTables, line: SheetLine, read: dict[str, str]) -> None:
        """The columns of declared facts become the one text that stands for all of them."""
        text, wrong = folded(read, yes_or_no=self.kind == "sites")
        for key, error in wrong.items():
            place = self.whole.at(line.number, *self.columns[key], read[key])
            tables.findings.append(Finding(place, error.message, {"value": error.value[:60]}))
        for key in FACT_COLUMNS:
            read.pop(key, None)
        if text:
            read[FACTS] = text


def _without_prefix(text: str) -> str:
    """The address of a device that is written with the length of its network, as 192.0.2.2/30; "" if it is none."""
    if not _PREFIXED.fullmatch(text):
        return ""
    try:
        interface = ipaddress.IPv4Interface(text)
    except ValueError:
        return ""
    network = interface.network
    inside = network.prefixlen > _OF_TWO or interface.ip not in (network.network_address, network.broadcast_address)
    return str(interface.ip) if inside else ""


def _is_address_and_more(text: str) -> bool:
    """Whether an IPv4 address stands there, and something else too; not in a URL, which is one text."""
    if not _MORE.search(text) or "://" in text or _without_prefix(text):
        return False
    return any(address in text for address in addresses_in(text))


def _is_words(text: str) -> bool:
    return not text.isascii() and _WORDS.fullmatch(text) is not None and not _is_empty_mark(text)


def _is_empty_mark(text: str) -> bool:
    """Whether the cell says that there is nothing. In brackets or in digits of other keyboards something may stand."""
    words = plain(text)
    return words in _EMPTY and not addresses_in(text) and (bool(words) or not any(map(str.isalnum, text)))


def _cell_finding(place: FilePosition, wrong: str, text: str) -> Finding:
    """The fault of a cell; a number that Excel made of an address, its dots taken for thousands, with that address."""
    if wrong == "cell_address_and_more":
        addresses = addresses_in(text)
        message = "cell_addresses" if len(addresses) > 1 else wrong
        return Finding(place, message, {"count": str(len(addresses)), "address": addresses[0]})
    groups = re.fullmatch("([0-9]{1,3})([0-9]{3})([0-9]{3})([0-9]{3})", text) if wrong == "cell_number" else None
    if groups is None or any(int(group) > 255 for group in groups.groups()):
        return Finding(place, wrong, {"value": text})
    address = ".".join(str(int(group)) for group in groups.groups())
    return Finding(place, "cell_number_address", {"value": text, "address": address})


def _cell_fault(key: str, text: str, kind: CellKind | None, addresses: frozenset[str]) -> str | None:
    """The message key for a cell whose content does not suit its column."""
    if kind in _OF_FACTS and key in FACT_COLUMNS:
        return None
    if kind in WRONG_KINDS:
        return WRONG_KINDS[kind]
    if text in _ERRORS:
        return "cell_error"
    if kind in (CellKind.NUMBER, CellKind.PERCENT) and key in addresses and not _SHORT_NUMBER.fullmatch(text):
        return "cell_number"
    if key in _EXACT and _SHORTENED.fullmatch(text):
        return "cell_shortened"
    if key in addresses and _EXCELS_DATE.fullmatch(text):
        return "cell_date"
    if key in addresses and _is_address_and_more(text):
        return "cell_address_and_more"
    if key in addresses and plain(text) in _MARKS:
        return "cell_mark"
    return "cell_words" if key in ADDRESS_COLUMNS and _is_words(text) else None


def _extra_cells(whole: FilePosition, header: TableHeader, lines: Sequence[SheetLine]) -> Iterator[Finding]:
    """Texts beside the table: in CSV, what a separator within a text makes of it."""
    width = len(header.cells)
    for line in lines:
        beside = [index for index, cell in enumerate(line.cells[width:], start=width) if cell]
        if beside and (not whole.lettered or any(looks_like_address(line.cells[index]) for index in beside)):
            yield Finding(whole.at(line.number, width + 1), "cell_extra")


def _row(line: SheetLine, header: TableHeader) -> dict[str, str]:
    """The cells of a row by key; a unit without a level has that which its name begins with."""
    cells = line.cells
    row = {
        key: cells[number - 1]
        for key, (number, _) in header.columns.items()
        if number <= len(cells) and cells[number - 1]
    }
    if header.kind == "units" and "level" not in row and (level := kind_of(row.get("name", ""))):
        row["level"] = level
    return row
