"""The request for a report: period, selection, the ledger as of a row or a time; the command that repeats it."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agent.availability.figures import Pooling
from agent.availability.instants import instant_of, iso_utc
from agent.characters import cleaned, quoted
from agent.errors import SansangError
from agent.ledger.history.position import AsOf
from agent.model import Selection
from agent.scoring.evidence import UnitBasis
from agent.text import LANGUAGES, Text

EVERYTHING = Selection()
GROUPS = ("site", "unit", "target", "level")
_COMMAND = ("sansang", "uptime")
_NEEDED = frozenset(("--period", "--as-of", "--by", "--lang"))
_MANY = frozenset(("--site", "--role", "--target"))
_KNOWN = _NEEDED | _MANY | {"--calendar", "--pooling", "--units"}
POOLINGS = tuple(pooling.value for pooling in Pooling)
UNIT_BASES = tuple(basis.value for basis in UnitBasis)
_UNVERIFIED = "--unverified"
_PLAIN = re.compile(r"[A-Za-z0-9./:@,+=-]")
_ESCAPED = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
_OFFICE_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")  # what workbooks write for a character
_BYTE = 0xDC00  # Python's stand-in for a byte of the command line that is no UTF-8


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """period as people write it; empty: all roles, sites and targets, and each target in its own calendar.

    as_of: the ledger as it stood then, None: as it stands. unverified: also of a ledger that is not what was written,
    with a mark; no part of the line. pooling: which figure of several targets the report shows first.
    units: under which units it is grouped.
    """

    period: str
    language: str = "vi"
    calendar: str = ""
    selection: Selection = EVERYTHING
    by: str = "target"
    as_of: AsOf | None = None
    unverified: bool = False
    pooling: Pooling = Pooling.POOLED
    units: UnitBasis = UnitBasis.AS_WAS


def rerun_command(request: ReportRequest) -> str:
    """The command that makes the same report again, on one line that survives ``visible``; "" if it names no row.

    A word with characters that some form of a report would not keep is written as bash and zsh know it: $'...'.
    """
    as_of, selection = request.as_of, request.selection
    if as_of is None or as_of.seq is None or as_of.at_ms is None:
        return ""
    words = [*_COMMAND, *_option("--period", request.period), "--as-of", format_as_of(as_of.seq, as_of.at_ms)]
    many = (("--site", selection.sites), ("--role", selection.roles), ("--target", selection.targets))
    words += [word for name, values in many for value in values for word in _option(name, value)]
    words += _option("--calendar", request.calendar) if request.calendar else ()
    words += [*_option("--by", request.by), *_option("--pooling", request.pooling.value)]
    words += _option("--units", request.units.value) if request.units is not UnitBasis.AS_WAS else ()
    words += _option("--lang", request.language)
    words += [_UNVERIFIED] if request.unverified else ()
    return " ".join(_quoted(word) for word in words)


_CHOICES = (("--by", GROUPS), ("--lang", LANGUAGES), ("--pooling", POOLINGS), ("--units", UNIT_BASES))
_NO_COMMAND = Text("{line} không phải là một lệnh", "{line} is no command: {why}")
_OTHER_COMMAND = Text("{line} không bắt đầu bằng {begin}", "{line} does not begin with {begin}")
_NOT_ONCE = Text("{line} phải ghi {names} đúng một lần", "{line} must say {names} once")
_NO_VALUE = Text("{value} không dùng được cho {name}; hãy ghi {known}", "{value} is no {name}; right would be {known}")
_NO_WORD = Text("dòng lập lại của báo cáo không có {word}", "a report's own line has no {word}")
_LACKS = Text("{name} thiếu giá trị", "{name} lacks its value")


def parse_rerun_command(line: str) -> ReportRequest:
    """The request in a line of ``rerun_command``. SansangError for any other line.

    A line without ``--pooling`` is of a version that knew only one; what it showed first was pooled. One
    without ``--units`` is grouped as it was.
    """
    try:
        words = [_unquoted(word) for word in shlex.split(line)]
    except ValueError as error:
        raise SansangError(_NO_COMMAND.filled(line=quoted(line[:200]), why=error)) from error
    if tuple(words[:2]) != _COMMAND:
        raise SansangError(_OTHER_COMMAND.filled(line=quoted(line[:200]), begin=" ".join(_COMMAND)))
    options: dict[str, list[str]] = defaultdict(list)
    for name, value in _options([word for word in words[2:] if word != _UNVERIFIED]):
        options[name].append(value)
    missing = {option for option in _NEEDED if not options[option]}
    if wrong := missing | {name for name in _KNOWN - _MANY if len(options[name]) > 1}:
        raise SansangError(_NOT_ONCE.filled(line=quoted(line[:200]), names=", ".join(sorted(wrong))))
    options["--pooling"] = options["--pooling"] or [Pooling.POOLED.value]
    options["--units"] = options["--units"] or [UnitBasis.AS_WAS.value]
    for name, known in _CHOICES:
        if options[name][0] not in known:
            raise SansangError(
                _NO_VALUE.filled(value=quoted(options[name][0][:200]), name=name, known=", ".join(known))
            )
    return ReportRequest(
        period=options["--period"][0],
        language=options["--lang"][0],
        calendar="".join(options["--calendar"]),
        selection=Selection(tuple(options["--site"]), tuple(options["--role"]), tuple(options["--target"])),
        by=options["--by"][0],
        as_of=parse_as_of(options["--as-of"][0], ZoneInfo("UTC")),
        unverified=_UNVERIFIED in words,
        pooling=Pooling(options["--pooling"][0]),
        units=UnitBasis(options["--units"][0]),
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
        argument = value if sign else next(rest, None)
        if argument is None:
            raise SansangError(_LACKS.filled(name=name))
        yield name, argument


def _quoted(word: str) -> str:
    is_plain = cleaned(word) == word == " ".join(word.split()) and not _OFFICE_ESCAPE.search(word)
    if is_plain and not word.startswith("$"):
        return shlex.quote(word)
    return f"$'{''.join(character if _PLAIN.match(character) else _escape(ord(character)) for character in word)}'"


def _escape(code: int) -> str:
    if _BYTE + 0x80 <= code <= _BYTE + 0xFF:
        return f"\\x{code - _BYTE:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _unquoted(word: str) -> str:
    """Shlex knows no ``$'...'``: it leaves the sign in front and the escapes inside."""
    return _ESCAPED.sub(_unescaped, word[1:]) if word.startswith("$") else word


def _unescaped(match: re.Match[str]) -> str:
    byte, short, long = match.groups()
    return chr(_BYTE + int(byte, 16) if byte else int(short or long, 16))


_ROW = re.compile(r"[0-9]{1,15}")
_WRONG = Text(
    "{text} không chỉ ra một lúc nào của sổ; hãy ghi một dòng (4711), một thời điểm (2026-11-01T08:00:00Z,"
    " 01/11/2026 15:00), hoặc cả hai (4711@...Z)",
    "{text} names no stand of the ledger; right would be a row (4711), a time (2026-11-01T08:00:00Z, 01/11/2026"
    " 15:00), or both (4711@...Z)",
)


def parse_as_of(text: str, zone: ZoneInfo) -> AsOf:
    """SansangError for what is neither; a time without an offset is one of the zone."""
    row, sign, instant = text.partition("@")
    if _ROW.fullmatch(row):
        return AsOf(int(row), _instant(instant, zone, text) if sign else None)
    return AsOf(None, _instant(text, zone, text))


def format_as_of(seq: int, at_ms: int) -> str:
    """The value of ``--as-of`` that gives the same report again."""
    return f"{seq}@{iso_utc(at_ms)}"


def _instant(text: str, zone: ZoneInfo, whole: str) -> int:
    at_ms = instant_of(text, zone)
    if at_ms is None:
        raise SansangError(_WRONG.filled(text=quoted(whole)))
    return at_ms


def shell_line(words: Iterable[str]) -> str:
    """A command on one line that survives ``visible`` and every form of a report."""
    return " ".join(_quoted(word) for word in words)
