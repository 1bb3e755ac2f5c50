"""The firing alerts: what was sent by mail, and the only panel with content while no agent is scraped."""

from __future__ import annotations

from typing import Any

from agent.text import Text
from dashboards import queries as q
from dashboards.boards import links
from dashboards.boards.target_table import NAME_WIDTH
from dashboards.panels import PanelFactory, PanelQuery
from dashboards.rules.alert import Severity
from dashboards.rules.all_rules import alerts
from dashboards.tables import DataLink, PanelColumn

_SEVERITIES = (
    (Severity.CRITICAL.value, Text("Xử lý ngay", "Act now"), "red"),
    (Severity.WARNING.value, Text("Trong tuần", "This week"), "yellow"),
)


def firing_alerts(panels: PanelFactory, height: int) -> Any:
    """One line for each alert, the newest first, with links to its runbook if there are any, and to its site.

    An alert without a site is about an agent and links to the agent's board.
    """
    since = Text("Từ lúc", "Since")
    base = panels.settings.runbook_url
    runbook = DataLink(Text("Cách xử lý", "What to do"), f"{base}/${{__data.fields.alertname}}.md") if base else None
    expr = q.label_from(q.with_place_name(q.firing_since()), "alert", "alertname")
    expr = q.label_of(expr, "board", links.MONITOR, "site", "")
    expr = q.label_of(expr, "board", links.SITE, "site", ".+")
    return panels.table(
        Text("Cảnh báo chưa hết", "Alerts firing now"),
        Text(
            "Những cảnh báo đã gửi đi mà chưa hết, mới nhất ở trên. Không có dữ liệu: không có cảnh báo nào, hoặc"
            " Prometheus chưa nạp luật của San Sang.",
            "Alerts that were sent and are not over, the newest first. No data: there is none, or Prometheus has not"
            " loaded the rules of San Sang.",
        ),
        [PanelQuery(f"{expr} * 1000")],
        [
            PanelColumn("Value #A", since, unit="time:HH:mm DD/MM", width=120),
            PanelColumn("alert", Text("Cảnh báo", "Alert"), mappings=_summaries(panels), link=runbook),
            PanelColumn("name", Text("Ở đâu", "Where"), width=NAME_WIDTH, link=links.PLACE_LINK),
            PanelColumn(
                "severity",
                Text("Mức", "Severity"),
                width=130,
                mappings=panels.value_mappings(_SEVERITIES),
                coloured=True,
            ),
        ],
        (24, height),
        key="alert",
        hidden=("alertname", "site", "board"),
        sort=((since, True),),
        low=True,
        empty=Text(
            "không có dữ liệu; không có cảnh báo nào, hoặc Prometheus chưa nạp luật",
            "no data; there is no alert, or Prometheus has no rules",
        ),
    )


def _summaries(panels: PanelFactory) -> Any:
    return panels.value_mappings([(alert.name, alert.summary, "") for alert in alerts(panels.settings)])
