"""Calendars as documents: in a replay file, and as the ledger keeps those of the inventory. Nothing else is taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Literal, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter
from pydantic_core import PydanticCustomError

from agent.availability.calendar import (
    Always,
    Calendar,
    MonthDay,
    Season,
    Weekday,
    Weekly,
    Windows,
    in_two_seasons,
)
from agent.availability.spans import Span
from agent.text import Text

EXACT = ConfigDict(extra="forbid", strict=True)
MAX_INSTANT = 1 << 53
_HOURS = re.compile(r"(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)")


REFUSED = "refused"
"""The type of pydantic's error for a value that ``refuse`` refused; its context holds the Text under this name."""

ENDS_TOO_EARLY = Text(
    "kết thúc lúc {end}, không sau lúc bắt đầu {start}", "it ends at {end}, which is not after its start {start}"
)
_SHAPE = Text("{value} không phải là {right}", "{value} is not {right}")
_A_DATE = Text("ngày trong khoảng 1970 đến 2199, dạng 2026-06-01", "a date of 1970 to 2199")
_A_MONTH_DAY = Text("ngày trong năm dạng MM-DD, như 06-15", "MM-DD")
_A_TIME = Text("giờ như 07:30 hoặc 24:00", "a time such as 07:30 or 24:00")
_NO_DATE = Text("{value} không phải là ngày", "{value} is not a date: {why}")
_NO_MONTH_DAY = Text("{value} không phải là ngày trong năm", "{value} is not a day of the year: {why}")
_NO_ZONE = Text(
    "{value} không phải múi giờ; đúng ra: Asia/Ho_Chi_Minh",
    "{value} is not a time zone; right would be Asia/Ho_Chi_Minh",
)
_HOURS_REVERSED = Text(
    "khung giờ {opens}-{closes} kết thúc trước khi bắt đầu; khung giờ qua nửa đêm phải viết thành hai dòng",
    "the hours {opens}-{closes} end before they begin; hours over midnight are two rows",
)
_TWO_SEASONS = Text("ngày {day} nằm trong hai mùa", "the date {day} lies in two seasons")
_WORKING_DAY_TWICE = Text("ngày làm bù {day} được ghi hai lần", "the working day {day} is listed twice")


def refuse(reason: Text) -> NoReturn:
    """Refuse a value, with the reason in both languages for who wrote it."""
    raise PydanticCustomError(REFUSED, "{message}", {"message": reason.en, REFUSED: reason})


def shaped(pattern: str, right: Text) -> Callable[[str], str]:
    """A check that a text has that shape."""

    def check(value: str) -> str:
        return value if re.fullmatch(pattern, value) else refuse(_SHAPE.filled(value=repr(value[:40]), right=right))

    return check


_date_shaped = shaped(r"(19[7-9]|20[0-9]|21[0-9])[0-9]-[0-9]{2}-[0-9]{2}", _A_DATE)
_month_day_shaped = shaped(r"[0-9]{2}-[0-9]{2}", _A_MONTH_DAY)


def _date(text: str) -> str:
    _date_shaped(text)
    try:
        date.fromisoformat(text)
    except ValueError as error:
        refuse(_NO_DATE.filled(value=repr(text), why=error))
    return text


def _month_day(text: str) -> str:
    _month_day_shaped(text)
    try:
        date.fromisoformat(f"2024-{text}")
    except ValueError as error:
        refuse(_NO_MONTH_DAY.filled(value=repr(text), why=error))
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        refuse(_NO_ZONE.filled(value=repr(name[:40])))
    return name


def _pair(hours: tuple[str, str]) -> tuple[str, str]:
    if time_of_day(hours[1]) <= time_of_day(hours[0]):
        refuse(_HOURS_REVERSED.filled(opens=hours[0], closes=hours[1]))
    return hours


def time_of_day(text: str) -> int:
    """Milliseconds since 00:00 of ``HH:MM``, also ``24:00``."""
    return (int(text[:2]) * 60 + int(text[3:])) * 60_000


def month_day(text: str) -> MonthDay:
    """The month and day of ``MM-DD``."""
    return int(text[:2]), int(text[3:])


Instant = Annotated[int, Field(ge=-MAX_INSTANT, le=MAX_INSTANT)]
Date = Annotated[str, AfterValidator(_date)]
MonthDayText = Annotated[str, AfterValidator(_month_day)]
Zone = Annotated[str, AfterValidator(_zone)]
Time = Annotated[str, AfterValidator(shaped(_HOURS.pattern, _A_TIME))]
Hours = Annotated[tuple[Time, Time], AfterValidator(_pair)]
WeekdayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """[start, end) of UTC."""

    __pydantic_config__ = EXACT

    start_utc_ms: Instant
    end_utc_ms: Instant

    def __post_init__(self) -> None:
        if self.end_utc_ms <= self.start_utc_ms:
            refuse(ENDS_TOO_EARLY.filled(end=self.end_utc_ms, start=self.start_utc_ms))

    @property
    def span(self) -> Span:
        return self.start_utc_ms, self.end_utc_ms


