"""`sansang ledger days`: the daily sums in the yearly files, as a table, CSV or JSON."""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from agent.availability.figures import pooled
from agent.characters import json_text, quoted
from agent.cli.agent_location import AgentLocation, locate_agent
from agent.cli.arguments import Subparsers, add_config, add_json, add_language, add_unverified, say
from agent.cli.failures import NOT_AS_WRITTEN, refuse_damaged
from agent.cli.tables.layout import columns, console, show
from agent.cli.tables.layout import say as say_in
from agent.cli.tables.uptime import percent
from agent.clock import SystemClock
from agent.errors import FileError, LedgerDamagedError, LedgerError, SansangError
from agent.explain.ledger import mark
from agent.ledger.chain import Progress
from agent.ledger.days import day_files
from agent.ledger.days.sums import ClosedDay
from agent.ledger.integrity.verify import verified
from agent.ledger.reader import Reader
from agent.reporting.days import DayDifference, differences
from agent.text import Text
from exporters.reports.formatting import hours

_SUMS = ("scoring_ms", "maintenance_ms", "unknown_ms", "down_ms", "degraded_ms", "up_ms", "outages")
_MOST_LISTED = 5
_CSV_COLUMNS = ("day", "observer", "zone", "target", *_SUMS, "longest_outage_ms")
_COLUMNS = Text(
    "Ngày|Mục tiêu|Sẵn sàng|Biết được|Mất|Lần mất|Lâu nhất|Chưa rõ|Bảo trì",
    "Day|Targets|Available|Known|Down|Outages|Longest|Unknown|Maintenance",
)
_TITLE = Text(
    "Tổng theo ngày, như đã ghi; mọi giờ đều tính. Số chính thức: `sansang uptime`",
    "Sums by day, as recorded; every hour counts. Official figures: `sansang uptime`",
)
_NOTHING = Text(
    "chưa có ngày nào được chốt ở {place}; bộ giám sát chốt mỗi ngày một lần, vài giờ sau nửa đêm",
    "no day has been closed yet at {place}; the agent closes one a day, a few hours after midnight",
)
_NO_YEAR = Text(
    "không có tệp của năm {year} ở {place}; có: {years}",
    "there is no file of the year {year} at {place}; there are: {years}",
)
_NO_TARGET = Text(
    "không có mục tiêu {target} trong tệp của năm {year}",
    "there is no target {target} in the file of the year {year}",
)
_SPOILT = Text(
    "ngày {days} trong {file} không còn đúng như lúc được ghi (SHA-256 khác). Không in gì từ tệp này. Việc cần làm:"
    " giữ một bản của tệp làm bằng chứng rồi chuyển nó đi chỗ khác; bộ giám sát sẽ tính lại các ngày ấy từ sổ. Thêm"
    " `--unverified` thì vẫn in, có dấu ở ngày bị đổi.",
    "the day {days} in {file} is not what was written (its SHA-256 differs). Nothing of that file is printed. What to"
    " do: keep a copy of it as evidence and move it away; the agent counts its days again from the ledger. With"
    " `--unverified` it is printed all the same, with a mark at each such day.",
)
_EDITED = Text(
    "CHƯA KIỂM CHỨNG - ngày này không còn đúng như lúc được ghi (SHA-256 khác)",
    "NOT VERIFIED - this day is not what was written (another SHA-256)",
)
_ELSEWHERE = Text(
    "CHƯA KIỂM CHỨNG - được tính từ dòng {seq} ({hash}) mà sổ này không có: tệp của sổ khác, hoặc sổ đã bị thay, cất"
    " đi hay viết lại",
    "NOT VERIFIED - it was counted from row {seq} ({hash}), which this ledger does not have: the file is of another"
    " ledger, or the ledger was replaced, set aside or written anew",
)
_MORE = Text("và {count} ngày nữa", "and {count} more days")

_CSV_ONLY = Text("{place}: hãy đặt tên tệp kết thúc bằng .csv", "{place}: right would be a name that ends in .csv")
_DAY_CHANGED = Text(
    "tổng theo ngày: ngày {day} không còn đúng như lúc được ghi; tất cả {count} chỗ khác",
    "daily sums: {day} is not what was written; {count} differences in all",
)
_DAY_DIFFERS = Text(
    "tổng theo ngày: ngày {day}, {target}: đã ghi {written}, nay sổ cho {counted}; tất cả {count} chỗ khác. Có thể do"
    " đồng hồ bị chỉnh sau đó, hoặc sổ đã bị cất đi",
    "daily sums: {day} {target}: written {written}, the ledger says now {counted}; {count} differences in all. A later"
    " step of the clock, or a ledger that was set aside, can be why",
)
_NOT_THERE = Text("không có", "not there")


