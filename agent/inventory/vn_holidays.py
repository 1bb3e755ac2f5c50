"""Public holidays of Viet Nam, and the days worked instead of a day off. The only place that knows the library."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

YEARS = range(2020, 2041)
"""Fixed, so that the same library gives the same list whatever the day; beyond, an override file names the days."""

_SUBSTITUTED = re.compile(r"\((?:substituted from|thay cho|nghỉ thay ngày)[^0-9]*([0-9]{2})/([0-9]{2})/([0-9]{4})\)")


@cache
def days_off() -> frozenset[date]:
    """Every day off of YEARS that the library knows."""
    return frozenset(_public_holidays())


@cache
def working_days() -> dict[date, date]:
    """A day of rest that is worked, and the day off it is worked for, whose hours it has."""
    worked = {}
    for day, name in _public_holidays().items():
        match = _SUBSTITUTED.search(name)
        if match is not None:
            month, of_month, year = (int(part) for part in match.groups())
            worked[date(year, month, of_month)] = day
    return worked


@cache
def _public_holidays() -> dict[date, str]:
    import holidays  # noqa: PLC0415 - 50 ms, for those alone who need the days

    return dict(holidays.country_holidays("VN", years=YEARS, language="en_US"))
