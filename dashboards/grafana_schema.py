"""Converts the output of grafanalib 0.7.1 to Grafana's current schema, in one pure pass over the document of a board.

grafanalib knows the schema of 2018: explicit nulls, data sources as strings, the base step of thresholds as the text
"null", keys that Grafana has dropped. What is not in the tables below goes, so a new fault shows as a missing key
and not as a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Json = Mapping[str, Any]

SCHEMA_VERSION = 41
COLUMNS = 24
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}

_TOP = (
    "uid", "title", "description", "tags", "timezone", "editable", "graphTooltip", "refresh", "time", "timepicker",
    "schemaVersion", "links", "templating", "annotations", "panels",
)  # fmt: skip
_PANEL = (
    "id", "type", "title", "description", "gridPos", "datasource", "targets", "interval", "maxDataPoints", "timeFrom",
    "transparent", "links", "repeat", "repeatDirection", "maxPerRow", "transformations", "fieldConfig", "options",
)  # fmt: skip
_ROW = ("id", "type", "title", "gridPos", "collapsed", "panels")
_TARGET = ("refId", "datasource", "expr", "format", "instant", "range", "legendFormat", "interval", "hide")
_VARIABLE = (
    "name", "type", "label", "query", "datasource", "regex", "refresh", "sort", "hide", "multi",
    "includeAll", "allValue", "current", "options",
)  # fmt: skip
_LINK = ("title", "type", "tags", "asDropdown", "includeVars", "keepTime", "targetBlank", "icon", "tooltip", "url")
_TIMEPICKER = ("refresh_intervals", "hidden", "nowDelay")


def normalise(board: Json) -> dict[str, Any]:
    """The board as Grafana would save it today; panels are numbered and laid out in their order."""
    result = _only(board, _TOP)
    result["schemaVersion"] = SCHEMA_VERSION
    result["timepicker"] = _only(board.get("timePicker") or board.get("timepicker") or {}, _TIMEPICKER)
    result["links"] = [_only(link, _LINK) for link in board["links"]]
    result["templating"] = {"list": [_variable(item) for item in board["templating"]["list"]]}
    places = flow([panel["gridPos"] for panel in board["panels"]])
    result["panels"] = [
        _panel({**panel, "id": number, "gridPos": place})
        for number, (panel, place) in enumerate(zip(board["panels"], places, strict=True), start=1)
    ]
    return {key: _without_nulls(result[key]) for key in _TOP if key in result}


def flow(sizes: Iterable[Json]) -> list[dict[str, int]]:
    """Grid positions for these widths and heights, in reading order, each beside the one before it while it fits.

    A panel for which there is no room there begins the next line, as high as what stands above it lets it.
    """
    places, x, y, ends = [], 0, 0, [0] * COLUMNS
    for size in sizes:
        width, height = size["w"], size["h"]
        if x + width > COLUMNS or max(ends[x : x + width]) != y:
            x, y = 0, max(ends[:width])
        places.append({"h": height, "w": width, "x": x, "y": y})
        ends[x : x + width] = [y + height] * width
        x += width
    return places


def _panel(panel: Json) -> dict[str, Any]:
    if panel["type"] == "row":
        return _only(panel, _ROW)
    result = _only(panel, _PANEL)
    result["datasource"] = DATASOURCE
    result["targets"] = [{**_only(target, _TARGET), "datasource": DATASOURCE} for target in panel["targets"]]
    defaults = {**panel["fieldConfig"]["defaults"], "thresholds": _thresholds(panel["fieldConfig"]["defaults"])}
    if panel.get("mappings"):  # grafanalib's Table puts them where they have no effect
        defaults["mappings"] = panel["mappings"]
    result["fieldConfig"] = {"defaults": defaults, "overrides": panel["fieldConfig"].get("overrides", [])}
    return {key: result[key] for key in _PANEL if key in result and result[key] not in ("", [], None)}


def _thresholds(defaults: Json) -> dict[str, Any]:
    """Steps in ascending order, the first without a value; one plain step where there is none."""
    result = defaults.get("thresholds") or {}
    steps = sorted(result.get("steps") or [{"color": "text", "value": None}], key=_step_value)
    return {
        "mode": result.get("mode", "absolute"),
        "steps": [
            {"color": step["color"], "value": None if number == 0 else step["value"]}
            for number, step in enumerate(steps)
        ],
    }


def _step_value(step: Json) -> float:
    return float("-inf") if step["value"] in (None, "null") else float(step["value"])


def _variable(variable: Json) -> dict[str, Any]:
    result = _only(variable, _VARIABLE)
    if result["type"] == "query":
        result["datasource"] = DATASOURCE
        result["query"] = {"query": result["query"], "refId": result["name"]}
    result["current"] = {"text": "All", "value": "$__all"} if result.get("includeAll") else {"text": "", "value": ""}
    return result


def _only(value: Json, keys: Iterable[str]) -> dict[str, Any]:
    return {key: value[key] for key in keys if value.get(key) is not None}


def _without_nulls(value: Any) -> Any:
    """Removes nulls, except in the base step of thresholds, which has null in Grafana's own schema."""
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    if isinstance(value, dict):
        is_step = value.keys() == {"color", "value"}
        return {key: _without_nulls(item) for key, item in value.items() if item is not None or is_step}
    return value