def add_parser(subcommands: Subparsers) -> None:
    """Register the subcommand."""
    parser = subcommands.add_parser(
        "days",
        help=say(
            "số cộng theo ngày của mỗi mục tiêu, từ các tệp năm", "daily sums of every target, from the yearly files"
        ),
    )
    parser.add_argument(
        "--year",
        type=_four_digits,
        metavar="YEAR",
        help=say("năm nào (mặc định: năm mới nhất)", "default: the newest there is"),
    )
    parser.add_argument(
        "--target",
        metavar="ID",
        default="",
        help=say(
            "chỉ mục tiêu này (mặc định: tất cả, cộng theo ngày)", "only this one (default: all, summed up by day)"
        ),
    )
    parser.add_argument(
        "--path",
        metavar="DIR",
        type=Path,
        help=say(
            "thư mục khác có các tệp như vậy, chẳng hạn kho lưu trữ", "another folder of such files, such as an archive"
        ),
    )
    parser.add_argument(
        "-o",
        dest="output",
        metavar="FILE.csv",
        type=Path,
        help=say("mỗi ngày và mục tiêu, dạng CSV", "every day and target as CSV"),
    )
    add_json(parser)
    add_config(parser)
    add_language(parser)
    add_unverified(parser)
    parser.set_defaults(run=_run, agent=None)


def _four_digits(text: str) -> int:
    if not re.fullmatch("[0-9]{4}", text):
        raise argparse.ArgumentTypeError(
            say(f"“{text}” không phải là năm, như 2026", f"“{text}” is not a year such as 2026")
        )
    return int(text)


def first_difference(location: AgentLocation, directory: Path, progress: Progress) -> Text | None:
    """What the ledger tells otherwise than the files, in a sentence; None if nothing. LedgerError as for a report."""
    matching = differences(directory, location.inventory.organisation, SystemClock().wall_ms(), progress)
    first = next(matching, None)
    return None if first is None else _difference_text(first, 1 + sum(1 for _ in matching))


def _difference_text(first: DayDifference, count: int) -> Text:
    if not first.target:
        return _DAY_CHANGED.filled(day=first.day, count=count)
    written, counted = (
        _NOT_THERE if target_day is None else json.dumps(asdict(target_day))
        for target_day in (first.written, first.counted)
    )
    sums = {"written": written, "counted": counted}
    return _DAY_DIFFERS.filled(day=first.day, target=first.target, count=count, **sums)


@dataclass(frozen=True, slots=True)
class _Marks:
    """What stands beside the sums: why the ledger is not what was written, and why a day is not."""

    ledger: str = ""
    days: Mapping[tuple[date, str], str] = field(default_factory=dict)

    def of(self, day: ClosedDay) -> str:
        """The marks of one day, on one line."""
        return "; ".join(mark for mark in (self.ledger, self.days.get((day.day, day.observer), "")) if mark)

    def lines(self, language: str) -> list[str]:
        """Above a table: the first few."""
        lines = [f"{day:%d/%m/%Y}: {why}" for (day, _), why in self.days.items()]
        more = [_MORE.to(language).format(count=len(lines) - _MOST_LISTED)] if len(lines) > _MOST_LISTED else []
        return [*filter(None, (self.ledger,)), *lines[:_MOST_LISTED], *more]


def _run(args: argparse.Namespace) -> int:
    if args.output is not None and args.output.suffix != ".csv":
        raise SansangError(_CSV_ONLY.filled(place=args.output))
    location = locate_agent(args)
    language = location.language
    folder = args.path or location.directory / day_files.FOLDER
    try:
        if args.path:
            marks, spoilt = _checked_days(folder, args, None, language)
        else:
            with verified(location.directory, anyway=args.unverified) as ledger:
                marks, spoilt = _checked_days(folder, args, ledger.reader, language)
                marks = replace(marks, ledger=mark(ledger.wrong, language))
    except LedgerDamagedError as error:
        return refuse_damaged(error, language)
    if spoilt and not args.unverified:
        sys.stderr.write(f"sansang: {spoilt}\n")
        return NOT_AS_WRITTEN
    days = _chosen(args, folder)
    if args.output is not None:
        _csv(days, args.output, marks)
    elif args.json:
        _json(days, marks)
    else:
        _table(days, language, marks)
    return 0


