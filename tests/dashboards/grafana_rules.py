"""What Grafana does with a board that its author did not mean: one rule a fault, each a pure function of the document.

A rule names the panels that break it. The table of docs/boards.md says of each what Grafana does and since when;
test_grafana_rules.py holds every panel of every board to every rule, and plants each fault to see it found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from agent.explain.words import STATES
from agent.model import State

Json = Mapping[str, Any]
Rule = Callable[[Json], list[str]]

NEUTRAL = frozenset({"#8e8e8e", "text", "transparent"})
"""Colours that say neither well nor broken."""
_TELLS_SILENCE = re.compile(r"\babsent\(")
_PRAISE = re.compile(r"\b(tốt|well|good)\b", re.IGNORECASE)
_LETTERED = re.compile(r"Value #[A-Z]")


def panels(board: Json, *types: str) -> Iterator[Json]:
    """The panels of these types, all but headings without any."""
    return (panel for panel in board["panels"] if panel["type"] != "row" and (not types or panel["type"] in types))


def _base(config: Json) -> str:
    """The colour of the lowest step."""
    colour: str = config["thresholds"]["steps"][0]["color"]
    return colour


def _of_nothing(config: Json) -> Json | None:
    """What null and NaN are mapped to, if anything."""
    for mapping in config.get("mappings", ()):
        if mapping["type"] == "special" and mapping["options"]["match"] == "null+nan":
            result: Json = mapping["options"]["result"]
            return result
    return None


def _coloured_columns(panel: Json) -> Iterator[tuple[str, dict[str, Any]]]:
    for override in panel["fieldConfig"].get("overrides", ()):
        found = {each["id"]: each["value"] for each in override["properties"]}
        if str(found.get("custom.cellOptions", {}).get("type", "")).startswith("color-"):
            yield override["matcher"]["options"], found


def _painted(board: Json) -> Iterator[tuple[str, Json]]:
    """Everything that has the colour of its value: tiles and cells, with their configuration."""
    for panel in panels(board, "stat"):
        yield panel["title"], panel["fieldConfig"]["defaults"]
    for panel in panels(board, "table"):
        for column, config in _coloured_columns(panel):
            yield f"{panel['title']}: {column}", {**panel["fieldConfig"]["defaults"], **config}


def nothing_has_no_colour(board: Json) -> list[str]:
    """The lowest step, and whatever nothing is mapped to, are grey or plain."""
    return [
        title
        for title, config in _painted(board)
        if _base(config) not in NEUTRAL or (_of_nothing(config) or {}).get("color", "text") not in NEUTRAL
    ]


def k_of_n_is_purple_when_unsure(board: Json) -> list[str]:
    """Of k/n nothing down is green, nothing down and some unknown purple, one down red."""
    wanted = [(0, "green"), (0.5, "purple"), (1, "red")]
    return [
        panel["title"]
        for panel in panels(board, "stat")
        if any("{{k}}/{{n}}" in target["legendFormat"] for target in panel["targets"])
        and [(value, _step(panel["fieldConfig"]["defaults"], value)) for value, _ in wanted] != wanted
    ]


def _step(config: Json, value: float) -> str:
    reached = [step for step in config["thresholds"]["steps"] if step["value"] is None or step["value"] <= value]
    colour: str = reached[-1]["color"]
    return colour


def praise_is_not_the_text_of_silence(board: Json) -> list[str]:
    """A text for nothing says that all is well only where a silent agent has a row of its own."""
    return [
        panel["title"]
        for panel in panels(board)
        if _PRAISE.search(panel["fieldConfig"]["defaults"].get("noValue", ""))
        and not any(_TELLS_SILENCE.search(target["expr"]) for target in panel["targets"])
    ]


def timelines_keep_their_mappings(board: Json) -> list[str]:
    """A state timeline that merges values has no colours by thresholds."""
    return [
        panel["title"]
        for panel in panels(board, "state-timeline")
        if panel["options"]["mergeValues"] and panel["fieldConfig"]["defaults"].get("color", {}).get("mode") != "fixed"
    ]


def timelines_have_a_row_of_their_own(board: Json) -> list[str]:
    """A state timeline never has no series at all."""
    return [
        panel["title"]
        for panel in panels(board, "state-timeline")
        if not all(_TELLS_SILENCE.search(target["expr"]) for target in panel["targets"])
    ]


def values_are_called_as_grafana_calls_them(board: Json) -> list[str]:
    """``Value`` of the only query of a table, ``Value #A`` of one of several."""
    found = []
    for panel in panels(board, "table"):
        letters = {f"Value #{target['refId']}" for target in panel["targets"]}
        known = letters if len(letters) > 1 else {"Value"}
        used = set(re.findall(r"Value(?: #[A-Z])?(?=\")", str(panel["transformations"]).replace("'", '"')))
        if not used <= known:
            found.append(panel["title"])
    return found


