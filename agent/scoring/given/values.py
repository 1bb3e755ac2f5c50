"""What people write into cells of given values: numbers, percents and dates. Exact; ValueError with what is wrong."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from fractions import Fraction

from agent.inventory.sheets.number_formats import CellKind

_DIGITS = 18
_FIRST_YEAR = 1975
_NUMBER = re.compile(rf"[0-9]{{1,{_DIGITS}}}(?:[.,][0-9]{{1,{_DIGITS}}})?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,\u00a0\u202f ][0-9]{3})+")
_GROUPED_DECIMAL = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]{1,18})|([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]{1,18})")
_VIETNAMESE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def number(text: str, kind: CellKind | None) -> tuple[Fraction, bool]:
    """The number, and whether it was written as a percent (then it is of 100).

    ValueError with the key of what is wrong: ``given_number``, or ``given_grouped`` for 1.493, which may be either.
    """
    if kind not in (None, CellKind.NUMBER, CellKind.PERCENT):
        raise ValueError("given_number")
    plain = re.sub(r"\s+", " ", text).strip()
    percent = plain.endswith("%")
    plain = plain.removesuffix("%").strip()
    if kind is None and _GROUPED.fullmatch(plain):
        return _grouped(plain), percent
    if (both := _GROUPED_DECIMAL.fullmatch(plain)) is not None:
        whole, rest = both[1] or both[3], both[2] or both[4]
        return Fraction(f"{re.sub('[.,]', '', whole)}.{rest}"), percent
    if not _NUMBER.fullmatch(plain):
        raise ValueError("given_number")
    return Fraction(plain.replace(",", ".")), percent


def _grouped(text: str) -> Fraction:
    """Digits in groups of three: by blanks, or by more than one point or comma, they are thousands beyond doubt."""
    signs = set(re.sub("[0-9]", "", text))
    if len(signs) != 1:
        raise ValueError("given_number")
    if signs <= {".", ","} and len(re.findall("[.,]", text)) == 1:
        raise ValueError("given_grouped")
    return Fraction(re.sub("[^0-9]", "", text))


def day(text: str) -> date:
    """dd/mm/yyyy as offices write it, or ISO. ValueError ``given_date``, also of a year that no office means.

    A plain number in a cell of dates is a day of January 1900 to Excel.
    """
    vietnamese = _VIETNAMESE.fullmatch(text)
    found: date | None = None
    with suppress(ValueError):
        if vietnamese is not None:
            found = date(int(vietnamese[3]), int(vietnamese[2]), int(vietnamese[1]))
        elif _ISO.fullmatch(text):
            found = date.fromisoformat(text)
    if found is None or found.year < _FIRST_YEAR:
        raise ValueError("given_date")
    return found
