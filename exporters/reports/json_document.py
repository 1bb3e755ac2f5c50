"""A report as JSON, as types: what docs/uptime.schema.json is generated from. Instants in ISO, lengths in ms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter

EXACT = ConfigDict(extra="forbid", strict=True)
_INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"

Instant = Annotated[str, Field(pattern=_INSTANT, description="UTC, with milliseconds")]
Milliseconds = Annotated[int, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Percent = Annotated[str, Field(pattern=r"^\d{1,3}\.\d+$", description="truncated, never rounded up")]
Decimal = Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")]
StateName = Literal["down", "up", "degraded", "unknown"]
BreakName = Literal[
    "begun_anew", "set_aside", "restored", "copied", "other_observer", "killed", "stopped", "clock_unknown",
    "clock_step", "renamed", "heartbeat_refused",
]  # fmt: skip
PoolingName = Literal["pooled", "mean"]
BasisName = Literal["as-was", "today", "today-mean"]
StatusName = Literal["ok", "insufficient", "no_data"]


@dataclass(frozen=True, slots=True)
class FigureJson:
    """exact: numerator and denominator, not reduced."""

    __pydantic_config__ = EXACT

    exact: tuple[Count, Annotated[int, Field(ge=1)]]
    percent_2: Percent
    percent_4: Percent


@dataclass(frozen=True, slots=True)
class TallyJson:
    """scoring_ms is the sum of the five others; a figure that does not exist is null."""

    __pydantic_config__ = EXACT

    scoring_ms: Milliseconds
    maintenance_ms: Milliseconds
    unknown_ms: Milliseconds
    down_ms: Milliseconds
    degraded_ms: Milliseconds
    up_ms: Milliseconds
    availability: FigureJson | None
    coverage: FigureJson | None
    low: FigureJson | None
    high: FigureJson | None
    status: StatusName


@dataclass(frozen=True, slots=True)
class OutageJson:
    """start and end are clipped to period and report instant, confirmed never is.

    number: the row of the ledger that began it, the same in every report; null where there is no ledger. cause: why
    everything at the site was down with it; null where it was not, or nothing tells.
    """

    __pydantic_config__ = EXACT

    number: Annotated[int, Field(ge=1)] | None
    start: Instant
    end: Instant
    counted_ms: Milliseconds
    confirmed: Instant
    reason: str
    cause: Literal["power", "line"] | None = None


@dataclass(frozen=True, slots=True)
class StateJson:
    """cause: why it is unknown, else null."""

    __pydantic_config__ = EXACT

    start: Instant
    end: Instant
    state: StateName
    cause: str | None


@dataclass(frozen=True, slots=True)
class InForceJson:
    """What held for a target in [start, end): one stretch for each change inside the period.

    degraded: limits of its module by name. shortest_seen_ms: a shorter outage may not be seen.
    """

    __pydantic_config__ = EXACT

    start: Instant
    end: Instant
    unit: str
    level: str
    calendar: str
    calendar_hash: str
    slo_percent: Decimal | None
    interval_ms: Milliseconds
    timeout_ms: Milliseconds
    grace_ms: Milliseconds
    fail_after: Count
    recover_after: Count
    confirm_interval_ms: Milliseconds | None
    degraded: Mapping[str, float]
    shortest_seen_ms: Milliseconds


@dataclass(frozen=True, slots=True)
class TargetJson:
    """slo_percent: the strictest that was in force; slo_reached: null without an SLO or without enough data.

    amended: as corrections make it, null without any. unit, level, names: as at the end.
    """

    __pydantic_config__ = EXACT

    target: str
    name: str
    role: str
    site: str
    site_name: str
    unit: str
    unit_name: str
    level: str
    calendar: str
    recorded: TallyJson
    amended: TallyJson | None
    slo_percent: Decimal | None
    slo_reached: bool | None
    outages: tuple[OutageJson, ...]
    longest_outage_ms: Milliseconds
    soft_failures: Count
    retroactive: tuple[str, ...]
    resolution_ms: Milliseconds
    shortest_seen_ms: Milliseconds
    states: tuple[StateJson, ...]
    in_force: tuple[InForceJson, ...]


@dataclass(frozen=True, slots=True)
class MeanJson:
    """exact: in lowest terms; null where it has more than 1,000 digits: the mean of the targets' figures, once more."""

    __pydantic_config__ = EXACT

    exact: tuple[Count, Annotated[int, Field(ge=1)]] | None
    percent_2: Percent
    percent_4: Percent


@dataclass(frozen=True, slots=True)
class UnitIndexJson:
    """What a unit of then, as it was, gives to a unit of today: its targets that are there now, pooled."""

    __pydantic_config__ = EXACT

    id: str
    name: str
    targets: Count
    pooled: TallyJson


