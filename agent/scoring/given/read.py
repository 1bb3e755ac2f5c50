"""Given values out of a workbook or CSV file that a clerk filled in: every fault of it at once, by cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from agent.errors import ConfigError
from agent.inventory.findings import FilePosition, Finding, faults_in, unknown
from agent.inventory.sheets.columns import plain
from agent.inventory.sheets.number_formats import CellKind
from agent.inventory.sheets.reader import HEADER_WITHIN, RawSheet, SheetLine
from agent.inventory.sources.files import Files, read_sheets
from agent.scoring.document.numbers import exact_text
from agent.scoring.evidence import GivenValue
from agent.scoring.given.asked import HEADINGS, AskedValue, ValueColumn, asked_values
from agent.scoring.given.values import day, number
from agent.scoring.measures import Quantity
from agent.scoring.sheet import ScoreSheet
from agent.scoring.values import Document

_OTHER_HEADINGS: Mapping[ValueColumn, tuple[str, ...]] = {
    ValueColumn.UNIT: ("unit", "id don vi"),
    ValueColumn.CRITERION: ("criterion code", "ma chi so", "ma chi tieu"),
    ValueColumn.A: ("a", "gia tri", "tu so", "diem", "value"),
    ValueColumn.B: ("b", "mau so", "tong so", "of"),
    ValueColumn.DOCUMENT: ("van ban", "document", "so hieu van ban"),
    ValueColumn.DATE: ("ngay", "date"),
    ValueColumn.NOTE: ("note", "dien giai"),
}
_NEEDED = (ValueColumn.UNIT, ValueColumn.CRITERION)
_ANSWERS = (ValueColumn.A, ValueColumn.B, ValueColumn.CHOICE)
_COLUMNS = {
    spelling: column
    for column in ValueColumn
    for spelling in (*map(plain, HEADINGS[column]), *_OTHER_HEADINGS.get(column, ()))
}


def read_given(
    path: Path, sheet: ScoreSheet, units: Collection[str] | None = None, language: str = "vi"
) -> tuple[GivenValue, ...]:
    """The values of a file, in its order; rows without an answer are left out.

    units: the ids that may stand there, None: any. ConfigError with every fault, each with its cell.
    """
    sheets, findings = read_sheets(Files(), path)
    table = _Filled(str(path), sheet, units, findings)
    values = [value for raw in sheets for value in table.values(raw)]
    if not findings and not table.header_seen:
        findings.append(Finding(FilePosition(str(path)), "given_no_header"))
    if findings:
        raise ConfigError(faults_in(findings, path, language))
    return tuple(values)


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    kind: CellKind | None
    place: FilePosition


class _Filled:
    """The rows of all sheets of one file; what is wrong goes to the list of findings."""

    def __init__(self, file: str, sheet: ScoreSheet, units: Collection[str] | None, findings: list[Finding]) -> None:
        self.header_seen = False
        self._file = file
        self._units = units
        self._findings = findings
        self._asked = {(asked.criterion.code, asked.part): asked for asked in asked_values(sheet)}
        self._codes = [criterion.code for criterion in sheet.criteria]
        self._first: dict[tuple[str, int, str], FilePosition] = {}

    def values(self, raw: RawSheet) -> Iterator[GivenValue]:
        """Those below the header of one sheet; a sheet without a header is none of ours."""
        whole = FilePosition(self._file, sheet=raw.title, lettered=raw.lettered)
        for index, line in enumerate(raw.lines[:HEADER_WITHIN]):
            columns = {_COLUMNS[name]: at for at, cell in enumerate(line.cells) if (name := plain(cell)) in _COLUMNS}
            if all(column in columns for column in _NEEDED):
                self.header_seen = True
                for row in raw.lines[index + 1 :]:
                    cells = {column: _cell(whole, row, at) for column, at in columns.items()}
                    value = self._value(cells)
                    if value is not None:
                        yield value
                return

    def _value(self, cells: Mapping[ValueColumn, _Cell]) -> GivenValue | None:
        """None for a row without an answer, and for one that is at fault."""
        if not any(cells[column].text for column in _ANSWERS if column in cells):
            return None
        unit, asked = self._unit(cells[ValueColumn.UNIT]), self._asked_of(cells)
        if unit is None or asked is None or self._is_second(unit, asked, cells[ValueColumn.CRITERION].place):
            return None
        try:
            a, b, choice = _answer(asked, cells)
            dated = _day(cells, ValueColumn.DATE)
        except _FaultyError as error:
            self._findings.append(error.finding)
            return None
        document = Document(_text(cells, ValueColumn.DOCUMENT), dated, _text(cells, ValueColumn.NOTE))
        return GivenValue(asked.criterion.code, asked.part, unit, a, b, choice, document)

    def _unit(self, cell: _Cell) -> str | None:
        if not cell.text:
            self._findings.append(Finding(cell.place, "given_unit_missing"))
            return None
        if self._units is not None and cell.text not in self._units:
            values = {"value": cell.text}
            self._findings.append(unknown(cell.place, "given_unit", values, cell.text, self._units))
            return None
        return cell.text

    def _asked_of(self, cells: Mapping[ValueColumn, _Cell]) -> AskedValue | None:
        cell = cells[ValueColumn.CRITERION]
        code = self._code(cell)
        if code is None:
            return None
        part = _text(cells, ValueColumn.PART) or "1"
        asked = self._asked.get((code, int(part) - 1)) if part.isdecimal() and len(part) <= 3 else None
        if asked is None:
            place = cells[ValueColumn.PART].place if ValueColumn.PART in cells and part != "1" else cell.place
            self._findings.append(Finding(place, "given_not_asked", {"criterion": code, "part": part}))
        return asked

    def _code(self, cell: _Cell) -> str | None:
        """A code such as 1.10 that a spreadsheet took for the number 1.1 is known where only one can be meant."""
        codes = [code for code in self._codes if code == cell.text]
        if not codes and cell.kind is CellKind.NUMBER:
            codes = [code for code in self._codes if _same_number(code, cell.text)]
        if len(codes) == 1:
            return codes[0]
        values = {"value": cell.text}
        self._findings.append(unknown(cell.place, "given_criterion", values, cell.text, self._codes))
        return None

    def _is_second(self, unit: str, asked: AskedValue, place: FilePosition) -> bool:
        key = (asked.criterion.code, asked.part, unit)
        first = self._first.setdefault(key, place)
        if first is place:
            return False
        self._findings.append(
            Finding(place, "given_twice", {"criterion": key[0], "unit": unit, "first": str(first.line)})
        )
        return True


class _FaultyError(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def _cell(whole: FilePosition, line: SheetLine, at: int) -> _Cell:
    text = line.cells[at] if at < len(line.cells) else ""
    return _Cell(text, line.kinds.get(at), whole.at(line.number, at + 1, value=text))


def _text(cells: Mapping[ValueColumn, _Cell], column: ValueColumn) -> str:
    return cells[column].text if column in cells else ""


def _same_number(code: str, text: str) -> bool:
    try:
        return Decimal(code) == Decimal(text)
    except ArithmeticError:
        return False


def _answer(asked: AskedValue, cells: Mapping[ValueColumn, _Cell]) -> tuple[Fraction | None, Fraction | None, str]:
    if asked.quantity is Quantity.CHOICE:
        return None, None, _choice(asked, cells)
    if asked.quantity is Quantity.DATE:
        given = _day(cells, ValueColumn.A)
        return (None if given is None else Fraction(given.toordinal())), None, ""
    a, percent = _number(cells, ValueColumn.A, asked)
    if asked.quantity is not Quantity.SHARE:
        return _whole(asked, a, cells, percent=percent), None, ""
    if percent and not _text(cells, ValueColumn.B):
        return a, Fraction(100), ""
    b, of_percent = _number(cells, ValueColumn.B, asked)
    if percent or of_percent:
        raise _faulty(cells, ValueColumn.A, "given_percent_of")
    if b == 0:
        raise _faulty(cells, ValueColumn.B, "given_of_nothing")
    return a, b, ""


def _whole(asked: AskedValue, a: Fraction, cells: Mapping[ValueColumn, _Cell], *, percent: bool) -> Fraction:
    if percent:
        raise _faulty(cells, ValueColumn.A, "given_percent")
    if _text(cells, ValueColumn.B):
        raise _faulty(cells, ValueColumn.B, "given_no_total")
    if asked.most is not None and a > Fraction(asked.most):
        raise _faulty(cells, ValueColumn.A, "given_points", most=exact_text(asked.most))
    return a


def _choice(asked: AskedValue, cells: Mapping[ValueColumn, _Cell]) -> str:
    text = _text(cells, ValueColumn.CHOICE)
    by_words = {plain(spelling): word for word, title in asked.words.items() for spelling in (*title, word)}
    if plain(text) in by_words and text:
        return by_words[plain(text)]
    column = ValueColumn.CHOICE if ValueColumn.CHOICE in cells else ValueColumn.CRITERION
    raise _faulty(cells, column, "given_choice", choices="; ".join(title.vi for title in asked.words.values()))


def _number(cells: Mapping[ValueColumn, _Cell], column: ValueColumn, asked: AskedValue) -> tuple[Fraction, bool]:
    if not _text(cells, column):
        place = cells.get(column) or cells[ValueColumn.CRITERION]
        raise _FaultyError(
            Finding(place.place, "given_lacks", {"column": HEADINGS[column], "criterion": asked.criterion.code})
        )
    cell = cells[column]
    try:
        return number(cell.text, cell.kind)
    except ValueError as error:
        values = {"value": cell.text, "together": cell.text.replace(".", "").replace(",", "")}
        values["apart"] = cell.text.replace(".", ",")
        raise _FaultyError(Finding(cell.place, str(error), values)) from error


def _day(cells: Mapping[ValueColumn, _Cell], column: ValueColumn) -> date | None:
    text = _text(cells, column)
    if not text:
        return None
    try:
        return day(text)
    except ValueError as error:
        raise _faulty(cells, column, str(error)) from error


def _faulty(cells: Mapping[ValueColumn, _Cell], column: ValueColumn, message: str, **values: str) -> _FaultyError:
    cell = cells[column]
    return _FaultyError(Finding(cell.place, message, {"value": cell.text, **values}))
