"""`sansang uptime`: how ready it was, exact to the millisecond; from the ledger, or from a file of recorded stories."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from agent.availability.figures import Pooling
from agent.availability.periods import period_of
from agent.characters import json_text
from agent.cli.agent_location import AgentLocation, add_location_options, locate_agent
from agent.cli.arguments import Subparsers, add_selection, add_unverified, say
from agent.cli.clients.prometheus_report import from_store, refuse_twins
from agent.cli.failures import refuse_damaged
from agent.cli.progress import working
from agent.cli.tables.layout import console
from agent.cli.tables.uptime import NOTHING_CHOSEN, table
from agent.clock import SystemClock
from agent.errors import FileError, LedgerDamagedError, SansangError
from agent.explain.environment import environment_language
from agent.model import Selection
from agent.regular_file import read_regular
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.replay import replay
from agent.reporting.report import UptimeReport
from agent.reporting.request import GROUPS, POOLINGS, UNIT_BASES, ReportRequest, parse_as_of
from agent.scoring.evidence import UnitBasis
from agent.text import Text
from exporters.atomic_file import write
from exporters.reports.files import writer_for
from exporters.reports.json_file import json_file
from exporters.reports.replay_json import replay_json

_MOST_BYTES = 512 * 1024 * 1024
_NOT_WITH_REPLAY = Text(
    "--source đi với --period, không đi với --replay", "--source goes with --period, not with --replay"
)
_AS_OF_ALONE = Text(
    "--as-of hỏi sổ của bộ giám sát; không dùng cùng --replay hay --source",
    "--as-of asks the ledger; it goes neither with --replay nor with --source",
)
_BY_UNIT = Text(
    "--units today-mean là số của từng đơn vị: hãy thêm --by unit",
    "--units today-mean is a figure of units: add --by unit",
)
_UNITS_ALONE = Text(
    "--units cần sổ của bộ giám sát; không dùng cùng --replay hay --source",
    "--units needs the ledger; it goes neither with --replay nor with --source",
)
_SOURCE = Text(
    "--source: hãy ghi prometheus=URL; kho này không biết lịch (chỉ `always`) và không có --by",
    "--source: right would be prometheus=URL; it knows no calendars (only `always`) and no --by",
)
_TOO_LARGE = Text(
    "{path}: lớn hơn {most} MiB, không báo cáo nào cần nhiều như vậy",
    "{path}: larger than {most} MiB, which no report needs",
)


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "uptime",
        description=say(
            "Độ sẵn sàng của một kỳ, chính xác đến mili giây: in ra bảng hoặc ghi thành báo cáo.",
            "Uptime of a period, exact to the millisecond: as a table, or written as a report.",
        ),
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--period",
        metavar="PERIOD",
        help=say(
            "2026-10, 2026-Q4, 2026, hoặc TỪ..ĐẾN là hai ngày, tính cả hai",
            "2026-10, 2026-Q4, 2026, or FROM..TO as two dates, both counted",
        ),
    )
    what.add_argument(
        "--replay",
        metavar="FILE",
        type=Path,
        help=say("tính từ tệp diễn biến đã ghi, không cần sổ", "compute from recorded stories, without a ledger"),
    )
    parser.add_argument(
        "--calendar",
        metavar="NAME",
        default="",
        help=say(
            "lịch cho mọi mục tiêu (mặc định: mỗi mục tiêu theo lịch riêng)", "for all targets (default: each its own)"
        ),
    )
    add_selection(parser)
    parser.add_argument(
        "--as-of",
        metavar="WHEN",
        help=say(
            "theo sổ lúc đó: số dòng, thời điểm, hoặc DÒNG@GIỜ của một báo cáo",
            "as the ledger stood: a row, a time, or ROW@TIME of a report",
        ),
    )
    _add_grouping(parser)
    parser.add_argument(
        "--source",
        metavar="prometheus=URL",
        help=say(
            "lấy tỷ lệ trạng thái từ kho Prometheus, không từ sổ", "shares of states from such a store, not the ledger"
        ),
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        help=say("ghi thành .xlsx, .csv, .json hoặc .html", "write it as .xlsx, .csv, .json or .html"),
    )
    add_unverified(parser)
    add_location_options(parser)
    parser.set_defaults(run=_run)


def _add_grouping(parser: argparse.ArgumentParser) -> None:
    """What is summed up, how, and under which units."""
    parser.add_argument(
        "--by",
        choices=GROUPS,
        default="target",
        help=say("cộng thêm theo điểm, đơn vị hoặc cấp", "sums of sites, units or levels as well"),
    )
    parser.add_argument(
        "--pooling",
        choices=POOLINGS,
        default=Pooling.POOLED.value,
        help=say(
            "số chung của nhiều mục tiêu: gộp thời gian (pooled) hoặc trung bình mục tiêu (mean)",
            "the figure of several targets: their time pooled, or the mean of their figures",
        ),
    )
    parser.add_argument(
        "--units",
        choices=UNIT_BASES,
        default=UnitBasis.AS_WAS.value,
        help=say(
            "gộp theo đơn vị của từng thời điểm (as-was), đơn vị hiện nay (today), hoặc trung bình chỉ số các đơn vị "
            "trước đó (today-mean)",
            "units of the time (as-was), those of today, or the mean of the indices of the units before (today-mean)",
        ),
    )


def _run(args: argparse.Namespace) -> int:
    """ConfigError with every fault of the replay file or the inventory. A ledger that is not what was written: 1."""
    writer = None if args.output is None else writer_for(args.output)
    with working() as step:
        step(str(args.replay or args.source or "ledger"))
        try:
            report = replace(_report(args), pooling=Pooling(args.pooling))
        except LedgerDamagedError as error:
            return refuse_damaged(error, locate_agent(args).language)
        if writer is not None:
            step(args.output.name)
            write(args.output, writer(report))
    if args.json:
        sys.stdout.write(_json(report) if args.replay is None else json_text(replay_json(report)) + "\n")
    elif writer is None:
        table(report, console())
    return 0


def _report(args: argparse.Namespace) -> UptimeReport:
    if args.replay is not None and args.source is not None:
        raise SansangError(_NOT_WITH_REPLAY)
    if args.units == UnitBasis.TODAY_MEAN.value and args.by != "unit":
        raise SansangError(_BY_UNIT)
    if args.units != UnitBasis.AS_WAS.value and (args.replay is not None or args.source is not None):
        raise SansangError(_UNITS_ALONE)
    if args.as_of is not None and (args.replay is not None or args.source is not None):
        raise SansangError(_AS_OF_ALONE)
    if args.replay is not None:
        return replay(_read(args.replay), str(args.replay), args.lang or environment_language())
    location = locate_agent(args)
    period_of(args.period)  # before the long work
    return _from_ledger(args, location) if args.source is None else _from_store(args, location)


def _request(args: argparse.Namespace, location: AgentLocation) -> ReportRequest:
    selection = Selection(tuple(args.site), tuple(args.role), tuple(args.target))
    as_of = None if args.as_of is None else parse_as_of(args.as_of, location.zone)
    return ReportRequest(
        args.period,
        location.language,
        args.calendar,
        selection,
        args.by,
        as_of,
        unverified=args.unverified,
        pooling=Pooling(args.pooling),
        units=UnitBasis(args.units),
    )


def _from_ledger(args: argparse.Namespace, location: AgentLocation) -> UptimeReport:
    organisation, now_ms = location.inventory.organisation, SystemClock().wall_ms()
    report = report_from_ledger(location.directory, organisation, _request(args, location), now_ms)
    if not report.targets:
        raise SansangError(NOTHING_CHOSEN)
    return report


def _from_store(args: argparse.Namespace, location: AgentLocation) -> UptimeReport:
    kind, _, url = args.source.partition("=")
    if kind != "prometheus" or args.calendar not in ("", "always") or args.by != "target":
        raise SansangError(_SOURCE)
    now_ms = SystemClock().wall_ms()
    refuse_twins(url, location.inventory, args.period, now_ms)
    return from_store(url, location.inventory, _request(args, location), now_ms)


def _json(report: UptimeReport) -> str:
    """The document of ``-o x.json``, byte for byte."""
    return json_file(report).decode()


def _read(path: Path) -> bytes:
    try:
        text, _ = read_regular(path, _MOST_BYTES + 1)
    except OSError as error:
        raise FileError(path, error) from error
    if len(text) > _MOST_BYTES:
        raise SansangError(_TOO_LARGE.filled(path=path, most=_MOST_BYTES // 1024 // 1024))
    return text