@dataclass(frozen=True, slots=True)
class GroupJson:
    """pooled: all milliseconds in one sum; mean: every target weighs the same.

    measured: how many of the targets have an availability; the mean is theirs. mean_coverage: of the targets'
    coverages; null where nothing counts. mean_status: whether the mean may be relied on. indices: of the units that a
    unit of today was made of, and their mean; none unless that was asked for.
    """

    __pydantic_config__ = EXACT

    id: str
    name: str
    targets: Count
    pooled: TallyJson
    mean: MeanJson | None
    measured: Count
    mean_coverage: MeanJson | None
    mean_status: StatusName
    indices: tuple[UnitIndexJson, ...]
    mean_of_indices: MeanJson | None


@dataclass(frozen=True, slots=True)
class WindowJson:
    """A maintenance window; excluded: whether anything of it does not count.

    recorded: as the clock of its boot maps it. clock: unsynchronised: nothing does, the window excludes nothing, and
    recorded is what the wall clock said; unknown: a row from before that was kept, its stored time stands.
    """

    __pydantic_config__ = EXACT

    id: str
    scope: str
    start: Instant
    end: Instant
    recorded: Instant
    cancelled: Instant | None
    excluded: bool
    clock: Literal["synchronised", "unsynchronised", "unknown"]
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class CorrectionJson:
    """A signed correction: row is its own, refers_to the one it corrects, often the number of an outage."""

    __pydantic_config__ = EXACT

    row: Annotated[int, Field(ge=1)]
    refers_to: Annotated[int, Field(ge=1)]
    target: str
    start: Instant
    end: Instant
    state: StateName
    cause: str
    recorded: Instant
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class BreakJson:
    """A break of the record; start and end are the same for what happened at an instant.

    kind: its cause. row: the number of the row that tells of it. facts: what that row says, as the ledger has it.
    """

    __pydantic_config__ = EXACT

    kind: BreakName
    start: Instant
    end: Instant
    row: Count
    facts: dict[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class OtherObserverJson:
    """Rows of another observer in the same ledger, which no figure here contains."""

    __pydantic_config__ = EXACT

    observer: str
    start: Instant
    end: Instant
    runs: Count
    targets: Count


@dataclass(frozen=True, slots=True)
class CalendarJson:
    """hash: SHA-256 of its content in the ledger."""

    __pydantic_config__ = EXACT

    name: str
    hash: str


@dataclass(frozen=True, slots=True)
class InventoryJson:
    """hash: SHA-256 of an inventory in the ledger, in force in [start, end) of the period."""

    __pydantic_config__ = EXACT

    hash: str
    start: Instant
    end: Instant


@dataclass(frozen=True, slots=True)
class UnitChangeJson:
    """A change of a unit that was recorded after the date from which on it is in force."""

    __pydantic_config__ = EXACT

    kind: str
    unit: str
    into: str | None
    document: str
    in_force: Instant
    recorded: Instant


@dataclass(frozen=True, slots=True)
class PeriodJson:
    """[start, end)."""

    __pydantic_config__ = EXACT

    start: Instant
    end: Instant
    zone: str


@dataclass(frozen=True, slots=True)
class SelectionJson:
    """What was asked for; empty: all of them. left_out: how many targets of the period were not."""

    __pydantic_config__ = EXACT

    roles: tuple[str, ...]
    sites: tuple[str, ...]
    targets: tuple[str, ...]
    calendar: str
    left_out: Count


@dataclass(frozen=True, slots=True)
class MethodJson:
    """What the figures follow from beside the ledger. repeat: the command that makes the same report again.

    pooling: which figure of several targets the report for people shows first. units: those of the grouping.
    """

    __pydantic_config__ = EXACT

    coverage_threshold_percent: Decimal
    degraded_weight: Decimal
    pooling: PoolingName
    units: BasisName
    software: str
    tzdata: str
    observer: str
    first_seq: Count
    last_seq: Count
    head: str
    inventory: str
    calendars: tuple[CalendarJson, ...]
    inventories: tuple[InventoryJson, ...]
    repeat: str


@dataclass(frozen=True, slots=True)
class ReportJson:
    """An uptime report. unverified: why nobody vouches for its figures, null where the whole ledger was verified.

    overall: all targets that count together, with the id "". roles: of each role that has such targets, its id.
    """

    __pydantic_config__ = EXACT

    version: Literal[1]
    unverified: str | None
    organisation: str
    period: PeriodJson
    as_of: Instant
    selection: SelectionJson
    method: MethodJson
    overall: GroupJson
    roles: tuple[GroupJson, ...]
    targets: tuple[TargetJson, ...]
    groups: tuple[GroupJson, ...]
    late_unit_changes: tuple[UnitChangeJson, ...]
    maintenance: tuple[WindowJson, ...]
    corrections: tuple[CorrectionJson, ...]
    breaks: tuple[BreakJson, ...]
    other_observers: tuple[OtherObserverJson, ...]


DOCUMENT = TypeAdapter(ReportJson)
