"""What Prometheus' own linter says about the exposition."""

from __future__ import annotations

import subprocess

import pytest

from agent.engine.snapshot import EngineStats, PathView
from agent.model import Reason
from exporters.catalog import METRICS, Kind
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
