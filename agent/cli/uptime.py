"""`sansang uptime`: how ready it was, exact to the millisecond; from the ledger, or from a file of recorded stories."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from agent.availability.accounting import Terms
from agent.availability.figures import Report
from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.cli.signing import Place, add_place, language_of, place_of
from agent.cli.uptime_table import WORDS, table
from agent.clock import SystemClock
from agent.errors import SansangError
from agent.ledger.heartbeat import Beat
from agent.ledger.heartbeat import read as read_beat
from agent.ledger.reading import Reader
from agent.ledger.schema import HEARTBEAT_NAME
from agent.model import Role
from agent.probes.options import read_regular
from exporters.reports.answer import answer, ledger_answer
from exporters.reports.ledger_report import GROUPS, Query, report
from exporters.reports.replay import replay

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it

_MOST_BYTES = 512 * 1024 * 1024
_BEAT_IS_FRESH_MS = 60_000


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser("uptime", help="uptime of a period, exact to the millisecond")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--period", help="2026-10, 2026-Q4, 2026, or FROM..TO as two dates, both counted")
    what.add_argument("--replay", metavar="FILE", type=Path, help="compute from recorded stories, without a ledger")
    parser.add_argument("--calendar", metavar="NAME", default="", help="for all targets (default: each its own)")
    parser.add_argument("--role", action="append", default=[], choices=[role.value for role in Role])
    parser.add_argument("--site", action="append", default=[], metavar="ID", help="only this site (may be repeated)")
    parser.add_argument("--target", action="append", default=[], metavar="ID", help="only this target")
    parser.add_argument("--by", choices=GROUPS, default="target", help="sums of sites, units or levels as well")
    add_place(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    """ConfigError with every fault of the replay file or the inventory."""
    if args.replay is not None:
        found, language = replay(_read(args.replay), str(args.replay)), args.lang or "vi"
        document = answer(found)
    else:
        place = place_of(args)
        found, language = _from_ledger(args, place), language_of(args, place)
        document = ledger_answer(found)
    if args.json:
        json.dump(document, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        table(found, language, Console(highlight=False))
    return 0


def _from_ledger(args: argparse.Namespace, place: Place) -> Report:
    organisation = place.inventory.organisation
    first, after = period_of(args.period)
    reader = Reader.open(place.directory)
    try:
        alive = read_beat(place.directory / HEARTBEAT_NAME)
        start, end = (first_instant(organisation.timezone, day) for day in (first, after))
        terms = Terms(start, end, _as_of(alive))
        selection = (tuple(args.role), tuple(args.site), tuple(args.target))
        query = Query(terms, organisation.timezone, organisation.observer, args.calendar, *selection, args.by)
        found = report(reader, alive, query)
    finally:
        reader.close()
    if not found.targets:
        raise SansangError(WORDS[language_of(args, place)]["nothing"])
    return found


def _as_of(alive: Beat | None) -> int:
    """Now; beside a running agent its last heartbeat, because no row vouches yet for the seconds since."""
    now_ms = SystemClock().wall_ms()
    if alive is not None and 0 <= now_ms - alive.wall_ms < _BEAT_IS_FRESH_MS:
        return alive.wall_ms
    return now_ms


def _read(path: Path) -> bytes:
    try:
        text, _ = read_regular(path, _MOST_BYTES + 1)
    except OSError as error:
        raise SansangError(f"{path}: {error.strerror}") from error
    if len(text) > _MOST_BYTES:
        raise SansangError(f"{path}: larger than {_MOST_BYTES // 1024 // 1024} MiB, which no report needs")
    return text
