"""A day of the installed agent: its clock stands before each job's minute, the scheduler and the jobs are its own.

Four lives of one ledger: at noon, and before 00:05, 00:15 and 01:40 of the day after, when the head is logged, the copy
made and the day closed. The clock says so, and that it is synchronised (shifted_clock.c); nothing else stands in for
anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.engine.upkeep.daily_rollup import settling_ms
from agent.inventory.load import load
from agent.probes.registry import PROBES
from tests.peers.debian_machine import Machine, fetched_wheels, machine
from tests.peers.shifted_clock import ENVIRONMENT, ShiftedClock

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BEFORE = timedelta(minutes=1)
CLOSING = clock_time(1, 40)
SETTLED_SECONDS = 6000 - 5  # the day is settled five seconds before the job of 01:40, and not when the agent starts
CONFIG = """\
organisation: {{name: Day, language: en, timezone: Asia/Ho_Chi_Minh}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: u, name: U, level: commune}}]
defaults: {{timeout: 2s, grace: {grace}s}}
modules: {{ping: {{probe: icmp, packets: 1}}}}
sites: [{{id: s, name: S, unit: u}}]
targets:
  - {{id: s/gateway, role: uplink, module: ping, address: 127.88.0.1, interval: 3s}}
  - {{id: s/seldom, role: lan, module: ping, address: 127.88.0.2, interval: 580s}}
listen: 127.0.0.1:10115
storage: {{path: /var/lib/sansang}}
"""


@dataclass(frozen=True, slots=True)
class Life:
    """One start of the agent at an instant of its clock."""

    debian: Machine
    clock: ShiftedClock

    def begin(self, at: datetime) -> None:
        """Stop what runs, set the clock, start."""
        self.debian.done("systemctl", "stop", "sansang")
        self.clock.tell(round((at - datetime.now(UTC)).total_seconds()), synchronised=True)
        self.debian.done("systemctl", "start", "sansang")
        up = 'sansang_target_up{role="uplink",site="s",target="s/gateway"}'
        self.debian.until(lambda: self.debian.metrics().get(up) == 1, 30, "the gateway is up")

    def line(self, event: str, minute: str) -> dict[str, str]:
        """What this life logs of that event in that minute of its clock, waited for; a start may log it too."""
        begun, found = self.debian.unit("InvocationID"), list[dict[str, str]]()
        pattern = re.compile(rf"^timestamp=(\S+) level=info event={event} (.*)$", re.MULTILINE)

        def told() -> bool:
            for stamp, rest in pattern.findall(self.debian.journal(begun)):
                if datetime.fromisoformat(stamp).astimezone(ZONE).strftime("%H:%M") == minute:
                    found.append(dict(re.findall(r"(\w+)=(\S+)", rest)))
            return bool(found)

        self.debian.until(told, 90, f"{event} at {minute}")
        return found[0]

    def until_succeeded(self, job: str, minute: str) -> None:
        """The metrics say so too, and when."""

        def told() -> bool:
            found = self.debian.metrics()
            ended = found.get(f'sansang_job_last_success_timestamp_seconds{{job_name="{job}"}}', 0)
            right = found.get(f'sansang_job_last_run_successful{{job_name="{job}"}}') == 1
            return right and datetime.fromtimestamp(ended, ZONE).strftime("%H:%M") == minute

        self.debian.until(told, 10, f"{job} at {minute} in the metrics")


def config(folder: Path) -> str:
    """With a grace that settles a day when it should."""
    file = folder / "sansang.yml"
    file.write_text(CONFIG.format(grace=1), "utf-8")
    grace = 1 + SETTLED_SECONDS - settling_ms(load(file, PROBES)) // 1000
    return CONFIG.format(grace=grace)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    folder = tmp_path_factory.mktemp("debian")
    with machine(folder, fetched_wheels(tmp_path_factory.mktemp("wheels"))) as debian:
        debian.install()
        debian.write("/etc/sansang/sansang.yml", config(folder))
        yield Life(debian, ShiftedClock.put_before(debian))


@pytest.fixture(scope="module")
def day(life: Life) -> date:
    """Lived at noon, for some seconds."""
    tomorrow = datetime.now(ZONE).date() + timedelta(days=1)
    life.begin(at(tomorrow, clock_time(12)))
    return tomorrow


def at(day: date, when: clock_time) -> datetime:
    return datetime.combine(day, when, ZONE)


def sansang(life: Life, *words: str) -> str:
    """A command of root, by the agent's clock."""
    return life.debian.done("sansang", *words, environment=ENVIRONMENT)


def test_the_head_is_logged_at_its_minute_and_found_again(life: Life, day: date) -> None:
    life.begin(at(day + timedelta(days=1), clock_time(0, 5)) - BEFORE)

    head = life.line("ledger_head", "00:05")

    life.until_succeeded("ledger_head", "00:05")
    assert sansang(life, "ledger", "verify", "--anchor", f"{head['seq']}:{head['hash']}")


def test_the_copy_is_made_at_its_minute_and_is_whole(life: Life, day: date) -> None:
    life.begin(at(day + timedelta(days=1), clock_time(0, 15)) - BEFORE)

    copied = life.line("ledger_backed_up", "00:15")

    life.until_succeeded("ledger_backup", "00:15")
    place = life.debian.path(copied["place"])
    assert (day + timedelta(days=1)).isoformat() in place.name
    assert int(life.debian.done("id", "-u", "sansang")) == place.stat().st_uid
    life.debian.until(lambda: life.debian.metrics().get("sansang_ledger_verify_success") == 1, 10, "said to be whole")


def test_the_day_is_closed_at_its_minute(life: Life, day: date) -> None:
    life.begin(at(day + timedelta(days=1), CLOSING) - BEFORE)

    closed = life.line("days_closed", "01:40")
    life.until_succeeded("ledger_days", "01:40")

    assert (closed["first"], closed["last"], closed["targets"]) == (str(day), str(day), "2")
    assert day.isoformat() in sansang(life, "ledger", "days", "--year", str(day.year), "--json")
    sansang(life, "ledger", "verify", "--days")


def test_nothing_went_wrong_on_that_day(life: Life, day: date) -> None:
    lines = life.debian.journal().splitlines()

    assert day
    assert [line for line in lines if "level=error" in line or "level=warning" in line or "Traceback" in line] == []
    assert [name for name, found in life.debian.metrics().items() if "_errors_total" in name and found] == []
