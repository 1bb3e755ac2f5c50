"""Agents that fall silent: what the boards ask of figures made up, by promtool. One of two, both, and a lost path."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from agent.model import State
from dashboards.boards.parts import OVERVIEW, POINTS
from dashboards.build import documents
from dashboards.settings import Settings
from dashboards.words import SILENT, UNSURE, UP_LAST
from tests.peers.board_wall import filled

pytestmark = pytest.mark.peers

SPOKE = 10
"""For so many minutes every agent speaks; then those that are silent say no more."""
BOARDS = {
    uid: json.loads(documents(Settings(), "boards")[f"grafana/boards/vi/{uid}.json"]) for uid in (OVERVIEW, POINTS)
}


def asked(uid: str, title: str, number: int = 0) -> str:
    (panel,) = [panel for panel in BOARDS[uid]["panels"] if panel["title"] == title]
    return filled(panel["targets"][number]["expr"])


def agent(name: str, states: dict[str, State], *, silent: bool) -> Iterable[dict[str, str]]:
    """What an agent says of rooms and services (targets ``<site>/<check>``); one that is silent ends after SPOKE."""
    end = " stale" if silent else ""
    figures = {f'sansang_build_info{{instance="{name}"}}': 1}
    for target, state in states.items():
        site, _, check = target.partition("/")
        role = "service" if check == "web" else "conference"
        labels = f'instance="{name}", site="{site}", target="{target}"'
        figures |= {
            f'sansang_target_state{{{labels}, role="{role}"}}': state,
            f'sansang_target_upstream_down{{{labels}, role="{role}"}}': 0,
            f'sansang_target_up{{{labels}, role="{role}"}}': int(state in (State.UP, State.DEGRADED)),
            f'sansang_target_info{{{labels}, role="{role}", name="{target}"}}': 1,
        }
        for each in State:
            unit = f'instance="{name}", unit="{site}", role="{role}", state="{each.name.lower()}"'
            figures[f"sansang_unit_targets{{{unit}}}"] = int(each is state)
    for series, value in figures.items():
        yield {"series": series, "values": f"{value}x{SPOKE}{end}" if silent else f"{value}x30"}


def tell(tmp_path: Path, series: Iterable[dict[str, str]], expected: dict[str, list[tuple[str, float]]]) -> None:
    tests: list[dict[str, Any]] = [
        {
            "expr": expr,
            "eval_time": f"{SPOKE + 5}m",
            "exp_samples": [{"labels": labels, "value": value} for labels, value in samples],
        }
        for expr, samples in expected.items()
    ]
    story = {"tests": [{"interval": "1m", "input_series": list(series), "promql_expr_test": tests}]}
    (tmp_path / "story.json").write_text(json.dumps(story, ensure_ascii=False), "utf-8")
    command = ["promtool", "test", "rules", str(tmp_path / "story.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


ROOMS = {"a/room": State.UP, "b/room": State.DEGRADED, "b/web": State.UP}
OTHERS = {"c/room": State.DOWN, "c/web": State.DOWN}
ALIVE, GONE = (asked(OVERVIEW, "Máy giám sát báo về cách đây", number) for number in (0, 1))
READY = asked(OVERVIEW, "Điểm cầu sẵn sàng")
DOWN, DEGRADED = asked(OVERVIEW, "Hỏng"), asked(OVERVIEW, "Kém")
UNWELL = asked(OVERVIEW, "Dịch vụ chưa tốt")
CAUSES = asked(OVERVIEW, "Đang hỏng, nặng nhất trước")
HISTORY = asked(POINTS, "Các điểm cầu theo thời gian")


def test_one_of_two_that_is_silent_is_missing_in_sight(tmp_path: Path) -> None:
    series = [*agent("one", ROOMS, silent=False), *agent("two", OTHERS, silent=True)]
    tell(
        tmp_path,
        series,
        {
            ALIVE: [('{instance="one"}', 0)],
            GONE: [('{instance="two"}', 300)],
            READY: [('{role="conference", k="2", n="2"}', 0), ('{instance="two", k="–", n="–"}', SILENT)],
            DOWN: [("{}", 0), ('{instance="two"}', SILENT)],
            DEGRADED: [("{}", 1), ('{instance="two"}', SILENT)],
            UNWELL: [('{instance="two", name="two", target="two"}', SILENT)],
            CAUSES: [('{instance="two", name="two", target="two", why="agent.silent"}', SPOKE * 60_000)],
        },
    )


def test_where_no_agent_speaks_no_figure_stands(tmp_path: Path) -> None:
    tell(
        tmp_path,
        agent("two", OTHERS, silent=True),
        {
            ALIVE: [],
            GONE: [('{instance="two"}', 300)],
            READY: [('{instance="two", k="–", n="–"}', SILENT)],
            DOWN: [('{instance="two"}', SILENT)],
            UNWELL: [('{instance="two", name="two", target="two"}', SILENT)],
            HISTORY: [('{name="Máy giám sát im lặng"}', SILENT)],
        },
    )


def test_an_agent_that_nobody_remembers_is_missing_too(tmp_path: Path) -> None:
    tell(
        tmp_path,
        [{"series": 'up{instance="another"}', "values": "1x30"}],
        {
            ALIVE: [],
            GONE: [],
            READY: [('{instance="–", k="–", n="–"}', SILENT)],
            DOWN: [('{instance="–"}', SILENT)],
            UNWELL: [('{instance="–", name="–", target="–"}', SILENT)],
            CAUSES: [('{instance="–", name="–", target="–", why="agent.silent"}', 1000)],
        },
    )


def test_what_is_unknown_is_neither_well_nor_down(tmp_path: Path) -> None:
    lost = dict.fromkeys([*ROOMS, *OTHERS], State.UNKNOWN)
    service = 'role="service", name="b/web", instance="one", site="b", target="b/web"'
    tell(
        tmp_path,
        agent("one", lost | {"c/web": State.UP}, silent=False),
        {
            READY: [('{role="conference", k="0", n="3"}', UNSURE)],
            DOWN: [("{}", UNSURE)],
            DEGRADED: [("{}", UNSURE)],
            UNWELL: [(f"{{{service}}}", State.UNKNOWN)],
            CAUSES: [],
        },
    )


def test_what_is_well_leaves_the_tables_of_what_is_not_empty(tmp_path: Path) -> None:
    state = asked(POINTS, "Từng điểm cầu")
    tell(
        tmp_path,
        agent("one", ROOMS, silent=False),
        {
            READY: [('{role="conference", k="2", n="2"}', 0)],
            UNWELL: [],
            CAUSES: [],
            state: [
                ('{instance="one", site="a", target="a/room", role="conference", name="a/room"}', UP_LAST),
                ('{instance="one", site="b", target="b/room", role="conference", name="b/room"}', State.DEGRADED),
            ],
        },
    )
