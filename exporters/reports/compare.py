"""A report that somebody hands back against the one that the ledger gives: every cell, or every line."""

from __future__ import annotations

import csv
import html
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path

from agent.characters import cleaned
from agent.errors import SansangError
from agent.text import Text
from exporters.reports.formatting import decimal
from exporters.reports.sheet_method import NAME, REPEAT, SOFTWARE, TZDATA
from exporters.reports.submitted import MOST_BYTES, SubmittedCell, SubmittedSheet, SubmittedWorkbook, open_submitted

_BEGIN = "sansang uptime "
_MOST_SHOWN = 120
_INSTANT = timedelta(milliseconds=1)

_REPEAT = re.compile(rf"(?:{re.escape(REPEAT.vi)}|{re.escape(REPEAT.en)})(?: \(([0-9]{{1,6}})/([0-9]{{1,6}})\))?")

_CELL = Text(
    "trang {sheet}, ô {cell}: trong tệp là {there}, theo sổ là {ours}",
    "sheet {sheet}, cell {cell}: the file has {there}, the ledger says {ours}",
)
_LOOK = Text(
    "trang {sheet}, ô {cell}: đúng giá trị {ours} nhưng cách hiển thị đã bị đổi ({there})",
    "sheet {sheet}, cell {cell}: the value {ours} is right, but the way it is shown was changed ({there})",
)
_EXTRA_SHEET = Text("trang {sheet}: không có trong báo cáo của sổ", "sheet {sheet}: the ledger's report has none")
_NO_SHEET = Text("trang {sheet}: bị thiếu trong tệp", "sheet {sheet}: missing from the file")
_ORDER = Text("thứ tự các trang đã bị đổi", "the sheets stand in another order")
_STATE = Text("trang {sheet}: bị ẩn trong tệp", "sheet {sheet}: hidden in the file")
_ROWS = Text(
    "trang {sheet}: tệp có {there} dòng, sổ cho {ours}", "sheet {sheet}: {there} rows, the ledger gives {ours}"
)
_ODD = Text("trang {sheet}: trong tệp có thêm {there}", "sheet {sheet}: the file also has {there}")
_LESS = Text("trang {sheet}: trong tệp thiếu {there}", "sheet {sheet}: the file lacks {there}")
_FOREIGN = Text("trong tệp có phần mà báo cáo không có: {there}", "the file has a part that no report has: {there}")
_LINE = Text(
    "dòng {cell}: trong tệp là {there}, theo sổ là {ours}", "line {cell}: the file has {there}, the ledger says {ours}"
)
_OTHER = Text(
    "{label}: tệp được lập bằng {there}, máy này có {ours}",
    "{label}: the file was made with {there}, this machine has {ours}",
)
_NOTHING = Text("(trống)", "(empty)")
_FORMULA = Text("công thức {}", "the formula {}")
_AS_TEXT = Text("chữ {}", "the text {}")


_NO_ENDING = Text("{path}: tên tệp báo cáo phải kết thúc bằng {known}", "{path}: a report ends in {known}")
_TOO_LARGE = Text(
    "{path}: lớn hơn {most} MiB, không báo cáo nào lớn như vậy", "{path}: larger than {most} MiB, which no report is"
)
_NO_LINE = Text(
    "{path}: trong tệp không có dòng cho biết báo cáo được lập thế nào ({line}...); chỉ so được báo cáo có dòng đó",
    "{path}: no line in it says how it was made ({line}...); only such a report is compared",
)
_NOT_WHOLE = Text(
    "{path}: dòng dùng để lập lại báo cáo không còn nguyên; có các phần {rows} (thứ mấy, trên tổng)",
    "{path}: the line that makes it again is not whole; it has rows {rows} (row, of all)",
)
_NO_CSV = Text("{path}: không đọc được như tệp CSV", "{path}: cannot be read as CSV: {why}")
_NO_JSON = Text("{path}: không đọc được như báo cáo dạng JSON", "{path}: cannot be read as a report in JSON: {why}")


@dataclass(frozen=True, slots=True)
class ReportDifference:
    """text: in words. figures: False for another version of what made it, which is said and accuses nobody."""

    text: str
    figures: bool = True


