"""`sansang score`: each of its subcommands in a module of its own beside this one."""

from __future__ import annotations

from agent.cli.arguments import Subparsers, say
from agent.cli.commands.score import import_sheet, scores, validate, values, verify


def add_parser(commands: Subparsers) -> None:
    """Register the command with its subcommands."""
    parser = commands.add_parser(
        "score",
        description=say(
            "Chấm điểm một đơn vị, hoặc mọi đơn vị của một cấp, theo biểu chấm điểm và sổ của bộ giám sát.",
            "The points of a unit, or of all of a level, by a score sheet and the agent's ledger.",
        ),
    )
    scores.add_options(parser)
    subcommands = parser.add_subparsers(title=say("lệnh", "commands"), metavar="COMMAND", required=False)
    validate.add_parser(subcommands)
    import_sheet.add_parser(subcommands)
    values.add_parser(subcommands)
    verify.add_parser(subcommands)