def sorted_columns_are_there(board: Json) -> list[str]:
    """A table sorts by columns that it has, by their titles."""
    return [
        panel["title"]
        for panel in panels(board, "table")
        if not {each["displayName"] for each in panel["options"].get("sortBy", ())} <= set(_titles(panel))
    ]


def _titles(panel: Json) -> list[str]:
    """The columns that the transformations leave, by the names that overrides and the sort see."""
    (order,) = [each["options"] for each in panel["transformations"] if each["id"] == "organize"]
    return [order["renameByName"].get(name, name) for name in order["indexByName"]]


def overrides_find_their_columns(board: Json) -> list[str]:
    """Every override of a table names a column that is there."""
    return [
        f"{panel['title']}: {override['matcher']['options']}"
        for panel in panels(board, "table")
        for override in panel["fieldConfig"].get("overrides", ())
        if override["matcher"]["options"] not in _titles(panel)
    ]


def columns_are_hidden_in_both_ways(board: Json) -> list[str]:
    """What is hidden from newer Grafanas is hidden from older ones, and the other way round."""
    found = []
    for panel in panels(board, "table"):
        for override in panel["fieldConfig"].get("overrides", ()):
            ways = {each["id"]: each["value"] for each in override["properties"]}
            old, new = ways.get("custom.hidden", False), ways.get("custom.hideFrom", {}).get("viz", False)
            if old is not new:
                found.append(f"{panel['title']}: {override['matcher']['options']}")
    return found


def marks_are_written_twice(board: Json) -> list[str]:
    """An annotation carries its query where 11 looks for it and where 12.1 does, with the same step."""
    return [
        mark["name"]
        for mark in board["annotations"]["list"]
        if (mark.get("expr"), mark.get("step"))
        != (mark.get("target", {}).get("expr"), mark.get("target", {}).get("interval"))
        or not mark.get("expr")
    ]


def worse_states_come_first(board: Json) -> list[str]:
    """Where a table sorts by the state, what is well has the highest value of all that has a word."""
    well = {STATES[State.UP].vi, STATES[State.UP].en}
    found = []
    for panel in panels(board, "table"):
        ascending = {each["displayName"] for each in panel["options"].get("sortBy", ()) if not each["desc"]}
        for column, config in _coloured_columns(panel):
            words = {
                float(value): result["text"]
                for mapping in config.get("mappings", ())
                if mapping["type"] == "value"
                for value, result in mapping["options"].items()
                if re.fullmatch(r"-?[\d.]+", value)
            }
            if column in ascending and well & set(words.values()) and words[max(words)] not in well:
                found.append(f"{panel['title']}: {column}")
    return found


RULES: tuple[Rule, ...] = (
    nothing_has_no_colour,
    k_of_n_is_purple_when_unsure,
    praise_is_not_the_text_of_silence,
    timelines_keep_their_mappings,
    timelines_have_a_row_of_their_own,
    values_are_called_as_grafana_calls_them,
    sorted_columns_are_there,
    overrides_find_their_columns,
    columns_are_hidden_in_both_ways,
    marks_are_written_twice,
    worse_states_come_first,
)
