"""`sansang score --sheet S --period P`: the points of one unit or of all of a level, out of the ledger."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from agent.availability.periods import period_of
from agent.cli.agent_location import AgentLocation, add_location_options, locate_agent
from agent.cli.arguments import add_unverified, say
from agent.cli.commands.score.form_file import FormFile, add_form_option, form_file
from agent.cli.commands.score.packing import Packing
from agent.cli.commands.score.sheets import chosen_sheet
from agent.cli.failures import refuse_damaged
from agent.cli.progress import working
from agent.cli.tables.layout import console
from agent.cli.tables.score import table
from agent.clock import SystemClock
from agent.errors import FileError, LedgerDamagedError, SansangError
from agent.garbage import uncollected
from agent.inventory.locate import locate
from agent.regular_file import read_regular
from agent.reporting.request import UNIT_BASES, parse_as_of
from agent.reporting.scoring.earlier import MOST_BYTES, earlier_totals
from agent.reporting.scoring.ledger_score import score_from_ledger
from agent.reporting.scoring.report import ScoreReport
from agent.reporting.scoring.request import ScoreRequest
from agent.scoring.evaluation import Total
from agent.scoring.evidence import GivenValue
from agent.scoring.given.read import read_given
from agent.scoring.sheet import ScoreSheet
from agent.text import Text
from exporters.atomic_file import write
from exporters.scores.files import ScoreWriter, is_package, is_workbook, writer_for
from exporters.scores.json_file import json_pieces

_NO_PERIOD = Text("thiếu --period; hãy ghi như --period 2026", "--period is missing; right would be --period 2026")
_TOO_LARGE = Text("{path}: lớn hơn {most} MiB", "{path}: larger than {most} MiB")
_NO_TOTALS: Mapping[str, Total] = MappingProxyType({})


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command itself, beside its subcommands."""
    parser.add_argument(
        "--sheet",
        metavar="SHEET",
        help=say(
            "biểu chấm điểm: tệp .yml, hoặc mã của biểu ghi trong cấu hình",
            "the score sheet: a .yml file, or the id of one that the configuration names",
        ),
    )
    parser.add_argument(
        "--period",
        metavar="PERIOD",
        help=say(
            "2026, 2026-Q4, 2026-10, hoặc TỪ..ĐẾN là hai ngày, tính cả hai",
            "2026, 2026-Q4, 2026-10, or FROM..TO as two dates, both counted",
        ),
    )
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--unit", metavar="ID", default="", help=say("chỉ đơn vị này", "this unit alone"))
    whose.add_argument(
        "--level",
        metavar="LEVEL",
        default="",
        help=say(
            "mọi đơn vị của cấp này (mặc định: các cấp của biểu)", "all units of it (default: the sheet's levels)"
        ),
    )
    parser.add_argument(
        "--units",
        choices=UNIT_BASES,
        default=UNIT_BASES[0],
        help=say(
            "đơn vị như thời điểm đó (as-was), hiện nay cộng gộp (today), hiện nay lấy trung bình (today-mean)",
            "units as they were, or those of today: in one sum, or as the mean of what they were",
        ),
    )
    parser.add_argument(
        "--values",
        metavar="FILE",
        action="append",
        default=[],
        help=say(
            "giá trị nhập tay đã điền (sansang score values); dùng được nhiều lần",
            "given values, filled in (sansang score values); may be repeated",
        ),
    )
    parser.add_argument(
        "--before",
        metavar="PERIOD|FILE",
        default="",
        help=say("so với kỳ này, hoặc với score.json của kỳ trước", "compare with this period, or with its score.json"),
    )
    parser.add_argument(
        "--as-of",
        metavar="WHEN",
        help=say(
            "theo sổ lúc đó: số dòng, thời điểm, hoặc DÒNG@GIỜ đã in",
            "as the ledger stood: a row, a time, or ROW@TIME as printed",
        ),
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help=say(
            "ghi thành .xlsx, .csv, .json hoặc gói bằng chứng .zip (dùng được nhiều lần)",
            "write .xlsx, .csv, .json or the package of evidence, .zip (may be repeated)",
        ),
    )
    add_form_option(parser)
    add_unverified(parser)
    add_location_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0, also where rows are pending; 1 for a ledger that is not what was written; 2 for a wrong call."""
    if args.period is None:
        raise SansangError(_NO_PERIOD)
    period_of(args.period)  # before the long work
    form = form_file(args)
    outputs = _outputs(args.output, form)
    packing = Packing(outputs)
    location = locate_agent(args)
    if form is not None:
        form.check(_sheet(args, location))
    with working() as step, uncollected():
        step(args.period)
        try:
            report = scored(args, location)
        except LedgerDamagedError as error:
            return refuse_damaged(error, location.language)
        for path, writer in outputs:
            step(path.name)
            write(path, packing.content(path, report) if writer is None else writer(report))
    out = sys.stderr if args.json else sys.stdout
    packing.hand_out(location, report, out)
    if form is not None:
        form.say(location.language, out)
    if args.json:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(json_pieces(report))
    elif not outputs:
        table(report, console())
    return 0


def _outputs(paths: Sequence[Path], form: FormFile | None) -> list[tuple[Path, ScoreWriter | None]]:
    """What writes each file; None for a package and the workbooks beside it, which carry its hash."""
    packed = any(map(is_package, paths))
    return [(path, _writer(path, form, packed=packed)) for path in paths]


def _writer(path: Path, form: FormFile | None, *, packed: bool) -> ScoreWriter | None:
    if form is not None and path == form.output:
        return form.filled
    return None if is_package(path) or (packed and is_workbook(path)) else writer_for(path)


def _sheet(args: argparse.Namespace, location: AgentLocation) -> ScoreSheet:
    return chosen_sheet(args.sheet, location.inventory, locate(args.config).parent, location.language)


@dataclass(frozen=True, slots=True)
class _Question:
    location: AgentLocation
    sheet: ScoreSheet
    given: tuple[GivenValue, ...]
    now_ms: int

    def answer(self, request: ScoreRequest, before: Mapping[str, Total] = _NO_TOTALS) -> ScoreReport:
        organisation = self.location.inventory.organisation
        return score_from_ledger(
            self.location.directory, organisation, request, self.sheet, self.given, self.now_ms, before=before
        )


def scored(args: argparse.Namespace, location: AgentLocation) -> ScoreReport:
    """The report that the options ask for. ConfigError with the faults of the sheet or of a file of values."""
    sheet = _sheet(args, location)
    given = tuple(value for name in args.values for value in read_given(Path(name), sheet, None, location.language))
    question = _Question(location, sheet, given, SystemClock().wall_ms())
    as_of = None if args.as_of is None else parse_as_of(args.as_of, location.zone)
    request = ScoreRequest(
        args.sheet or sheet.id,
        args.period,
        location.language,
        args.unit,
        args.level,
        args.units,
        as_of,
        tuple(args.values),
        before=args.before,
        unverified=args.unverified,
        every_target=any(map(is_package, args.output)),
    )
    return question.answer(request, _before(question, request))


def _before(question: _Question, request: ScoreRequest) -> Mapping[str, Total]:
    """Totals to compare with: out of the file, or counted from the ledger as it is for that period."""
    if not request.before:
        return _NO_TOTALS
    if not request.before.endswith(".json"):
        earlier = replace(request, period=request.before, values=(), before="", every_target=False)
        return {score.unit: score.total for score in replace(question, given=()).answer(earlier).scores}
    return earlier_totals(_read(Path(request.before)), request.before, question.sheet.maximum)


def _read(path: Path) -> bytes:
    try:
        text, _ = read_regular(path, MOST_BYTES + 1)
    except OSError as error:
        raise FileError(path, error) from error
    if len(text) > MOST_BYTES:
        raise SansangError(_TOO_LARGE.filled(path=path, most=MOST_BYTES // 1024 // 1024))
    return text
