"""A sheet of changes of units, CSV or XLSX as an office makes it, to rows of named cells that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from agent.inventory.findings import FilePosition, Finding, Findings, closest
from agent.inventory.schema.unit_changes import ChangeKind
from agent.inventory.sheets.columns import is_remark, plain
from agent.inventory.sheets.fact_cells import FactCellError, day_of_text, value_of_text
from agent.inventory.sheets.number_formats import CellKind
from agent.inventory.sheets.reader import HEADER_WITHIN, RawSheet, SheetLine
from agent.inventory.sheets.row_kinds import excerpt
from agent.inventory.sheets.tables import WRONG_KINDS, TableSource
from agent.inventory.sources.files import YAML_ENDINGS, Files, read_sheets
from agent.inventory.unit_changes.columns import HEADINGS, KIND_CHOICES, KIND_WORDS, REQUIRED, heading_key

_LEAST = 3  # known headings of a header
_SLIP = 0.85
_SHORT_CODE = re.compile("[1-9][0-9]{3}")  # of a commune, whose first 0 Excel took
_NUMBERING = re.compile(r"\(?[0-9]{1,2}\)?")
_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|DIV/0!|N/A|NUM!|NULL!)")
_SUITS: Mapping[str, tuple[CellKind, ...]] = {
    "date": (CellKind.DATE, CellKind.NUMBER),
    "founds": (CellKind.BOOLEAN, CellKind.NUMBER),
}


@dataclass(frozen=True, slots=True)
class ChangeCells:
    """One change of a sheet: its words are understood, units and sites are still called as the cells call them.

    unit: of a row that names several, one of them.
    """

    source: TableSource
    index: int
    kind: ChangeKind
    day: date
    unit: str
    cells: Mapping[str, str]
    founds: bool = False

    def at(self, key: str = "") -> FilePosition:
        """The cell, or the row where the sheet has no such column."""
        return self.source.place((self.index, key) if key in self.source.headers else (self.index,))


@dataclass(slots=True)
class ChangeSheet:
    """The changes of a file in its order, what is wrong with its cells, and what of it was left out."""

    rows: list[ChangeCells] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    notes: list[Finding] = field(default_factory=list)


def read_change_sheet(file: Path, sheet: ChangeSheet) -> None:
    """Add what the file holds. TooManyError after the last finding that anybody reads."""
    whole = FilePosition(str(file))
    if file.suffix.lower() not in (".csv", ".xlsx"):
        kind = "units_yaml" if file.suffix.lower() in YAML_ENDINGS else "import_kind"
        sheet.findings.append(Finding(whole, kind))
        return
    raw_sheets, findings = read_sheets(Files(), file)
    sheet.findings.extend(findings)
    if findings:
        return
    tables = [table for raw in raw_sheets if (table := _table(whole, raw, sheet)) is not None]
    for source, lines in tables:
        _add_rows(sheet, source, lines)
    if not tables or not (sheet.rows or sheet.findings):
        sheet.findings.append(Finding(whole, "no_change_header" if not tables else "file_empty"))


def _table(file: FilePosition, raw: RawSheet, sheet: ChangeSheet) -> tuple[TableSource, Sequence[SheetLine]] | None:
    """The table of one sheet and its lines; of a sheet without one, a note."""
    whole = FilePosition(file.file, sheet=raw.title, lettered=raw.lettered)
    if raw.hidden:
        sheet.notes.append(Finding(whole, "sheet_hidden"))
        return None
    header = max(raw.lines[:HEADER_WITHIN], key=_known, default=None)
    if header is None or _known(header) < _LEAST:
        if raw.lines:
            sheet.notes.append(Finding(whole, "sheet_left_out"))
        return None
    columns = _columns(whole, header, sheet)
    for key in REQUIRED:
        if key not in columns:
            sheet.findings.append(Finding(whole.at(header.number), "missing_column", {"key": key}))
    lines = [line for line in raw.lines if line.number > header.number and line.cells != header.cells]
    cells = [_texts(line, columns) for line in lines]
    kept = [place for place, row in enumerate(cells) if _is_change(lines[place], row, whole, sheet)]
    table = TableSource(
        whole.file,
        whole.sheet,
        "unit_changes",
        tuple(cells[place] for place in kept),
        tuple(lines[place].number for place in kept),
        header.number,
        columns,
        whole.lettered,
    )
    return table, [lines[place] for place in kept]


def _known(line: SheetLine) -> int:
    return len({key for cell in line.cells if cell and (key := heading_key(cell)) is not None})


def _columns(whole: FilePosition, header: SheetLine, sheet: ChangeSheet) -> dict[str, tuple[int, str]]:
    columns: dict[str, tuple[int, str]] = {}
    for number, heading in enumerate(header.cells, start=1):
        place, key = whole.at(header.number, number), heading_key(heading)
        if is_remark(heading):
            continue
        if key is None:
            close = closest(plain(heading), HEADINGS, _SLIP)
            values = {"key": heading[:60]} | ({} if close is None else {"close": close})
            finding = Finding(place, "column_left_out" if close is None else "unknown_header_close", values)
            (sheet.notes if close is None else sheet.findings).append(finding)
        elif key in columns:
            values = {"key": heading[:60], "first": columns[key][1]}
            sheet.findings.append(Finding(place, "duplicate_header", values))
        else:
            columns[key] = (number, heading)
    return columns


def _texts(line: SheetLine, columns: Mapping[str, tuple[int, str]]) -> dict[str, str]:
    cells = ((key, line.cells[number - 1]) for key, (number, _) in columns.items() if number <= len(line.cells))
    return {key: text for key, text in cells if text}


def _is_change(line: SheetLine, row: Mapping[str, str], whole: FilePosition, sheet: ChangeSheet) -> bool:
    """Whether the row is one of the table: titles, signatures and the numbers of columns are not."""
    if all(_NUMBERING.fullmatch(cell) for cell in line.cells if cell):
        return False
    if sum(key in row for key in REQUIRED) > 1:
        return True
    sheet.notes.append(Finding(whole.at(line.number), "row_left_out", {"text": excerpt(line.cells)}))
    return False


def _add_rows(sheet: ChangeSheet, table: TableSource, lines: Sequence[SheetLine]) -> None:
    for index, line in enumerate(lines):
        faults = list(_cell_faults(table, index, line))
        sheet.findings.extend(faults)
        if not faults:
            sheet.rows.extend(_changes(sheet, table, index))


def _cell_faults(table: TableSource, index: int, line: SheetLine) -> Iterator[Finding]:
    """Cells that hold nothing, or what their column cannot take."""
    row = table.rows[index]
    for key in REQUIRED:
        if key in table.headers and key not in row:
            yield Finding(table.place((index, key)), "change_cell_missing", {"key": table.headers[key][1]})
    for key, (number, _) in table.headers.items():
        text, kind = row.get(key, ""), line.kinds.get(number - 1)
        if kind in WRONG_KINDS and kind not in _SUITS.get(key, ()):
            yield Finding(table.place((index, key)), WRONG_KINDS[kind], {"value": text})
        elif _ERROR.fullmatch(text):
            yield Finding(table.place((index, key)), "cell_error", {"value": text})


def _changes(sheet: ChangeSheet, table: TableSource, index: int) -> Iterable[ChangeCells]:
    """The changes of one row: one for each unit that it names."""
    row = dict(table.rows[index])
    kind, day = KIND_WORDS.get(plain(row.get("kind", ""))), None
    if kind is None and "kind" in row:
        values = {"value": row["kind"][:60], "choices": KIND_CHOICES}
        sheet.findings.append(Finding(table.place((index, "kind")), "change_kind", values))
    try:
        day = date.fromisoformat(day_of_text(row["date"])) if "date" in row else None
        founds = value_of_text(row["founds"])[0] is True or row["founds"] == "1" if "founds" in row else False
    except FactCellError as error:
        key = "date" if error.message == "fact_date" else "founds"
        message = "fact_date" if key == "date" else "change_yes_no"
        sheet.findings.append(Finding(table.place((index, key)), message, {"value": error.value[:60]}))
        return ()
    if kind is None or day is None or "unit" not in row:
        return ()
    for key in ("code", "old_code"):
        if _SHORT_CODE.fullmatch(row.get(key, "")):
            row[key] = f"0{row[key]}"
            sheet.notes.append(Finding(table.place((index, key)), "code_zero", {"value": row[key]}))
    if kind == "rename" and "name" not in row and "into" in row:
        row["name"] = row.pop("into")  # *Đơn vị mới* of a unit that has only another name
    units = [part.strip() for part in row["unit"].split(";") if part.strip()]
    return [ChangeCells(table, index, kind, day, unit, row, founds) for unit in units]
