"""What Prometheus says about the exposition: its linter, and the server itself when it scrapes."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import time
from pathlib import Path

import pytest

from agent.engine.agent_stats import AgentStats
from agent.engine.engine import EngineStats
from agent.engine.reload import ReloadStats
from agent.engine.rounds import RoundStats
from agent.engine.snapshot import PathView
from agent.engine.upkeep.commit_queue import CommitQueueStats
from agent.model import Reason
from exporters.catalog import METRICS, Kind
from tests.agent.web.serving import serving
from tests.exporters.test_prometheus import VIEWS, exposed
from tests.peers.prometheus_process import ask, prometheus

pytestmark = pytest.mark.peers


def test_promtool_finds_nothing_to_say() -> None:
    stats = AgentStats(
        engine=EngineStats(rounds=RoundStats(local_errors={Reason.NO_ROUTE: 1})),
        commit_queue=CommitQueueStats(last_commit_wall_ms=1),
        reload=ReloadStats(success_wall_ms=1),
    )
    exposition = exposed(*VIEWS, stats=stats)
    exposition.update_path(PathView("uplink", up=True, since_wall_ms=0, targets_behind=4))
    body = gzip.decompress(exposition.render(openmetrics=False))
    done = subprocess.run(["promtool", "check", "metrics"], input=body, capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_every_name_of_the_catalogue_passes() -> None:
    text = "".join(
        f"# HELP {metric.sample} {metric.help}\n# TYPE {metric.sample} "
        f"{'gauge' if metric.kind is Kind.INFO else metric.kind.value}\n{metric.sample} 1\n"
        for metric in METRICS
        if metric.kind is not Kind.HISTOGRAM
    )
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=text.encode(), capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


async def test_prometheus_scrapes_it_whole(tmp_path: Path) -> None:
    """As OpenMetrics in gzip, which is what Prometheus asks for; every sample line arrives."""
    exposition = exposed(*VIEWS)
    async with serving(metrics=lambda asked: exposition.render(openmetrics=asked.openmetrics)) as (port, _):
        up, scraped = await asyncio.to_thread(_scraped, tmp_path, port)
    lines = gzip.decompress(exposition.render(openmetrics=True)).splitlines()
    assert up == "1"
    assert scraped == str(sum(not line.startswith(b"#") for line in lines))


def _scraped(folder: Path, port: int) -> tuple[str, str]:
    """What Prometheus says of its first scrape: up, and how many samples."""
    with prometheus(folder, f"127.0.0.1:{port}") as url:
        deadline = time.monotonic() + 30
        while not (samples := ask(url, "scrape_samples_scraped")):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        (up,) = ask(url, "up")
    return up["value"][1], samples[0]["value"][1]
