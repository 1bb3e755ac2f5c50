"""Table panels: columns, and the transformations that join several queries into one line each."""

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
"""Lower than any value that is shown."""
_HIDDEN = ({"custom.hidden": True}, {"custom.hideFrom": {"legend": True, "tooltip": True, "viz": True}})
"""Properties that hide a column: up to Grafana 12.1, and since."""


@dataclass(frozen=True, slots=True)
class DataLink:
    """A link of a value: its URL, and its title in the menu."""

    title: Text
    url: str


@dataclass(frozen=True, slots=True)
class PanelColumn:
    """A column of a table; name is the field that it shows: a label, or ``Value #A``."""

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


def overrides(columns: Sequence[PanelColumn], hidden: Sequence[str], localized: Localize) -> list[dict[str, Any]]:
    """Field overrides of each column; hidden columns are needed by links."""
    return [*(_column(column, localized) for column in columns), *map(_hide, hidden)]


def _column(column: PanelColumn, localized: Localize) -> dict[str, Any]:
    values: dict[str, Any] = {
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
    properties = [{"id": name, "value": value} for name, value in values.items() if value is not None]
    return {"matcher": {"id": "byName", "options": localized(column.title)}, "properties": properties}


def _hide(name: str) -> dict[str, Any]:
    properties = [{"id": key, "value": value} for version in _HIDDEN for key, value in version.items()]
    return {"matcher": {"id": "byName", "options": name}, "properties": properties}


def null_mapping(text: str, colour: str) -> ValueMapping:
    """Mapping for null and NaN, which Grafana would show as "NaN" in the colour of the lowest step."""
    return {"type": "special", "options": {"match": "null+nan", "result": {"index": 99, "text": text, "color": colour}}}


def with_null_step(steps: Steps, null_mapping: str) -> Steps:
    """Steps above one that no value reaches; Grafana gives its colour to null and NaN."""
    (_, least), *rest = steps or ((None, "text"),)
    return ((None, null_mapping), (_LEAST, least), *rest)


def thresholds(steps: Steps) -> dict[str, Any]:
    """Steps as Grafana's JSON has them in an override."""
    return {"mode": "absolute", "steps": [{"color": colour, "value": value} for value, colour in steps]}


def with_value_fields(columns: Sequence[PanelColumn], queries: int) -> list[PanelColumn]:
    """Columns with Grafana's names of value fields: ``Value #A`` among several queries, ``Value`` for a single one."""
    return [
        replace(column, name="Value") if queries == 1 and column.name == "Value #A" else column for column in columns
    ]


def data_links(link: DataLink | None, localized: Localize) -> list[dict[str, Any]]:
    """Links of a value as Grafana's JSON has them: one or none."""
    return [{"title": localized(link.title), "url": link.url, "targetBlank": False}] if link else []


def join_transformations(
    queries: int, columns: Sequence[PanelColumn], key: str, hidden: Sequence[str], localized: Localize
) -> list[dict[str, Any]]:
    """Transformations: keep the named fields, join several queries on the key, order the fields, and title them."""
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
