"""What is installed beside the command: ``python -m agent.cli.manual`` writes the completion of bash and the manual.

Both come from the parsers. Needs shtab, a development dependency; the product never imports this module.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from agent import __version__
from agent.cli.arguments import Parser, Subparsers, argparse_in, called_in, language_now, say
from agent.cli.main import parser
from agent.cli.registry import COMMANDS, GROUPS
from agent.text import LANGUAGES

_CONFIG = Path("config")  # in the folder of the sources, where this is run
COMPLETION = _CONFIG / "shell" / "sansang.bash"
_FILES = ("FILE", "FILE.csv", "file", "path")
_PLACES = (
    ("./sansang.yml, /etc/sansang/sansang.yml", "tệp cấu hình", "the inventory"),
    ("/var/lib/sansang", "sổ ghi", "the ledger"),
)
_CODES = (
    ("0", "xong; check: không có gì hỏng", "done; check: nothing fails"),
    (
        "1",
        "có gì đó hỏng, hoặc sổ không còn đúng như lúc được ghi",
        "something fails, or the ledger is not what was written",
    ),
    (
        "2",
        "cấu hình hoặc lời gọi lệnh sai; lỗi in ra stderr",
        "the configuration or the call is wrong; stderr says what",
    ),
    ("130", "bị ngắt (Ctrl-C)", "interrupted (Ctrl-C)"),
)


def manual_of(language: str) -> Path:
    """Where the manual in that language lies."""
    return _CONFIG / "man" / f"sansang.{language}.1"


def completion() -> str:
    """For bash: commands, options, choices, files and folders."""
    import shtab  # noqa: PLC0415 - see above

    with called_in("en"), argparse_in("en"):
        top = parser()
        (commands,) = _commands(top)
        about = commands.add_parser("help", help="how to use a command")
        about.add_argument("command", nargs="?", choices=list(COMMANDS))
        for action in _every_action(top):
            kind = str(action.metavar or action.dest)
            if kind in _FILES or kind == "DIR":
                action.complete = shtab.DIRECTORY if kind == "DIR" else shtab.FILE  # type: ignore[attr-defined]
        return str(shtab.complete(top, "bash"))


def manual(language: str) -> str:
    """The page of section 1 in that language, for man(1)."""
    with called_in(language), argparse_in(language):
        return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield f'.TH SANSANG 1 "" "San Sang {__version__}"'
    about = say("hạ tầng số đã sẵn sàng chưa?", "is our digital infrastructure ready?")
    yield from (f".SH {say('TÊN', 'NAME')}", f"sansang \\- {_roff(about)}")
    yield from (f".SH {say('CÁCH DÙNG', 'SYNOPSIS')}", ".B sansang", _roff(say("LỆNH [tùy chọn]", "COMMAND [options]")))
    top = parser()
    (commands,) = _commands(top)
    for title, group in GROUPS.items():
        yield f".SH {_roff(title.to(language_now()).upper())}"
        for name in group:
            yield from _command(commands.choices[name])
    yield f".SH {say('MÃ THOÁT', 'EXIT STATUS')}"
    yield from _terms((code, say(vi, en)) for code, vi, en in _CODES)
    yield f".SH {say('TỆP', 'FILES')}"
    yield from _terms((place, say(vi, en)) for place, vi, en in _PLACES)
    yield f".SH {say('BIẾN MÔI TRƯỜNG', 'ENVIRONMENT')}"
    yield from _terms([("SANSANG_CONFIG", say("tệp cấu hình", "the inventory"))])


def _command(command: Parser) -> Iterator[str]:
    """The command, and each of its own."""
    yield f".SS {_roff(command.prog)}"
    yield _roff(command.description or "")
    subcommands = list(_commands(command))
    formatter = command._get_formatter()  # noqa: SLF001 - argparse has no other way to spell an option
    actions = [action for action in command._actions if action.dest != "help" and action not in subcommands]  # noqa: SLF001
    spelling, meaning = formatter._format_action_invocation, formatter._expand_help  # noqa: SLF001
    yield from _terms((spelling(action), meaning(action)) for action in actions)
    for action in subcommands:
        for subcommand in action.choices.values():
            yield from _command(subcommand)


def _terms(pairs: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> Iterator[str]:
    for term, text in pairs:
        yield from (".TP", f".B {_roff(term)}", _roff(text))


def _roff(text: str) -> str:
    """As text, whatever it begins with or holds."""
    safe = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{safe}" if safe.startswith((".", "'")) else safe


def _commands(command: argparse.ArgumentParser) -> Iterator[Subparsers]:
    return (action for action in command._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001


def _every_action(command: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    yield from command._actions  # noqa: SLF001
    for action in _commands(command):
        for below in action.choices.values():
            yield from _every_action(below)


def main() -> None:
    os.environ["HOME"] = "~"  # defaults below it are those of whoever reads
    os.environ.pop("XDG_STATE_HOME", None)
    for file, text in (
        (COMPLETION, completion()),
        *((manual_of(language), manual(language)) for language in LANGUAGES),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
