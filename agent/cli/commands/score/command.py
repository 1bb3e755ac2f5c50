"""`sansang score`: each of its subcommands in a module of its own beside this one."""

from __future__ import annotations

from agent.cli.arguments import Subparsers, say
from agent.cli.commands.score import import_sheet, validate


def add_parser(commands: Subparsers) -> None:
    """Register the command with its subcommands."""
    parser = commands.add_parser(
        "score",
        description=say("Chấm điểm theo biểu.", "Points by a score sheet."),
    )
    subcommands = parser.add_subparsers(title=say("lệnh", "commands"), metavar="COMMAND", required=True)
    validate.add_parser(subcommands)
    import_sheet.add_parser(subcommands)
