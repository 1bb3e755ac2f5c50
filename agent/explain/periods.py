"""A period as offices write it: a month, a quarter, a year, the first six months of one, or two dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.availability.instants import utc_of
from agent.availability.zones import first_instant
from agent.text import Text

_QUARTERS = ("I", "II", "III", "IV")
_MONTH = Text("Tháng {month}/{year}", "{month} {year}")
_QUARTER = Text("Quý {roman}/{year}", "Quarter {roman} of {year}")
_BEGINNING = Text("{count} tháng đầu năm {year}", "First {count} months of {year}")
_END = Text("{count} tháng cuối năm {year}", "Last {count} months of {year}")
_YEAR = Text("Năm {year}", "Year {year}")
_DAY = Text("Ngày {first}", "{first}")
_DAYS = Text("Từ ngày {first} đến ngày {last}", "From {first} to {last}")
_INSTANTS = Text("Từ {first} đến trước {last}", "From {first} until just before {last}")
_WITH_NOUGHT = (1, 2)  # months that Decree 30/2020/NĐ-CP has written 01 and 02, and no others
_YEARS = range(1970, 2201)  # those of periods, and of their ends
_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def period_in_words(first: date, after: date) -> Text:
    """The days from the first to the one before ``after``, which is later; what has a name of its own by its name."""
    last = after - timedelta(days=1)
    if first.day == after.day == 1 and first.year == last.year:
        named = _months(first.year, first.month, last.month)
        if named is not None:
            return named
    days = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
    return (_DAY if first == last else _DAYS).filled(**days)


def instants_in_words(start_ms: int, end_ms: int, zone: str) -> Text:
    """The same of [start_ms, end_ms), UTC milliseconds; to the second where they are no whole days of the zone."""
    first, after = (_local(ms, zone) for ms in (start_ms, end_ms))
    if first.date() < after.date() and _begins(first, start_ms, zone) and _begins(after, end_ms, zone):
        return period_in_words(first.date(), after.date())
    return _INSTANTS.filled(first=f"{first:%d/%m/%Y %H:%M:%S}", last=f"{after:%d/%m/%Y %H:%M:%S}")


def _local(ms: int, zone: str) -> datetime:
    return utc_of(ms).astimezone(ZoneInfo(zone))


def _begins(local: datetime, ms: int, zone: str) -> bool:
    """Whether a day of the zone begins then."""
    return local.year in _YEARS and first_instant(zone, local.date()) == ms


def _months(year: int, first: int, last: int) -> Text | None:
    """The name of the months from the first to the last; None of those that offices give no name."""
    count = last - first + 1
    if count == 1:
        number = f"{first:02d}" if first in _WITH_NOUGHT else str(first)
        return _MONTH.filled(month=Text(number, _NAMES[first - 1]), year=year)
    if count == 3 and last % 3 == 0:
        return _QUARTER.filled(roman=_QUARTERS[last // 3 - 1], year=year)
    if count == 12:
        return _YEAR.filled(year=year)
    if count in (6, 9) and (first == 1 or last == 12):
        return (_BEGINNING if first == 1 else _END).filled(count=count, year=year)
    return None
