"""Tables of a board: columns, and the transformations that bring several queries into one line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent.text import Text
from dashboards.display_values import DASH

ValueMapping = dict[str, Any]
Steps = Sequence[tuple[float | None, str]]
Localize = Callable[[str | Text], str]

_LEAST = -1e9
"""Below every figure that is shown."""
_HIDDEN = ({"custom.hidden": True}, {"custom.hideFrom": {"legend": True, "tooltip": True, "viz": True}})
"""How a column is hidden through Grafana 12.1, and since."""


@dataclass(frozen=True, slots=True)
class DataLink:
    """Where a click leads, and what the menu calls it."""

    title: Text
    url: str


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table, in the order of the list. name is the field it comes from: a label, or ``Value #A``."""

    name: str
    title: Text
    unit: str = ""
    width: int = 0
    decimals: int | None = None
    mappings: Sequence[ValueMapping] = ()
    steps: Steps = ()
    link: DataLink | None = None
    coloured: bool = False
    wrapped: bool = False


def overrides(columns: Sequence[TableColumn], hidden: Sequence[str], localized: Localize) -> list[dict[str, Any]]:
    """What is special about each column; hidden ones are there for links."""
    return [*(_column(column, localized) for column in columns), *map(_hide, hidden)]


def _column(column: TableColumn, localized: Localize) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "noValue": DASH,
        "unit": column.unit or None,
        "custom.width": column.width or None,
        "decimals": column.decimals,
        "mappings": [*column.mappings, *([null_mapping(DASH, "transparent")] if column.coloured else [])] or None,
        "thresholds": thresholds(with_null_step(column.steps, "transparent")) if column.steps else None,
        "links": data_links(column.link, localized) or None,
        "custom.cellOptions": {"type": "color-background", "mode": "basic"} if column.coloured else None,
        "custom.wrapText": column.wrapped or None,
    }
    properties = [{"id": name, "value": value} for name, value in wanted.items() if value is not None]
    return {"matcher": {"id": "byName", "options": localized(column.title)}, "properties": properties}


def _hide(name: str) -> dict[str, Any]:
    properties = [{"id": each, "value": value} for way in _HIDDEN for each, value in way.items()]
    return {"matcher": {"id": "byName", "options": name}, "properties": properties}


def null_mapping(text: str, colour: str) -> ValueMapping:
    """What stands for null and NaN, which Grafana would write as "NaN" in the colour of the lowest step."""
    return {"type": "special", "options": {"match": "null+nan", "result": {"index": 99, "text": text, "color": colour}}}


def with_null_step(steps: Steps, null_mapping: str) -> Steps:
    """Steps above one that no figure reaches: its colour is what Grafana gives to what is no number."""
    (_, least), *rest = steps or ((None, "text"),)
    return ((None, null_mapping), (_LEAST, least), *rest)


def thresholds(steps: Steps) -> dict[str, Any]:
    """Steps as Grafana takes them for the fields of an override."""
    return {"mode": "absolute", "steps": [{"color": colour, "value": value} for value, colour in steps]}


def with_value_fields(columns: Sequence[TableColumn], queries: int) -> list[TableColumn]:
    """With the names of values as Grafana has them: ``Value #A`` among several queries, ``Value`` of the only one."""
    return [
        replace(column, name="Value") if queries == 1 and column.name == "Value #A" else column for column in columns
    ]


def data_links(link: DataLink | None, localized: Localize) -> list[dict[str, Any]]:
    """The one link of a value, or none."""
    return [{"title": localized(link.title), "url": link.url, "targetBlank": False}] if link else []


def join_transformations(
    queries: int, columns: Sequence[TableColumn], key: str, hidden: Sequence[str], localized: Localize
) -> list[dict[str, Any]]:
    """Only the fields wanted, joined on the key where there are several queries, in their order, under their titles."""
    names = [*(column.name for column in columns), *hidden]
    keep = {"id": "filterFieldsByName", "options": {"include": {"names": list(dict.fromkeys([key, *names]))}}}
    join = {"id": "joinByField", "options": {"byField": key, "mode": "outer"}}
    order = {
        "id": "organize",
        "options": {
            "excludeByName": {} if key in names else {key: True},
            "indexByName": {name: number for number, name in enumerate(names)},
            "renameByName": {column.name: localized(column.title) for column in columns},
        },
    }
    return [keep, join, order] if queries > 1 else [keep, order]
