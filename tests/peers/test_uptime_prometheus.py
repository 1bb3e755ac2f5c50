"""`sansang uptime --source prometheus=URL` against Debian's Prometheus, filled with what a scripted agent exposed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.cli.main import main
from tests.agent.reporting.small_ledger import configuration
from tests.exporters.reports.sample import DAY, at
from tests.peers.prometheus_process import configured

pytestmark = [pytest.mark.peers, pytest.mark.timeout(120)]

SCRAPE = 15
START, END = at("2025-10-01 00:00") // 1000, at("2025-10-03 00:00") // 1000
RESTARTS = (START + 20_003, START + 90_007, START + 90_307, START + 130_011)
DOWN = ((START - 400, START + 600), (START + 50_000, START + 53_601), (START + 90_001, START + 90_009))
BOUND_MS = 1000 * (2 * SCRAPE) * (2 + len(RESTARTS))
"""Two scrapes for each edge of the period and each restart; this scripted agent books at once, so no more is due."""


def is_down(second: int) -> bool:
    return any(start <= second < end for start, end in DOWN)


def exposed() -> Iterator[str]:
    """The counters of one target every 15 s, from an hour before the period; each restart begins them at 0."""
    up = down = 0
    yield "# TYPE sansang_target_state_seconds counter"
    for state in ("up", "down"):
        up = down = 0
        for second in range(START - 3_600, END + 3_600):
            if second in RESTARTS:
                up = down = 0
            if second % SCRAPE == 7:
                value = up if state == "up" else down
                yield f'sansang_target_state_seconds_total{{state="{state}",target="s/good"}} {value} {second}'
            up, down = (up, down + 1) if is_down(second) else (up + 1, down)
    yield "# EOF"


@contextmanager
def prometheus(folder: Path, lines: Iterable[str]) -> Iterator[str]:
    """A Prometheus that once scraped these lines (OpenMetrics)."""
    (folder / "life.txt").write_text("\n".join([*lines, ""]), "utf-8")
    blocks = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "life.txt", "tsdb"]
    subprocess.run(blocks, cwd=folder, capture_output=True, timeout=60, check=True)
    with configured(folder, "{}\n", "--storage.tsdb.retention.time=100y") as url:
        yield url


def test_it_agrees_with_the_truth_within_the_bound(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    with prometheus(tmp_path, exposed()) as url:
        call = ["uptime", "--period", "2025-10-01..2025-10-02", "--config", str(configuration(tmp_path))]
        code = main([*call, "--source", f"prometheus={url}", "-o", str(target)])

    (found,) = json.loads(target.read_text("utf-8"))["targets"]
    sums = found["recorded"]
    down_ms = 1000 * sum(is_down(second) for second in range(START, END))
    assert (code, found["target"], found["name"], sums["scoring_ms"]) == (0, "s/good", "Tốt", 2 * DAY)
    assert abs(sums["down_ms"] - down_ms) <= BOUND_MS
    assert abs(sums["up_ms"] - (2 * DAY - down_ms)) <= BOUND_MS
    assert 0 < sums["unknown_ms"] <= BOUND_MS
