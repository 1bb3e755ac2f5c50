"""Each fault of grafanalib's output, and what the pass makes of it."""

from __future__ import annotations

from typing import Any

from dashboards.grafana_schema import DATASOURCE, flow, normalise


def board(*panels: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "T", "uid": "u", "links": [], "templating": {"list": []}, "panels": list(panels)} | more


def panel(kind: str = "stat", **more: Any) -> dict[str, Any]:
    size = {"h": 4, "w": 12, "x": 0, "y": 0}
    return {"type": kind, "title": "P", "gridPos": size, "targets": [], "fieldConfig": {"defaults": {}}} | more


def only(*panels: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = normalise(board(*panels))["panels"][0]
    return found


def test_nulls_and_keys_that_grafana_has_dropped_go() -> None:
    found = only(panel(editable=True, error=False, height=None, span=None, description=None, hideTimeOverride=False))
    assert found.keys() == {"id", "type", "title", "gridPos", "datasource", "fieldConfig"}


def test_the_data_source_becomes_an_object_everywhere() -> None:
    found = only(panel(datasource="Prometheus", targets=[{"refId": "A", "expr": "up", "datasource": None, "step": 10}]))
    assert found["datasource"] == DATASOURCE
    assert found["targets"] == [{"refId": "A", "expr": "up", "datasource": DATASOURCE}]


def test_the_base_step_of_thresholds_has_no_value_and_the_rest_their_order() -> None:
    steps = [
        {"color": "red", "value": 7.0, "index": 1, "line": True, "op": "gt", "yaxis": "left"},
        {"color": "green", "value": "null", "index": 0, "line": True, "op": "gt", "yaxis": "left"},
    ]
    found = only(panel(fieldConfig={"defaults": {"thresholds": {"mode": "absolute", "steps": steps}}}))
    assert found["fieldConfig"] == {
        "defaults": {
            "thresholds": {
                "mode": "absolute",
                "steps": [{"color": "green", "value": None}, {"color": "red", "value": 7.0}],
            }
        },
        "overrides": [],
    }


def test_without_thresholds_there_is_one_plain_step() -> None:
    assert only(panel())["fieldConfig"]["defaults"]["thresholds"] == {
        "mode": "absolute",
        "steps": [{"color": "text", "value": None}],
    }


def test_mappings_of_a_table_come_where_they_have_effect() -> None:
    mappings = [{"type": "value", "options": {"1": {"text": "Tốt"}}}]
    found = only(panel("table", mappings=mappings, color={"mode": "thresholds"}, columns=[], fontSize="100%"))
    assert found["fieldConfig"]["defaults"]["mappings"] == mappings
    assert not found.keys() & {"mappings", "color", "columns", "fontSize"}


def test_a_row_keeps_only_what_a_row_has() -> None:
    found = only(panel("row", collapsed=False, panels=[], fieldConfig={}, editable=True, error=False))
    assert found.keys() == {"id", "type", "title", "gridPos", "collapsed", "panels"}


def test_variables_have_a_current_value() -> None:
    every = {"name": "agent", "type": "query", "query": "label_values(x)", "includeAll": True, "useTags": False}
    one = {"name": "site", "type": "query", "query": "label_values(y)", "includeAll": False, "regex": None}
    source = {"name": "datasource", "type": "datasource", "query": "prometheus", "current": {"tags": [], "text": None}}
    found = normalise(board(templating={"list": [source, every, one]}))["templating"]["list"]
    assert [each["current"] for each in found] == [
        {"text": "", "value": ""},
        {"text": "All", "value": "$__all"},
        {"text": "", "value": ""},
    ]
    assert found[1]["query"] == {"query": "label_values(x)", "refId": "agent"}
    assert found[0]["query"] == "prometheus"
    assert "datasource" not in found[0]
    assert "regex" not in found[2]


def test_the_schema_is_todays_and_old_keys_are_gone() -> None:
    found = normalise(board(schemaVersion=12, gnetId=None, style="dark", rows=[], timePicker={"time_options": ["1h"]}))
    assert found["schemaVersion"] >= 39
    assert not found.keys() & {"gnetId", "style", "rows", "timePicker"}
    assert found["timepicker"] == {}


def test_panels_flow_in_reading_order() -> None:
    sizes = [{"w": 12, "h": 4}, {"w": 12, "h": 6}, {"w": 24, "h": 1}, {"w": 8, "h": 3}, {"w": 20, "h": 2}]
    assert [(place["x"], place["y"]) for place in flow(sizes)] == [(0, 0), (12, 0), (0, 6), (0, 7), (0, 10)]


def test_a_low_panel_stands_below_another_beside_a_high_one() -> None:
    sizes = [{"w": 6, "h": 4}, {"w": 18, "h": 8}, {"w": 6, "h": 4}, {"w": 4, "h": 5}, {"w": 20, "h": 5}]
    assert [(place["x"], place["y"]) for place in flow(sizes)] == [(0, 0), (6, 0), (0, 4), (0, 8), (4, 8)]


def test_what_comes_in_stays_as_it_was() -> None:
    given = board(panel(description=None))
    normalise(given)
    assert given == board(panel(description=None))
