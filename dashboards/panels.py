"""How stats, tables, timelines and charts look on every board.

With templating.py the only user of grafanalib.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grafanalib import core as g
from grafanalib._gen import DashboardEncoder

from agent.explain.labels import STATES
from agent.model import State
from agent.text import Text
from dashboards import queries as q
from dashboards.display_values import (
    CUT_OFF,
    CUT_OFF_TEXT,
    DASH,
    NO_DATA,
    NO_SERIES,
    NO_SERIES_TEXT,
    SILENT,
    SILENT_TEXT,
    UNSURE,
    UP_LAST,
)
from dashboards.grafana_schema import normalise
from dashboards.settings import BuildSettings
from dashboards.tables import (
    DataLink,
    PanelColumn,
    Steps,
    ValueMapping,
    data_links,
    join_transformations,
    null_mapping,
    overrides,
    thresholds,
    with_null_step,
    with_value_fields,
)
from dashboards.templating import datasource_variable

TAG, DAY_TAG, MONTH_TAG = "sansang", "sansang-day", "sansang-month"
"""Grafana's menus choose boards by tag: all of ours, and by the time range that a board opens with."""
STATE_COLOURS = {State.DOWN: "red", State.UP: "green", State.DEGRADED: "yellow", State.UNKNOWN: "purple"}
GREY = "#8e8e8e"
"""Colour of what is not known because nobody measured it, or is only cut off."""
MAINTENANCE_COLOUR = "blue"

RED_FROM_ONE: Steps = ((None, "green"), (1, "red"))
PURPLE_FROM_ONE: Steps = ((None, "green"), (1, "purple"))
YELLOW_FROM_ONE: Steps = ((None, "green"), (1, "yellow"))
BLUE_FROM_ONE: Steps = ((None, "green"), (1, MAINTENANCE_COLOUR))
K_OF_N: Steps = ((None, "green"), (UNSURE, "purple"), (1, "red"))
"""Steps for the values of ``queries.k_of_n``."""
_NAMES = {"showLegend": True, "displayMode": "table"}
_WIDE = 12
"""The least width of a chart with room for names beside its lines."""
_LARGEST = {"calcs": ["max"], "sortBy": "Max", "sortDesc": True}
_LEAST = {"calcs": ["min"], "sortBy": "Min", "sortDesc": False}
"""Computed over the whole time shown: Grafana's *last* of a line that has ended is an old value."""


@dataclass(frozen=True, slots=True)
class PanelQuery:
    """One query of a panel; legend as Grafana writes it, ``{{name}}``, or a text.

    In a stat panel, link and steps apply to the tiles of this query, in place of the panel's own.
    """

    expr: str
    legend: str | Text = ""
    link: DataLink | None = None
    steps: Steps = ()


