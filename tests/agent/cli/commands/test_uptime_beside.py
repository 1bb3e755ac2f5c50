"""Reports while the ledger is written four times a second: each is of one moment, and the writer does not wait."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.ledger.integrity.verify import verify
from tests.agent.reporting.small_ledger import configuration

TICK_SECONDS = 0.25
WRITER = """
import sys, time
from pathlib import Path
from agent.clock import SystemClock
from agent.inventory.load import load
from agent.ledger.rows import AgentRun, Configured, Content, StateChange
from agent.ledger.store import Ledger
from agent.model import Reason, State
from agent.probes.registry import PROBES

clock = SystemClock()
inventory = load(Path(sys.argv[1]), PROBES, "en")
ledger = Ledger.open(Path(inventory.storage_path), clock)
names = [target.id for target in inventory.targets]
now = clock.boottime_ms()
ledger.append([AgentRun("local", clock.boot_id(), now, clock.wall_ms(), synchronised=True, version="0")])
ledger.append([
    Content(inventory.hash, "inventory", inventory.content),
    *(Configured(name, now, 60_000, 5_000, 30_000, 3, 1, inventory.hash) for name in names),
])
turn, due = 0, time.monotonic()
while True:
    due += 0.25
    time.sleep(max(due - time.monotonic(), 0))
    late = time.monotonic() - due
    turn += 1
    at, state = clock.boottime_ms(), State.UP if turn % 2 else State.DOWN
    reason = Reason.OK if turn % 2 else Reason.TIMEOUT
    began = time.monotonic()
    head = ledger.append([StateChange(name, state, reason, at, at, at) for name in names])
    print(head.seq, head.hash.hex(), late, time.monotonic() - began, flush=True)
"""


@contextmanager
def writing(config: Path, told: Path) -> Iterator[None]:
    with told.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(config)], stdout=file)
    try:
        yield
    finally:
        process.kill()
        process.wait(10)


def commits(told: Path) -> list[list[str]]:
    return [line.split() for line in told.read_text("ascii").splitlines(keepends=True) if line.endswith("\n")]


def report(config: Path, period: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "agent", "uptime", "--config", str(config), "--period", period, "--json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)


def wrong(document: dict[str, Any]) -> list[str]:
    """Where the times of a target do not add up, or its states leave a gap or overlap."""
    parts = ("maintenance_ms", "unknown_ms", "down_ms", "degraded_ms", "up_ms")
    found = []
    for one in document["targets"]:
        states = one["states"]
        if sum(one["recorded"][part] for part in parts) != one["recorded"]["scoring_ms"]:
            found.append(f"{one['target']}: the sums")
        if any(left["end"] != right["start"] for left, right in pairwise(states)):
            found.append(f"{one['target']}: its states")
        if states[-1]["end"] != document["as_of"]:
            found.append(f"{one['target']}: it ends at another moment")
    return found


def beside_a_writer(folder: Path, count: int) -> str:
    config, told = configuration(folder), folder / "commits"
    year = f"{datetime.fromtimestamp(SystemClock().wall_ms() / 1000, UTC):%Y}"
    with writing(config, told):
        while len(commits(told)) < 8:
            time.sleep(0.1)
        calm = len(commits(told))
        with ThreadPoolExecutor(count) as pool:
            done = list(pool.map(lambda _: report(config, year), range(count)))
        written = commits(told)

    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * count
    documents = [json.loads(one.stdout) for one in done]
    heads = {seq: digest for seq, digest, _, _ in written}
    sources = [document["method"] for document in documents]
    assert [wrong(document) for document in documents] == [[]] * count
    assert [heads[str(one["last_seq"])] == one["head"] for one in sources] == [True] * count
    assert verify(folder / "ledger").ok
    late, took = ([float(row[column]) for row in written[calm:]] for column in (2, 3))
    assert max(took) < 1.0
    assert sorted(late)[len(late) // 2] < TICK_SECONDS
    beside = f"{len(written) - calm} commits beside {count} reports"
    return f"{beside}: slowest {max(took):.3f} s, latest {max(late):.3f} s"


@pytest.mark.timeout(60)
def test_reports_at_once_beside_a_writer(tmp_path: Path) -> None:
    print(beside_a_writer(tmp_path, 5))


@pytest.mark.soak
@pytest.mark.timeout(200)
@pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")
def test_twenty_reports_at_once_beside_a_writer(tmp_path: Path) -> None:
    print(beside_a_writer(tmp_path, 20))
