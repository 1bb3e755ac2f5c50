"""Periods as people write them: a month, a quarter, a year, or two dates."""

from __future__ import annotations

import re
from datetime import date, timedelta

from agent.characters import quoted
from agent.errors import SansangError
from agent.text import Text

MONTHS = ("this_month", "last_month")
"""The periods of the metrics: this month so far, and the last one."""

_RIGHT = Text(
    "hãy ghi 2026-10, 2026-Q4, 2026 hoặc 2026-10-01..2026-10-15 (tính cả hai ngày)",
    "right would be 2026-10, 2026-Q4, 2026 or 2026-10-01..2026-10-15 (both days counted)",
)
_NONE = Text("{said} không phải là một kỳ; {right}", "{said} is no period; {right}")
_NO_DATE = Text(
    "{said} không phải là một kỳ: {part} không phải là ngày; {right}", "{said} is no period: {part} is no date; {right}"
)
_OUTSIDE = Text(
    "kỳ {said} không có ngày nào hoặc nằm ngoài các năm 1970 đến 2199; {right}",
    "the period {said} is empty or lies outside 1970 to 2199; {right}",
)
_LONG = Text(
    "kỳ {said} trải hơn {most} năm; hãy xem lần lượt từng năm",
    "the period {said} touches more than {most} years; ask for one year after another",
)
_NAMED = re.compile(r"([0-9]{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?")
_FIRST, _LAST = date(1970, 1, 1), date(2199, 12, 31)
_MOST_YEARS = 50  # longer than any ledger; the calendars of every year in it are made
_SHOWN = 60  # characters of what somebody wrote


def period_of(text: str) -> tuple[date, date]:
    """First day, and the day after the last one. SansangError for what is no period of 1970 to 2199, or too long."""
    spelling = quoted(text[:_SHOWN])
    named = _NAMED.fullmatch(text)
    first, sign, last = text.partition("..")
    if named is not None:
        year, month, quarter = named.groups()
        days = _named(int(year), int(month or 0), int(quarter or 0))
    elif sign:
        days = _day(first, spelling), _day(last, spelling)
    else:
        raise SansangError(_NONE.filled(said=spelling, right=_RIGHT))
    if not _FIRST <= days[0] <= days[1] <= _LAST:
        raise SansangError(_OUTSIDE.filled(said=spelling, right=_RIGHT))
    if days[1].year - days[0].year >= _MOST_YEARS:
        raise SansangError(_LONG.filled(said=spelling, most=_MOST_YEARS))
    return days[0], days[1] + timedelta(days=1)


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
        raise SansangError(_NO_DATE.filled(said=period, part=quoted(text[:_SHOWN]), right=_RIGHT)) from error
