"""The file of `sansang uptime --replay` as types (docs/replay.md): what may stand where. Nothing else is accepted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from agent.availability.calendar import MonthDay, Season, Weekday, in_two_seasons
from agent.availability.spans import Span
from agent.model import Verdict

FOREVER = 1 << 60
"""The end of what has not ended."""

EXACT = ConfigDict(extra="forbid", strict=True)
_MAX_INSTANT = 1 << 53
_LAST_YEAR_MS = 7_258_118_400_000  # 2200-01-01
_HOURS = re.compile(r"(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)")


def _wrong(text: str) -> NoReturn:
    raise PydanticCustomError("replay", "{wrong}", {"wrong": text})


def _shaped(pattern: str, right: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        return value if re.fullmatch(pattern, value) else _wrong(f"{value[:40]!r} is not {right}")

    return check


def _date(text: str) -> str:
    try:
        date.fromisoformat(_shaped(r"(19[7-9]|20[0-9]|21[0-9])[0-9]-[0-9]{2}-[0-9]{2}", "a date of 1970 to 2199")(text))
    except ValueError as error:
        _wrong(f"{text!r} is not a date: {error}")
    return text


def _month_day(text: str) -> str:
    _shaped(r"[0-9]{2}-[0-9]{2}", "MM-DD")(text)
    try:
        date.fromisoformat(f"2024-{text}")
    except ValueError as error:
        _wrong(f"{text!r} is not a day of the year: {error}")
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        _wrong(f"{name[:40]!r} is not a time zone; right would be Asia/Ho_Chi_Minh")
    return name


def _weight(text: str) -> str:
    return text if Fraction(_decimal(text)) <= 1 else _wrong(f"{text[:40]} is not in 0..1")


def _pair(hours: tuple[str, str]) -> tuple[str, str]:
    if time_of_day(hours[1]) <= time_of_day(hours[0]):
        _wrong(f"the hours {hours[0]}-{hours[1]} end before they begin; hours over midnight are two rows")
    return hours


def time_of_day(text: str) -> int:
    """Milliseconds since 00:00 of ``HH:MM``, also ``24:00``."""
    return (int(text[:2]) * 60 + int(text[3:])) * 60_000


def month_day(text: str) -> MonthDay:
    """Of ``MM-DD``."""
    return int(text[:2]), int(text[3:])


_decimal = _shaped(r"[0-9]{1,30}(\.[0-9]{1,30})?", "a decimal as text, such as 0.5")
Instant = Annotated[int, Field(ge=-_MAX_INSTANT, le=_MAX_INSTANT)]
Moment = Annotated[int, Field(ge=0, le=_LAST_YEAR_MS)]
Length = Annotated[int, Field(ge=0, le=_MAX_INSTANT)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Id = Annotated[str, Field(min_length=1, max_length=200)]
Date = Annotated[str, AfterValidator(_date)]
MonthDayText = Annotated[str, AfterValidator(_month_day)]
Zone = Annotated[str, AfterValidator(_zone)]
Decimal = Annotated[str, AfterValidator(_decimal)]
Weight = Annotated[str, AfterValidator(_weight)]
Time = Annotated[str, AfterValidator(_shaped(_HOURS.pattern, "a time such as 07:30 or 24:00"))]
Hours = Annotated[tuple[Time, Time], AfterValidator(_pair)]
WeekdayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Cause = Literal["clock", "disk", "paused", "monitor_net", "dns", "local_error", "overload", "not_yet"]


class Probe(NamedTuple):
    """One run of a probe, as a list in the file."""

    boot: Id
    start_ms: Instant
    took_ms: Length
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """[start, end) of UTC."""

    __pydantic_config__ = EXACT

    start_utc_ms: Instant
    end_utc_ms: Instant

    def __post_init__(self) -> None:
        if self.end_utc_ms <= self.start_utc_ms:
            _wrong(f"it ends at {self.end_utc_ms}, which is not after its start {self.start_utc_ms}")

    @property
    def span(self) -> Span:
        return self.start_utc_ms, self.end_utc_ms


@dataclass(frozen=True, slots=True)
class Configured:
    """Where a target belongs to the inventory; without an end: still."""

    __pydantic_config__ = EXACT

    start_utc_ms: Instant
    end_utc_ms: Instant | None = None

    def __post_init__(self) -> None:
        if self.end_utc_ms is not None and self.end_utc_ms <= self.start_utc_ms:
            _wrong(f"it ends at {self.end_utc_ms}, which is not after its start {self.start_utc_ms}")


@dataclass(frozen=True, slots=True)
class BlindTime(_Stretch):
    cause: Cause


@dataclass(frozen=True, slots=True)
class MaintenanceWindow(_Stretch):
    id: Id
    recorded_utc_ms: Instant
    targets: tuple[Id, ...] | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """from and to: a date of the zone, or UTC milliseconds."""

    __pydantic_config__ = EXACT

    from_: Annotated[Date | Moment, Field(alias="from")]
    to: Date | Moment
    zone: Zone | None = None

    def __post_init__(self) -> None:
        if self.zone is None and isinstance(self.from_ if isinstance(self.from_, str) else self.to, str):
            _wrong("a date needs a zone; right would be Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Run:
    """An agent run in the boottime of its boot."""

    __pydantic_config__ = EXACT

    boot: Id
    start_ms: Instant
    end: Literal["stop", "kill", "running"]
    end_ms: Instant | None = None
    watermark_ms: Instant | None = None

    def __post_init__(self) -> None:
        if (self.end_ms is None) != (self.end == "running"):
            _wrong("end_ms belongs to a run that ended (stop or kill), and to no running one")
        end = self.start_ms if self.end_ms is None else self.end_ms
        if end < self.start_ms:
            _wrong(f"it ends at {end}, before its start {self.start_ms}")
        if self.watermark_ms is not None and self.end != "kill":
            _wrong("only a killed run has a watermark_ms")
        if self.watermark_ms is not None and not self.start_ms <= self.watermark_ms <= end:
            _wrong(f"watermark_ms {self.watermark_ms} lies outside the run")

    @property
    def vouched_ms(self) -> int | None:
        """Up to where it vouches; None: still running."""
        if self.end == "kill":
            return self.start_ms if self.watermark_ms is None else self.watermark_ms
        return self.end_ms


@dataclass(frozen=True, slots=True)
class ClockAnchor:
    __pydantic_config__ = EXACT

    boot: Id
    at_ms: Instant
    wall_utc_ms: Instant
    synchronised: bool


@dataclass(frozen=True, slots=True)
class PolicyOf:
    __pydantic_config__ = EXACT

    interval_ms: Annotated[int, Field(ge=1, le=_MAX_INSTANT)]
    timeout_ms: Length
    fail_after: Count
    recover_after: Count
    grace_ms: Length | None = None


@dataclass(frozen=True, slots=True)
class TargetStory:
    __pydantic_config__ = EXACT

    id: Id
    policy: PolicyOf
    configured: tuple[Configured, ...]
    probes: tuple[Probe, ...]
    blind: tuple[BlindTime, ...] = ()


@dataclass(frozen=True, slots=True)
class AlwaysCalendar:
    __pydantic_config__ = EXACT

    kind: Literal["always"]


@dataclass(frozen=True, slots=True)
class WindowsCalendar:
    __pydantic_config__ = EXACT

    kind: Literal["windows"]
    windows: tuple[_Stretch, ...]


@dataclass(frozen=True, slots=True)
class SeasonHours:
    __pydantic_config__ = EXACT

    from_: Annotated[MonthDayText, Field(alias="from")]
    to: MonthDayText
    hours: dict[WeekdayName, tuple[Hours, ...]]

    def season(self) -> Season:
        """As the calendar counts it."""
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
        twice = in_two_seasons([one.season() for one in self.seasons])
        if twice is not None:
            _wrong(f"the date {twice:%m-%d} lies in two seasons")
        dates = [one.date for one in self.working_days]
        doubled = next((day for day in dates if dates.count(day) > 1), None)
        if doubled is not None:
            _wrong(f"the working day {doubled} is listed twice")


AnyCalendar = Annotated[AlwaysCalendar | WindowsCalendar | WeeklyCalendar, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file."""

    __pydantic_config__ = EXACT

    version: Literal[1]
    period: Period
    agent_runs: tuple[Run, ...]
    targets: tuple[TargetStory, ...]
    as_of_utc_ms: Moment | None = None
    coverage_threshold: Decimal = "95"
    degraded_weight: Weight = "1"
    calendar: AnyCalendar | None = None
    clock_anchors: tuple[ClockAnchor, ...] = ()
    maintenance: tuple[MaintenanceWindow, ...] = ()
