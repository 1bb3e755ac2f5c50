"""A running agent does each job at its minute, by APScheduler's own calendar; a job that fails is told."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.ledger.days import day_files
from agent.ledger.integrity.verify import verify
from tests.agent.cli.commands.run.test_months import metrics
from tests.agent.cli.conftest import Served

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AHEAD = timedelta(seconds=10)  # the agent must have started by then, on a busy machine too
"""How long before its minute the agent begins."""
EARLY_SECONDS = 0.01  # a timer of the loop is whole milliseconds, and so is the clock of the agent


@contextmanager
def shifted(served: Served, to: datetime, boot: str = "boot-1") -> Iterator[Path]:
    """An agent whose clock shows that local time at its start; yields its log."""
    log = served.config.with_name(f"{boot}.log")
    program = [sys.executable, "-m", "tests.agent.cli.commands.run.shifted_agent", str(to.timestamp()), boot]
    with log.open("wb") as file:
        process = subprocess.Popen([*program, "run", "--config", str(served.config)], stderr=file)
    try:
        yield log
    finally:
        process.terminate()
        process.communicate(timeout=10)


def until(served: Served, holds: Callable[[dict[str, float]], bool], seconds: float = 40) -> dict[str, float]:
    deadline = time.monotonic() + seconds
    while not holds(found := metrics(served)):
        assert time.monotonic() < deadline, {name: value for name, value in found.items() if "job" in name}
        time.sleep(0.1)
    return found


def at(hour: int, minute: int, days: int = 1) -> datetime:
    """That local time of a day to come."""
    day = datetime.now(ZONE).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return day + timedelta(days=days)


def done(job: str, since: datetime) -> Callable[[dict[str, float]], bool]:
    sample = f'sansang_job_last_success_timestamp_seconds{{job_name="{job}"}}'
    return lambda shown: shown.get(sample, 0) >= since.timestamp() - EARLY_SECONDS


def stand(shown: dict[str, float], sample: str) -> dict[str, float]:
    """By job."""
    return {name.split('"')[1]: value for name, value in shown.items() if name.startswith(sample)}


async def test_the_head_is_logged_at_its_minute(served: Served) -> None:
    def work() -> tuple[dict[str, float], str]:
        due = at(0, 5)
        with shifted(served, due - AHEAD) as log:
            return until(served, done("ledger_head", due)), log.read_text()

    shown, log = await asyncio.to_thread(work)

    assert "event=ledger_head seq=" in log
    assert stand(shown, "sansang_job_failures_total") == {
        "ledger_head": 0,
        "ledger_backup": 0,
        "ledger_days": 0,
        "scores": 0,
    }


async def test_the_copy_is_made_at_its_minute(served: Served) -> None:
    due = at(0, 15)

    def work() -> dict[str, float]:
        with shifted(served, due - AHEAD):
            return until(served, done("ledger_backup", due))

    shown = await asyncio.to_thread(work)

    found = verify(served.storage / "backups" / due.date().isoformat())
    assert (found.ok, found.rows > 0) == (True, True)
    assert shown["sansang_ledger_verify_success"] == 1
    assert shown["sansang_ledger_backup_timestamp_seconds"] >= due.timestamp() - EARLY_SECONDS


async def test_the_day_is_closed_at_its_minute(served: Served) -> None:
    """Evidence of one day's afternoon; the next day, in another boot, it is settled after 01:00 and closed at 01:40."""
    folder = served.storage / day_files.FOLDER
    due = at(1, 40, days=2)
    eve = due.date() - timedelta(days=1)

    def work() -> dict[str, float]:
        with shifted(served, due - timedelta(hours=13), "boot-1"):
            until(served, lambda shown: shown.get("sansang_ledger_head_seq", 0) > 5)
        with shifted(served, due - AHEAD, "boot-2") as log:
            before = until(served, lambda shown: stand(shown, "sansang_job_last_run_successful") != {})
            assert stand(before, "sansang_job_last_run_successful") == {"ledger_days": 1}, "caught up at the start"
            assert "event=days_closed" in log.read_text()
            day_files.file_of(folder, eve.year).unlink()  # so that there is something to do at the minute too
            return until(served, done("ledger_days", due))

    shown = await asyncio.to_thread(work)

    assert [day.day for day in day_files.read(folder, eve.year)] == [eve]
    midnight = due.replace(hour=0, minute=0)
    assert shown["sansang_ledger_daily_sums_timestamp_seconds"] == midnight.timestamp()


async def test_a_copy_that_cannot_be_made_is_told_and_the_other_jobs_go_on(served: Served) -> None:
    served.storage.mkdir(mode=0o700)
    (served.storage / "backups").write_text("in the way")
    due = at(0, 15)
    failures = 'sansang_job_failures_total{job_name="ledger_backup"}'

    def work() -> tuple[dict[str, float], str]:
        with shifted(served, due - AHEAD) as log:
            return until(served, lambda shown: shown.get(failures) == 1), log.read_text()

    shown, log = await asyncio.to_thread(work)

    assert stand(shown, "sansang_job_last_run_successful") == {"ledger_backup": 0, "ledger_days": 1}
    assert shown["sansang_ledger_verify_success"] == 0
    line = next(line for line in log.splitlines() if "job_failed" in line)
    assert "job=ledger_backup" in line
    assert "no backup could be made" in line
