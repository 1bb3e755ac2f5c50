"""Brings what grafanalib 0.7.1 writes to Grafana's current schema: one pure pass over the document of a board.

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
    found = _only(board, _TOP)
    found["schemaVersion"] = SCHEMA_VERSION
    found["timepicker"] = _only(board.get("timePicker") or board.get("timepicker") or {}, _TIMEPICKER)
    found["links"] = [_only(link, _LINK) for link in board["links"]]
    found["templating"] = {"list": [_variable(each) for each in board["templating"]["list"]]}
    places = flow([panel["gridPos"] for panel in board["panels"]])
    found["panels"] = [
        _panel({**panel, "id": number, "gridPos": place})
        for number, (panel, place) in enumerate(zip(board["panels"], places, strict=True), start=1)
    ]
    return {key: _without_nulls(found[key]) for key in _TOP if key in found}


def flow(sizes: Iterable[Json]) -> list[dict[str, int]]:
    """A place for each width and height, in reading order, each beside the one before it while that is in one line.

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
    found = _only(panel, _PANEL)
    found["datasource"] = DATASOURCE
    found["targets"] = [{**_only(target, _TARGET), "datasource": DATASOURCE} for target in panel["targets"]]
    defaults = {**panel["fieldConfig"]["defaults"], "thresholds": _thresholds(panel["fieldConfig"]["defaults"])}
    if panel.get("mappings"):  # grafanalib's Table puts them where they have no effect
        defaults["mappings"] = panel["mappings"]
    found["fieldConfig"] = {"defaults": defaults, "overrides": panel["fieldConfig"].get("overrides", [])}
    return {key: found[key] for key in _PANEL if key in found and found[key] not in ("", [], None)}


def _thresholds(defaults: Json) -> dict[str, Any]:
    """Steps in order, the first without a value; without any step everything is plain."""
    found = defaults.get("thresholds") or {}
    steps = sorted(found.get("steps") or [{"color": "text", "value": None}], key=_step_value)
    return {
        "mode": found.get("mode", "absolute"),
        "steps": [
            {"color": step["color"], "value": None if number == 0 else step["value"]}
            for number, step in enumerate(steps)
        ],
    }


def _step_value(step: Json) -> float:
    return float("-inf") if step["value"] in (None, "null") else float(step["value"])


def _variable(variable: Json) -> dict[str, Any]:
    found = _only(variable, _VARIABLE)
    if found["type"] == "query":
        found["datasource"] = DATASOURCE
        found["query"] = {"query": found["query"], "refId": found["name"]}
    found["current"] = {"text": "All", "value": "$__all"} if found.get("includeAll") else {"text": "", "value": ""}
    return found


def _only(value: Json, keys: Iterable[str]) -> dict[str, Any]:
    return {key: value[key] for key in keys if value.get(key) is not None}


def _without_nulls(value: Any) -> Any:
    """All nulls go but one kind: the base step of thresholds is written with null in Grafana's own schema."""
    if isinstance(value, list):
        return [_without_nulls(each) for each in value]
    if isinstance(value, dict):
        is_step = value.keys() == {"color", "value"}
        return {key: _without_nulls(each) for key, each in value.items() if each is not None or is_step}
    return value
