"""The official panels ask figures that a young lab does not have: their queries on figures made up, by promtool."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from dashboards.boards.links import UPTIME
from dashboards.build import documents
from dashboards.settings import BuildSettings
from tests.peers.board_wall import filled

pytestmark = pytest.mark.peers

LABELS = 'instance="a", role="conference", site="s"'
OBJECTIVES = {"s/kept": "0.99", "s/broken": "0.99", "s/strict": "1"}
SHARES = {
    ("s/kept", "this_month"): "0.995",
    ("s/broken", "this_month"): "0.98",
    ("s/strict", "this_month"): "1",
    ("s/free", "this_month"): "0.5",
    ("s/kept", "last_month"): "0.99",
}


def queries(title: str) -> list[str]:
    board = json.loads(documents(BuildSettings(), "boards")[f"grafana/boards/vi/{UPTIME}.json"])
    (panel,) = [panel for panel in board["panels"] if panel["title"] == title]
    return [filled(target["expr"]) for target in panel["targets"]]


def series() -> list[dict[str, str]]:
    objectives = {f'sansang_target_slo_ratio{{{LABELS}, target="{target}"}}': slo for target, slo in OBJECTIVES.items()}
    shares = {
        f'sansang_availability_ratio{{{LABELS}, target="{target}", period="{period}"}}': share
        for (target, period), share in SHARES.items()
    }
    speaks = {'sansang_build_info{instance="a"}': "1"}
    return [{"series": name, "values": value} for name, value in (objectives | shares | speaks).items()]


def of_targets(values: dict[str, float]) -> list[dict[str, object]]:
    return [
        {"labels": f'{{instance="a", target="{target}", line="a {target}"}}', "value": value}
        for target, value in values.items()
    ]


def test_objectives_kept_and_what_they_leave(tmp_path: Path) -> None:
    _, worked, _, budget, *_ = queries("Tháng này và tháng trước")
    (missed,) = queries("Tháng này chưa đạt cam kết")
    (missed_before,) = queries("Tháng trước không đạt cam kết")
    expected = {
        missed: [{"labels": "{}", "value": 1}],
        missed_before: [{"labels": "{}", "value": 0}],
        worked: of_targets({"s/kept": 0.995, "s/broken": 0.98, "s/strict": 1, "s/free": 0.5}),
        f"round({budget}, 0.001)": of_targets({"s/kept": 0.5, "s/broken": -1}),
    }
    tests = [{"expr": expr, "eval_time": "0m", "exp_samples": samples} for expr, samples in expected.items()]
    story = {"tests": [{"interval": "1m", "input_series": series(), "promql_expr_test": tests}]}
    (tmp_path / "story.json").write_text(json.dumps(story), "utf-8")
    command = ["promtool", "test", "rules", str(tmp_path / "story.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
