"""`sansang check`: probe every target, or some, once now; by the running agent if there is one, else from here."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agent.characters import json_text
from agent.cli.arguments import add_agent, add_json, add_language, add_selection, folded, language_now, say
from agent.cli.clients import agent_api
from agent.cli.clients.agent_api import DEFAULT_AGENT, Header, Row, address_of, parse
from agent.cli.tables.check import WORDS, Style, table
from agent.cli.tables.check_order import ordered
from agent.cli.tables.layout import console
from agent.clock import SystemClock, vouched
from agent.engine.adhoc.check import Selection
from agent.engine.adhoc.local_check import check_locally
from agent.errors import AgentUnreachableError, ConfigError, SansangError
from agent.explain.clock import warning
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.inventory.locate import locate, named
from agent.model import Role, Target
from agent.probes.caching_resolver import CachingResolver
from agent.probes.registry import PROBES
from agent.text import Text as Said
from agent.web.documents import of_row

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "check",
        description=say(
            "Kiểm tra mọi thứ (hoặc một phần) một lần ngay bây giờ, nói rõ cái gì hỏng. Mã thoát 1: có mục tiêu hỏng.",
            "Probe everything (or some) once now and say what is wrong. Exit code 1: something fails.",
        ),
    )
    add_selection(parser)
    parser.add_argument(
        "--config",
        metavar="FILE",
        help=say(
            "tệp cấu hình của bộ giám sát cần hỏi (mặc định: như của run)",
            "the inventory whose agent is asked (default: as for run)",
        ),
    )
    add_agent(parser)
    parser.add_argument(
        "--alone",
        action="store_true",
        help=say("tự kiểm tra từ lệnh này dù bộ giám sát đang chạy", "probe from this process even if an agent runs"),
    )
    parser.add_argument("--all", action="store_true", help=say("liệt kê cả những gì đang tốt", "list what is well too"))
    add_json(parser)
    add_language(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    selection = Selection(tuple(args.site), tuple(Role(role) for role in args.role), tuple(args.target))
    whose, unread = _whose(args)
    language = args.lang or (whose.organisation.language if whose else language_now())
    try:
        header, rows = _collect(_answers(args, whose, selection, language), language)
    except AgentUnreachableError as error:
        if unread is None or args.agent:
            raise
        print(folded(f"sansang: {error.to(language)}", sys.stderr), file=sys.stderr)  # noqa: T201 - and why it was asked there
        raise unread from error
    if not rows:
        raise SansangError(Said(*(WORDS[name].nothing_matches for name in Said._fields)))
    rows = ordered(rows)
    if args.json:
        clock = {"clock_synchronised": header.clock_synchronised}
        sys.stdout.write(json_text([row.document | clock for row in rows], 1) + "\n")
    else:
        clock_said = warning(header.clock_synchronised)
        contacts = {} if args.agent and not named(args.config) else _contacts(whose)  # another agent's sites are others
        style = Style(language, ZoneInfo(header.timezone), args.all, clock_said, contacts)
        table(rows, style, console())
    return 1 if any(row.failed for row in rows) else 0


def _contacts(whose: Inventory | None) -> dict[str, str]:
    """Whom to call for each site, on one line; from the configuration alone, for no agent tells it."""
    if whose is None:
        return {}
    known = {one.id: ", ".join(part for part in (one.name, one.phone, one.email) if part) for one in whose.contacts}
    return {site.id: known[site.contact] for site in whose.sites if site.contact in known}


def _whose(args: argparse.Namespace) -> tuple[Inventory | None, ConfigError | None]:
    """The configuration whose agent is asked; none, and why, where none is named and none can be read."""
    try:
        return load(locate(args.config), PROBES, args.lang), None
    except ConfigError as error:
        if args.alone or (named(args.config) and not args.agent):
            raise
        return None, error


def _answers(
    args: argparse.Namespace, whose: Inventory | None, selection: Selection, language: str
) -> Iterator[Header | Row]:
    if whose is not None and args.alone:
        return _alone(whose, selection)
    agent = args.agent or (address_of(whose) if whose else DEFAULT_AGENT)
    try:
        answers = agent_api.check(agent, selection, language)
        return _with_first(next(answers), answers)
    except AgentUnreachableError:
        if args.agent or whose is None:
            raise
        return _alone(whose, selection)


def _with_first(first: Header | Row, rest: Iterator[Header | Row]) -> Iterator[Header | Row]:
    yield first
    yield from rest


def _alone(inventory: Inventory, selection: Selection) -> Iterator[Header | Row]:
    """Probe from here: no ledger is opened, so there is no confirmed state beside the run."""
    rows = uvloop.run(_probe_alone(inventory.targets, selection))
    return iter([Header(len(rows), inventory.organisation.timezone, vouched(SystemClock())), *rows])


async def _probe_alone(targets: tuple[Target, ...], selection: Selection) -> list[Row]:
    clock = SystemClock()
    resolver = CachingResolver(clock)
    try:
        checked = check_locally(targets, selection, clock, resolver, PROBES)
        return [parse(of_row(row), confirmed=False) async for row in checked]
    finally:
        await resolver.close()
        await asyncio.sleep(0)


def _collect(answers: Iterator[Header | Row], language: str) -> tuple[Header, list[Row]]:
    rows: list[Row] = []
    header = Header(0, "UTC", clock_synchronised=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(WORDS[language].probing, total=None)
        for answer in answers:
            if isinstance(answer, Header):
                progress.update(task, total=answer.count)
                header = answer
            else:
                rows.append(answer)
                progress.advance(task)
    return header, rows
