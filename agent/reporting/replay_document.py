"""The file of `sansang uptime --replay` as types (docs/replay.md): what may stand where. Nothing else is accepted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field

from agent.availability.calendar_document import (
    ENDS_TOO_EARLY,
    EXACT,
    MAX_INSTANT,
    AnyCalendar,
    Date,
    Instant,
    Stretch,
    Zone,
    refuse,
    shaped,
)
from agent.model import Verdict
from agent.text import Text

"""The end of what has not ended."""

_LAST_YEAR_MS = 7_258_118_400_000  # 2200-01-01
_A_DECIMAL = Text('số thập phân viết dạng chuỗi, như "0.5"', "a decimal as text, such as 0.5")
_NO_WEIGHT = Text("{value} không nằm trong khoảng 0 đến 1", "{value} is not in 0..1")
_ZONE_MISSING = Text(
    "ngày cần có múi giờ; đúng ra: Asia/Ho_Chi_Minh", "a date needs a zone; right would be Asia/Ho_Chi_Minh"
)
_ENDS_BEFORE = Text("kết thúc lúc {end}, trước lúc bắt đầu {start}", "it ends at {end}, before its start {start}")
_END_AND_RUNNING = Text(
    "end_ms dành cho lần chạy đã kết thúc (stop hoặc kill), không dành cho lần đang chạy (running)",
    "end_ms belongs to a run that ended (stop or kill), and to no running one",
)
_WATERMARK_NOT_KILLED = Text(
    "chỉ lần chạy bị dừng đột ngột (kill) mới có watermark_ms", "only a killed run has a watermark_ms"
)
_WATERMARK_OUTSIDE = Text("watermark_ms {value} nằm ngoài lần chạy", "watermark_ms {value} lies outside the run")


def _weight(text: str) -> str:
    return text if Fraction(_decimal(text)) <= 1 else refuse(_NO_WEIGHT.filled(value=text[:40]))


_decimal = shaped(r"[0-9]{1,30}(\.[0-9]{1,30})?", _A_DECIMAL)
Moment = Annotated[int, Field(ge=0, le=_LAST_YEAR_MS)]
Length = Annotated[int, Field(ge=0, le=MAX_INSTANT)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Id = Annotated[str, Field(min_length=1, max_length=200)]
Decimal = Annotated[str, AfterValidator(_decimal)]
Weight = Annotated[str, AfterValidator(_weight)]
Cause = Literal["clock", "disk", "paused", "monitor_net", "dns", "local_error", "drops", "overload", "not_yet"]


class Probe(NamedTuple):
    """One run of a probe, as a list in the file."""

    boot: Id
    start_ms: Instant
    took_ms: Length
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReplayConfigured:
    """Where a target belongs to the inventory; without an end: still."""

    __pydantic_config__ = EXACT

    start_utc_ms: Instant
    end_utc_ms: Instant | None = None

    def __post_init__(self) -> None:
        if self.end_utc_ms is not None and self.end_utc_ms <= self.start_utc_ms:
            refuse(ENDS_TOO_EARLY.filled(end=self.end_utc_ms, start=self.start_utc_ms))


@dataclass(frozen=True, slots=True)
class BlindTime(Stretch):
    cause: Cause


@dataclass(frozen=True, slots=True)
class MaintenanceWindow(Stretch):
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
            refuse(_ZONE_MISSING)


@dataclass(frozen=True, slots=True)
class ReplayRun:
    """An agent run in the boottime of its boot."""

    __pydantic_config__ = EXACT

    boot: Id
    start_ms: Instant
    end: Literal["stop", "kill", "running"]
    end_ms: Instant | None = None
    watermark_ms: Instant | None = None

    def __post_init__(self) -> None:
        if (self.end_ms is None) != (self.end == "running"):
            refuse(_END_AND_RUNNING)
        end = self.start_ms if self.end_ms is None else self.end_ms
        if end < self.start_ms:
            refuse(_ENDS_BEFORE.filled(end=end, start=self.start_ms))
        if self.watermark_ms is not None and self.end != "kill":
            refuse(_WATERMARK_NOT_KILLED)
        if self.watermark_ms is not None and not self.start_ms <= self.watermark_ms <= end:
            refuse(_WATERMARK_OUTSIDE.filled(value=self.watermark_ms))

    @property
    def vouched_ms(self) -> int | None:
        """Up to where it vouches; None: still running."""
        if self.end == "kill":
            return self.start_ms if self.watermark_ms is None else self.watermark_ms
        return self.end_ms


@dataclass(frozen=True, slots=True)
class ReplayClockAnchor:
    __pydantic_config__ = EXACT

    boot: Id
    at_ms: Instant
    wall_utc_ms: Instant
    synchronised: bool


@dataclass(frozen=True, slots=True)
class ReplayPolicy:
    __pydantic_config__ = EXACT

    interval_ms: Annotated[int, Field(ge=1, le=MAX_INSTANT)]
    timeout_ms: Length
    fail_after: Count
    recover_after: Count
    grace_ms: Length | None = None


@dataclass(frozen=True, slots=True)
class ReplayTarget:
    __pydantic_config__ = EXACT

    id: Id
    policy: ReplayPolicy
    configured: tuple[ReplayConfigured, ...]
    probes: tuple[Probe, ...]
    blind: tuple[BlindTime, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplayDocument:
    """A whole file."""

    __pydantic_config__ = EXACT

    version: Literal[1]
    period: Period
    agent_runs: tuple[ReplayRun, ...]
    targets: tuple[ReplayTarget, ...]
    as_of_utc_ms: Moment | None = None
    coverage_threshold: Decimal = "95"
    degraded_weight: Weight = "1"
    calendar: AnyCalendar | None = None
    clock_anchors: tuple[ReplayClockAnchor, ...] = ()
    maintenance: tuple[MaintenanceWindow, ...] = ()
