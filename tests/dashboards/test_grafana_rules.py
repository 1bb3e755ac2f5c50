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
from dashboards.settings import BuildSettings, LevelName
from tests.dashboards.grafana_rules import RULES, Rule

DOCS = Path(__file__).parents[2] / "docs" / "boards.md"
OWN = BuildSettings(
    organisation="Phường Tân An",
    levels=(LevelName("ward", {"vi": "Phường", "en": "Ward"}),),
    timezone="Asia/Bangkok",
    grafana_url="https://grafana.example",
    runbook_url="https://wiki.example/runbooks",
)
BOARDS: dict[str, dict[str, Any]] = {
    f"{whose}/{path.removeprefix('grafana/boards/')}": json.loads(text)
    for whose, settings in (("usual", BuildSettings()), ("own", OWN))
    for path, text in documents(settings, "boards").items()
}
Plant = Callable[[dict[str, Any]], None]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_every_board_keeps_the_rule(rule: Rule) -> None:
    assert {name: found for name, board in BOARDS.items() if (found := rule(board))} == {}


def _of_type(board: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [panel for panel in board["panels"] if panel["type"] == kind]


def _each(kind: str, change: Plant) -> Plant:
    def plant(board: dict[str, Any]) -> None:
        for panel in _of_type(board, kind):
            change(panel)

    return plant


def _tiles(change: Plant) -> Plant:
    return _each("stat", change)


def _timelines(change: Plant) -> Plant:
    return _each("state-timeline", change)


def _tables(change: Plant) -> Plant:
    return _each("table", change)


def _charts(change: Plant) -> Plant:
    return _each("timeseries", change)


def _k_of_n(change: Plant) -> Plant:
    def plant(board: dict[str, Any]) -> None:
        for panel in _of_type(board, "stat"):
            if any("{{k}}/{{n}}" in target["legendFormat"] for target in panel["targets"]):
                change(panel)

    return plant


def _first_step_green(panel: dict[str, Any]) -> None:
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    steps[:] = [{"color": "green", "value": None}, {"color": "red", "value": 1}]


def _no_word_for_nothing(panel: dict[str, Any]) -> None:
    defaults = panel["fieldConfig"]["defaults"]
    defaults["mappings"] = [each for each in defaults.get("mappings", ()) if each["type"] != "special"]


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


def _filled(panel: dict[str, Any]) -> None:
    panel["fieldConfig"]["defaults"]["custom"]["fillOpacity"] = 8


def _all_lost(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        target["expr"] = target["expr"].replace("} < 1 and", "} and")


def _joined_by_the_target(panel: dict[str, Any]) -> None:
    for target in panel["targets"][1:]:
        target["expr"] = target["expr"].replace("by (instance, target)", "by (target)")


def _names_below(panel: dict[str, Any]) -> None:
    panel["options"]["legend"] = {"showLegend": True, "displayMode": "list", "placement": "bottom"}


def _twice(board: dict[str, Any]) -> None:
    board["panels"].append(_of_type(board, "stat")[1])


def _monitor_last(board: dict[str, Any]) -> None:
    board["panels"].append(board["panels"].pop(0))


def _tables_last(panel: dict[str, Any]) -> None:
    panel["gridPos"]["y"] += 1000


def _time_goes_along(board: dict[str, Any]) -> None:
    for link in board["links"]:
        link["keepTime"] = True


def _any_site(board: dict[str, Any]) -> None:
    for each in board["templating"]["list"]:
        if each["name"] == "site":
            each["query"]["query"] = 'query_result(sansang_site_info{instance=~"$agent"})'


def _link_to(url: str) -> Plant:
    """The link of every table's first linked column, changed."""

    def change(panel: dict[str, Any]) -> None:
        for override in panel["fieldConfig"]["overrides"]:
            for each in override["properties"]:
                if each["id"] == "links":
                    each["value"][0]["url"] = url

    return _tables(change)


PLANTED: Mapping[str, tuple[str, Plant]] = {
    "nothing_has_no_colour": ("overview", _tiles(_first_step_green)),
    "nan_is_written_as_nothing": ("overview", _tiles(_no_word_for_nothing)),
    "names_speak_when_the_agent_does_not": ("overview", _tiles(_only_living)),
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
    "more_is_better_is_not_filled": ("points", _charts(_filled)),
    "lines_are_whole": ("points", _tables(_joined_by_the_target)),
    "silence_is_no_figure": ("site", _tables(_all_lost)),
    "many_names_stand_beside_the_lines": ("lines", _charts(_names_below)),
    "no_number_stands_twice": ("overview", _twice),
    "the_monitor_speaks_first": ("overview", _monitor_last),
    "what_is_down_comes_first_on_a_phone": ("overview", _tables(_tables_last)),
    "a_month_keeps_its_own_time": ("uptime", _time_goes_along),
    "a_site_with_a_point_is_seen_first": ("site", _any_site),
    "links_lead_somewhere": ("overview", _link_to("/${__data.fields.alertname}.md")),
    "links_name_fields_that_are_there": ("overview", _link_to("/d/sansang-site?var-site=${__data.fields.place}")),
    "alerts_do_not_all_lead_to_a_site": ("overview", _link_to("/d/sansang-site?var-site=${__data.fields.site}")),
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


def test_what_grafana_does_around_the_boards_has_tests_that_are_there() -> None:
    section = DOCS.read_text("utf-8").partition("## What Grafana does with them")[2].partition("\n## ")[0]
    named = re.findall(r"^\|.*\| `(tests/[\w/]+\.py)::(\w+)` \|$", section, re.MULTILINE)
    assert len(named) == 5
    root = DOCS.parents[1]
    assert [name for file, name in named if f"\ndef {name}(" not in (root / file).read_text("utf-8")] == []


def test_every_panel_has_its_row_in_the_table_of_what_it_says() -> None:
    written = (DOCS.parent / "boards-frames.md").read_text("utf-8")
    series = [
        (board["uid"], panel["title"])
        for name, board in BOARDS.items()
        if name.startswith("usual/vi/")
        for panel in board["panels"]
        if panel["type"] not in ("row", "timeseries")
    ]
    sections = {part.partition("`")[0]: part for part in written.split("## `")}
    assert [(uid, title) for uid, title in series if f"\n| {title} |" not in sections[uid]] == []
