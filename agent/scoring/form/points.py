"""Points as offices write them: 10; 1.000; 7,5; 10 điểm; tối đa 20đ. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from agent.characters import unaccented

_LONGEST = 40  # characters; what is longer is a sentence
_NUMBER = re.compile(r"[0-9]{1,9}(?:[.,\s\u00a0\u202f][0-9]{3})*(?:[.,][0-9]{1,6})?")
_AROUND = re.compile(r"(?:toi da|diem|max|d|points?|<=|≤|:|\s)*")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[.\s\u00a0\u202f][0-9]{3})+")
_THOUSANDS_COMMA = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+")


def points_of(text: str) -> Decimal | None:
    """The number that a text says; None where it says none or more than one."""
    plain = unaccented(text).strip()
    found = _NUMBER.search(plain) if len(plain) <= _LONGEST else None
    if found is None or not _AROUND.fullmatch(plain[: found.start()]) or not _AROUND.fullmatch(plain[found.end() :]):
        return None
    return decimal_of(found[0])


def decimal_of(text: str) -> Decimal:
    """Of digits with separators: a point before three digits parts thousands, as in Vietnam; a comma the decimals."""
    if _THOUSANDS_COMMA.fullmatch(text):
        return Decimal(text.replace(",", ""))
    whole, comma, rest = text.rpartition(",")
    if comma:
        return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{rest}")
    if _THOUSANDS.fullmatch(text):
        return Decimal(re.sub("[^0-9]", "", text))
    whole, point, rest = text.rpartition(".")
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{rest}") if point else Decimal(re.sub("[^0-9]", "", text))


def plain_number(value: Decimal) -> Decimal:
    """Without zeros behind the decimal point: 20 of 20.0."""
    return Decimal(f"{value.normalize():f}")


def points_text(value: Decimal, language: str) -> str:
    """As people write it: ``1.000`` and ``7,5`` in Vietnamese, ``1,000`` and ``7.5`` in English."""
    text = f"{value.normalize():,f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
