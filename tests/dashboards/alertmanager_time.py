"""What Alertmanager says of an instant, written from its documentation (configuration, `time_interval`).

Within a field one element must hold, of the fields all; a missing one always holds. Times exclude their end, days
and months include it; days count from the end of the month if negative and are clamped to it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def active(named: Iterable[Mapping[str, Any]], name: str, instant: datetime) -> bool:
    """Whether a route that is active in `name` and muted in `name-off` sends at that instant."""
    lists = {each["name"]: each["time_intervals"] for each in named}
    return _in_any(lists[name], instant) and not _in_any(lists.get(f"{name}-off", ()), instant)


def _in_any(intervals: Iterable[Mapping[str, Any]], instant: datetime) -> bool:
    return any(_contains(each, instant.astimezone(ZoneInfo(each.get("location", "UTC")))) for each in intervals)


def _contains(interval: Mapping[str, Any], local: datetime) -> bool:
    length = monthrange(local.year, local.month)[1]
    numbers = {"weekdays": local.isoweekday() % 7, "months": local.month, "years": local.year}
    fields = [_in_range(interval[name], number) for name, number in numbers.items() if name in interval]
    if "days_of_month" in interval:
        fields.append(any(_has_day(text, local.day, length) for text in interval["days_of_month"]))
    if "times" in interval:
        fields.append(any(_has_time(each, local) for each in interval["times"]))
    return all(fields)


def _in_range(texts: Sequence[str], number: int) -> bool:
    return any(_number(text.split(":")[0]) <= number <= _number(text.split(":")[-1]) for text in texts)


def _number(text: str) -> int:
    return WEEKDAYS.index(text) if text in WEEKDAYS else int(text)


def _has_day(text: str, day: int, length: int) -> bool:
    ends = [int(one) for one in text.split(":")]
    first, last = (length + 1 + one if one < 0 else one for one in (ends[0], ends[-1]))
    return first <= length and max(first, 1) <= day <= min(last, length)


def _has_time(times: Mapping[str, str], local: datetime) -> bool:
    return times["start_time"] <= f"{local:%H:%M}" < times["end_time"]
