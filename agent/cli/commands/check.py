"""`sansang check`: probe every target, or some, once now; by the running agent if there is one, else from here."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from itertools import chain
from zoneinfo import ZoneInfo

import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agent.cli.agent_location import AgentLocation, locate_agent
from agent.cli.arguments import (
    Subparsers,
    add_agent,
    add_json,
    add_language,
    add_selection,
    folded,
    language_now,
    print_json,
    say,
)
from agent.cli.clients import agent_api
from agent.cli.clients.agent_api import DEFAULT_AGENT, CheckHeader, TargetCheck
from agent.cli.tables.check import NOTHING_CHOSEN, PROBING, Style, ordered, outage_lines, table
from agent.cli.tables.device_checks import NO_DEVICES, device_blocks
from agent.cli.tables.layout import console
from agent.clock import SystemClock, vouched
from agent.engine.adhoc.local_check import check_locally
from agent.errors import AgentUnreachableError, ConfigError, SansangError
from agent.explain.clock import warning, wrong
from agent.inventory.entities import Inventory
from agent.inventory.locate import named
from agent.model import Role, Selection, Target
from agent.probes.caching_resolver import CachingResolver
from agent.probes.registry import PROBES


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
        "--snmp",
        action="store_true",
        help=say(
            "chỉ các thiết bị được hỏi SNMP: là máy gì, cổng, bộ phận, và còn thiếu gì",
            "only devices asked by SNMP: what each is, its ports and parts, and what is missing",
        ),
    )
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
        "--local",
        action="store_true",
        help=say("tự kiểm tra từ lệnh này dù bộ giám sát đang chạy", "probe from this process even if an agent runs"),
    )
    parser.add_argument("--all", action="store_true", help=say("liệt kê cả những gì đang tốt", "list what is well too"))
    add_json(parser)
    add_language(parser)
    parser.renamed = {"--alone": "--local"}
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    roles = tuple(Role(role) for role in args.role)
    selection = Selection(tuple(args.site), roles, tuple(args.target), ("snmp",) if args.snmp else ())
    location, unreadable = _locate(args)
    language = location.language if location else args.lang or language_now()
    try:
        header, rows = _collect(_answers(args, location, selection, language), language)
    except AgentUnreachableError as error:
        if unreadable is None or args.agent:
            raise
        print(folded(f"sansang: {error.to(language)}", sys.stderr), file=sys.stderr)  # noqa: T201 - and why it was asked there
        raise unreadable from error
    if not rows:
        raise SansangError(NO_DEVICES if args.snmp else NOTHING_CHOSEN)
    rows = ordered(rows)
    if args.json:
        clock = {"clock_synchronised": header.clock_synchronised}
        print_json([{**row.document, **clock} for row in rows])
    else:
        offset_seconds = next((row.clock_offset_seconds for row in rows if row.clock_offset_seconds is not None), None)
        clock_text = warning(header.clock_synchronised) if offset_seconds is None else wrong(offset_seconds)
        contacts = (
            {} if args.agent and not named(args.config) else _contacts(location)
        )  # another agent's sites are others
        now_ms = SystemClock().wall_ms()
        style = Style(language, ZoneInfo(header.timezone), args.all, clock_text, contacts, now_ms)
        out = console()
        (device_blocks if args.snmp else table)(rows, style, out)
        outage_lines(header.outages, _site_names(location), style, out)
    return 1 if any(row.failed for row in rows) else 0


def _contacts(location: AgentLocation | None) -> dict[str, str]:
    """Whom to call for each site, on one line; from the configuration alone, for no agent tells it."""
    if location is None:
        return {}
    inventory = location.inventory
    known = {
        contact.id: ", ".join(part for part in (contact.name, contact.phone, contact.email) if part)
        for contact in inventory.contacts
    }
    return {site.id: known[site.contact] for site in inventory.sites if site.contact in known}


def _site_names(location: AgentLocation | None) -> dict[str, str]:
    return {} if location is None else {site.id: site.name for site in location.inventory.sites}


def _locate(args: argparse.Namespace) -> tuple[AgentLocation | None, ConfigError | None]:
    """The agent of the configuration; None, and why, where none is named and none can be read."""
    try:
        return locate_agent(args), None
    except ConfigError as error:
        if args.local or (named(args.config) and not args.agent):
            raise
        return None, error


def _answers(
    args: argparse.Namespace, location: AgentLocation | None, selection: Selection, language: str
) -> Iterator[CheckHeader | TargetCheck]:
    if location is not None and args.local:
        return _check_locally(location.inventory, selection)
    url = location.url if location else args.agent or DEFAULT_AGENT
    try:
        answers = agent_api.check(url, selection, language)
        return chain([next(answers)], answers)
    except AgentUnreachableError:
        if args.agent or location is None:
            raise
        return _check_locally(location.inventory, selection)


def _check_locally(inventory: Inventory, selection: Selection) -> Iterator[CheckHeader | TargetCheck]:
    """Probe from here: no ledger is opened, so there is no confirmed state beside the run."""
    rows = uvloop.run(_probe_locally(inventory.targets, selection))
    return iter([CheckHeader(len(rows), inventory.organisation.timezone, vouched(SystemClock())), *rows])


async def _probe_locally(targets: tuple[Target, ...], selection: Selection) -> list[TargetCheck]:
    clock = SystemClock()
    resolver = CachingResolver(clock)
    try:
        checked = check_locally(targets, selection, clock, resolver, PROBES)
        return [agent_api.unconfirmed(result) async for result in checked]
    finally:
        await resolver.close()
        await asyncio.sleep(0)


def _collect(answers: Iterator[CheckHeader | TargetCheck], language: str) -> tuple[CheckHeader, list[TargetCheck]]:
    rows: list[TargetCheck] = []
    header = CheckHeader(0, "UTC", clock_synchronised=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(PROBING.to(language), total=None)
        for answer in answers:
            if isinstance(answer, CheckHeader):
                progress.update(task, total=answer.count)
                header = answer
            else:
                rows.append(answer)
                progress.advance(task)
    return header, rows
