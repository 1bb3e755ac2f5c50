"""What people choose at the top of a board (Grafana's templating), and the stretches drawn over its charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grafanalib import core as g

from agent.text import Text
from dashboards.grafana_schema import DATASOURCE
from dashboards.tables import Localize


def datasource_variable(localized: Localize) -> g.Template:
    """The variable for Prometheus as data source: the first one until another is chosen."""
    return g.Template("datasource", "prometheus", type="datasource", label=localized(Text("Nguồn", "Source")))


def query_variable(
    localized: Localize,
    name: str,
    label: Text,
    query: str,
    *,
    regex: str = "",
    every: bool = False,
    listed: bool = False,
) -> g.Template:
    """A variable whose values Prometheus gives; a single choice has the order of the query.

    every: several at once, at first all; listed: all means the values of the list, which another variable has narrowed,
    and not any value.
    """
    return g.Template(
        name,
        query,
        sort=g.SORT_ALPHA_ASC if every else g.SORT_DISABLED,
        label=localized(label),
        regex=regex,
        includeAll=every,
        multi=every,
        allValue=".+" if every and not listed else None,
        refresh=g.REFRESH_ON_TIME_RANGE_CHANGE,
    )


def custom_variable(localized: Localize, name: str, label: Text, values: Mapping[str, Text | str]) -> g.Template:
    """A variable with fixed values, shown by their texts; at first all. Grafana splits at unescaped commas."""
    options = [{"selected": False, "text": localized(words), "value": value} for value, words in values.items()]
    query = ", ".join(f"{option['text']} : {option['value']}".replace(",", "\\,") for option in options)
    return g.Template(
        name,
        query,
        type="custom",
        label=localized(label),
        includeAll=True,
        multi=True,
        allValue=".+",
        options=options,
    )


def annotation(localized: Localize, name: Text, expr: str, colour: str) -> dict[str, Any]:
    """An annotation: a region over every chart while the expression, which needs the label ``name``, is not 0.

    The query is written twice: Grafana 11 reads expr and step, 12.1 and later the target.
    """
    return {
        "name": localized(name),
        "datasource": DATASOURCE,
        "enable": True,
        "hide": False,
        "iconColor": colour,
        "expr": expr,
        "step": "30s",
        "target": {"refId": "Anno", "expr": expr, "interval": "30s"},
        "titleFormat": f"{localized(name)}: {{{{name}}}}",
    }
