"""The sections of the inventory document, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from agent.inventory.schema.facts import FactsOrText
from agent.inventory.schema.types import (
    Calendar,
    Day,
    DevicePort,
    Hours,
    Id,
    Interval,
    Location,
    MonthDay,
    Name,
    ParentId,
    PortNames,
    PortNamesOrText,
    Rate,
    Runs,
    Slo,
    TargetId,
    Timezone,
    WeekdayName,
)
from agent.model import Role
from agent.probes.options import STRICT, Seconds

TIMING_KEYS = ("interval", "timeout", "fail_after", "recover_after", "confirm_interval", "grace")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeTiming:
    """Interval, timeout and patience of probing. Every key may be left out and is then inherited."""

    __pydantic_config__ = STRICT
    interval: Interval | None = None
    timeout: Seconds | None = None
    fail_after: Runs | None = None
    recover_after: Runs | None = None
    confirm_interval: Seconds | None = None
    grace: Seconds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultsRow(ProbeTiming):
    """Defaults of all targets; unit, profile and calendar are those of sites that set none."""

    __pydantic_config__ = STRICT
    reprobe_budget: Rate | None = None
    unit: str | None = None
    profile: str | None = None
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    __pydantic_config__ = STRICT
    name: Name
    language: Literal["vi", "en"] = "vi"
    timezone: Timezone = "Asia/Ho_Chi_Minh"
    observer: Id = "local"
    observer_was: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelNames:
    __pydantic_config__ = STRICT
    vi: Name | None = None
    en: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    __pydantic_config__ = STRICT
    id: Id
    name: LevelNames


@dataclass(frozen=True, slots=True)
class Unit:
    """A node of the administrative tree: the same in the file and in the agent."""

    __pydantic_config__ = STRICT
    id: Id
    name: Name
    level: str
    parent: str | None = None
    code: str | None = None
    facts: FactsOrText = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRow(ProbeTiming):
    """The keys that a profile's checks and single targets have in common."""

    __pydantic_config__ = STRICT
    id: str
    role: Role
    module: str
    address: str
    name: Name | None = None
    parents: tuple[ParentId, ...] = ()
    calendar: Calendar | None = None
    slo: Slo | None = None
    credential: str | None = None
    port: DevicePort | None = None
    ports: PortNames = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow(WatchedRow):
    """One line of a profile."""

    __pydantic_config__ = STRICT
    id: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow(WatchedRow):
    """One target that no profile covers."""

    __pydantic_config__ = STRICT
    id: TargetId


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow(ProbeTiming):
    """A site without its own columns, which are split off before."""

    __pydantic_config__ = STRICT
    id: Id
    name: Name
    unit: str
    profile: str | None = None
    calendar: Calendar = "always"
    slo: Slo | None = None
    contact: str | None = None
    location: Location | None = None
    uplinks: Literal["any", "all"] = "any"
    snmp: str | None = None
    ports: PortNamesOrText = field(default_factory=dict)
    facts: FactsOrText = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindRow:
    """The sites a path leads to; ``except`` is a Python word, so the loader renames it."""

    __pydantic_config__ = STRICT
    sites: Literal["all"] | tuple[str, ...] | None = None
    units: tuple[str, ...] = ()
    without: Annotated[tuple[str, ...], Field(alias="except")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRow(ProbeTiming):
    __pydantic_config__ = STRICT
    id: Id
    module: str
    anchors: tuple[str, ...]
    behind: BehindRow = field(default_factory=BehindRow)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call; never in metrics or the API. The same in the file and in the agent."""

    __pydantic_config__ = STRICT
    id: Id
    name: Name
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonRow:
    """Hours of the dates from one day of the year to another, both included."""

    __pydantic_config__ = STRICT
    first: Annotated[MonthDay, Field(alias="from")]
    last: Annotated[MonthDay, Field(alias="to")]
    hours: Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRow:
    """A calendar: the hours of the whole year or of each season, less the holidays."""

    __pydantic_config__ = STRICT
    zone: Timezone | None = None
    hours: Hours | None = None
    seasons: tuple[SeasonRow, ...] = ()
    holidays: Literal["vn", "none"] = "vn"
    override: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDayRow:
    __pydantic_config__ = STRICT
    date: Day
    like: WeekdayName


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideRow:
    """The year's notice: days off and days worked that no library knows yet."""

    __pydantic_config__ = STRICT
    holidays: tuple[Day, ...] = ()
    working_days: tuple[WorkingDayRow, ...] = ()
