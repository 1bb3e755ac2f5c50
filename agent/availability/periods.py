"""Periods as people write them: a month, a quarter, a year, or two dates."""

from __future__ import annotations

import re
from datetime import date, timedelta

from agent.errors import SansangError

_RIGHT = "right would be 2026-10, 2026-Q4, 2026 or 2026-10-01..2026-10-15 (both days counted)"
_NAMED = re.compile(r"([0-9]{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?")


def period_of(text: str) -> tuple[date, date]:
    """First day, and the day after the last one. SansangError for what is no period of 1970 to 2199."""
    named = _NAMED.fullmatch(text)
    first, sign, last = text.partition("..")
    if named is not None:
        year, month, quarter = named.groups()
        found = _named(int(year), int(month or 0), int(quarter or 0))
    elif sign:
        found = _day(first, text), _day(last, text) + timedelta(days=1)
    else:
        raise SansangError(f"{text!a} is no period; {_RIGHT}")
    if not date(1970, 1, 1) <= found[0] < found[1] <= date(2200, 1, 1):
        raise SansangError(f"the period {text!a} is empty or lies outside 1970 to 2199; {_RIGHT}")
    return found


def _named(year: int, month: int, quarter: int) -> tuple[date, date]:
    months = 1 if month else 3 if quarter else 12
    first = month or (quarter - 1) * 3 + 1 if month or quarter else 1
    if not 1970 <= year <= 2199:
        return date.min, date.min
    after = year * 12 + first - 1 + months
    return date(year, first, 1), date(after // 12, after % 12 + 1, 1)


def _day(text: str, period: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SansangError(f"{period!a} is no period: {error}; {_RIGHT}") from error
