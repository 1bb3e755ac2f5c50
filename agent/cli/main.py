"""`sansang`: one command, one module. Exit codes: 0 done, 1 something fails, 2 configuration or call is wrong."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from agent import __version__
from agent.cli import amend, build, check, import_, lab, ledger, maintenance, run, uptime, validate
from agent.errors import ConfigError, SansangError

COMMANDS = (run, check, validate, import_, maintenance, amend, uptime, ledger, build, lab)


def parser() -> argparse.ArgumentParser:
    """Every command with its options; each module registers its own."""
    top = argparse.ArgumentParser(prog="sansang", description="San Sang: is our digital infrastructure ready?")
    top.add_argument("--version", action="version", version=f"sansang {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors raised on purpose become one message for the person who must act."""
    args = parser().parse_args(arguments)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's own output
        return 2
    except SansangError as error:
        print(f"sansang: {error}", file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left is flushed at the exit
        return 0
    return code
