"""What the boards ask of figures made up, by promtool: agents that fall silent, one of two or both, and a lost path;
two that watch the same; two levels with one name.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from agent.model import State
from dashboards.boards.links import OVERVIEW, POINTS, SITE
from dashboards.build import documents
from dashboards.display_values import SILENT, UNSURE, UP_LAST
from dashboards.settings import BuildSettings, LevelName
from tests.peers.board_wall import SITE_SEEN, filled

pytestmark = pytest.mark.peers

SPOKE = 10
"""For so many minutes every agent speaks; then those that are silent say no more."""
BOARDS = {
    uid: json.loads(documents(BuildSettings(), "boards")[f"grafana/boards/vi/{uid}.json"])
    for uid in (OVERVIEW, POINTS, SITE)
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
            UNWELL: [('{instance="two", name="two", target="two", line="two two"}', SILENT)],
            CAUSES: [
                ('{instance="two", name="two", target="two", why="agent.silent", line="two two"}', SPOKE * 60_000)
            ],
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
            UNWELL: [('{instance="two", name="two", target="two", line="two two"}', SILENT)],
            HISTORY: [('{name="Máy giám sát im lặng"}', SILENT)],
        },
    )


def test_a_role_that_a_silent_agent_never_watched_has_no_dash(tmp_path: Path) -> None:
    (roles,) = [panel for panel in BOARDS[OVERVIEW]["panels"] if panel["title"] == "Sẵn sàng theo vai trò"]
    exprs = [filled(target["expr"]) for target in roles["targets"]]
    (service,) = [expr for expr in exprs if 'role="service"' in expr]
    (device,) = [expr for expr in exprs if 'role="device"' in expr]
    spoke: list[tuple[str, float]] = [('{instance="two", k="–", n="–"}', SILENT)]
    tell(tmp_path, agent("two", OTHERS, silent=True), {service: spoke, device: []})
    nobody: list[tuple[str, float]] = [('{instance="–", k="–", n="–"}', SILENT)]
    tell(tmp_path, [{"series": 'up{instance="another"}', "values": "1x30"}], {device: nobody})


def test_an_agent_that_nobody_remembers_is_missing_too(tmp_path: Path) -> None:
    tell(
        tmp_path,
        [{"series": 'up{instance="another"}', "values": "1x30"}],
        {
            ALIVE: [],
            GONE: [],
            READY: [('{instance="–", k="–", n="–"}', SILENT)],
            DOWN: [('{instance="–"}', SILENT)],
            UNWELL: [('{instance="–", name="–", target="–", line="– –"}', SILENT)],
            CAUSES: [('{instance="–", name="–", target="–", why="agent.silent", line="– –"}', 1000)],
        },
    )


def test_what_is_unknown_is_neither_well_nor_down(tmp_path: Path) -> None:
    lost = dict.fromkeys([*ROOMS, *OTHERS], State.UNKNOWN)
    service = 'role="service", name="b/web", instance="one", site="b", target="b/web", line="one b/web"'
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
                (
                    '{instance="one", site="a", target="a/room", role="conference", name="a/room", line="one a/room"}',
                    UP_LAST,
                ),
                (
                    '{instance="one", site="b", target="b/room", role="conference", name="b/room", line="one b/room"}',
                    State.DEGRADED,
                ),
            ],
        },
    )


def test_two_agents_that_watch_one_room_have_a_line_each(tmp_path: Path) -> None:
    room = 'site="b", target="b/room", role="conference"'
    down = 'site="c", target="c/room"'
    series = [one for name in ("one", "two") for one in agent(name, ROOMS | OTHERS, silent=False)]
    for name, lost, good in (("one", 0.01, 4.1), ("two", 0.03, 3.9)):
        series += [
            {"series": f'sansang_packet_loss_ratio{{instance="{name}", {room}}}', "values": f"{lost}x30"},
            {"series": f'sansang_mos{{instance="{name}", {room}}}', "values": f"{good}x30"},
            {"series": f'sansang_target_state_since_timestamp_seconds{{instance="{name}", {down}}}', "values": "9x30"},
            {"series": f'sansang_target_in_maintenance{{instance="{name}", {down}}}', "values": "1x30"},
        ]
    by_point = [asked(POINTS, "Từng điểm cầu", number) for number in range(8)]
    (loss,) = [expr for expr in by_point if "sansang_packet_loss_ratio" in expr]
    (mos,) = [expr for expr in by_point if "sansang_mos" in expr]
    there, maintained = (asked(OVERVIEW, "Đang hỏng, nặng nhất trước", number) for number in (1, 2))

    def each(target: str, *values: float) -> list[tuple[str, float]]:
        """One line for each agent."""
        return [
            (f'{{instance="{name}", target="{target}", line="{name} {target}"}}', value)
            for name, value in zip(("one", "two"), values, strict=True)
        ]

    named = [
        f'{labels.removesuffix("}")}, site="b", role="conference", name="b/room · {name}"}}'
        for name, (labels, _) in zip(("one", "two"), each("b/room", 0, 0), strict=True)
    ]
    tell(
        tmp_path,
        series,
        {
            f'{by_point[0]} and on (target) sansang_target_info{{target="b/room"}}': [
                (labels, State.DEGRADED) for labels in named
            ],
            loss: each("b/room", 0.01, 0.03),
            mos: each("b/room", 4.1, 3.9),
            there: each("c/room", 2, 2),
            maintained: each("c/room", 1, 1),
        },
    )


def test_two_levels_may_have_one_name(tmp_path: Path) -> None:
    """Wards and communes are both "Commune" in English."""
    levels = tuple(LevelName(each, {"vi": each, "en": "Commune"}) for each in ("ward", "commune"))
    board = json.loads(documents(BuildSettings(levels=levels), "boards")[f"grafana/boards/en/{OVERVIEW}.json"])
    (panel,) = [panel for panel in board["panels"] if panel["title"] == "Ready by level"]
    units = [
        {"series": f'sansang_unit_info{{instance="one", unit="{unit}", level="{level}"}}', "values": "1x30"}
        for unit, level in (("a", "ward"), ("b", "commune"))
    ]
    ready: list[tuple[str, float]] = [
        (f'{{level="{level}", name="Commune ", k="{count}", n="{count}"}}', 0)
        for level, count in (("ward", 1), ("commune", 2))
    ]
    tell(
        tmp_path,
        [*agent("one", ROOMS, silent=False), *units],
        {filled(panel["targets"][0]["expr"]): ready},
    )


def test_a_site_without_a_point_is_not_ready_to_meet(tmp_path: Path) -> None:
    """A line and a LAN that work are no place to meet in."""
    series = list(agent("one", ROOMS | {"d/web": State.UP}, silent=False))
    for site in ("a", "d"):
        for sample, name in (("sansang_site_ready", ""), ("sansang_site_info", f', name="{site}"')):
            series.append({"series": f'{sample}{{instance="one", site="{site}"{name}}}', "values": "1x30"})
    ready = asked(SITE, "Sẵn sàng họp?")
    tell(
        tmp_path,
        series,
        {
            ready.replace(SITE_SEEN, "a"): [('{instance="one", site="a", place="a"}', 1)],
            ready.replace(SITE_SEEN, "d"): [],
        },
    )
