"""What people choose at the top of a board (Grafana's templating), and the stretches drawn over its charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grafanalib import core as g

from agent.text import Text
from dashboards.grafana_schema import DATASOURCE
from dashboards.tables import Localize


def datasource_variable(localized: Localize) -> g.Template:
    """Which Prometheus: the first one until another is chosen."""
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
    """A choice that Prometheus fills; one of a single thing in the order of its query, whose first is seen first.

    every: also all of them at once, which is what is shown first; listed: all means those of the list, which
    another choice has narrowed, and not whatever there is.
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
    """A choice among fixed values, by their words; at first all. Grafana parts them at commas without backslash."""
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
    """A stretch over every chart while the expression is not 0; it needs the label ``name``.

    Written twice: Grafana 11 reads expr and step, 12.1 and later the target.
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
