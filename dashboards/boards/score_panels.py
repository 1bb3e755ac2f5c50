"""Panels of score sheets, from scores that the agent computes once a day."""

from __future__ import annotations

from typing import Any

from agent.text import Text
from dashboards import queries as q
from dashboards.panels import PanelFactory, PanelQuery
from dashboards.queries import series
from dashboards.tables import PanelColumn

_ROW = "instance, sheet, criterion, unit"
_CHOSEN = 'unit=~"$unit"'
_LOST, _MAXIMUM = Text("Mất", "Lost"), Text("Tối đa", "Maximum")


def criteria_at_risk(panels: PanelFactory) -> Any:
    """One line for each criterion and unit that has not all its points, the most lost first, then what is pending."""
    points, maximum = (series(sample, _CHOSEN) for sample in ("sansang_score_points", "sansang_score_points_max"))
    lacking = f"({maximum} unless on ({_ROW}) ({points} >= on ({_ROW}) {maximum}))"
    named = f"{lacking} * on (instance, unit) group_left (name) {series('sansang_unit_info')}"
    return panels.table(
        Text("Tiêu chí chưa đủ điểm", "Criteria at risk"),
        Text(
            "Theo bộ tiêu chí khai trong cấu hình, từ đầu năm; mỗi ngày tính lại một lần. Dòng chỉ có điểm tối đa là"
            " dòng chưa có số liệu hoặc chờ nhập tay.",
            "By the score sheets named in the configuration, this year so far; computed once a day. A line with nothing"
            " but its maximum has no data yet, or waits for a person to fill it in.",
        ),
        [
            PanelQuery(q.score_line(named)),
            PanelQuery(q.score_figure(f"({points} < on ({_ROW}) {maximum})")),
            PanelQuery(q.score_figure(f"({maximum} - on ({_ROW}) {points} > 0)")),
        ],
        [
            PanelColumn("sheet", Text("Bộ tiêu chí", "Score sheet"), width=220),
            PanelColumn("criterion", Text("Tiêu chí", "Criterion"), width=110),
            PanelColumn("name", Text("Đơn vị", "Unit")),
            PanelColumn("Value #C", _LOST, width=110, decimals=3),
            PanelColumn("Value #B", Text("Đạt", "Earned"), width=110, decimals=3),
            PanelColumn("Value #A", _MAXIMUM, width=110),
        ],
        (24, 9),
        key=q.LINE,
        sort=((_LOST, True), (_MAXIMUM, True)),
        empty=Text(
            "không có dữ liệu; đủ điểm mọi tiêu chí, chưa khai bộ tiêu chí, hoặc có quá nhiều đơn vị",
            "no data; no points are missing, no score sheet is named, or there are too many units",
        ),
    )
