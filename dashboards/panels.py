"""Panels: what a stat, a table, a timeline and a chart look like on every board.

With templating.py the only user of grafanalib.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grafanalib import core as g
from grafanalib._gen import DashboardEncoder

from agent.explain.words import STATES
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
    Steps,
    TableColumn,
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
"""Grafana's menus choose boards by their tags: all of ours, and which time they show first."""
STATE_COLOURS = {State.DOWN: "red", State.UP: "green", State.DEGRADED: "yellow", State.UNKNOWN: "purple"}
GREY = "#8e8e8e"
"""What is not known because nobody measured it, or is only cut off."""
MAINTENANCE_COLOUR = "blue"

RED_FROM_ONE: Steps = ((None, "green"), (1, "red"))
PURPLE_FROM_ONE: Steps = ((None, "green"), (1, "purple"))
YELLOW_FROM_ONE: Steps = ((None, "green"), (1, "yellow"))
BLUE_FROM_ONE: Steps = ((None, "green"), (1, MAINTENANCE_COLOUR))
K_OF_N: Steps = ((None, "green"), (UNSURE, "purple"), (1, "red"))
"""For what ``queries.k_of_n`` gives."""
_NAMES = {"showLegend": True, "displayMode": "table"}
_WIDE = 12
"""A chart from this width on has room for names beside its lines."""
_LARGEST = {"calcs": ["max"], "sortBy": "Max", "sortDesc": True}
_LEAST = {"calcs": ["min"], "sortBy": "Min", "sortDesc": False}
"""Of the whole time shown: Grafana's last figure of a line is an old one where the line has ended."""


@dataclass(frozen=True, slots=True)
class PanelQuery:
    """One query of a panel; legend as Grafana writes it, ``{{name}}``, or words.

    Of tiles also where those of this query lead, and by which steps they are coloured, if not as all of the panel.
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
        """Text in the language of the build; text that needs no translation as it is."""
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
        """Coloured tiles, one a series: readable from across the room. text: auto, value, name, value_and_name.

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
        columns: Sequence[TableColumn],
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
        """Which state held when, one line a series, named by the label; mappings are for values that are no states.

        none: the name of the one row that stands there where there is none, and value its value; for timelines without
        any series Grafana has a text of its own, in English. The colour mode is fixed: under thresholds Grafana takes
        the steps for the states, and the mappings for nothing.
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
    ) -> g.TimeSeries:
        """A chart over time; gaps stay gaps; steps are drawn as dashed limits.

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
            valueMin=0,
            valueMax=most,
            fillOpacity=0,
            showPoints="auto",
            tooltipMode="multi",
            tooltipSort="desc",
            thresholds=_thresholds(steps),
            thresholdsStyleMode="dashed" if steps else "off",
            extraJson={
                "fieldConfig": {"defaults": {"noValue": self.localized(NO_DATA)}},
                "options": {"legend": names if many else {"showLegend": True}},
            },
        )

    def state_mappings(self) -> list[ValueMapping]:
        """The states as words and colours."""
        named = [(state.value, STATES[state], STATE_COLOURS[state]) for state in State]
        last = (UP_LAST, STATES[State.UP], STATE_COLOURS[State.UP])
        return [*self.value_mappings([*named, last, (CUT_OFF, CUT_OFF_TEXT, GREY)]), *self._not_measured_mappings()]

    def count_mappings(self) -> list[ValueMapping]:
        """What ``queries.unsure`` gives reads as a count."""
        return self.value_mappings([(UNSURE, "0", STATE_COLOURS[State.UNKNOWN])])

    def _not_measured_mappings(self) -> list[ValueMapping]:
        """Where nobody measured, and where there is nothing to measure."""
        return self.value_mappings([(SILENT, SILENT_TEXT, GREY), (NO_SERIES, DASH, GREY)])

    def value_mappings(self, named: Sequence[tuple[float | str, Text | str, str]]) -> list[ValueMapping]:
        """Value mappings: each value as words, in a colour unless that is ""."""
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
        """The document of a board, as Grafana takes it. marks are drawn over charts.

        It shows the last day, or, as a board of the month, the month; that one asks much, and changes little.
        """
        made = g.Dashboard(
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
        return normalise(json.loads(json.dumps(made.to_json_data(), cls=DashboardEncoder)))

    def _menu(self, *, keep_time: bool) -> list[g.DashboardLink]:
        """The other boards. The time goes along among those of the day, and never from a day to a month or back."""
        others, months = Text("Các bảng khác", "Other boards"), Text("Theo tháng", "By the month")
        day = g.DashboardLink(
            title=self.localized(others), tags=[TAG, DAY_TAG], asDropdown=True, includeVars=True, keepTime=keep_time
        )
        return [
            day,
            g.DashboardLink(title=self.localized(months), tags=[TAG, MONTH_TAG], includeVars=True, keepTime=False),
        ]

    def _query_overrides(self, queries: Sequence[PanelQuery]) -> list[dict[str, Any]]:
        """What is special about the tiles of each query."""
        found = []
        for number, query in enumerate(queries):
            link = [{"id": "links", "value": data_links(query.link, self.localized)}] if query.link else []
            steps = (
                [{"id": "thresholds", "value": thresholds(with_null_step(query.steps, GREY))}] if query.steps else []
            )
            matcher = {"id": "byFrameRefID", "options": _ref_id(number)}
            found += [{"matcher": matcher, "properties": [*link, *steps]}] if link or steps else []
        return found

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
