"""`sansang units`: every unit with what became of it; with --late the changes that the ledger got after their date."""

from __future__ import annotations

import argparse

from agent.cli.agent_location import AgentLocation, locate_agent
from agent.cli.arguments import add_config, add_json, add_language, add_unverified, print_json, say
from agent.cli.failures import refuse_damaged
from agent.cli.tables.layout import console
from agent.cli.tables.units import late_table, unit_table
from agent.clock import SystemClock
from agent.errors import LedgerDamagedError, SansangError
from agent.reporting.late_unit_changes import LateChanges, late_unit_changes
from agent.reporting.unit_list import unit_list
from agent.text import Text
from exporters.reports.unit_json import late_json, units_json

_NO_UNITS = Text("cấu hình chưa có đơn vị nào", "the configuration has no units")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command itself, beside its subcommand."""
    parser.add_argument(
        "--late",
        action="store_true",
        help=say(
            "chỉ những thay đổi mà sổ ghi sau ngày hiệu lực, với cả hai ngày",
            "only the changes that the ledger recorded after their date, with both dates",
        ),
    )
    add_unverified(parser)
    add_config(parser)
    add_json(parser)
    add_language(parser)
    parser.set_defaults(run=run, agent=None)


def run(args: argparse.Namespace) -> int:
    """Exit code 0; 1 with --late for a ledger that is not what was written. ConfigError with every fault."""
    location = locate_agent(args)
    if args.late:
        return _late(args, location)
    units = unit_list(location.inventory)
    if not units:
        raise SansangError(_NO_UNITS)
    if args.json:
        return print_json(units_json(units))
    unit_table(units, location.inventory.levels, console(), location.language)
    return 0


def _late(args: argparse.Namespace, location: AgentLocation) -> int:
    try:
        late: LateChanges = late_unit_changes(
            location.directory,
            location.inventory.organisation,
            SystemClock().wall_ms(),
            location.language,
            unverified=args.unverified,
        )
    except LedgerDamagedError as error:
        return refuse_damaged(error, location.language)
    if args.json:
        return print_json(late_json(late))
    late_table(late, console(), location.language)
    return 0
