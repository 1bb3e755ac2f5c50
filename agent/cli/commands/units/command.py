"""`sansang units`: the units with what became of them; its subcommand in a module of its own beside this one."""

from __future__ import annotations

from agent.cli.arguments import Subparsers, say
from agent.cli.commands.units import apply, listing


def add_parser(commands: Subparsers) -> None:
    """Register the command with its subcommand."""
    parser = commands.add_parser(
        "units",
        description=say(
            "Các đơn vị và lịch sử của chúng: đổi tên, đổi mã, sáp nhập, chia tách, chuyển, giải thể.",
            "The units with their history: renames, recodes, mergers, splits, transfers and ends.",
        ),
    )
    listing.add_options(parser)
    subcommands = parser.add_subparsers(title=say("lệnh", "commands"), metavar="COMMAND", required=False)
    apply.add_parser(subcommands)
