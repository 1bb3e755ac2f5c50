"""Jobs in APScheduler itself, hourly ones at their start. At their minute:
tests/agent/cli/commands/run/test_jobs.py."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from agent.clock import SystemClock
from agent.engine.upkeep.cron_jobs import CronJob, CronJobs, CronJobStats
from agent.errors import LedgerError

ZONE = "Asia/Ho_Chi_Minh"


async def after_its_start(job: Callable[[], Awaitable[None]]) -> tuple[CronJobStats, list[dict[str, object]]]:
    """How the job of the days stood once it had run, and what was logged."""
    ended = asyncio.Event()

    async def watched() -> None:
        try:
            await job()
        finally:
            ended.set()

    jobs = CronJobs(ZONE, SystemClock())
    jobs.hourly(CronJob.LEDGER_DAYS, watched, minute=40)
    assert (jobs.stats.jobs[CronJob.LEDGER_DAYS].successful, jobs.stats.jobs[CronJob.LEDGER_DAYS].failures) == (
        None,
        0,
    )
    with capture_logs() as logged:
        jobs.start()
        await asyncio.wait_for(ended.wait(), 5)
        await asyncio.sleep(0)
        jobs.stop()
        await asyncio.sleep(0.01)
    return jobs.stats.jobs[CronJob.LEDGER_DAYS], [dict(line) for line in logged]


async def test_a_job_runs_on_the_loop() -> None:
    loop = asyncio.get_running_loop()

    async def job() -> None:
        assert asyncio.get_running_loop() is loop

    stand, logged = await after_its_start(job)

    assert (stand.successful, stand.failures, logged) == (True, 0, [])
    assert abs(stand.success_wall_ms - SystemClock().wall_ms()) < 5000


async def test_what_a_job_raises_is_counted_and_told_with_its_cause() -> None:
    async def job() -> None:
        raise LedgerError("no room")

    stand, logged = await after_its_start(job)

    assert (stand.successful, stand.failures, stand.success_wall_ms) == (False, 1, 0)
    assert logged == [{"event": "job_failed", "log_level": "error", "job": "ledger_days", "cause": "no room"}]


async def test_a_bug_in_a_job_is_told_with_its_traceback() -> None:
    async def job() -> None:
        raise ZeroDivisionError("a bug")

    stand, logged = await after_its_start(job)

    assert (stand.successful, stand.failures) == (False, 1)
    assert [line["event"] for line in logged] == ["job_crashed", "job_failed"]
    assert (logged[0]["exc_info"], logged[1]["cause"]) == (True, "ZeroDivisionError: a bug")


async def test_a_clock_set_back_for_years_does_not_stop_the_jobs_for_years() -> None:
    """The machine began in 2040 by its clock, and was set right."""
    ran = asyncio.Event()

    async def job() -> None:
        ran.set()

    jobs = CronJobs(ZONE, SystemClock())
    jobs.hourly(CronJob.LEDGER_DAYS, job, minute=40)
    jobs.daily(CronJob.LEDGER_BACKUP, job, minute=15)
    jobs.start()
    await asyncio.wait_for(ran.wait(), 5)
    for name in ("ledger_days", "ledger_backup"):
        jobs._scheduler.modify_job(name, next_run_time=datetime(2040, 1, 1, tzinfo=jobs._zone))
    jobs.on_clock_step()
    left = [one.next_run_time - datetime.now(jobs._zone) for one in jobs._scheduler.get_jobs()]
    jobs.on_clock_step()
    again = [one.next_run_time - datetime.now(jobs._zone) for one in jobs._scheduler.get_jobs()]
    jobs.stop()

    assert sorted(one <= timedelta(hours=hours) for one, hours in zip(sorted(left), (1, 24), strict=True)) == [
        True,
        True,
    ]
    assert again <= left


async def test_a_job_that_is_due_again_before_it_is_done_has_failed_until_it_is_done() -> None:
    let_go, ended = asyncio.Event(), asyncio.Event()

    async def job() -> None:
        await let_go.wait()
        ended.set()

    jobs = CronJobs(ZONE, SystemClock())
    jobs.hourly(CronJob.LEDGER_DAYS, job, minute=40)
    jobs.start()
    await asyncio.sleep(0.05)
    jobs._scheduler.modify_job("ledger_days", next_run_time=datetime.now(jobs._zone))
    await asyncio.sleep(0.05)
    stuck = (jobs.stats.jobs[CronJob.LEDGER_DAYS].successful, jobs.stats.jobs[CronJob.LEDGER_DAYS].failures)
    let_go.set()
    await asyncio.wait_for(ended.wait(), 5)
    await asyncio.sleep(0)
    jobs.stop()

    assert stuck == (False, 1)
    assert (jobs.stats.jobs[CronJob.LEDGER_DAYS].successful, jobs.stats.jobs[CronJob.LEDGER_DAYS].failures) == (
        True,
        1,
    )


async def test_a_job_that_a_stop_ends_has_not_failed(caplog: pytest.LogCaptureFixture) -> None:
    began = asyncio.Event()

    async def job() -> None:
        began.set()
        await asyncio.sleep(60)

    jobs = CronJobs(ZONE, SystemClock())
    jobs.hourly(CronJob.LEDGER_DAYS, job, minute=40)
    with capture_logs() as logged:
        jobs.start()
        await asyncio.wait_for(began.wait(), 5)
        jobs.stop()
        await asyncio.sleep(0.05)

    assert (jobs.stats.jobs[CronJob.LEDGER_DAYS].failures, logged) == (0, [])
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_job_that_is_cancelled_by_itself_has_failed() -> None:
    async def job() -> None:
        raise asyncio.CancelledError

    stand, logged = await after_its_start(job)

    assert (stand.successful, stand.failures) == (False, 1)
    assert [line["cause"] for line in logged] == ["it was cancelled"]
