"""What Prometheus says about the exposition: its linter, and the server itself when it scrapes."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest

from agent.engine.snapshot import EngineStats, PathView
from agent.model import Reason
from exporters.catalog import METRICS, Kind
from tests.agent.web.serving import serving
from tests.exporters.test_prometheus import VIEWS, exposed

pytestmark = pytest.mark.peers


def test_promtool_finds_nothing_to_say() -> None:
    stats = EngineStats(ledger_commit_wall_ms=1, reload_success_wall_ms=1, local_errors={Reason.NO_ROUTE: 1})
    exposition = exposed(*VIEWS, stats=stats)
    exposition.update_path(PathView("uplink", up=True, since_wall_ms=0, targets_behind=4))
    body = exposition.render(openmetrics=False, gzipped=False)
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
    free = socket.create_server(("127.0.0.1", 0))
    listen = f"127.0.0.1:{free.getsockname()[1]}"
    free.close()
    async with serving(metrics=exposition.render) as (port, _):
        config = tmp_path / "prometheus.yml"
        job = f"{{job_name: agent, scrape_interval: 1s, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}"
        config.write_text(f"scrape_configs: [{job}]\n", encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            "prometheus",
            f"--config.file={config}",
            f"--storage.tsdb.path={tmp_path / 'data'}",
            f"--web.listen-address={listen}",
            "--log.level=error",
        )
        try:
            async with asyncio.timeout(30):
                while (scraped := await asyncio.to_thread(_query, listen, "scrape_samples_scraped")) is None:
                    await asyncio.sleep(0.2)
            up = await asyncio.to_thread(_query, listen, "up")
        finally:
            process.terminate()
            await process.wait()
    lines = exposition.render(openmetrics=True, gzipped=False).splitlines()
    assert up == "1"
    assert scraped == str(sum(not line.startswith(b"#") for line in lines))


def _query(listen: str, query: str) -> str | None:
    try:
        with urlopen(f"http://{listen}/api/v1/query?query={query}", timeout=5) as answer:
            result = json.load(answer)["data"]["result"]
    except OSError:
        return None
    return str(result[0]["value"][1]) if result else None
