"""Numbers of a workbook as their cells show them: Excel stores 99,5 % as 0.995, a date as days since 1900.

Pure. The text of a number is that of the cell, in the form of machines: no thousands separators, a decimal point.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum


class CellKind(Enum):
    """The kind of a cell that is no text."""

    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    BOOLEAN = "boolean"
    ERROR = "error"
    FORMULA = "formula"
    """One whose value nobody kept."""


BUILT_IN: Mapping[int, str] = {
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)), "yyyy"),
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "h:mm"),
}
"""Those of ECMA-376, 18.8.30 that change what a number is; each by one of its kind."""

_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # text, fill and blanks, colours and locales
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_DIGITS_FIRST = re.compile(r'^"(\+?[0-9]+)"')
_PADDED = re.compile(r"[0# .()+/-]+")
_DAYS = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}  # noqa: DTZ001 - a cell has no zone
_DIGITS = 15  # that Excel shows; the others are what binary fractions leave


def display_text(written: str, code: str, *, from_1904: bool = False) -> tuple[str, CellKind]:
    """A number as its cell shows it, and what that is. Raises ValueError if it is none."""
    value = Decimal(f"{float(written):.{_DIGITS}g}")
    if not value.is_finite():
        raise ValueError(written)
    section = code.partition(";")[0]
    signs = _SILENT.sub("", section).lower()
    if "%" in signs:
        return f"{_plain(value * 100)}%", CellKind.PERCENT
    if _ELAPSED.search(section):
        seconds = round(float(value) * 86_400)
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}", CellKind.TIME
    if re.search("[dmyhs]", signs.replace("general", "")):
        return _instant(value, signs, from_1904=from_1904)
    return _padded(value, section), CellKind.NUMBER


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _padded(value: Decimal, section: str) -> str:
    """With the zeros that a format such as 0000000000 puts before it: telephone numbers, codes."""
    text = _plain(value)
    if not text.isdecimal():
        return text
    if first := _DIGITS_FIRST.match(section):
        return first[1] + text
    signs = _SILENT.sub("", section)
    if not _PADDED.fullmatch(signs):
        return text
    whole = signs if signs.count(".") > 1 else signs.partition(".")[0]
    forced = whole[whole.index("0") :] if "0" in whole else ""  # from its first 0 on, a format shows every digit
    return text.zfill(min(forced.count("0") + forced.count("#"), 20))


def _instant(value: Decimal, signs: str, *, from_1904: bool) -> tuple[str, CellKind]:
    try:
        days = float(value) + (0 < value < 60 and not from_1904)  # Excel knows a 29th of February 1900
        at = _DAYS[from_1904] + dt.timedelta(seconds=round(days * 86_400))
    except OverflowError:
        return _plain(value), CellKind.NUMBER
    if re.search("[dy]", signs) or not re.search("[hs]", signs):
        return f"{at:%d/%m/%Y}" + (f" {at:%H:%M:%S}" if at.time() != dt.time() else ""), CellKind.DATE
    return f"{at:%H:%M:%S}", CellKind.TIME
