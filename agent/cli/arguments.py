"""The command line in the language of who calls: options, help, and what is wrong with a call and would be right."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from agent.characters import json_text
from agent.explain.argparse_texts import TRANSLATIONS
from agent.model import Role
from agent.text import LANGUAGES

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it
else:
    Subparsers = argparse._SubParsersAction  # noqa: SLF001

_MOST_MEANT = 3
_language: ContextVar[str] = ContextVar("language of the call", default=LANGUAGES[0])


def say(vi: str, en: str) -> str:
    """The text in the language of the call."""
    return vi if _language.get() == "vi" else en


def language_now() -> str:
    """The language of the call."""
    return _language.get()


@contextmanager
def called_in(language: str) -> Iterator[None]:
    """Inside, that is the language of the call."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@contextmanager
def argparse_in(language: str) -> Iterator[None]:
    """Inside, argparse's own sentences are in that language; it keeps gettext's two functions under these names."""

    def translated(text: str) -> str:
        return TRANSLATIONS[text].to(language) if text in TRANSLATIONS else text

    functions = {
        "_": translated,
        "ngettext": lambda singular, plural, count: translated(singular if count == 1 else plural),
    }
    before = {name: getattr(argparse, name) for name in functions}
    vars(argparse).update(functions)
    try:
        yield
    finally:
        vars(argparse).update(before)


