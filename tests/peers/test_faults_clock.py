"""T12: the wall clock jumps under the running agent, by libfaketime (docs/faults.md).

libfaketime moves CLOCK_REALTIME only: FAKETIME_DONT_FAKE_MONOTONIC keeps CLOCK_MONOTONIC and CLOCK_BOOTTIME true.
Left to itself, 0.9.10 also ends every wait on a monotonic condition at once (mended upstream after it): a thread that
waits for Python's lock spins and takes it from whoever works. On a busy machine that is a hundred times dearer, and
rounds came seconds late. FAKETIME_FORCE_MONOTONIC_FIX=0 leaves those waits alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.ledger.integrity.verify import verify
from agent.ledger.rows import ClockStep
from agent.model import State
from tests.peers.agent_process import ROOT, AgentProcess, Config, FaultNetwork, boottime_ms, pings
from tests.peers.witness import Witness

pytestmark = [
    pytest.mark.peers,
    pytest.mark.waits,
    pytest.mark.timeout(120),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
COUNT, INTERVAL, STAY = 100, 4.0, 4.0
HOUR, YEAR = 3600.0, 365.25 * 86400


def until(year: int) -> float:
    return datetime(year, 2, 1, tzinfo=UTC).timestamp() - time.time()


STEPS = (1.0, -1.0, HOUR, -HOUR, YEAR, -YEAR, until(1970), until(2040), 0.0)


def faked(file: Path) -> dict[str, str]:
    file.write_text("+0", encoding="ascii")
    return {
        "LD_PRELOAD": LIBRARY,
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }


def step(file: Path, seconds: float) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text(f"{seconds:+.0f}", encoding="ascii")
    fresh.replace(file)


@pytest.fixture
def network() -> Iterator[FaultNetwork]:
    with FaultNetwork() as net:
        yield net


def test_boottime_and_monotonic_stay_true(tmp_path: Path) -> None:
    """Else the test below would prove nothing."""
    program = "import time; print(time.time(), time.monotonic(), time.clock_gettime(time.CLOCK_BOOTTIME))"
    file = tmp_path / "time"
    environment = os.environ | faked(file)
    step(file, YEAR)
    before = time.time(), time.monotonic(), time.clock_gettime(time.CLOCK_BOOTTIME)
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    wall, *true = (float(word) - was for word, was in zip(done.stdout.split(), before, strict=True))
    assert abs(wall - YEAR) < 30
    assert all(0 <= passed < 30 for passed in true)


def test_threads_that_wait_for_each_other_do_not_spin(tmp_path: Path) -> None:
    """Else the agent's threads would be slow for libfaketime's sake."""
    program = (
        "import threading, time\n"
        "def count(): [None for _ in range(3_000_000)]\n"
        "threads = [threading.Thread(target=each) for each in (count, count)]\n"
        "[each.start() for each in threads]; [each.join() for each in threads]\n"
        "print(time.process_time())"
    )
    file = tmp_path / "time"
    spent = [
        float(subprocess.check_output([sys.executable, "-c", program], env=os.environ | extra))
        for extra in ({}, faked(file))
    ]
    assert spent[1] < 3 * spent[0], spent


def test_steps_of_the_wall_clock_touch_neither_pace_nor_state(network: FaultNetwork, tmp_path: Path) -> None:
    file, config = tmp_path / "time", Config(pings(COUNT), INTERVAL)
    with AgentProcess(network, tmp_path, config, faked(file)) as agent, Witness(network) as witness:
        agent.start()
        agent.until_all("UP", INTERVAL + 10)
        changes, begin_ms = len(agent.changes()), boottime_ms()
        for seconds in STEPS:
            step(file, seconds)
            time.sleep(STAY)
            assert agent.states() == {"UP": COUNT}, seconds
        end_ms = boottime_ms()
        interval_ms = int(INTERVAL * 1000)
        pairs = [(check.id, check.address) for check in config.checks]
        late = sorted(x for pair in pairs for x in witness.lateness(*pair, interval_ms, begin_ms, end_ms))
        print(f"{len(STEPS)} steps, {len(late)} probes, lateness p99 {late[len(late) * 99 // 100]:.0f} ms", end="; ")
        assert witness.out_of_turn(config.checks, interval_ms, begin_ms, end_ms) == {}
        assert len(agent.changes()) == changes
        counted = agent.value("sansang_clock_steps_total")
        rows: list[ClockStep] = agent.rows("clock_step")
        sizes = [(row.wall_ms - row.expected_wall_ms) / 1000 for row in rows]
        print(f"{counted} counted, {[round(size) for size in sizes]}")
        assert counted == len(rows) >= 7  # a second is no step yet (2 s is), all the others are
        agent.stop()
        assert [change for change in agent.changes() if change.state is State.DOWN] == []
        assert verify(agent.storage).ok


def test_a_scheduler_that_compares_wall_clocks_stops_at_a_step_back(tmp_path: Path) -> None:
    """The control: why rounds are not APScheduler jobs."""
    file, out = tmp_path / "time", tmp_path / "out"
    command = [sys.executable, "-m", "tests.peers.wall_pacer"]
    with out.open("wb") as stream:
        process = subprocess.Popen(command, env=os.environ | faked(file), stdout=stream, cwd=ROOT)
    try:
        until_ms = boottime_ms() + 15_000
        while out.stat().st_size < 10 and boottime_ms() < until_ms:
            time.sleep(0.1)
        step(file, -HOUR)
        time.sleep(1.5)
        ticked = out.stat().st_size
        time.sleep(4.0)
        assert 10 <= ticked == out.stat().st_size
    finally:
        process.kill()
        process.wait(10)
