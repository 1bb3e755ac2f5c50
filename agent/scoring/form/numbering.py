"""How offices number the rows of a form (I, A, 1, 1.2.3, a, -), and which row belongs to which. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_ROMAN = re.compile(r"(?=.)(?:X{0,3})(?:IX|IV|V?I{0,3})")
_MIXED = re.compile(r"(?:[A-Z]|[IVX]+)(?:[.-][0-9]+)+")  # A.1, I.2.3
_AROUND = " \t.)(:;/"
_WORD = re.compile(r"(?:phan|nhom|muc|chuong|tieu chi|chi so|tru cot)\s+", re.IGNORECASE)
_DASHES = frozenset("-–—+*•●▪")
_AFTER_LETTER = frozenset({"H": "I", "U": "V", "W": "X"}.values())


class NumberStyle(StrEnum):
    """The kind of a number; dotted ones go by their depth."""

    ROMAN = "roman"
    LETTER = "letter"
    DIGITS = "digits"
    MIXED = "mixed"
    SMALL = "small"
    DASH = "dash"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Numbering:
    """A number as compared; text is as people cite it: ``1.2``, ``II``, without dot or bracket at its end."""

    text: str
    style: NumberStyle
    depth: int = 1

    @property
    def parts(self) -> tuple[str, ...]:
        """``("1", "2")`` of 1.2."""
        return tuple(re.split(r"[.-]", self.text))


UNNUMBERED = Numbering("", NumberStyle.NONE, 0)


def numbering(written: str, before: str = "") -> Numbering:
    """What a cell of the number column says; ``before``: the last single capital, to tell letter I from roman I."""
    text = _WORD.sub("", written.strip(), count=1).strip(_AROUND).replace(",", ".").replace(" ", "")
    if not text:
        return Numbering(written.strip(), NumberStyle.DASH) if written.strip() in _DASHES else UNNUMBERED
    if text in _DASHES:
        return Numbering(text, NumberStyle.DASH)
    if _DIGITS.fullmatch(text):
        return Numbering(text, NumberStyle.DIGITS, text.count(".") + 1)
    if _MIXED.fullmatch(text):
        return Numbering(text, NumberStyle.MIXED, len(re.split(r"[.-]", text)))
    if _ROMAN.fullmatch(text):
        follows = len(before) == 1 and before.isalpha() and chr(ord(before) + 1) == text and text in _AFTER_LETTER
        return Numbering(text, NumberStyle.LETTER if follows else NumberStyle.ROMAN)
    if len(text) == 1 and text.isalpha():
        return Numbering(text, NumberStyle.LETTER if text.isupper() else NumberStyle.SMALL)
    if re.fullmatch(r"[0-9.]*[a-zđ]", text):
        return Numbering(text, NumberStyle.SMALL)
    return UNNUMBERED


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row that the next ones may belong to."""

    row: int
    number: Numbering


class Outline:
    """Which row a row belongs to, as the rows come from the top."""

    def __init__(self) -> None:
        self._open: list[OpenRow] = []

    def parent(self, row: int, number: Numbering) -> int | None:
        """The row number of the group that the row belongs to, None at the top; the row is open from now on."""
        while self._open and not self._belongs(number, self._open[-1].number):
            self._open.pop()
        above = self._open[-1].row if self._open else None
        self._open.append(OpenRow(row, number))
        return above

    def _belongs(self, number: Numbering, above: Numbering) -> bool:
        """Whether a row of this number stands below the open one, not beside or above it."""
        if number.depth > 1 and above.depth == number.depth - 1 and number.parts[:-1] == above.parts:
            return True
        if (number.style, number.depth) == (above.style, above.depth):
            return False
        if any((one.number.style, one.number.depth) == (number.style, number.depth) for one in self._open[:-1]):
            return False
        if number.style is above.style is NumberStyle.DIGITS or number.style is above.style is NumberStyle.MIXED:
            return number.depth > above.depth and number.parts[: above.depth] == above.parts
        return True