class Parser(argparse.ArgumentParser):
    """One command's arguments. A wrong call is answered in a line or two, with what may have been meant.

    renamed: old spellings of options, which still answer.
    """

    renamed: Mapping[str, str] = MappingProxyType({})

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.register("action", "parsers", _Commands)

    def parse_known_args(self, args: Iterable[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """An option that there is not comes first: that others are missing may be its doing."""
        given = [self.renamed.get(argument, argument) for argument in (sys.argv[1:] if args is None else args)]
        if unknown := next((argument for argument in self._own(given) if not self._knows(argument)), None):
            self.error(self._no_option(unknown))
        if (actions := self._command_names()) and not given and self.get_default("run") is None:
            self.error(say("còn thiếu lệnh. Có: ", "a command is missing. There are: ") + ", ".join(actions))
        return super().parse_known_args(given, namespace)

    def error(self, message: str) -> NoReturn:
        """Exit code 2."""
        see = say("Xem cách dùng", "See")
        self.exit(2, folded(f"{self.prog}: {message}\n{see}: `{self.prog} --help`", sys.stderr) + "\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        choices = [str(choice) for choice in action.choices]
        if isinstance(action, _Commands):
            wrong = say(f"không có lệnh “{value}”", f"there is no command “{value}”")
            raise argparse.ArgumentError(None, f"{wrong}. {_or_all(str(value), choices)}")
        wrong = say(f"không có giá trị “{value}”", f"there is no value “{value}”")
        raise argparse.ArgumentError(action, f"{wrong}. {_or_all(str(value), choices)}")

    def _command_names(self) -> list[str]:
        tables = (action.choices for action in self._actions if isinstance(action, _Commands))
        return [str(name) for choices in tables for name in choices or ()]

    def _own(self, given: Sequence[str]) -> Iterator[str]:
        """Options, up to where a command of its own begins, or anything may stand."""
        last = any(action.nargs in (argparse.PARSER, argparse.REMAINDER) for action in self._actions)
        for argument in given:
            if argument == "--" or (last and not argument.startswith("-")):
                return
            if re.match(r"--[^ ]|-[^-0-9. ]", argument) and " " not in argument.partition("=")[0]:
                yield argument

    def _knows(self, argument: str) -> bool:
        name = argument.partition("=")[0]
        if argument.startswith("--"):
            return any(option.startswith(name) for option in self._option_string_actions)
        return argument[:2] in self._option_string_actions

    def _no_option(self, argument: str) -> str:
        name = argument.partition("=")[0]
        wrong = say(f"không có tùy chọn {name}", f"there is no option {name}")
        if any(action.nargs == argparse.PARSER for action in self._actions):
            after = say("Tùy chọn đứng sau lệnh", "Options stand after the command")
            return f"{wrong}. {after}: `{self.prog} ... {name}`"
        known = [option for option in self._option_string_actions if option.startswith("--")]
        return ". ".join(filter(None, (wrong, _meant(name, known))))


class _Commands(Subparsers):
    """What a list says of a command is what its own help begins with."""

    def add_parser(self, name: str, **settings: Any) -> Any:
        about = settings.get("help") or settings.get("description")
        settings.update(help=about, description=about)
        return super().add_parser(name, **settings)


def add_config(parser: argparse.ArgumentParser) -> None:
    """The option that names the configuration."""
    text = say("tệp cấu hình (mặc định: như của run)", "the inventory (default: as for run)")
    parser.add_argument("--config", metavar="FILE", help=text)


def add_agent(parser: argparse.ArgumentParser) -> None:
    """The option that names the running agent."""
    text = say(
        "bộ giám sát đang chạy (mặc định: `listen` trong cấu hình)",
        "the running agent (default: `listen` of the inventory)",
    )
    parser.add_argument("--agent", metavar="URL", help=text)


def add_json(parser: argparse._ActionsContainer) -> None:
    """The option for programs."""
    text = say("in ra một tài liệu JSON", "one JSON document on stdout")
    parser.add_argument("--json", action="store_true", help=text)


def add_language(parser: argparse.ArgumentParser) -> None:
    """The option that chooses the language."""
    text = say("ngôn ngữ (mặc định: của cơ quan)", "the language (default: the organisation's)")
    parser.add_argument("--lang", choices=LANGUAGES, help=text)


def add_selection(parser: argparse.ArgumentParser) -> None:
    """The options that say which targets are meant."""
    site = say("chỉ điểm này (dùng được nhiều lần)", "only this site (may be repeated)")
    role = say("chỉ vai trò này (dùng được nhiều lần)", "only this role (may be repeated)")
    target = say("chỉ mục tiêu này (dùng được nhiều lần)", "only this target (may be repeated)")
    roles = [member.value for member in Role]
    parser.add_argument("--site", action="append", default=[], metavar="ID", help=site)
    parser.add_argument(
        "--role", action="append", default=[], metavar="ROLE", choices=roles, help=f"{role}: {', '.join(roles)}"
    )
    parser.add_argument("--target", action="append", default=[], metavar="ID", help=target)


def print_json(document: object) -> int:
    """One document for machines; the exit code of the command."""
    sys.stdout.write(json_text(document, 1) + "\n")
    return 0


def add_unverified(parser: argparse.ArgumentParser) -> None:
    """The option to print from a damaged ledger all the same."""
    parser.add_argument(
        "--unverified",
        action="store_true",
        help=say(
            "vẫn in khi sổ không còn đúng như lúc được ghi, có dấu ở mỗi trang",
            "print it also if the ledger is not what was written, with a mark on every page",
        ),
    )


def _or_all(value: str, choices: Iterable[str]) -> str:
    return _meant(value, choices) or say("Có: ", "There are: ") + ", ".join(choices)


def _meant(value: str, choices: Iterable[str]) -> str:
    """What may have been meant; "" where nothing is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - 10 ms, for a wrong call only

    whole = [choice for choice in choices if choice.startswith(value.lower())] if value.strip("-") else []
    near = whole or get_close_matches(value.lower(), list(choices), _MOST_MEANT)
    if not near:
        return ""
    return say("Có phải ý bạn là ", "Did you mean ") + say(" hay ", " or ").join(near[:_MOST_MEANT]) + "?"


def folded(text: str, stream: Any) -> str:
    """For a terminal in lines of its width, broken between words, never inside what stands in `...`; else as it is."""
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(line for paragraph in text.split("\n") for line in _lines(paragraph, width))


def _lines(paragraph: str, width: int) -> Iterator[str]:
    indent = paragraph[: len(paragraph) - len(paragraph.lstrip(" "))]
    line = ""
    for word in re.findall(r"[^\s`]*`[^`]*`\S*|\S+", paragraph):
        if line and len(indent) + len(line) + 1 + len(word) > width:
            yield indent + line
            line = ""
        line = f"{line} {word}" if line else word
    yield indent + line
