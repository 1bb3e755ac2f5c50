"""What Grafana does with a board that its author did not mean: one rule a fault, each a pure function of the document.

A rule names the panels that break it. The table of docs/boards.md says of each what Grafana does and since when;
test_grafana_rules.py holds every panel of every board to every rule, and plants each fault to see it found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from agent.explain.labels import STATES
from agent.model import State

Json = Mapping[str, Any]
Rule = Callable[[Json], list[str]]

NEUTRAL = frozenset({"#8e8e8e", "text", "transparent"})
"""Colours that say neither well nor broken."""
_TELLS_SILENCE = re.compile(r"\babsent\(")
_PRAISE = re.compile(r"\b(tốt|well|good)\b", re.IGNORECASE)
_NAMES = ("{{name}}", "{{place}}")
_SOMEWHERE = re.compile(r"/d/(sansang-\w+|\$\{__data\.fields\.board\})\?|https?://[^/$]+/")
_OF_THE_AGENT = ("sansang-overview", "sansang-monitor")
_ABOVE_THE_TABLE = 2
_WIDE = 12
_QUALITY = re.compile(r"\bsansang_(?:rtt_seconds|jitter_seconds|packet_loss_ratio|mos)\b(?:\{[^}]*\}(?: < 1)?)?")
_LINE = re.compile(
    r'label_join\(.*, "line", " ", "instance", "target"\)'
    r'|(?:max by \(line\) \()?label_join\(.*, "line", " ", "instance", "target", "port"\)+'
    r'|(?:max by \(line\) \()?label_join\(.*, "line", " ", "instance", "sheet", "criterion", "unit"\)+'
)
_ONE_SERIES = re.compile(
    r"(?:max by \(line\) \()?label_join\(\(*(1 - \(1 - )?\(*"
    r"((max|min|sum) by \(instance, target(, why|, port)?\)|resets\()"
    r'|max by \(line\) \(label_join\(.*, "line", " ", "instance", "sheet", "criterion", "unit"\)\)'
)
_ALL_LOST = re.compile("sansang_packet_loss_ratio")
_DAY_TAG, _MONTH_TAG = "sansang-day", "sansang-month"


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


def nan_is_written_as_nothing(board: Json) -> list[str]:
    """Null and NaN are mapped wherever a value is painted."""
    return [title for title, config in _painted(board) if _of_nothing(config) is None]


def names_speak_when_the_agent_does_not(board: Json) -> list[str]:
    """A tile that shows the names of its series has one for an agent that is silent."""
    return [
        panel["title"]
        for panel in panels(board, "stat")
        if panel["options"]["textMode"] == "name"
        and not all(_TELLS_SILENCE.search(target["expr"]) for target in panel["targets"])
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


def more_is_better_is_not_filled(board: Json) -> list[str]:
    """A chart whose high values are the good ones has no filled area below them."""
    return [
        panel["title"]
        for panel in panels(board, "timeseries")
        if panel["fieldConfig"]["defaults"]["thresholds"]["steps"][-1]["color"] == "green"
        and panel["fieldConfig"]["defaults"]["custom"].get("fillOpacity", 0)
    ]


def lines_are_whole(board: Json) -> list[str]:
    """Queries that are joined into one line have one series each for every agent and target, by a label of both."""
    return [
        panel["title"]
        for panel in panels(board, "table")
        for each in panel["transformations"]
        if each["id"] == "joinByField"
        and (
            each["options"]["byField"] != "line"
            or not all(_LINE.fullmatch(target["expr"]) for target in panel["targets"])
            or not all(_ONE_SERIES.match(target["expr"]) for target in panel["targets"][1:])
        )
    ]


def silence_is_no_figure(board: Json) -> list[str]:
    """Figures of a line are those of targets that are known; a loss of all is none, in tables, tiles and charts."""
    return [
        panel["title"]
        for panel in panels(board)
        for target in panel["targets"]
        for sample in _QUALITY.findall(target["expr"])
        if "sansang_target_state{" not in target["expr"] or (_ALL_LOST.match(sample) and "} < 1" not in sample)
    ]


def many_names_stand_beside_the_lines(board: Json) -> list[str]:
    """The legend of a chart with one line for each target or site is a table, at the right of a wide one."""
    return [
        panel["title"]
        for panel in panels(board, "timeseries")
        if any(target["legendFormat"] in _NAMES for target in panel["targets"])
        and (
            panel["options"]["legend"].get("displayMode") != "table"
            or (panel["gridPos"]["w"] >= _WIDE and panel["options"]["legend"].get("placement") != "right")
        )
    ]


def no_number_stands_twice(board: Json) -> list[str]:
    """No two tiles of a board ask the same."""
    asked = [(target["expr"], panel["title"]) for panel in panels(board, "stat") for target in panel["targets"]]
    exprs = [expr for expr, _ in asked]
    return [title for expr, title in asked if exprs.count(expr) > 1]


def the_monitor_speaks_first(board: Json) -> list[str]:
    """Boards that say how things are now begin with whether the agent speaks."""
    if board["uid"] not in _OF_THE_AGENT:
        return []
    first = next(panels(board))
    return [] if all("timestamp(sansang_build_info" in each["expr"] for each in first["targets"]) else [first["title"]]


def what_is_down_comes_first_on_a_phone(board: Json) -> list[str]:
    """Above the first table of states there are two panels at most, in the order that a narrow screen has."""
    order = sorted(panels(board), key=lambda panel: (panel["gridPos"]["y"], panel["gridPos"]["x"]))
    first = next((number for number, panel in enumerate(order) if panel["type"] == "table"), 0)
    return [panel["title"] for panel in order[first : first + 1] if first > _ABOVE_THE_TABLE]


def a_month_keeps_its_own_time(board: Json) -> list[str]:
    """The menu takes the time shown along only among boards that show the same at first."""
    month = board["time"]["from"].endswith("/M")
    mine = _MONTH_TAG if month else _DAY_TAG
    kept = [link for link in board["links"] if link.get("keepTime")]
    strayed = [link["title"] for link in kept if month or mine not in link["tags"]]
    return strayed + ([] if mine in board["tags"] else [board["title"]])


def a_site_with_a_point_is_seen_first(board: Json) -> list[str]:
    """The list of sites begins with those that have a conference point."""
    sites = [each for each in board["templating"]["list"] if each["name"] == "site"]
    return [each["label"] for each in sites if 'role="conference"' not in each["query"]["query"] or each.get("sort", 0)]


def links_lead_somewhere(board: Json) -> list[str]:
    """Every link of a panel leads to a board or to an address with a host."""
    return [f"{title}: {url}" for title, url in _urls(board) if not _SOMEWHERE.match(url)]


def links_name_fields_that_are_there(board: Json) -> list[str]:
    """What a link takes from its line is a field of that table."""
    return [
        f"{panel['title']}: {name}"
        for panel in panels(board, "table")
        for url in _urls_of(panel)
        for name in re.findall(r"\$\{__data\.fields\.(\w+)\}", url)
        if name not in _titles(panel)
    ]


def alerts_do_not_all_lead_to_a_site(board: Json) -> list[str]:
    """Where a line may have no site, its link names the board by the line."""
    return [
        panel["title"]
        for panel in panels(board, "table")
        if any("ALERTS{" in target["expr"] for target in panel["targets"])
        and any(url.startswith("/d/sansang-site?") for url in _urls_of(panel))
    ]


def _urls(board: Json) -> Iterator[tuple[str, str]]:
    for panel in panels(board):
        yield from ((panel["title"], url) for url in _urls_of(panel))


def _urls_of(panel: Json) -> Iterator[str]:
    yield from (link["url"] for link in panel["fieldConfig"]["defaults"].get("links", ()))
    for override in panel["fieldConfig"].get("overrides", ()):
        for each in override["properties"]:
            if each["id"] == "links":
                yield from (link["url"] for link in each["value"])


RULES: tuple[Rule, ...] = (
    nothing_has_no_colour,
    nan_is_written_as_nothing,
    names_speak_when_the_agent_does_not,
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
    more_is_better_is_not_filled,
    lines_are_whole,
    silence_is_no_figure,
    many_names_stand_beside_the_lines,
    no_number_stands_twice,
    the_monitor_speaks_first,
    what_is_down_comes_first_on_a_phone,
    a_month_keeps_its_own_time,
    a_site_with_a_point_is_seen_first,
    links_lead_somewhere,
    links_name_fields_that_are_there,
    alerts_do_not_all_lead_to_a_site,
)
