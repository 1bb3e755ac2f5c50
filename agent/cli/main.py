"""`sansang`: one command, one module. Exit codes: 0 done, 1 something fails, 2 configuration or call is wrong."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
from collections.abc import Callable, Iterable, Sequence

from agent import __version__
from agent.characters import refused_in_line, written_out
from agent.cli.arguments import Parser, argparse_in, called_in, folded, language_now, say
from agent.cli.failures import explain, what_to_type
from agent.cli.language import language_of_call
from agent.cli.registry import COMMANDS, overview
from agent.cli.streams import OutputError, prepare
from agent.errors import ConfigError, ForbiddenError, SansangError
from agent.explain.system_errors import why
from agent.text import Text

_HELP = ("-h", "--help", "help")
_SHOWN = 100
INTERRUPTED = 130
_OUTPUT = Text("không in ra được: {}", "nothing can be printed: {}")


def parser(names: Iterable[str] = COMMANDS) -> Parser:
    """All commands by name, and the wanted ones with their options; each module registers its own."""
    top = Parser(
        prog="sansang", description=say("Hạ tầng số đã sẵn sàng chưa?", "Is our digital infrastructure ready?")
    )
    version = say("in số phiên bản rồi thôi", "print the version and exit")
    top.add_argument("--version", action="version", version=f"sansang {__version__}", help=version)
    commands = top.add_subparsers(title=say("lệnh", "commands"), metavar="COMMAND", required=True)
    with_options = frozenset(names)
    for name, command in COMMANDS.items():
        if name in with_options:
            importlib.import_module(f"agent.cli.commands.{command.module}").add_parser(commands)
        else:
            commands.add_parser(name)
    return top


def _unseen(given: Sequence[str]) -> str:
    """What is wrong with the first argument that holds what no name, path or sentence may; "" if none does.

    A byte that is no UTF-8 shows as U+DC80 to U+DCFF. What `lab exec` runs is its own business.
    """
    for number, argument in enumerate(given[: 0 if given[:2] == ["lab", "exec"] else None], start=1):
        if character := refused_in_line(argument):
            excerpt = written_out(argument[:_SHOWN])
            return say(
                f"tham số thứ {number} ({excerpt}): không dùng được ký tự {character}; hãy viết lại không có ký tự đó",
                f"argument {number} ({excerpt}): the character {character} cannot be used; write it without",
            )
    return ""


def _refused(why: str) -> int:
    for line in f"sansang: {why}".split("\n"):
        print(folded(written_out(line), sys.stderr), file=sys.stderr)  # noqa: T201 - the command's own output
    return 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors raised on purpose become one message for the person who must act."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    with called_in(language_of_call(given)):
        if wrong := _unseen(given):
            return _refused(wrong)
        words = given[1:] if given[:1] == ["help"] else []
        about = [word for word in words if word not in _HELP and not word.startswith("-")]
        if not given or (given[0] in _HELP and not about):
            sys.stdout.write(overview())
            return 0
        call = [*about, "--help"] if about else given
        with argparse_in(language_now()):
            args = parser(call[:1]).parse_args(call)
        return _done(args, given)


def _done(args: argparse.Namespace, given: Sequence[str]) -> int:
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except ConfigError as error:
        print(folded(str(error), sys.stderr), file=sys.stderr)  # noqa: T201 - the command's own output
        if isinstance(error, ForbiddenError):
            print(what_to_type(error, language_now(), given), file=sys.stderr)  # noqa: T201
        return 2
    except (SansangError, OSError) as error:
        if not (text := explain(error, language_now(), given)):
            raise
        return _refused(text)
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def script() -> int:
    """The command as it is installed: signals and streams of a process of its own around `main`."""
    prepare()
    for harmless in (signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(harmless, lambda *_: None)  # ignoring them would be inherited by what `lab exec` runs
    try:
        return _flushed(main)
    except OutputError as error:
        if isinstance(error.cause, BrokenPipeError):  # the reader, `head` say, has seen enough
            return 0
        language = language_of_call(sys.argv[1:])
        return _refused(_OUTPUT.to(language).format(why(error.cause, language)))
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is left is Python's own end, with a traceback of its own


def _flushed(run: Callable[[], int]) -> int:
    """The exit code of ``run``, argparse's SystemExit as well, once all that it printed is out."""
    try:
        code = run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    sys.stdout.flush()
    return code