@dataclass(frozen=True, slots=True)
class AlwaysCalendar:
    __pydantic_config__ = EXACT

    kind: Literal["always"]


@dataclass(frozen=True, slots=True)
class WindowsCalendar:
    __pydantic_config__ = EXACT

    kind: Literal["windows"]
    windows: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class SeasonHours:
    __pydantic_config__ = EXACT

    from_: Annotated[MonthDayText, Field(alias="from")]
    to: MonthDayText
    hours: dict[WeekdayName, tuple[Hours, ...]]

    def season(self) -> Season:
        """The season as the calendar counts it."""
        hours = {
            Weekday[name]: tuple((time_of_day(opens), time_of_day(closes)) for opens, closes in rows)
            for name, rows in self.hours.items()
        }
        return Season(month_day(self.from_), month_day(self.to), hours)


@dataclass(frozen=True, slots=True)
class WorkingDay:
    __pydantic_config__ = EXACT

    date: Date
    like: WeekdayName


@dataclass(frozen=True, slots=True)
class WeeklyCalendar:
    __pydantic_config__ = EXACT

    kind: Literal["weekly"]
    zone: Zone
    seasons: tuple[SeasonHours, ...]
    holidays: tuple[Date, ...] = ()
    working_days: tuple[WorkingDay, ...] = ()

    def __post_init__(self) -> None:
        twice = in_two_seasons([season.season() for season in self.seasons])
        if twice is not None:
            refuse(_TWO_SEASONS.filled(day=f"{twice:%m-%d}"))
        dates = [working_day.date for working_day in self.working_days]
        doubled = next((day for day in dates if dates.count(day) > 1), None)
        if doubled is not None:
            refuse(_WORKING_DAY_TWICE.filled(day=doubled))


AnyCalendar = Annotated[AlwaysCalendar | WindowsCalendar | WeeklyCalendar, Field(discriminator="kind")]


def parse_calendar(body: bytes) -> Calendar:
    """From the JSON of a document. Raises pydantic's ValidationError."""
    return calendar_of(_adapter().validate_json(body))


def document_of(calendar: Calendar) -> dict[str, object]:
    """The document that ``calendar_of`` reads back: the stored form, whose bytes the ledger knows by their hash."""
    if isinstance(calendar, Windows):
        spans = [{"start_utc_ms": start, "end_utc_ms": end} for start, end in calendar.windows]
        return {"kind": "windows", "windows": spans}
    if isinstance(calendar, Always):
        return {"kind": "always"}
    return {
        "kind": "weekly",
        "zone": calendar.zone,
        "seasons": [_season_document(season) for season in calendar.seasons],
        "holidays": [day.isoformat() for day in sorted(calendar.holidays)],
        "working_days": [
            {"date": day.isoformat(), "like": like.name} for day, like in sorted((calendar.working_days or {}).items())
        ],
    }


def _season_document(season: Season) -> dict[str, object]:
    first, last = (f"{month:02}-{day:02}" for month, day in (season.first, season.last))
    hours = {day.name: [[_clock(at) for at in span] for span in spans] for day, spans in season.hours.items()}
    return {"from": first, "to": last, "hours": hours}


def _clock(since_midnight_ms: int) -> str:
    minutes = since_midnight_ms // 60_000
    return f"{minutes // 60:02}:{minutes % 60:02}"


@cache
def _adapter() -> TypeAdapter[AlwaysCalendar | WindowsCalendar | WeeklyCalendar]:
    """Compiled when first needed: few commands read stored calendars."""
    return TypeAdapter(AnyCalendar)


def calendar_of(document: AlwaysCalendar | WindowsCalendar | WeeklyCalendar | None) -> Calendar:
    """The calendar that a document says; none says always."""
    if isinstance(document, WindowsCalendar):
        return Windows(tuple(window.span for window in document.windows))
    if isinstance(document, WeeklyCalendar):
        return Weekly(
            document.zone,
            tuple(season.season() for season in document.seasons),
            frozenset(date.fromisoformat(day) for day in document.holidays),
            {date.fromisoformat(working_day.date): Weekday[working_day.like] for working_day in document.working_days},
        )
    return Always()
