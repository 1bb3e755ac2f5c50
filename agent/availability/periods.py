"""Periods as people write them: a month, a quarter, a year, or two dates."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum

from agent.errors import SansangError

_RIGHT = "right would be 2026-10, 2026-Q4, 2026 or 2026-10-01..2026-10-15 (both days counted)"
_NAMED = re.compile(r"([0-9]{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?")
_FIRST, _LAST = date(1970, 1, 1), date(2199, 12, 31)
_MOST_YEARS = 50  # longer than any ledger; the calendars of every year in it are made
_SHOWN = 60  # characters of what somebody wrote


class PeriodFault(StrEnum):
    """What is wrong with a period."""

    NONE = "none"
    OUTSIDE = "outside"
    LONG = "long"


class PeriodError(SansangError):
    """Not a period; its text is English. said: what was written, shortened and in ASCII."""

    def __init__(self, fault: PeriodFault, said: str, text: str) -> None:
        self.fault, self.said = fault, said
        super().__init__(text)


def period_of(text: str) -> tuple[date, date]:
    """First day, and the day after the last one. PeriodError for what is no period of 1970 to 2199, or too long."""
    said = ascii(text[:_SHOWN])
    named = _NAMED.fullmatch(text)
    first, sign, last = text.partition("..")
    if named is not None:
        year, month, quarter = named.groups()
        found = _named(int(year), int(month or 0), int(quarter or 0))
    elif sign:
        found = _day(first, said), _day(last, said)
    else:
        raise PeriodError(PeriodFault.NONE, said, f"{said} is no period; {_RIGHT}")
    if not _FIRST <= found[0] <= found[1] <= _LAST:
        text = f"the period {said} is empty or lies outside 1970 to 2199; {_RIGHT}"
        raise PeriodError(PeriodFault.OUTSIDE, said, text)
    if found[1].year - found[0].year >= _MOST_YEARS:
        text = f"the period {said} touches more than {_MOST_YEARS} years; ask for one year after another"
        raise PeriodError(PeriodFault.LONG, said, text)
    return found[0], found[1] + timedelta(days=1)


def _named(year: int, month: int, quarter: int) -> tuple[date, date]:
    """First and last day; of a year that is out of the question, none that can be meant."""
    months = 1 if month else 3 if quarter else 12
    first = month or (quarter - 1) * 3 + 1 if month or quarter else 1
    if not _FIRST.year <= year <= _LAST.year:
        return date.min, date.min
    after = year * 12 + first - 1 + months
    return date(year, first, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _day(text: str, period: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        wrong = f"{period} is no period: {text[:_SHOWN]!a} is no date; {_RIGHT}"
        raise PeriodError(PeriodFault.NONE, period, wrong) from error
