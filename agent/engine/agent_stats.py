"""All that the agent counts about itself, put together from those who count it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from agent.availability.true_time import ClockOffset
from agent.engine.engine import EngineStats
from agent.engine.reload import ReloadStats
from agent.engine.stalls import StallStats
from agent.engine.upkeep.availability_refresh import RefreshStats
from agent.engine.upkeep.commit_queue import CommitQueueStats
from agent.engine.upkeep.cron_jobs import CronStats
from agent.engine.upkeep.daily_rollup import DailyRollupStats
from agent.engine.upkeep.ledger_upkeep import DiskSpace, LedgerUpkeepStats
from agent.engine.upkeep.timekeeper import TimekeeperStats
from agent.model import TrapResult


class ErrorOrigin(StrEnum):
    """What a bug of the agent ended; the value is a metric's label."""

    PROBE = "probe"
    JOB = "job"
    RELOAD = "reload"
    REQUEST = "request"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class ResolverStats:
    """up: the last DNS query to end got a usable answer; None before the first."""

    up: bool | None = None
    failures: int | None = None


@dataclass(frozen=True, slots=True)
class AgentStats:
    """The statistics of every part of the agent at one instant.

    installation: identity of this installation, "" where none could be kept; dropped_packets: by probe, for want of
    room in its sockets' buffers; disk: None where it cannot be asked; request_crashes: requests that a bug ended.
    clock_offset: by time servers of which two agree; None without such two. traps: empty where none are taken.
    """

    observer: str = ""
    installation: str = ""
    engine: EngineStats = field(default_factory=EngineStats)
    stalls: StallStats = field(default_factory=StallStats)
    commit_queue: CommitQueueStats = field(default_factory=CommitQueueStats)
    clock: TimekeeperStats = field(default_factory=TimekeeperStats)
    ledger: LedgerUpkeepStats = field(default_factory=LedgerUpkeepStats)
    rollup: DailyRollupStats = field(default_factory=DailyRollupStats)
    cron: CronStats = field(default_factory=CronStats)
    reload: ReloadStats = field(default_factory=ReloadStats)
    resolver: ResolverStats = field(default_factory=ResolverStats)
    availability: RefreshStats = field(default_factory=RefreshStats)
    disk: DiskSpace | None = None
    dropped_packets: Mapping[str, int] = field(default_factory=dict)
    request_crashes: int = 0
    clock_offset: ClockOffset | None = None
    traps: Mapping[TrapResult, int] = field(default_factory=dict)

    @property
    def internal_errors(self) -> Mapping[ErrorOrigin, int]:
        """Bugs of the agent, by what they ended."""
        return {
            ErrorOrigin.PROBE: self.engine.rounds.crashes,
            ErrorOrigin.JOB: self.cron.crashes + self.availability.crashes,
            ErrorOrigin.RELOAD: self.reload.crashes,
            ErrorOrigin.REQUEST: self.request_crashes,
            ErrorOrigin.LEDGER: self.commit_queue.rows_refused,
        }
