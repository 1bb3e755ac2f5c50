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
    """told: in words. figures: False for another version of what made it, which is said and accuses nobody."""

    told: str
    figures: bool = True


def rerun_command_in(data: bytes, path: Path) -> str:
    """The report's own line that makes it again. SansangError for what is no report, or has none."""
    reader = _FORMS.get(path.suffix.lower())
    if reader is None:
        raise SansangError(_NO_ENDING.filled(path=path, known=", ".join(_FORMS)))
    if len(data) > MOST_BYTES:
        raise SansangError(_TOO_LARGE.filled(path=path, most=MOST_BYTES // 1024 // 1024))
    found = reader(data, str(path))
    if not found.startswith(_BEGIN):
        raise SansangError(_NO_LINE.filled(path=path, line=_BEGIN))
    return found


def differences(data: bytes, made: bytes, path: Path, language: str) -> Iterator[ReportDifference]:
    """What the file says otherwise than the report that was just made, in the order of reading."""
    if data == made:
        return iter(())
    if path.suffix.lower() == ".xlsx":
        return _of_workbooks(data, made, str(path), language)
    return _of_lines(data, made, language)


def _of_lines(data: bytes, made: bytes, say: str) -> Iterator[ReportDifference]:
    """A text file is the same to the byte, or it is another."""
    there, ours = (one.decode("utf-8-sig", "replace").splitlines() for one in (data, made))
    before = None
    for number, pair in enumerate(zip_longest(there, ours), start=1):
        if pair[0] != pair[1]:
            before = number
            begin = max(_parting(*pair) - 30, 0)
            shown = [_NOTHING.to(say) if one is None else _cut(one[begin : begin + 90]) for one in pair]
            yield ReportDifference(_LINE.to(say).format(cell=number, there=shown[0], ours=shown[1]))
    if before is None:
        yield ReportDifference(_LINE.to(say).format(cell=1, there=f"{len(data)} bytes", ours=f"{len(made)} bytes"))


def _parting(there: str | None, ours: str | None) -> int:
    """Where two lines part: they may be long."""
    both = zip(there or "", ours or "", strict=False)
    return next((at for at, pair in enumerate(both) if pair[0] != pair[1]), 0)


def _of_workbooks(data: bytes, made: bytes, what: str, say: str) -> Iterator[ReportDifference]:
    with open_submitted(data, what) as there, open_submitted(made, "the ledger's report") as ours:
        yield from (ReportDifference(_FOREIGN.to(say).format(there=part)) for part in there.foreign())
        theirs = {page.name: page for page in there.pages()}
        mine = {page.name: page for page in ours.pages()}
        yield from (
            ReportDifference(_EXTRA_SHEET.to(say).format(sheet=cleaned(name)[:60]))
            for name in theirs
            if name not in mine
        )
        common = [name for name in theirs if name in mine]
        if common != [name for name in mine if name in theirs]:
            yield ReportDifference(_ORDER.to(say))
        for name, page in mine.items():
            if name not in theirs:
                yield ReportDifference(_NO_SHEET.to(say).format(sheet=name))
                continue
            yield from _of_pages(theirs[name], page, say)
            yield from _of_cells(there, ours, name, say)


def _of_pages(there: SubmittedSheet, ours: SubmittedSheet, say: str) -> Iterator[ReportDifference]:
    if there.state != ours.state:
        yield ReportDifference(_STATE.to(say).format(sheet=ours.name))
    for words, some, others in ((_ODD, there.odd, ours.odd), (_LESS, ours.odd, there.odd)):
        for one in some:
            if one not in others:
                yield ReportDifference(words.to(say).format(sheet=ours.name, there=one))


def _of_cells(there: SubmittedWorkbook, ours: SubmittedWorkbook, name: str, say: str) -> Iterator[ReportDifference]:
    counts = [0, 0]
    for number, pair in enumerate(zip_longest(there.rows(name), ours.rows(name), fillvalue=()), start=1):
        for place, row in enumerate(pair):
            if any(row):
                counts[place] = number
        label = pair[1][0].value if pair[1] and pair[1][0] is not None else None
        for column, (theirs, mine) in enumerate(zip_longest(*pair)):
            told = _told(theirs, mine, name, f"{_letters(column)}{number}", say)
            if told is None:
                continue
            if column and label in (SOFTWARE.to(say), TZDATA.to(say)):
                shown = {"there": _shown(theirs, say), "ours": _shown(mine, say)}
                yield ReportDifference(_OTHER.to(say).format(label=label, **shown), figures=False)
            else:
                yield ReportDifference(told)
    if counts[0] != counts[1]:
        yield ReportDifference(_ROWS.to(say).format(sheet=name, there=counts[0], ours=counts[1]))


def _told(there: SubmittedCell | None, ours: SubmittedCell | None, sheet: str, cell: str, say: str) -> str | None:
    if there is None and ours is None:
        return None
    named = {"sheet": sheet, "cell": cell, "ours": _shown(ours, say)}
    if there is None or ours is None or there.kind != ours.kind or not _same(there.value, ours.value):
        other = there is not None and ours is not None and there.kind != ours.kind
        return _CELL.to(say).format(there=_of_kind(there, say) if other else _shown(there, say), **named)
    if there.look != ours.look:
        odd = next(one or "-" for one, own in zip(there.look, ours.look, strict=True) if one != own)
        return _LOOK.to(say).format(there=cleaned(odd)[:60], **named)
    return None


def _same(there: object, ours: object) -> bool:
    if isinstance(there, datetime) and isinstance(ours, datetime):
        return abs(there - ours) < _INSTANT
    if isinstance(there, timedelta) and isinstance(ours, timedelta):
        return abs(there - ours) < _INSTANT
    if isinstance(there, int | float) and isinstance(ours, int | float):
        return math.isclose(there, ours, rel_tol=1e-13, abs_tol=1e-13)
    return there == ours


def _shown(held: SubmittedCell | None, say: str) -> str:
    if held is None:
        return _NOTHING.to(say)
    value, form = held.value, held.look[0]
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M:%S")
    if isinstance(value, timedelta):
        ms = round(value.total_seconds() * 1000)
        part = f".{ms % 1000:03d}" if ms % 1000 else ""
        return f"{ms // 3_600_000}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{part}"
    if isinstance(value, float | int) and not isinstance(value, bool):
        return decimal(f"{value * 100:.4f} %" if "%" in form else f"{value:.15g}", say)
    return _FORMULA.to(say).format(_cut(str(value))) if held.kind == "formula" else _cut(str(value))


def _of_kind(held: SubmittedCell | None, say: str) -> str:
    return _AS_TEXT.to(say).format(_shown(held, say)) if held is not None and held.kind == "text" else _shown(held, say)


def _cut(text: str) -> str:
    shown = cleaned(text)
    return f"“{shown[:_MOST_SHOWN]}{'…' if len(shown) > _MOST_SHOWN else ''}”"


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
    pieces = [(found, str(text)) for label, text in rows if (found := _REPEAT.fullmatch(str(label)))]
    places = [(int(found[1] or 1), int(found[2] or 1)) for found, _ in pieces]
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
