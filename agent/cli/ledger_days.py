"""`sansang ledger days`: the daily sums in the yearly files, as a table, CSV or JSON."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agent.availability.figures import pooled
from agent.cli.refused import add_unverified, refused
from agent.cli.signing import Place, language_of, place_of
from agent.cli.uptime_table import percent
from agent.clock import SystemClock
from agent.errors import LedgerDamagedError, LedgerError, SansangError
from agent.explain.ledger import mark
from agent.ledger import day_files
from agent.ledger.backup import Progress
from agent.ledger.days import ClosedDay
from agent.ledger.verify import verified
from exporters.reports.days import Difference, differences
from exporters.reports.forms import hours

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it

_SUMS = ("scoring_ms", "maintenance_ms", "unknown_ms", "down_ms", "degraded_ms", "up_ms", "outages")
_COLUMNS = ("day", "observer", "zone", "target", *_SUMS, "longest_outage_ms")
WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "columns": "Ngày|Mục tiêu|Sẵn sàng|Biết được|Mất|Lần mất|Lâu nhất|Chưa rõ|Bảo trì",
        "title": "Tổng theo ngày, như đã ghi; mọi giờ đều tính. Số chính thức: `sansang uptime`",
        "nothing": "chưa có ngày nào được chốt ở {place}; bộ giám sát chốt mỗi ngày một lần, vài giờ sau nửa đêm",
        "no_year": "không có tệp của năm {year} ở {place}; có: {years}",
        "no_target": "không có mục tiêu {target} trong tệp của năm {year}",
    },
    "en": {
        "columns": "Day|Targets|Available|Known|Down|Outages|Longest|Unknown|Maintenance",
        "title": "Sums by day, as recorded; every hour counts. Official figures: `sansang uptime`",
        "nothing": "no day has been closed yet at {place}; the agent closes one a day, a few hours after midnight",
        "no_year": "there is no file of the year {year} at {place}; there are: {years}",
        "no_target": "there is no target {target} in the file of the year {year}",
    },
}


def add_parser(deeds: Subparsers) -> None:
    """Register the deed."""
    parser = deeds.add_parser("days", help="daily sums of every target, from the yearly files")
    parser.add_argument("--year", type=int, help="default: the newest there is")
    parser.add_argument("--target", metavar="ID", default="", help="only this one (default: all, summed up by day)")
    parser.add_argument("--path", metavar="DIR", type=Path, help="another folder of such files, such as an archive")
    parser.add_argument("-o", dest="output", metavar="FILE.csv", type=Path, help="every day and target as CSV")
    parser.add_argument("--json", action="store_true", help="every day and target as one JSON document on stdout")
    parser.add_argument("--config", metavar="FILE", help="the inventory (default: as for run)")
    parser.add_argument("--lang", choices=("vi", "en"), help="default: the organisation's language")
    add_unverified(parser)
    parser.set_defaults(run=_run, agent=None)


def first_difference(place: Place, directory: Path, progress: Progress) -> str:
    """What the ledger tells otherwise than the files, in a sentence; "" if nothing. LedgerError as for a report."""
    found = differences(directory, place.inventory.organisation, SystemClock().wall_ms(), progress)
    first = next(found, None)
    return "" if first is None else _told(first, 1 + sum(1 for _ in found))


def _told(first: Difference, count: int) -> str:
    if not first.target:
        return f"daily sums: {first.day} is not what was written; {count} differences in all"
    say = ("not there" if one is None else json.dumps(asdict(one)) for one in (first.written, first.counted))
    return (
        "daily sums: {} {}: written {}, the ledger says now {}; {} differences in all. A later step of the clock, "
        "or a ledger that was set aside, can be why".format(first.day, first.target, *say, count)
    )


def _run(args: argparse.Namespace) -> int:
    if args.output is not None and args.output.suffix != ".csv":
        raise SansangError(f"{args.output}: right would be a name that ends in .csv")
    place = place_of(args)
    language = language_of(args, place)
    try:
        unverified = "" if args.path else _looked_at(place.directory, language, anyway=args.unverified)
    except LedgerDamagedError as error:
        return refused(error, language)
    days = _chosen(args, args.path or place.directory / day_files.FOLDER, WORDS[language])
    if args.output is not None:
        _csv(days, args.output, unverified)
    elif args.json:
        _json(days, unverified)
    else:
        _table(days, WORDS[language], language, unverified)
    return 0


def _looked_at(directory: Path, language: str, *, anyway: bool) -> str:
    """The mark for sums that were counted from a ledger that is not what was written; "" for a whole one.

    Each file of sums is checked by itself when it is read. LedgerDamagedError as of agent.ledger.verify.verified.
    """
    with verified(directory, anyway=anyway) as ledger:
        return mark(ledger.wrong, language)


def _chosen(args: argparse.Namespace, folder: Path, words: Mapping[str, str]) -> Iterator[ClosedDay]:
    there = day_files.years(folder)
    if not there:
        raise SansangError(words["nothing"].format(place=folder))
    year = args.year or there[-1]
    if year not in there:
        raise SansangError(words["no_year"].format(year=year, place=folder, years=", ".join(map(str, there))))
    days = day_files.read(folder, year, args.target)
    if not args.target:
        return days
    found = [day for day in days if day.sums]
    if not found:
        raise SansangError(words["no_target"].format(target=ascii(args.target), year=year))
    return iter(found)


def _csv(days: Iterator[ClosedDay], place: Path, unverified: str) -> None:
    more = (unverified,) if unverified else ()
    try:
        with place.open("w", encoding="utf-8-sig", newline="") as file:
            sheet = csv.writer(file)
            sheet.writerow((*_COLUMNS, "unverified") if more else _COLUMNS)
            for day in days:
                head = day.day.isoformat(), day.observer, day.zone
                sheet.writerows((*head, *asdict(one).values(), *more) for one in day.sums)
    except OSError as error:
        raise LedgerError(f"{place}: {error.strerror}") from error


def _json(days: Iterator[ClosedDay], unverified: str) -> None:
    """A day at a time: a year of many targets does not fit into memory as one."""
    before = "["
    for day in days:
        document = asdict(day) | {"day": day.day.isoformat()} | ({"unverified": unverified} if unverified else {})
        sys.stdout.write(before + json.dumps(document, ensure_ascii=False))
        before = ",\n"
    sys.stdout.write("]\n")


def _table(days: Iterator[ClosedDay], words: Mapping[str, str], language: str, unverified: str) -> None:
    title = f"{unverified}\n{words['title']}" if unverified else words["title"]
    shown = Table(*words["columns"].split("|"), title=escape(title), caption=escape(unverified) or None)
    for day in days:
        sums = pooled([one.tally() for one in day.sums])
        shown.add_row(
            f"{day.day:%d/%m/%Y}",
            str(len(day.sums)),
            percent(sums.availability, language),
            percent(sums.coverage, language),
            hours(sums.down_ms, language),
            str(sum(one.outages for one in day.sums)),
            hours(max((one.longest_outage_ms for one in day.sums), default=0), language),
            hours(sums.unknown_ms, language),
            hours(sums.maintenance_ms, language),
        )
    Console(highlight=False).print(shown)
