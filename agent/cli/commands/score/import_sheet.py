"""`sansang score import-sheet`: a self-assessment workbook becomes a score sheet as data."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from agent.characters import written_out
from agent.cli.arguments import Subparsers, add_language, language_now, say
from agent.cli.tables.layout import console
from agent.cli.tables.layout import say as say_in
from agent.clock import SystemClock
from agent.errors import FileError, SansangError
from agent.regular_file import read_regular
from agent.scoring.document.canonical import sheet_yaml, with_digest
from agent.scoring.form.form import Form
from agent.scoring.form.package import MOST_BYTES
from agent.scoring.form.points import points_text
from agent.scoring.form.read import read_form
from agent.scoring.form.score_sheet import FormIdentity, form_codes, proposals, score_sheet, sheet_id, year_of
from agent.scoring.form.texts import FormError
from agent.text import Text
from exporters.atomic_file import write

_READ = Text(
    "{file}: trang '{tab}', {criteria} chỉ số trong {groups} nhóm, thang {scale} điểm.",
    "{file}: sheet '{tab}', criteria {criteria}, groups {groups}, scale {scale} points.",
)
_PROPOSED = Text(
    "Đề xuất số đo của bộ giám sát cho {count} chỉ số; hãy xem lại:",
    "Measured by the agent, as proposed for {count} criteria; look them over:",
)
_MANUAL = Text("Cán bộ điền: {count} chỉ số: {codes}", "Filled in by the clerk: {count} criteria: {codes}")
_REMARKS = Text("Cần biết:", "Worth knowing:")
_NO_YEAR = Text(
    "biểu không ghi năm: lấy năm {year}; hãy sửa valid trong tệp nếu khác",
    "the form names no year: {year} is taken; change valid in the file if it is another",
)
_REFUSED = Text("{file}: {why}", "{file}: {why}")
_WRITTEN = Text("Đã ghi: {file}", "Written: {file}")
_NEXT = Text("Kiểm tra lại: sansang score validate {file}", "Check it: sansang score validate {file}")
_NOT_YET = Text(
    "Chưa ghi gì. Để ghi, thêm -o, ví dụ: -o config/scoring/{id}.yml",
    "Nothing written yet. To write it, add -o, for instance: -o config/scoring/{id}.yml",
)
_THERE = Text(
    "{file} đã có và khác đi: thêm --force để ghi đè, hoặc chọn tên khác",
    "{file} is there and differs: --force writes over it, or choose another name",
)


def add_parser(subcommands: Subparsers) -> None:
    """Register the command."""
    parser = subcommands.add_parser(
        "import-sheet",
        help=say("lập biểu từ tệp tự đánh giá (.xlsx)", "make a score sheet from a self-assessment workbook"),
        description=say(
            "Đọc tệp tự đánh giá của cơ quan (.xlsx) thành một biểu chấm điểm, đề xuất số đo cho những chỉ số nhận ra,"
            " và nói rõ phần nào cán bộ phải điền.",
            "Read an office's self-assessment workbook (.xlsx) into a score sheet, propose a measure for the rows that"
            " are recognised, and say which the clerk fills in.",
        ),
    )
    parser.add_argument("file", type=Path, help=say("tệp tự đánh giá (.xlsx)", "the workbook (.xlsx)"))
    parser.add_argument(
        "-o",
        dest="output",
        type=Path,
        metavar="FILE",
        help=say("ghi ra tệp này (mặc định: chỉ cho xem)", "write to this file (default: only show)"),
    )
    parser.add_argument(
        "--level",
        action="append",
        metavar="LEVEL",
        help=say("cấp dùng biểu này (mặc định: commune)", "the level that it is for (default: commune)"),
    )
    parser.add_argument(
        "--tab",
        metavar="NAME",
        help=say("trang có bảng, khi sổ có nhiều bảng", "the sheet with the table, where there are several"),
    )
    parser.add_argument("--force", action="store_true", help=say("ghi đè tệp đã có", "write over a file that is there"))
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when the workbook could be read and, with -o, the sheet was written."""
    language = args.lang or language_now()
    form = _form(args.file, args.tab)
    year = year_of(form)
    name = sheet_id(args.output.stem if args.output is not None else args.file.stem)
    levels = tuple(args.level or ("commune",))
    identity = FormIdentity(name, args.file.name, levels, year or _this_year())
    sheet = with_digest(score_sheet(form, identity))
    remarks = [*form.remarks, *([] if year else [_NO_YEAR.filled(year=identity.year)])]
    _show(args.file, form, remarks, language)
    if args.output is None:
        say_in(_NOT_YET.filled(id=name).to(language), console())
        return 0
    _write(args.output, sheet_yaml(sheet).encode(), force=args.force)
    for text in (_WRITTEN, _NEXT):
        sys.stdout.write(text.filled(file=args.output).to(language) + "\n")
    return 0


def _form(path: Path, tab: str | None) -> Form:
    try:
        return read_form(_read(path), tab)
    except FormError as error:
        raise SansangError(_REFUSED.filled(file=path, why=error)) from error


def _this_year() -> int:
    return datetime.fromtimestamp(SystemClock().wall_ms() / 1000, UTC).year


def _read(path: Path) -> bytes:
    try:
        return read_regular(path, MOST_BYTES + 1)[0]
    except OSError as error:
        raise FileError(path, error) from error


def _write(path: Path, content: bytes, *, force: bool) -> None:
    """What a clerk wrote into the file since is not lost unasked."""
    if path.exists() and not force and _read(path) != content:
        raise SansangError(_THERE.filled(file=path))
    write(path, content)


def _show(file: Path, form: Form, remarks: list[Text], language: str) -> None:
    out = console()
    for line in _lines(file, form, remarks, language):
        say_in(line, out)


def _lines(file: Path, form: Form, remarks: list[Text], language: str) -> Iterator[str]:
    codes, proposed = form_codes(form), proposals(form)
    groups = len(codes) - len(form.criteria)
    scale = points_text(form.scale, language)
    yield _READ.filled(file=file, tab=form.tab, criteria=len(form.criteria), groups=groups, scale=scale).to(language)
    if proposed:
        yield _PROPOSED.filled(count=len(proposed)).to(language)
        for entry in form.criteria:
            if entry.row in proposed:
                title = written_out(entry.title[:60])
                yield f"  {codes[entry.row]}  {title}: {proposed[entry.row].words.to(language)}"
    manual = [codes[entry.row] for entry in form.criteria if entry.row not in proposed]
    if manual:
        yield _MANUAL.filled(count=len(manual), codes=", ".join(manual)).to(language)
    if remarks:
        yield _REMARKS.to(language)
        yield from (f"  {written_out(remark.to(language))}" for remark in remarks)
