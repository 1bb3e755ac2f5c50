"""What happens by the calendar, not by the round: the only use of APScheduler.

Rounds are paced on the monotonic loop (plan.py), because APScheduler compares wall clocks: a step back of an hour would
stop its jobs for an hour. Calendar jobs want just that - they belong to a date - and are made safe against steps and
stalls by coalescing and an unlimited misfire grace.
"""

from __future__ import annotations

from collections.abc import Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger


class Calendar:
    """Jobs of the day, in the organisation's time zone."""

    def __init__(self, timezone: str) -> None:
        self._timezone = timezone
        self._scheduler = AsyncIOScheduler(
            timezone=timezone, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def daily(self, name: str, job: Callable[[], None], hour: int = 0, minute: int = 5) -> None:
        """Call job once a day at that local time; it must not block."""
        self._scheduler.add_job(job, CronTrigger(hour=hour, minute=minute, timezone=self._timezone), id=name)

    def hourly(self, name: str, job: Callable[[], None], minute: int) -> None:
        """Call job at that minute of every hour; it must not block."""
        self._scheduler.add_job(job, CronTrigger(minute=minute, timezone=self._timezone), id=name)

    def start(self) -> None:
        """Begin; inside the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """End; a job under way is not waited for."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
