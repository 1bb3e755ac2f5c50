"""Panels of the ports of switches and routers, for the boards of many sites and of one."""

from __future__ import annotations

from typing import Any

from agent.text import Text
from dashboards import queries as q
from dashboards.boards import links, target_queries
from dashboards.boards.device_panels import ANY_VALUE, NO_SNMP, TIME
from dashboards.boards.target_table import NAME_WIDTH, TARGET
from dashboards.display_values import DASH
from dashboards.panels import PanelFactory, PanelQuery
from dashboards.queries import series
from dashboards.tables import PanelColumn, Steps

_NO_PORT_DOWN = Text(
    "mọi cổng đang dùng đều tốt; chỉ thấy được cổng của thiết bị trả lời SNMP",
    "every port in use is well; only ports of devices that answer SNMP can be seen",
)

_NO_SUCH_PORT = Text(
    "không có dữ liệu; không cổng nào như vậy, hoặc không thiết bị nào trả lời SNMP",
    "no data; there is no such port, or no device answers SNMP",
)
_PORT = Text("Cổng", "Port")
_SINCE = Text("Từ lúc", "Since")


def ports_down(panels: PanelFactory, matcher: str, size: tuple[int, int]) -> Any:
    """Ports in use that have lost their link, and since when; a silent agent has a line of its own."""
    failed = f"{series('sansang_port_failed_since_timestamp_seconds', matcher)} * 1000"
    rows = f"{q.with_site(q.with_info(failed, 'name'))} or {q.silent_rows()}"
    return panels.table(
        Text("Cổng đang dùng bị mất kết nối", "Ports in use without a link"),
        Text(
            "Cổng có tên, hoặc hay được cắm trong giờ làm việc. Cổng trống và cổng tắt bằng tay không kể.",
            "Ports with a name, and those that are usually plugged in on office days; none that is empty or disabled.",
        ),
        [PanelQuery(rows)],
        [
            PanelColumn("place", Text("Địa điểm", "Site"), width=200, link=links.SITE_LINK),
            PanelColumn("name", TARGET, width=NAME_WIDTH),
            PanelColumn("port", _PORT, width=180),
            PanelColumn("Value #A", _SINCE, unit=TIME, mappings=panels.value_mappings([(-1, DASH, "")])),
        ],
        size,
        key="name",
        hidden=("site",),
        sort=((_SINCE, True),),
        empty=_NO_PORT_DOWN,
    )


def port_charts(panels: PanelFactory, matcher: str) -> list[Any]:
    """Only ports that stand out: a chart of every port of a district shows nothing."""
    limits = panels.settings.limits.devices
    return [
        panels.time_series(
            title,
            about,
            [PanelQuery(q.with_info(f"({series(sample, matcher)} {shown})", "name"), "{{name}} {{port}}")],
            (8, 9),
            unit=unit,
            many=True,
            steps=((None, "green"), (limit, "red")),
            empty=_NO_SUCH_PORT,
        )
        for title, about, sample, shown, unit, limit in (
            (
                Text("Cổng chạy nhiều nhất", "Busiest ports"),
                Text("Phần tốc độ của cổng đang dùng, chỉ vẽ từ 30 %.", "The share of its speed in use, from 30 % on."),
                "sansang_port_utilisation_ratio",
                "> 0.3",
                "percentunit",
                limits.port_utilisation,
            ),
            (
                Text("Cổng có gói lỗi", "Ports with errors"),
                Text("Gói lỗi mỗi giây; cổng không lỗi thì không vẽ.", "Packets with errors a second; only those."),
                "sansang_port_errors_per_second",
                "> 0",
                "cps",
                limits.port_errors,
            ),
            (
                Text("Cổng nhận nhiều gói quảng bá", "Ports with many broadcasts"),
                Text(
                    "Phần gói quảng bá trong các gói nhận được, chỉ vẽ từ 20 %. Cao và kéo dài thường là mạch vòng.",
                    "The share of broadcasts in what is received, from 20 % on. Much for long is usually a loop.",
                ),
                "sansang_port_broadcast_ratio",
                "> 0.2",
                "percentunit",
                limits.broadcast,
            ),
        )
    ]


def ports(panels: PanelFactory, matcher: str, size: tuple[int, int]) -> Any:
    """Every port of a site, those that are down first."""
    link = Text("Kết nối", "Link")
    states = panels.value_mappings([(1, Text("Có", "Up"), "green"), (0, Text("Không", "Down"), "transparent")])
    limits = panels.settings.limits.devices

    def each(sample: str, factor: str = "") -> str:
        there = f"and on (instance, target, port) {series('sansang_port_up', matcher)}"
        figure = f"max by (instance, target, port) ({target_queries.measured(sample, matcher)} {there})"
        return q.port_figure(figure + factor)

    shared: Steps = ((None, "transparent"), (limits.port_utilisation, "red"))
    faults: Steps = ((None, "transparent"), (limits.port_errors, "red"))
    loops: Steps = ((None, "transparent"), (limits.broadcast, "red"))
    faulty = f"max by (instance, target, port) ({series('sansang_port_failed', matcher)})"
    failed = panels.value_mappings([(1, Text("Mất kết nối", "No link"), "red"), (0, Text("Tốt", "Well"), "green")])
    in_use = Text("Đang dùng", "In use")
    return panels.table(
        Text("Cổng mạng", "Ports"),
        Text(
            "Đang dùng: cổng có tên hoặc hay được cắm; chỉ những cổng đó mới báo động.",
            "In use: ports that are named or usually plugged in; only those raise an alarm.",
        ),
        [
            PanelQuery(q.port_line(q.short_name(target_queries.measured("sansang_port_up", matcher)))),
            PanelQuery(q.port_figure(faulty)),
            PanelQuery(each("sansang_port_speed_bytes_per_second", " * 8")),
            PanelQuery(each("sansang_port_utilisation_ratio")),
            PanelQuery(each("sansang_port_errors_per_second")),
            PanelQuery(each("sansang_port_broadcast_ratio")),
        ],
        [
            PanelColumn("name", TARGET, width=220),
            PanelColumn("port", _PORT, width=180),
            PanelColumn("Value #A", link, width=90, mappings=states, steps=ANY_VALUE, coloured=True),
            PanelColumn("Value #B", in_use, width=120, mappings=failed, steps=ANY_VALUE, coloured=True),
            PanelColumn("Value #C", Text("Tốc độ", "Speed"), "bps", 110, 0),
            PanelColumn("Value #D", Text("Đang tải", "Load"), "percentunit", 100, 0, steps=shared, coloured=True),
            PanelColumn("Value #E", Text("Gói lỗi/giây", "Errors/s"), "", 120, 1, steps=faults, coloured=True),
            PanelColumn("Value #F", Text("Quảng bá", "Broadcasts"), "percentunit", 110, 0, steps=loops, coloured=True),
        ],
        size,
        key=q.LINE,
        hidden=("site",),
        sort=((in_use, True),),
        empty=NO_SNMP,
        low=True,
    )
