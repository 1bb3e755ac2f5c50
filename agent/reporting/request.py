"""A question about uptime, and the one line of a shell that asks it again."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agent.characters import cleaned, quoted
from agent.errors import SansangError
from agent.explain.texts import LANGUAGES
from agent.ledger.history.position import AsOf
from agent.reporting.as_of import format_as_of, parse_as_of
from agent.text import Text

GROUPS = ("site", "unit", "target", "level")
_COMMAND = ("sansang", "uptime")
_NEEDED = frozenset(("--period", "--as-of", "--by", "--lang"))
_MANY = frozenset(("--site", "--role", "--target"))
_KNOWN = _NEEDED | _MANY | {"--calendar"}
_UNVERIFIED = "--unverified"
_PLAIN = re.compile(r"[A-Za-z0-9./:@,+=-]")
_ESCAPED = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
_OFFICE_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")  # what workbooks write for a character
_BYTE = 0xDC00  # Python's stand-in for a byte of the command line that is no UTF-8


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """period as people write it; empty: all roles, sites and targets, and each target in its own calendar.

    as_of: the ledger as it stood then, None: as it stands. unverified: also of a ledger that is not what was written,
    with a mark; no part of the line.
    """

    period: str
    language: str = "vi"
    calendar: str = ""
    roles: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    by: str = "target"
    as_of: AsOf | None = None
    unverified: bool = False

    @property
    def selects(self) -> bool:
        """Whether it asks for some targets only."""
        return bool(self.roles or self.sites or self.targets)


def rerun_command(question: ReportRequest) -> str:
    """The command that makes the same report again, on one line that survives ``visible``; "" if it names no row.

    A word with characters that some form of a report would not keep is written as bash and zsh know it: $'...'.
    """
    as_of = question.as_of
    if as_of is None or as_of.seq is None or as_of.at_ms is None:
        return ""
    words = [*_COMMAND, *_option("--period", question.period), "--as-of", format_as_of(as_of.seq, as_of.at_ms)]
    many = (("--site", question.sites), ("--role", question.roles), ("--target", question.targets))
    words += [word for name, values in many for value in values for word in _option(name, value)]
    words += _option("--calendar", question.calendar) if question.calendar else ()
    words += [*_option("--by", question.by), *_option("--lang", question.language)]
    words += [_UNVERIFIED] if question.unverified else ()
    return " ".join(_quoted(word) for word in words)


_NO_COMMAND = Text("{line} không phải là một lệnh", "{line} is no command: {why}")
_OTHER_COMMAND = Text("{line} không bắt đầu bằng {begin}", "{line} does not begin with {begin}")
_NOT_ONCE = Text("{line} phải ghi {names} đúng một lần", "{line} must say {names} once")
_NO_VALUE = Text("{value} không dùng được cho {name}; hãy ghi {known}", "{value} is no {name}; right would be {known}")
_NO_WORD = Text("dòng lập lại của báo cáo không có {word}", "a report's own line has no {word}")
_LACKS = Text("{name} thiếu giá trị", "{name} lacks its value")


def parse_rerun_command(line: str) -> ReportRequest:
    """What a line of ``rerun_command`` asks for. SansangError for any other line."""
    try:
        words = [_unquoted(word) for word in shlex.split(line)]
    except ValueError as error:
        raise SansangError(_NO_COMMAND.filled(line=quoted(line[:200]), why=error)) from error
    if tuple(words[:2]) != _COMMAND:
        raise SansangError(_OTHER_COMMAND.filled(line=quoted(line[:200]), begin=" ".join(_COMMAND)))
    said: dict[str, list[str]] = defaultdict(list)
    for name, value in _options([word for word in words[2:] if word != _UNVERIFIED]):
        said[name].append(value)
    if wrong := {name for name in _KNOWN - _MANY if len(said[name]) > 1} | {one for one in _NEEDED if not said[one]}:
        raise SansangError(_NOT_ONCE.filled(line=quoted(line[:200]), names=", ".join(sorted(wrong))))
    for name, known in (("--by", GROUPS), ("--lang", LANGUAGES)):
        if said[name][0] not in known:
            raise SansangError(_NO_VALUE.filled(value=quoted(said[name][0][:200]), name=name, known=", ".join(known)))
    return ReportRequest(
        period=said["--period"][0],
        language=said["--lang"][0],
        calendar="".join(said["--calendar"]),
        roles=tuple(said["--role"]),
        sites=tuple(said["--site"]),
        targets=tuple(said["--target"]),
        by=said["--by"][0],
        as_of=parse_as_of(said["--as-of"][0], ZoneInfo("UTC")),
        unverified=_UNVERIFIED in words,
    )


def _option(name: str, value: str) -> list[str]:
    """Two words; one where the value would be taken for an option."""
    return [f"{name}={value}"] if value.startswith("-") else [name, value]


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    rest = iter(words)
    for word in rest:
        name, sign, value = word.partition("=")
        if name not in _KNOWN:
            raise SansangError(_NO_WORD.filled(word=quoted(word[:200])))
        found = value if sign else next(rest, None)
        if found is None:
            raise SansangError(_LACKS.filled(name=name))
        yield name, found


def _quoted(word: str) -> str:
    kept = cleaned(word) == word == " ".join(word.split()) and not _OFFICE_ESCAPE.search(word)
    if kept and not word.startswith("$"):
        return shlex.quote(word)
    return f"$'{''.join(one if _PLAIN.match(one) else _escape(ord(one)) for one in word)}'"


def _escape(code: int) -> str:
    if _BYTE + 0x80 <= code <= _BYTE + 0xFF:
        return f"\\x{code - _BYTE:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _unquoted(word: str) -> str:
    """Shlex knows no ``$'...'``: it leaves the sign in front and the escapes inside."""
    return _ESCAPED.sub(_unescaped, word[1:]) if word.startswith("$") else word


def _unescaped(found: re.Match[str]) -> str:
    byte, short, long = found.groups()
    return chr(_BYTE + int(byte, 16) if byte else int(short or long, 16))
