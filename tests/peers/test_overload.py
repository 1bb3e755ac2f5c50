"""An agent that is given more than it can do says so, everywhere; before and afterwards it does not."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.engine.lateness import LATE_SHARE
from tests.agent.cli.commands.run.test_months import metrics, samples
from tests.agent.cli.commands.run.test_reload import asked
from tests.agent.cli.commands.test_check import SANSANG
from tests.agent.cli.conftest import Served

MANY = 9_000
"""Refused TCP connects every second: two or three times what one core can do."""

SPAN_SECONDS = 30


@dataclass(frozen=True)
class Shown:
    overloaded: float
    late_ratio: float
    late_starts: float
    healthy: tuple[int, str]
    banner: bool


def shown(served: Served) -> Shown:
    found = samples(patiently(served, "GET", "/metrics")[1])
    return Shown(
        found["sansang_overloaded"],
        found["sansang_probe_late_ratio"],
        found["sansang_probe_late_starts_total"],
        patiently(served, "GET", "/-/healthy"),
        "Máy giám sát quá tải" in patiently(served, "GET", "/")[1],
    )


def patiently(served: Served, method: str, path: str) -> tuple[int, str]:
    """An agent that is busy enough answers when it can."""
    while True:
        try:
            return asked(served, method, path)
        except OSError:
            time.sleep(0.5)


@contextmanager
def logged(served: Served) -> Iterator[Path]:
    """An agent whose log is a file: thousands of changes would fill a pipe that nobody reads."""
    log = served.config.with_name("agent.log")
    with log.open("wb") as file:
        process = subprocess.Popen([*SANSANG, "run", "--config", str(served.config)], stderr=file)
    try:
        yield log
    finally:
        process.terminate()
        process.communicate(timeout=60)


def until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(1)


@pytest.mark.peers
@pytest.mark.alone
@pytest.mark.timeout(280)
async def test_overload_is_shown_in_metrics_log_page_and_health_and_ends(served: Served) -> None:
    few = served.config.read_text("utf-8")
    rows = "".join(
        f"  - {{id: s/t{n}, role: service, module: port, address: '127.{n // 250}.9.{n % 250 + 1}:9'}}\n"
        for n in range(MANY)
    )
    many = few.replace("listen:", f"{rows}listen:")

    def work() -> tuple[Shown, Shown, Shown, str]:
        with logged(served) as log:
            until(lambda: "sansang_overloaded" in metrics(served), SPAN_SECONDS)
            time.sleep(2 * SPAN_SECONDS + 5)
            before = shown(served)
            served.config.write_text(many, "utf-8")
            assert patiently(served, "POST", "/-/reload")[0] == 200
            until(lambda: "overloaded" in patiently(served, "GET", "/-/healthy")[1], 4 * SPAN_SECONDS)
            meanwhile = shown(served)
            served.config.write_text(few, "utf-8")
            assert patiently(served, "POST", "/-/reload")[0] == 200
            until(lambda: patiently(served, "GET", "/-/healthy") == (200, "ok\n"), 3 * SPAN_SECONDS)
            after = shown(served)
        return before, meanwhile, after, log.read_text("utf-8")

    before, meanwhile, after, log = await asyncio.to_thread(work)

    assert (before.overloaded, before.healthy, before.banner) == (0, (200, "ok\n"), False)
    assert (meanwhile.overloaded, meanwhile.banner) == (1, True)
    assert meanwhile.late_ratio >= LATE_SHARE
    assert meanwhile.late_starts > before.late_starts + 1000
    status, lines = meanwhile.healthy
    assert (status, lines.splitlines()[0]) == (200, "ok")
    assert lines.splitlines()[1].startswith("overloaded: ")
    assert (after.overloaded, after.banner) == (0, False)
    told = [line for line in log.splitlines() if "event=overloaded" in line or "event=overload_ended" in line]
    assert [line.split("event=")[1].split()[0] for line in told] == ["overloaded", "overload_ended"]
