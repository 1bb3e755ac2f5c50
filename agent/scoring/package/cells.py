"""Values as cells of a table, exact in both directions: one spelling per value, and no cell becomes a formula."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from agent.availability.instants import iso_utc
from agent.availability.spans import BEGINNING, FOREVER, Span
from agent.characters import FORMULA_BEGINS, NOT_ENCODABLE
from agent.model import Cause, ReasonCode, State, UnknownCause
from agent.probes.declared import REASONS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST_MS, _LAST_MS = 0, 7_258_118_400_000  # 1970 to 2199
_LONGEST_NUMBER = 2_000  # characters
_NUMBER = re.compile(r"(-?[0-9]+)(?:\.([0-9]+)|/([1-9][0-9]*))?", re.ASCII)
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,18})", re.ASCII)
_QUOTE = "'"


@dataclass(frozen=True, slots=True)
class Cell:
    """How a value is written, and read back; read raises ValueError or KeyError for what write does not make."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _write_text(text: str) -> str:
    if NOT_ENCODABLE.search(text) or "\0" in text:
        raise ValueError(f"{text!r} is no text")
    return f"'{text}" if text.lstrip(" ").startswith((_QUOTE, *FORMULA_BEGINS)) else text


def _read_text(cell: str) -> str:
    return cell.removeprefix(_QUOTE)


def _read_whole(cell: str) -> int:
    if _WHOLE.fullmatch(cell) is None:
        raise ValueError("no whole number")
    return int(cell)


def _write_instant(ms: int) -> str:
    """Empty for no end at either side: the column says which."""
    if ms in (BEGINNING, FOREVER):
        return ""
    if not _FIRST_MS <= ms < _LAST_MS:
        raise ValueError(f"{ms} is no instant of 1970 to 2199")
    return iso_utc(ms)


def _read_instant(cell: str) -> int:
    at = datetime.fromisoformat(cell)
    if at.tzinfo is None:
        raise ValueError("no time zone")
    return (at - _EPOCH) // _MILLISECOND


def exact_number(number: Fraction) -> str:
    """As a decimal number where it is one, else as numerator/denominator."""
    twos = fives = 0
    rest = number.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = max(twos, fives)
    digits = f"{abs(number.numerator) * 10**places // number.denominator:0{places + 1}d}"
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[: len(digits) - places]}.{digits[len(digits) - places :]}" if places else f"{sign}{digits}"


def read_number(cell: str) -> Fraction:
    """ValueError for what ``exact_number`` does not write."""
    match = _NUMBER.fullmatch(cell) if len(cell) <= _LONGEST_NUMBER else None
    if match is None:
        raise ValueError("no number")
    return Fraction(cell)


def _write_number(number: Fraction) -> str:
    text = exact_number(number)
    if len(text) > _LONGEST_NUMBER:
        raise ValueError("a number of too many digits")
    return f"'{text}" if text.startswith("-") else text


def _read_cause(cell: str) -> Cause:
    kind, _, word = cell.partition(":")
    return UnknownCause(word) if kind == "unknown" else REASONS[word]


def _write_cause(cause: Cause) -> str:
    return f"reason:{cause.value}" if isinstance(cause, ReasonCode) else f"unknown:{cause.value}"


def _word(text: str) -> str:
    """An id in a list of ids: what separates them is written as its number."""
    return "".join(f"%{ord(sign):02X}" if sign in " %;/\r\n" else sign for sign in text)


def _unworded(word: str) -> str:
    return re.sub("%([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), word)


def _write_span(span: Span) -> str:
    return f"{_write_instant(span[0])}/{_write_instant(span[1])}"


def _read_span(word: str) -> Span:
    start, _, end = word.partition("/")
    return START.read(start), END.read(end)


def chosen(kind: type[StrEnum]) -> Cell:
    """One word of a closed list."""
    return Cell(lambda value: str(value.value), kind)


def _optional(cell: Cell) -> Cell:
    return Cell(
        lambda value: "" if value is None else cell.write(value), lambda text: cell.read(text) if text else None
    )


TEXT = Cell(_write_text, _read_text)
WHOLE = Cell(lambda number: _QUOTE * (number < 0) + str(number), lambda cell: _read_whole(cell.removeprefix(_QUOTE)))
YES_NO = Cell(lambda value: "yes" if value else "no", lambda cell: {"yes": True, "no": False}[cell])
START = Cell(_write_instant, lambda cell: _read_instant(cell) if cell else BEGINNING)
END = Cell(_write_instant, lambda cell: _read_instant(cell) if cell else FOREVER)
DAY = Cell(date.isoformat, date.fromisoformat)
NUMBER = Cell(_write_number, lambda cell: read_number(cell.removeprefix(_QUOTE)))
STATE = Cell(lambda state: state.name.lower(), lambda cell: State[cell.upper()])
CAUSE = Cell(_write_cause, _read_cause)
IDS = Cell(
    lambda ids: _write_text(" ".join(map(_word, ids))), lambda cell: tuple(map(_unworded, _read_text(cell).split()))
)
COUNTS = Cell(lambda counts: " ".join(map(str, counts)), lambda cell: tuple(map(_read_whole, cell.split())))
SPANS = Cell(
    lambda spans: " ".join(map(_write_span, spans)), lambda cell: tuple(_read_span(word) for word in cell.split())
)
OPTIONAL_DAY, OPTIONAL_NUMBER, OPTIONAL_INSTANT = _optional(DAY), _optional(NUMBER), _optional(START)