def _checked_days(folder: Path, args: argparse.Namespace, ledger: Reader | None, language: str) -> tuple[_Marks, str]:
    """Each day against its SHA-256, and its head against the ledger, if there is one; and why nothing is printed."""
    year, marks, edited = _year(args, folder), {}, []
    try:
        for day, whole in day_files.looked_at(folder, year):
            if not whole:
                marks[day.day, day.observer] = _EDITED.to(language)
                edited.append(f"{day.day:%d/%m/%Y}")
            elif ledger is not None and (ledger.hash_of(day.head_seq) or b"").hex() != day.head_hash:
                marks[day.day, day.observer] = _ELSEWHERE.to(language).format(seq=day.head_seq, hash=day.head_hash[:12])
    except LedgerDamagedError as error:
        raise LedgerError(error) from error  # not the ledger's own damage
    more = [_MORE.to(language).format(count=len(edited) - _MOST_LISTED)] if len(edited) > _MOST_LISTED else []
    lines = ", ".join([*edited[:_MOST_LISTED], *more])
    file = day_files.file_of(folder, year)
    return _Marks(days=marks), _SPOILT.to(language).format(days=lines, file=file) if edited else ""


def _year(args: argparse.Namespace, folder: Path) -> int:
    """The one that is asked for. SansangError if there is no file of it."""
    there = day_files.years(folder)
    if not there:
        raise SansangError(_NOTHING.filled(place=folder))
    year: int = args.year or there[-1]
    if year not in there:
        raise SansangError(_NO_YEAR.filled(year=year, place=folder, years=", ".join(map(str, there))))
    return year


def _chosen(args: argparse.Namespace, folder: Path) -> Iterator[ClosedDay]:
    year = _year(args, folder)
    days = day_files.read(folder, year, args.target)
    if not args.target:
        return days
    matching = [day for day in days if day.sums]
    if not matching:
        raise SansangError(_NO_TARGET.filled(target=quoted(args.target), year=year))
    return iter(matching)


def _csv(days: Iterator[ClosedDay], place: Path, marks: _Marks) -> None:
    try:
        with place.open("w", encoding="utf-8-sig", newline="") as file:
            sheet = csv.writer(file)
            marked = marks != _Marks()
            sheet.writerow((*_CSV_COLUMNS, "unverified") if marked else _CSV_COLUMNS)
            for day in days:
                head, more = (day.day.isoformat(), day.observer, day.zone), (marks.of(day),) if marked else ()
                sheet.writerows((*head, *asdict(target_day).values(), *more) for target_day in day.sums)
    except OSError as error:
        raise FileError(place, error, written=True) from error


def _json(days: Iterator[ClosedDay], marks: _Marks) -> None:
    """A day at a time: a year of many targets does not fit into memory as one."""
    before = "["
    for day in days:
        why = marks.of(day)
        document = asdict(day) | {"day": day.day.isoformat()} | ({"unverified": why} if why else {})
        sys.stdout.write(before + json_text(document))
        before = ",\n"
    sys.stdout.write("]\n")


def _table(days: Iterator[ClosedDay], language: str, marks: _Marks) -> None:
    out, lines = console(), marks.lines(language)
    for line in (*lines, _TITLE.to(language)):
        say_in(line, out)
    records = []
    for day in days:
        sums = pooled([target_day.tally() for target_day in day.sums])
        records.append(
            (
                f"{day.day:%d/%m/%Y}{' (!)' if marks.of(day) else ''}",
                str(len(day.sums)),
                percent(sums.availability, language),
                percent(sums.coverage, language),
                hours(sums.down_ms, language),
                str(sum(target_day.outages for target_day in day.sums)),
                hours(max((target_day.longest_outage_ms for target_day in day.sums), default=0), language),
                hours(sums.unknown_ms, language),
                hours(sums.maintenance_ms, language),
            )
        )
    show(columns(_COLUMNS.to(language), right=range(1, 9)), records, out)
    for line in lines:
        say_in(line, out)
