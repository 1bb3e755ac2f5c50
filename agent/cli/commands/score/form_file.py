"""`sansang score --form FILE`: the clerk's own workbook comes back, filled in."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from agent.characters import written_out
from agent.cli.arguments import say
from agent.errors import FileError, SansangError
from agent.regular_file import read_regular
from agent.reporting.scoring.report import ScoreReport
from agent.scoring.form.package import MOST_BYTES
from agent.scoring.form.texts import FormError
from agent.scoring.sheet import ScoreSheet
from agent.text import Text
from exporters.scores.form.form_fill import FilledForm
from exporters.scores.form.report_fill import fill_with_report
from exporters.scores.form.sheet_fill import fill_form

_ENDING = ".xlsx"
_ONE_UNIT = Text(
    "--form điền biểu của một đơn vị; hãy thêm --unit, ví dụ: --unit xa-a",
    "--form fills in the form of one unit; add --unit, for instance: --unit xa-a",
)
_ONE_OUTPUT = Text(
    "--form cần đúng một tệp -o .xlsx để ghi biểu đã điền, ví dụ: -o {stem}-da-cham.xlsx",
    "--form needs one -o .xlsx for the filled form, for instance: -o {stem}-filled.xlsx",
)
_ITSELF = Text(
    "-o {path} chính là tệp của --form; hãy chọn tên khác, ví dụ: -o {stem}-da-cham.xlsx",
    "-o {path} is the file of --form itself; choose another name, for instance: -o {stem}-filled.xlsx",
)
_NOT_VERIFIED = Text(
    "không điền biểu từ sổ chưa kiểm chứng, vì biểu không có chỗ ghi điều đó: {why}",
    "no form is filled in from a ledger that was not verified, for it has no place to say so: {why}",
)
_REFUSED = Text("{file}: {why}", "{file}: {why}")
_WRITTEN = Text("Đã ghi: {file}, {count} ô: {cells}", "Written: {file}, cells {count}: {cells}")
_SAME = Text(
    "Đã ghi: {file}; không ô nào đổi, những gì chấm được đã có trong biểu",
    "Written: {file}; no cell has changed, what could be scored stands there",
)
_MOST_CELLS = 12
_MOST_REMARKS = 200


def add_form_option(parser: argparse.ArgumentParser) -> None:
    """``--form``."""
    parser.add_argument(
        "--form",
        metavar="FILE",
        type=Path,
        help=say(
            "điền vào chính tệp tự đánh giá này (.xlsx); ghi ra tệp -o .xlsx",
            "fill in this self-assessment workbook (.xlsx); the -o .xlsx file is then that",
        ),
    )


@dataclass(slots=True)
class FormFile:
    """The workbook to fill in, read before the long work. lines: what to say once it is written."""

    path: Path
    output: Path
    data: bytes
    lines: list[Text] = field(default_factory=list)

    def check(self, sheet: ScoreSheet) -> None:
        """Whether it can be filled in at all, and is the sheet's. Raises SansangError."""
        self._refusing(lambda: fill_form(self.data, sheet, {}))

    def filled(self, report: ScoreReport) -> bytes:
        """The workbook with the scores of the report's unit. Raises SansangError."""
        if report.unverified:
            raise SansangError(_NOT_VERIFIED.filled(why=report.unverified))
        form = self._refusing(lambda: fill_with_report(self.data, report))
        self.lines += _said(self.output, form)
        return form.data

    def say(self, language: str, out: TextIO) -> None:
        """What was written, and what was not."""
        out.writelines(f"{line.to(language)}\n" for line in self.lines)

    def _refusing(self, fill: Callable[[], FilledForm]) -> FilledForm:
        try:
            return fill()
        except FormError as error:
            raise SansangError(_REFUSED.filled(file=self.path, why=error)) from error


def form_file(args: argparse.Namespace) -> FormFile | None:
    """The workbook that ``--form`` names; None without it. Raises SansangError for a call that lacks what it needs."""
    path: Path | None = args.form
    if path is None:
        return None
    outputs = [one for one in args.output if one.suffix.lower() == _ENDING]
    if not args.unit:
        raise SansangError(_ONE_UNIT)
    if len(outputs) != 1:
        raise SansangError(_ONE_OUTPUT.filled(stem=path.stem))
    if outputs[0].resolve() == path.resolve():
        raise SansangError(_ITSELF.filled(path=outputs[0], stem=path.stem))
    try:
        return FormFile(path, outputs[0], read_regular(path, MOST_BYTES + 1)[0])
    except OSError as error:
        raise FileError(path, error) from error


def _said(output: Path, form: FilledForm) -> Iterator[Text]:
    named = _named(form.cells)
    yield _WRITTEN.filled(file=output, count=len(form.cells), cells=named) if form.cells else _SAME.filled(file=output)
    yield from (Text(*(f"  {written_out(words)}" for words in remark)) for remark in form.remarks[:_MOST_REMARKS])


def _named(cells: Sequence[str]) -> str:
    return ", ".join(cells[:_MOST_CELLS]) + (" ..." if len(cells) > _MOST_CELLS else "")
