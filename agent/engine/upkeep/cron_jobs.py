"""Jobs that run at a time of day, not by the round: the only use of APScheduler.

Rounds are paced on the monotonic loop (plan.py), because APScheduler compares wall clocks: a step back of an hour would
stop its jobs for an hour. CronJobs jobs want just that - they belong to a date - and are made safe against steps and
stalls by coalescing and an unlimited misfire grace.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import structlog
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from agent.clock import Clock
from agent.errors import SansangError

log = structlog.get_logger(__name__)


class CronJob(StrEnum):
    """A job that the calendar starts; the value is a metric's label."""

    LEDGER_HEAD = "ledger_head"
    LEDGER_BACKUP = "ledger_backup"
    LEDGER_DAYS = "ledger_days"
    SCORES = "scores"


@dataclass(frozen=True, slots=True)
class CronJobStats:
    """How a job went: successful is None before its first end."""

    successful: bool | None = None
    success_wall_ms: int = 0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class CronStats:
    """All jobs, and how many of their runs a bug ended."""

    jobs: Mapping[CronJob, CronJobStats] = field(default_factory=dict)
    crashes: int = 0


class CronJobs:
    """Jobs of the day, in the organisation's time zone.

    A job is a coroutine function: APScheduler runs it on the event loop, and anything else in a thread. It has failed
    when it raises, or still runs when it is due again: counted, and logged with its cause.
    """

    def __init__(self, timezone: str, clock: Clock) -> None:
        self._zone = ZoneInfo(timezone)
        self._clock = clock
        self.stats = CronStats()
        self._scheduler = AsyncIOScheduler(
            timezone=self._zone, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._scheduler.add_listener(self._overran, EVENT_JOB_MAX_INSTANCES)

    def daily(
        self,
        name: CronJob,
        job: Callable[[], Awaitable[None]],
        hour: int = 0,
        minute: int = 5,
        *,
        at_start: bool = False,
    ) -> None:
        """Run job once a day at that local time, and at the start where asked for."""
        first = {"next_run_time": self._now()} if at_start else {}
        self._add(name, job, CronTrigger(hour=hour, minute=minute, timezone=self._zone), **first)

    def hourly(self, name: CronJob, job: Callable[[], Awaitable[None]], minute: int) -> None:
        """Run job at the start, and at that minute of every hour."""
        self._add(name, job, CronTrigger(minute=minute, timezone=self._zone), next_run_time=self._now())

    def start(self) -> None:
        """Begin; inside the running event loop."""
        self._scheduler.start()

    def on_clock_step(self) -> None:
        """The wall clock was set: no job waits longer than it would, had the clock been right all the time."""
        now = self._now()
        for job in self._scheduler.get_jobs():
            due = job.trigger.get_next_fire_time(None, now)
            if due < job.next_run_time:
                job.modify(next_run_time=due)

    def stop(self) -> None:
        """End; a job under way is cancelled, what it does in a thread is not waited for."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.wall_ms() / 1000, self._zone)

    def _add(self, name: CronJob, job: Callable[[], Awaitable[None]], trigger: CronTrigger, **first: datetime) -> None:
        self._update(name, CronJobStats())
        self._scheduler.add_job(self._run, trigger, (name, job), id=name.value, **first)

    async def _run(self, name: CronJob, job: Callable[[], Awaitable[None]]) -> None:
        try:
            await job()
        except SansangError as error:
            self._failed(name, str(error))
        except asyncio.CancelledError:
            if self._scheduler.running:  # else the agent stops: no fault of the job, and no line of the library
                self._failed(name, "it was cancelled")
        except Exception as error:  # a bug in one job costs neither the others nor its own next turn
            log.exception("job_crashed", job=name.value)
            self.stats = replace(self.stats, crashes=self.stats.crashes + 1)
            self._failed(name, f"{type(error).__name__}: {error}")
        else:
            job_stats = self.stats.jobs[name]
            self._update(name, replace(job_stats, successful=True, success_wall_ms=self._clock.wall_ms()))

    def _overran(self, event: JobSubmissionEvent) -> None:
        self._failed(CronJob(event.job_id), "it is due again and still not done")

    def _failed(self, name: CronJob, cause: str) -> None:
        job_stats = self.stats.jobs[name]
        self._update(name, replace(job_stats, successful=False, failures=job_stats.failures + 1))
        log.error("job_failed", job=name.value, cause=cause)

    def _update(self, name: CronJob, job_stats: CronJobStats) -> None:
        self.stats = replace(self.stats, jobs={**self.stats.jobs, name: job_stats})
