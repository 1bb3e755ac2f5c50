"""The panel of alerts on alerts made up, by promtool: whose they are, since when, and what each place is called."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from dashboards.boards.links import OVERVIEW
from dashboards.build import documents
from dashboards.settings import BuildSettings
from tests.peers.board_wall import filled

pytestmark = pytest.mark.peers

ROOM = 'alertname="SansangConferencePointDown", severity="critical", instance="a", site="s", target="s/room"'
SITE = 'alertname="SansangServiceDown", severity="critical", instance="a", site="s"'
PATH = 'alertname="SansangPathLost", severity="critical", instance="a", path="way"'
AGENT = 'alertname="SansangAgentSilent", severity="critical", instance="b"'
NOBODY = 'alertname="SansangAgentSilent", severity="critical"'
WATCHDOG = 'alertname="SansangWatchdog", severity="info"'
STRANGER = 'alertname="DiskFull", severity="critical", instance="a"'
WAITING = 'alertname="SansangCertificateExpiring", severity="warning", instance="a"'
WHERE = {ROOM: "UBND xã S: Phòng họp", SITE: "UBND xã S", PATH: "way", AGENT: "b"}


def shown(agent: str) -> str:
    """The panel's query for the agents chosen."""
    board = json.loads(documents(BuildSettings(), "boards")[f"grafana/boards/vi/{OVERVIEW}.json"])
    (panel,) = [panel for panel in board["panels"] if panel["title"] == "Cảnh báo chưa hết"]
    return filled(panel["targets"][0]["expr"].replace("$agent", agent))


def series() -> list[dict[str, str]]:
    firing = (ROOM, SITE, PATH, AGENT, NOBODY, WATCHDOG, STRANGER)
    alerts = {f'ALERTS{{alertstate="firing", {labels}}}': "1" for labels in firing}
    alerts[f'ALERTS{{alertstate="pending", {WAITING}}}'] = "1"
    began = {f"ALERTS_FOR_STATE{{{labels}}}": "1000" for labels in (*firing, WAITING)}
    names = {
        'sansang_target_info{instance="a", site="s", target="s/room", name="UBND xã S: Phòng họp"}': "1",
        'sansang_site_info{instance="a", site="s", name="UBND xã S"}': "1",
    }
    return [{"series": name, "values": value} for name, value in (alerts | began | names).items()]


def row(alert: str, where: str = "") -> dict[str, object]:
    """With the board that it leads to: the site's, where it has one."""
    name, board = alert.split('"')[1], "sansang-site" if " site=" in alert else "sansang-monitor"
    named = f", name={json.dumps(where)}" if where else ""
    return {"labels": f'{{{alert}, alert="{name}", board="{board}"{named}}}', "value": 1_000_000}


def test_ours_that_fire_with_the_name_of_their_place(tmp_path: Path) -> None:
    expected = {
        shown(".+"): [row(NOBODY), *(row(alert, where) for alert, where in WHERE.items())],
        shown("b"): [row(NOBODY), row(AGENT, "b")],
    }
    tests = [{"expr": expr, "eval_time": "0m", "exp_samples": rows} for expr, rows in expected.items()]
    story = {"tests": [{"interval": "1m", "input_series": series(), "promql_expr_test": tests}]}
    (tmp_path / "story.json").write_text(json.dumps(story, ensure_ascii=False), "utf-8")
    command = ["promtool", "test", "rules", str(tmp_path / "story.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
