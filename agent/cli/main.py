"""`sansang`: one command, one module. Exit codes: 0 done, 1 something fails, 2 configuration or call is wrong."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence

from agent import __version__
from agent.characters import refused_in_line, written_out
from agent.errors import ConfigError, SansangError

COMMANDS: Mapping[str, str] = {
    "run": "run",
    "check": "check",
    "validate": "validate",
    "import": "import_",
    "maintenance": "maintenance",
    "amend": "amend",
    "uptime": "uptime",
    "ledger": "ledger",
    "build": "build",
    "lab": "lab",
}
"""Each command and its module; only that of the command called is loaded: all together take a second."""

_SHOWN = 100
_UNSEEN = {
    "vi": "tham số thứ {} ({}): không dùng được ký tự {}; hãy viết lại không có ký tự đó",
    "en": "argument {} ({}): the character {} cannot be used; write it without",
}


def parser(wanted: Iterable[str] = COMMANDS) -> argparse.ArgumentParser:
    """The wanted commands with their options; each module registers its own."""
    top = argparse.ArgumentParser(prog="sansang", description="San Sang: is our digital infrastructure ready?")
    top.add_argument("--version", action="version", version=f"sansang {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in wanted:
        importlib.import_module(f"agent.cli.{COMMANDS[name]}").add_parser(commands)
    return top


def _wanted(arguments: Sequence[str]) -> Iterable[str]:
    """What a call needs; all commands where it asks for help, or for what there is not."""
    first = next(iter(arguments), "")
    if first == "--version":
        return ()
    return (first,) if first in COMMANDS else COMMANDS


def _unseen(given: Sequence[str]) -> str:
    """What is wrong with the first argument that holds what no name, path or sentence may; "" if none does.

    A byte that is no UTF-8 shows as U+DC80 to U+DCFF. What `lab exec` runs is its own business.
    """
    for number, argument in enumerate(given[: 0 if given[:2] == ["lab", "exec"] else None], start=1):
        if found := refused_in_line(argument):
            from agent.inventory.load import environment_language  # noqa: PLC0415 - 100 ms, for this sentence alone

            return _UNSEEN[environment_language()].format(number, written_out(argument[:_SHOWN]), found)
    return ""


def _refused(why: str) -> int:
    for line in f"sansang: {why}".split("\n"):
        print(written_out(line), file=sys.stderr)  # noqa: T201 - the command's own output
    return 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors raised on purpose become one message for the person who must act."""
    given = sys.argv[1:] if arguments is None else arguments
    if wrong := _unseen(given):
        return _refused(wrong)
    args = parser(_wanted(given)).parse_args(given)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's own output
        return 2
    except SansangError as error:
        return _refused(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left is flushed at the exit
        return 0
    return code
