"""Every panel of every board keeps every rule of Grafana's; and every rule finds its fault planted back in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from dashboards.build import documents
from dashboards.settings import LevelName, Settings
from tests.dashboards.grafana_rules import RULES, Rule

DOCS = Path(__file__).parents[2] / "docs" / "boards.md"
OWN = Settings(
    organisation="Phường Tân An",
    levels=(LevelName("ward", {"vi": "Phường", "en": "Ward"}),),
    timezone="Asia/Bangkok",
    grafana_url="https://grafana.example",
)
BOARDS: dict[str, dict[str, Any]] = {
    f"{whose}/{path.removeprefix('grafana/boards/')}": json.loads(text)
    for whose, settings in (("usual", Settings()), ("own", OWN))
    for path, text in documents(settings, "boards").items()
}
Plant = Callable[[dict[str, Any]], None]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_every_board_keeps_the_rule(rule: Rule) -> None:
    assert {name: found for name, board in BOARDS.items() if (found := rule(board))} == {}


def _of_type(board: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [panel for panel in board["panels"] if panel["type"] == kind]


def _tiles(change: Plant) -> Plant:
    def plant(board: dict[str, Any]) -> None:
        for panel in _of_type(board, "stat"):
            change(panel)

    return plant


def _k_of_n(change: Plant) -> Plant:
    def plant(board: dict[str, Any]) -> None:
        for panel in _of_type(board, "stat"):
            if any("{{k}}/{{n}}" in target["legendFormat"] for target in panel["targets"]):
                change(panel)

    return plant


def _timelines(change: Plant) -> Plant:
    def plant(board: dict[str, Any]) -> None:
        for panel in _of_type(board, "state-timeline"):
            change(panel)

    return plant


def _tables(change: Plant) -> Plant:
    def plant(board: dict[str, Any]) -> None:
        for panel in _of_type(board, "table"):
            change(panel)

    return plant


def _first_step_green(panel: dict[str, Any]) -> None:
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    steps[:] = [{"color": "green", "value": None}, {"color": "red", "value": 1}]


def _only_living(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        target["expr"] = 'sansang_target_state{instance=~"$agent"}'


def _praise(panel: dict[str, Any]) -> None:
    panel["fieldConfig"]["defaults"]["noValue"] = "mọi dịch vụ đều tốt"
    _only_living(panel)


def _by_thresholds(panel: dict[str, Any]) -> None:
    panel["fieldConfig"]["defaults"]["color"] = {"mode": "thresholds"}


def _lettered(panel: dict[str, Any]) -> None:
    text = json.dumps(panel["transformations"])
    panel["transformations"] = json.loads(re.sub(r'"Value"', '"Value #A"', text))


def _sorted_by_another(panel: dict[str, Any]) -> None:
    panel["options"]["sortBy"] = [{"displayName": "Value #A", "desc": True}]


def _override_of_another(panel: dict[str, Any]) -> None:
    panel["fieldConfig"]["overrides"][0]["matcher"]["options"] = "Value #A"


def _hidden_one_way(panel: dict[str, Any]) -> None:
    for override in panel["fieldConfig"]["overrides"]:
        override["properties"] = [each for each in override["properties"] if each["id"] != "custom.hidden"]


def _marks_of_12(board: dict[str, Any]) -> None:
    for mark in board["annotations"]["list"]:
        del mark["expr"]


def _up_is_one(panel: dict[str, Any]) -> None:
    for override in panel["fieldConfig"]["overrides"]:
        for each in override["properties"]:
            if each["id"] == "mappings":
                for mapping in each["value"]:
                    mapping["options"].pop("5", None)


PLANTED: Mapping[str, tuple[str, Plant]] = {
    "nothing_has_no_colour": ("overview", _tiles(_first_step_green)),
    "k_of_n_is_purple_when_unsure": ("overview", _k_of_n(_first_step_green)),
    "praise_is_not_the_text_of_silence": ("overview", _tables(_praise)),
    "timelines_keep_their_mappings": ("points", _timelines(_by_thresholds)),
    "timelines_have_a_row_of_their_own": ("points", _timelines(_only_living)),
    "values_are_called_as_grafana_calls_them": ("points", _tables(_lettered)),
    "sorted_columns_are_there": ("points", _tables(_sorted_by_another)),
    "overrides_find_their_columns": ("points", _tables(_override_of_another)),
    "columns_are_hidden_in_both_ways": ("overview", _tables(_hidden_one_way)),
    "marks_are_written_twice": ("site", _marks_of_12),
    "worse_states_come_first": ("points", _tables(_up_is_one)),
}
"""By rule: a board, and what puts the fault back into it."""


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_a_fault_planted_back_in_is_found(rule: Rule, language: str) -> None:
    name, plant = PLANTED[rule.__name__]
    board = deepcopy(BOARDS[f"usual/{language}/sansang-{name}.json"])
    plant(board)
    assert rule(board)


def test_every_rule_has_its_row_in_the_docs_and_every_row_its_rule() -> None:
    section = DOCS.read_text("utf-8").partition("## What Grafana does with them")[2].partition("\n## ")[0]
    rows = re.findall(r"^\|.*\| `(\w+)` \|$", section, re.MULTILINE)
    assert rows == [rule.__name__ for rule in RULES]
    assert set(rows) == set(PLANTED)