def rerun_command_in(data: bytes, path: Path) -> str:
    """The report's own line that makes it again. SansangError for what is no report, or has none."""
    reader = _FORMS.get(path.suffix.lower())
    if reader is None:
        raise SansangError(_NO_ENDING.filled(path=path, known=", ".join(_FORMS)))
    if len(data) > MOST_BYTES:
        raise SansangError(_TOO_LARGE.filled(path=path, most=MOST_BYTES // 1024 // 1024))
    command = reader(data, str(path))
    if not command.startswith(_BEGIN):
        raise SansangError(_NO_LINE.filled(path=path, line=_BEGIN))
    return command


def differences(data: bytes, expected: bytes, path: Path, language: str) -> Iterator[ReportDifference]:
    """The differences between the file and the report that was just made, in reading order."""
    if data == expected:
        return iter(())
    if path.suffix.lower() == ".xlsx":
        return _workbook_differences(data, expected, str(path), language)
    return _line_differences(data, expected, language)


def _line_differences(data: bytes, expected: bytes, language: str) -> Iterator[ReportDifference]:
    """A text file is the same to the byte, or it is another."""
    submitted_lines, expected_lines = (
        content.decode("utf-8-sig", "replace").splitlines() for content in (data, expected)
    )
    before = None
    for number, pair in enumerate(zip_longest(submitted_lines, expected_lines), start=1):
        if pair[0] != pair[1]:
            before = number
            begin = max(_first_difference(*pair) - 30, 0)
            excerpts = [_NOTHING.to(language) if line is None else _cut(line[begin : begin + 90]) for line in pair]
            yield ReportDifference(_LINE.to(language).format(cell=number, there=excerpts[0], ours=excerpts[1]))
    if before is None:
        yield ReportDifference(
            _LINE.to(language).format(cell=1, there=f"{len(data)} bytes", ours=f"{len(expected)} bytes")
        )


def _first_difference(submitted: str | None, expected: str | None) -> int:
    """The position of the first character that differs between two lines, which may be long."""
    both = zip(submitted or "", expected or "", strict=False)
    return next((at for at, pair in enumerate(both) if pair[0] != pair[1]), 0)


def _workbook_differences(data: bytes, expected: bytes, what: str, language: str) -> Iterator[ReportDifference]:
    with open_submitted(data, what) as submitted_book, open_submitted(expected, "the ledger's report") as expected_book:
        yield from (ReportDifference(_FOREIGN.to(language).format(there=part)) for part in submitted_book.foreign())
        submitted_sheets = {page.name: page for page in submitted_book.pages()}
        expected_sheets = {page.name: page for page in expected_book.pages()}
        yield from (
            ReportDifference(_EXTRA_SHEET.to(language).format(sheet=cleaned(name)[:60]))
            for name in submitted_sheets
            if name not in expected_sheets
        )
        common = [name for name in submitted_sheets if name in expected_sheets]
        if common != [name for name in expected_sheets if name in submitted_sheets]:
            yield ReportDifference(_ORDER.to(language))
        for name, page in expected_sheets.items():
            if name not in submitted_sheets:
                yield ReportDifference(_NO_SHEET.to(language).format(sheet=name))
                continue
            yield from _sheet_differences(submitted_sheets[name], page, language)
            yield from _cell_differences(submitted_book, expected_book, name, language)


def _sheet_differences(
    submitted: SubmittedSheet, expected: SubmittedSheet, language: str
) -> Iterator[ReportDifference]:
    if submitted.state != expected.state:
        yield ReportDifference(_STATE.to(language).format(sheet=expected.name))
    for words, some, others in ((_ODD, submitted.odd, expected.odd), (_LESS, expected.odd, submitted.odd)):
        for oddity in some:
            if oddity not in others:
                yield ReportDifference(words.to(language).format(sheet=expected.name, there=oddity))


def _cell_differences(
    submitted_book: SubmittedWorkbook, expected_book: SubmittedWorkbook, name: str, language: str
) -> Iterator[ReportDifference]:
    counts = [0, 0]
    for number, pair in enumerate(
        zip_longest(submitted_book.rows(name), expected_book.rows(name), fillvalue=()), start=1
    ):
        for place, row in enumerate(pair):
            if any(row):
                counts[place] = number
        label = pair[1][0].value if pair[1] and pair[1][0] is not None else None
        for column, (submitted, expected) in enumerate(zip_longest(*pair)):
            difference = _difference(submitted, expected, name, f"{_letters(column)}{number}", language)
            if difference is None:
                continue
            if column and label in (SOFTWARE.to(language), TZDATA.to(language)):
                texts = {"there": _cell_text(submitted, language), "ours": _cell_text(expected, language)}
                yield ReportDifference(_OTHER.to(language).format(label=label, **texts), figures=False)
            else:
                yield ReportDifference(difference)
    if counts[0] != counts[1]:
        yield ReportDifference(_ROWS.to(language).format(sheet=name, there=counts[0], ours=counts[1]))


def _difference(
    submitted: SubmittedCell | None, expected: SubmittedCell | None, sheet: str, cell: str, language: str
) -> str | None:
    if submitted is None and expected is None:
        return None
    named = {"sheet": sheet, "cell": cell, "ours": _cell_text(expected, language)}
    if (
        submitted is None
        or expected is None
        or submitted.kind != expected.kind
        or not _same(submitted.value, expected.value)
    ):
        other = submitted is not None and expected is not None and submitted.kind != expected.kind
        return _CELL.to(language).format(
            there=_of_kind(submitted, language) if other else _cell_text(submitted, language), **named
        )
    if submitted.look != expected.look:
        odd = next(
            look or "-"
            for look, expected_look in zip(submitted.look, expected.look, strict=True)
            if look != expected_look
        )
        return _LOOK.to(language).format(there=cleaned(odd)[:60], **named)
    return None


def _same(submitted: object, expected: object) -> bool:
    if isinstance(submitted, datetime) and isinstance(expected, datetime):
        return abs(submitted - expected) < _INSTANT
    if isinstance(submitted, timedelta) and isinstance(expected, timedelta):
        return abs(submitted - expected) < _INSTANT
    if isinstance(submitted, int | float) and isinstance(expected, int | float):
        return math.isclose(submitted, expected, rel_tol=1e-13, abs_tol=1e-13)
    return submitted == expected


def _cell_text(cell: SubmittedCell | None, language: str) -> str:
    if cell is None:
        return _NOTHING.to(language)
    value, form = cell.value, cell.look[0]
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M:%S")
    if isinstance(value, timedelta):
        ms = round(value.total_seconds() * 1000)
        part = f".{ms % 1000:03d}" if ms % 1000 else ""
        return f"{ms // 3_600_000}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{part}"
    if isinstance(value, float | int) and not isinstance(value, bool):
        return decimal(f"{value * 100:.4f} %" if "%" in form else f"{value:.15g}", language)
    return _FORMULA.to(language).format(_cut(str(value))) if cell.kind == "formula" else _cut(str(value))


def _of_kind(cell: SubmittedCell | None, language: str) -> str:
    return (
        _AS_TEXT.to(language).format(_cell_text(cell, language))
        if cell is not None and cell.kind == "text"
        else _cell_text(cell, language)
    )


def _cut(text: str) -> str:
    printable = cleaned(text)
    return f"“{printable[:_MOST_SHOWN]}{'…' if len(printable) > _MOST_SHOWN else ''}”"


def _letters(column: int) -> str:
    """A, B, ..., Z, AA: what a spreadsheet calls a column."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def _in_workbook(data: bytes, what: str) -> str:
    with open_submitted(data, what) as book:
        sheets = [page.name for page in book.pages() if page.name in (NAME.vi, NAME.en)]
        rows = [tuple(held and held.value for held in row[:2]) for name in sheets for row in book.rows(name)]
    return _joined((row for row in rows if len(row) == 2), what)


def _joined(rows: Iterable[tuple[object, ...]], what: str) -> str:
    """The line out of the rows that it takes; "" if there is none. SansangError if one of them is missing."""
    pieces = [(match, str(text)) for label, text in rows if (match := _REPEAT.fullmatch(str(label)))]
    places = [(int(match[1] or 1), int(match[2] or 1)) for match, _ in pieces]
    if places != [(number, len(places)) for number in range(1, len(places) + 1)]:
        raise SansangError(_NOT_WHOLE.filled(path=what, rows=places[:3]))
    return "".join(text for _, text in pieces)


def _in_csv(data: bytes, what: str) -> str:
    csv.field_size_limit(MOST_BYTES)
    try:
        row = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")), {})
        return str(row.get("repeat") or "")
    except (UnicodeDecodeError, csv.Error) as error:
        raise SansangError(_NO_CSV.filled(path=what, why=error)) from error


def _in_json(data: bytes, what: str) -> str:
    try:
        method = json.loads(data)["method"]
        return str(method["repeat"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SansangError(_NO_JSON.filled(path=what, why=type(error).__name__)) from error


def _in_html(data: bytes, what: str) -> str:
    last = data.decode("utf-8", "replace").rpartition("<section>")[2]  # above it stand names, which may say anything
    rows = re.findall(r"<tr><td>([^<]*)</td><td>([^<]*)</td></tr>", last)
    return _joined(((html.unescape(label), html.unescape(text)) for label, text in rows), what)


_FORMS: Mapping[str, Callable[[bytes, str], str]] = {
    ".xlsx": _in_workbook,
    ".csv": _in_csv,
    ".json": _in_json,
    ".html": _in_html,
}
