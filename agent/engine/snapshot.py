"""The current view: what metrics, pages and `sansang check` show. Values are frozen; the engine replaces them.

Gauges always equal the head of the ledger: a view changes state only after the commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from agent.errors import Fault
from agent.model import Cause, ProbeResult, ReasonCode, State, Target

if TYPE_CHECKING:  # `sansang check` shows views and opens no ledger
    from agent.ledger.queries import Head


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest completed run of a target."""

    start_wall_ms: int
    result: ProbeResult


@dataclass(frozen=True, slots=True)
class TargetView:
    """All that is shown of one target.

    since_wall_ms: when the state began (back-dated); last_known_up survives UNKNOWN and restarts, None before
    any verdict; upstream: the ancestor known to be DOWN that explains this one, if any, by id and by name;
    silent_but_passing: known to be DOWN, yet something behind it answers (both as last_known_up: kept while UNKNOWN);
    in_maintenance: it lies in
    a planned window now (an overlay: state and runs are what they are); state_seconds: booked seconds per State value,
    from 0 at agent start.
    """

    target: Target
    state: State
    cause: Cause
    since_wall_ms: int
    confirmed_wall_ms: int
    last_known_up: bool | None = None
    last_run: LastRun | None = None
    upstream: str | None = None
    upstream_name: str = ""
    silent_but_passing: bool = False
    in_maintenance: bool = False
    probes: int = 0
    failures: int = 0
    local_errors: int = 0
    failure_reasons: Mapping[ReasonCode, int] = field(default_factory=dict)
    state_seconds: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class AnchorView:
    """An address that a path is judged by.

    answered: whether it has done so since the agent began to ask; False after fail_after failed runs and no answer
    ever, None while nothing can be said.
    """

    address: str
    answered: bool | None


@dataclass(frozen=True, slots=True)
class PathView:
    """Whether the monitor's own way to a scope works; up is None until an anchor has been judged."""

    id: str
    up: bool | None
    since_wall_ms: int
    targets_behind: int
    silent_but_passing: bool = False
    anchors: tuple[AnchorView, ...] = ()


class ErrorOrigin(StrEnum):
    """What a bug of ours ended; the value is a metric's label."""

    PROBE = "probe"
    JOB = "job"
    RELOAD = "reload"
    REQUEST = "request"
    LEDGER = "ledger"


class CronJob(StrEnum):
    """What is done by the calendar; the value is a metric's label."""

    LEDGER_HEAD = "ledger_head"
    LEDGER_BACKUP = "ledger_backup"
    LEDGER_DAYS = "ledger_days"


@dataclass(slots=True)
class CronJobStats:
    """How a job of the calendar went: successful is None before its first end."""

    successful: bool | None = None
    success_wall_ms: int = 0
    failures: int = 0


LATENESS_BOUNDS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)


@dataclass(slots=True)
class EngineStats:
    """The agent's counters about itself; the engine writes, the exposition reads."""

    observer: str = ""
    installation: str = ""  # identity of this installation (agent.ledger.recovery.installation)
    lateness_counts: list[int] = field(default_factory=lambda: [0] * (len(LATENESS_BOUNDS_SECONDS) + 1))
    lateness_sum_seconds: float = 0.0
    late_starts: int = 0  # rounds that began later than half their interval
    late_ratio: float = 0.0  # of the last half minute: those, and rounds missed
    overloaded: bool = False
    loop_lag_seconds: float = 0.0
    loop_stalls: int = 0
    loop_stalls_run_delay: int = 0  # of those, by a machine that had no processor for us
    loop_stood_seconds: float = 0.0  # how long all of them took together
    overruns: int = 0  # a round came while the target's last run was still going: counted, not queued
    rounds_missed: int = 0  # whole rounds skipped after a stall
    reprobes: int = 0
    reprobes_deferred: int = 0  # the global budget was spent
    internal_errors: dict[ErrorOrigin, int] = field(default_factory=lambda: dict.fromkeys(ErrorOrigin, 0))
    local_errors: dict[ReasonCode, int] = field(default_factory=dict)
    lost_packets: dict[str, int] = field(default_factory=dict)  # by probe, until the runtime last asked
    resolver_up: bool | None = None  # the last query got an answer; None until the runtime says so
    resolver_failures: int | None = None
    clock_steps: int = 0
    clock_synchronised: bool = False
    clock_readable: bool = True  # the kernel let us ask; if not, clock_synchronised says nothing about the clock
    ledger_writable: bool = True
    ledger_commits: int = 0
    ledger_rows: int = 0
    ledger_write_errors: int = 0
    ledger_queue_rows: int = 0
    ledger_head_seq: int = 0
    ledger_daily_head: Head | None = None  # as noted at the start and at midnight; None of an empty ledger
    ledger_commit_wall_ms: int = 0
    availability_refresh_errors: int = 0  # turns in which the months' shares could not be computed
    ledger_heartbeat_refused: bool = False  # at this start
    ledger_quarantined: int = 0  # ledgers set aside at this start
    ledger_verify_success: bool | None = None  # of the last copy; None before the first
    ledger_backup_wall_ms: int = 0
    days_closed_until_wall_ms: int = 0  # end of the newest day in the yearly files
    days_write_errors: int = 0
    jobs: dict[CronJob, CronJobStats] = field(default_factory=dict)
    storage_free_bytes: int | None = None
    storage_size_bytes: int | None = None
    reload_successful: bool = True
    reload_faults: tuple[Fault, ...] = ()  # of the configuration that was refused last, while it stays refused
    reload_success_wall_ms: int = 0