@dataclass(frozen=True, slots=True)
class PanelFactory:
    """Builds panels in one language. Widths count in 24ths of the board, heights in Grafana's rows of 30 pixels."""

    settings: BuildSettings

    def localized(self, words: str | Text) -> str:
        """The text in the language of the build; a str as it is."""
        return words.to(self.settings.language) if isinstance(words, Text) else words

    def row(self, title: Text) -> g.RowPanel:
        """A heading over the panels that follow."""
        return g.RowPanel(title=self.localized(title), gridPos=g.GridPos(h=1, w=24, x=0, y=0))

    def stat(
        self,
        title: Text,
        about: Text,
        queries: Sequence[PanelQuery],
        size: tuple[int, int],
        *,
        steps: Steps = (),
        mappings: Sequence[ValueMapping] = (),
        text: str = "value_and_name",
        unit: str = "none",
        decimals: int | None = None,
        link: DataLink | None = None,
    ) -> g.Stat:
        """A stat panel: coloured tiles, one for each series. text: auto, value, name, value_and_name.

        Grafana takes the colour of the lowest step for what is no number; that one is grey, and steps begin above it.
        """
        defaults: dict[str, Any] = {"color": {"mode": "thresholds"}, "links": data_links(link, self.localized)}
        return g.Stat(
            title=self.localized(title),
            description=self.localized(about),
            targets=[self._target(query, number, instant=True) for number, query in enumerate(queries)],
            gridPos=_grid_pos(size),
            thresholds=_thresholds(with_null_step(steps, GREY)),
            mappings=[
                *mappings,
                *self.value_mappings([(SILENT, DASH, GREY)]),
                null_mapping(self.localized(NO_DATA), GREY),
            ],
            noValue=self.localized(NO_DATA),
            textMode=text,
            colorMode="background",
            graphMode="none",
            reduceCalc="lastNotNull",
            format=unit,
            decimals=decimals,
            alignment="center",
            extraJson={
                "fieldConfig": {"defaults": defaults, "overrides": self._query_overrides(queries)},
                "options": {"wideLayout": True},
            },
        )

    def table(
        self,
        title: Text,
        about: Text,
        queries: Sequence[PanelQuery],
        columns: Sequence[PanelColumn],
        size: tuple[int, int],
        *,
        key: str,
        hidden: Sequence[str] = (),
        sort: Sequence[tuple[Text, bool]] = (),
        empty: Text = NO_DATA,
        low: bool = False,
    ) -> g.Table:
        """One line for each value of the label ``key``, from instant queries that all carry it.

        hidden columns are there for links; sort names columns by their titles, True for largest first; empty is
        what stands there without any line; low: lines of the least height.
        """
        return g.Table(
            title=self.localized(title),
            description=self.localized(about),
            targets=[self._target(query, number, instant=True, table=True) for number, query in enumerate(queries)],
            gridPos=_grid_pos(size),
            overrides=overrides(columns, hidden, self.localized),
            sortBy=[g.TableSortByField(self.localized(words), desc) for words, desc in sort],
            transformations=join_transformations(
                len(queries), with_value_fields(columns, len(queries)), key, hidden, self.localized
            ),
            extraJson={
                "fieldConfig": {"defaults": {"noValue": self.localized(empty), "color": {"mode": "thresholds"}}},
                "options": {"cellHeight": "sm" if low else "md"},
            },
        )

    def state_timeline(
        self,
        title: Text,
        about: Text,
        query: PanelQuery,
        size: tuple[int, int],
        mappings: Sequence[ValueMapping] = (),
        *,
        label: str = "name",
        none: Text = NO_SERIES_TEXT,
        value: float = NO_SERIES,
    ) -> g.StateTimeline:
        """A state timeline, one row for each series, named by the label; mappings: for values that are no states.

        none and value: name and value of the one row that is shown without any series, where Grafana would show an
        English text of its own. The colour mode is fixed: under thresholds Grafana takes the steps for the states, and
        ignores the mappings.
        """
        expr = q.or_placeholder(query.expr, self.localized(none), value, self.localized(SILENT_TEXT), label)
        return g.StateTimeline(
            title=self.localized(title),
            description=self.localized(about),
            targets=[self._target(PanelQuery(expr, query.legend), 0)],
            gridPos=_grid_pos(size),
            maxDataPoints=600,
            mappings=[*mappings, *self._not_measured_mappings()] if mappings else self.state_mappings(),
            fillOpacity=90,
            showValue="never",
            mergeValues=True,
            rowHeight=0.85,
            extraJson={
                "fieldConfig": {
                    "defaults": {"noValue": self.localized(NO_DATA), "color": {"mode": "fixed", "fixedColor": GREY}}
                },
                "options": {"legend": {"showLegend": True}, "tooltip": {"sort": "none"}},
            },
        )

    def time_series(
        self,
        title: Text,
        about: Text,
        queries: Sequence[PanelQuery],
        size: tuple[int, int],
        *,
        unit: str,
        steps: Steps = (),
        most: float | None = None,
        many: bool = False,
        least_first: bool = False,
        signed: bool = False,
        empty: Text = NO_DATA,
    ) -> g.TimeSeries:
        """A time series panel; gaps stay gaps; steps are drawn as dashed limits; empty stands there without any series.

        signed: values may be negative, and the axis begins where they do.
        many: one line for each target or site; their names stand in a table at the right, or below a narrow chart,
        those with the largest figure first, or those with the least; in a heap they would leave no room for the lines.
        """
        placement = {"placement": "right" if size[0] >= _WIDE else "bottom"}
        names = _NAMES | placement | (_LEAST if least_first else _LARGEST)
        return g.TimeSeries(
            title=self.localized(title),
            description=self.localized(about),
            targets=[self._target(query, number) for number, query in enumerate(queries)],
            gridPos=_grid_pos(size),
            maxDataPoints=600,
            unit=unit,
            valueMin=None if signed else 0,
            valueMax=most,
            fillOpacity=0,
            showPoints="auto",
            tooltipMode="multi",
            tooltipSort="desc",
            thresholds=_thresholds(steps),
            thresholdsStyleMode="dashed" if steps else "off",
            extraJson={
                "fieldConfig": {"defaults": {"noValue": self.localized(empty)}},
                "options": {"legend": names if many else {"showLegend": True}},
            },
        )

    def state_mappings(self) -> list[ValueMapping]:
        """Names and colours of the states."""
        named = [(state.value, STATES[state], STATE_COLOURS[state]) for state in State]
        last = (UP_LAST, STATES[State.UP], STATE_COLOURS[State.UP])
        return [*self.value_mappings([*named, last, (CUT_OFF, CUT_OFF_TEXT, GREY)]), *self._not_measured_mappings()]

    def count_mappings(self) -> list[ValueMapping]:
        """Mappings for ``queries.unsure``: its value reads as a count."""
        return self.value_mappings([(UNSURE, "0", STATE_COLOURS[State.UNKNOWN])])

    def _not_measured_mappings(self) -> list[ValueMapping]:
        """Mappings for a silent agent, and for a row without series."""
        return self.value_mappings([(SILENT, SILENT_TEXT, GREY), (NO_SERIES, DASH, GREY)])

    def value_mappings(self, named: Sequence[tuple[float | str, Text | str, str]]) -> list[ValueMapping]:
        """Value mappings: each value with its text, in a colour unless that is ""."""
        options = {
            str(value): {"index": number, "text": self.localized(words)} | ({"color": colour} if colour else {})
            for number, (value, words, colour) in enumerate(named)
        }
        return [{"type": "value", "options": options}]

    def board(
        self,
        uid: str,
        title: Text,
        about: Text,
        variables: Sequence[g.Template],
        panels: Sequence[Any],
        *,
        annotations: Sequence[dict[str, Any]] = (),
        month: bool = False,
    ) -> dict[str, Any]:
        """The JSON document of a board; annotations are drawn over its charts.

        It opens with the last day; a board of the month with the month. That one refreshes seldom: its queries cost.
        """
        dashboard = g.Dashboard(
            uid=uid,
            title=f"San Sang - {self.localized(title)}",
            description=self.localized(about),
            tags=[TAG, self.settings.language, MONTH_TAG if month else DAY_TAG],
            timezone=self.settings.timezone,
            editable=False,
            graphTooltip=g.GRAPH_TOOLTIP_MODE_SHARED_CROSSHAIR,
            refresh="5m" if month else "30s",
            time=g.Time("now/M" if month else "now-24h", "now"),
            annotations=g.Annotations(list=list(annotations)),
            links=self._menu(keep_time=not month),
            templating=g.Templating([datasource_variable(self.localized), *variables]),
            panels=list(panels),
        )
        return normalise(json.loads(json.dumps(dashboard.to_json_data(), cls=DashboardEncoder)))

    def _menu(self, *, keep_time: bool) -> list[g.DashboardLink]:
        """Links to the other boards. The time range is kept among boards of the day, never between day and month."""
        others, months = Text("Các bảng khác", "Other boards"), Text("Theo tháng", "By the month")
        day = g.DashboardLink(
            title=self.localized(others), tags=[TAG, DAY_TAG], asDropdown=True, includeVars=True, keepTime=keep_time
        )
        return [
            day,
            g.DashboardLink(title=self.localized(months), tags=[TAG, MONTH_TAG], includeVars=True, keepTime=False),
        ]

    def _query_overrides(self, queries: Sequence[PanelQuery]) -> list[dict[str, Any]]:
        """Overrides for the tiles of each query: links and steps."""
        overrides = []
        for number, query in enumerate(queries):
            link = [{"id": "links", "value": data_links(query.link, self.localized)}] if query.link else []
            steps = (
                [{"id": "thresholds", "value": thresholds(with_null_step(query.steps, GREY))}] if query.steps else []
            )
            matcher = {"id": "byFrameRefID", "options": _ref_id(number)}
            overrides += [{"matcher": matcher, "properties": [*link, *steps]}] if link or steps else []
        return overrides

    def _target(self, query: PanelQuery, number: int, *, instant: bool = False, table: bool = False) -> dict[str, Any]:
        return {
            **g.Target(
                expr=query.expr,
                legendFormat=self.localized(query.legend),
                refId=_ref_id(number),
                instant=instant,
                format="table" if table else "time_series",
            ).to_json_data(),
            "range": not instant,
            "interval": None,
        }


def _ref_id(number: int) -> str:
    return chr(ord("A") + number)


def _grid_pos(size: tuple[int, int]) -> g.GridPos:
    return g.GridPos(h=size[1], w=size[0], x=0, y=0)


def _thresholds(steps: Steps) -> list[g.Threshold]:
    return [
        g.Threshold(color=colour, index=number, value=0.0 if value is None else float(value))
        for number, (value, colour) in enumerate(steps)
    ]
