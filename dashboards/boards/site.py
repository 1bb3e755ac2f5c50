"""Board *Địa điểm*: one site as a chain uplink - LAN - room, and all its targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.text import Text
from dashboards import queries as q
from dashboards.boards import device_panels, links, port_panels, target_queries, variables
from dashboards.boards.target_table import TargetTable
from dashboards.panels import PanelFactory, PanelQuery
from dashboards.queries import series
from dashboards.settings import BuildSettings
from dashboards.tables import DataLink

_HERE = 'site="$site"'
_LINKS: Mapping[str, DataLink | None] = {
    'role="uplink"': links.LINES_LINK,
    'role="lan"': links.LINES_LINK,
    'role="conference"': links.POINT_LINK,
    'role!~"uplink|lan|conference"': None,
}
"""The parts of the chain in order, and the board that each part links to."""


def board(settings: BuildSettings) -> dict[str, Any]:
    """The board that alerts and the overview link to."""
    panels = PanelFactory(settings)
    return panels.board(
        links.SITE,
        Text("Địa điểm", "Site"),
        Text(
            "Một địa điểm: đứt ở đường truyền, mạng LAN hay phòng họp, từ bao giờ, vì sao.",
            "One site: is it the line, the LAN or the room, since when, and why.",
        ),
        [variables.agents(panels), variables.site(panels)],
        [_ready(panels), _chain(panels), _details(panels), *_history(panels), *_devices(panels)],
        annotations=variables.outages_and_maintenance(panels, _HERE),
    )


def _ready(panels: PanelFactory) -> Any:
    points = series("sansang_target_info", _HERE, 'role="conference"')
    ready = panels.value_mappings(
        [(1, Text("Sẵn sàng", "Ready"), "green"), (0, Text("Chưa sẵn sàng", "Not ready"), "red")]
    )
    return panels.stat(
        Text("Sẵn sàng họp?", "Ready to meet?"),
        Text(
            "Sẵn sàng khi có đường truyền, mạng LAN và điểm cầu dùng được. Không có dữ liệu: chưa đo được đủ, hoặc nơi"
            " này không có điểm cầu.",
            "Ready when an uplink, the LAN and the conference point work. No data: not all could be measured, or there"
            " is no conference point.",
        ),
        [
            PanelQuery(
                q.with_site(f"({series('sansang_site_ready', _HERE)} and on (instance, site) {points})"), "{{place}}"
            )
        ],
        (6, 6),
        mappings=ready,
        link=links.SITE_UPTIME_LINK,
    )


def _chain(panels: PanelFactory) -> Any:
    """One panel for all roles: a role that the site does not have leaves no gap."""
    return panels.stat(
        Text("Đường truyền → mạng LAN → điểm cầu → dịch vụ", "Uplink → LAN → conference point → services"),
        Text(
            "Đọc từ trái sang phải: ô đỏ đầu tiên là chỗ đứt; ô xám phía sau chỉ bị kéo theo.",
            "Read from left to right: the first red tile is the break; grey ones behind it are only cut off.",
        ),
        [
            PanelQuery(q.short_name(target_queries.state_or_cut_off(_HERE, matcher)), "{{name}}", link)
            for matcher, link in _LINKS.items()
        ],
        (18, 6),
        mappings=panels.state_mappings(),
    )


def _details(panels: PanelFactory) -> Any:
    table = TargetTable(panels, (_HERE,), short=True)
    role = table.role()
    return table.build(
        Text("Từng mục tiêu", "Target by target"),
        Text(
            "Trạng thái, từ lúc nào, số đo của lần kiểm tra cuối.",
            "State, since when, and what the last probe measured.",
        ),
        [
            table.state(),
            table.since(),
            role,
            table.maintenance(),
            table.value(Text("Trễ", "RTT"), "sansang_rtt_seconds", "s", 85, decimals=1),
            table.value(Text("Mất gói", "Loss"), "sansang_packet_loss_ratio", "percentunit", 85, decimals=0),
            table.value(Text("Biến động trễ", "Jitter"), "sansang_jitter_seconds", "s", 115, decimals=1),
            table.probed(),
            table.certificate(),
            table.why(),
        ],
        (24, 9),
        sort=((role.title, True),),
    )


def _history(panels: PanelFactory) -> list[Any]:
    return [
        panels.state_timeline(
            Text("Trong ngày", "Over the day"),
            Text("Mỗi hàng một mục tiêu của địa điểm.", "One row for each target of the site."),
            PanelQuery(q.short_name(target_queries.state_history(_HERE)), "{{name}}"),
            (24, 7),
        ),
        panels.time_series(
            Text("Trễ khứ hồi", "Round-trip time"),
            Text("Dưới 150 ms thì tiếng và hình còn tự nhiên.", "Below 150 ms speech and picture feel natural."),
            [PanelQuery(q.short_name(target_queries.measured("sansang_rtt_seconds", _HERE)), "{{name}}")],
            (12, 8),
            many=True,
            unit="s",
        ),
        panels.time_series(
            Text("Mất gói", "Packet loss"),
            Text(
                "Từ 1 % hình bắt đầu vỡ; từ 5 % khó họp.", "From 1 % the picture breaks up; from 5 % a meeting is hard."
            ),
            [PanelQuery(q.short_name(target_queries.measured("sansang_packet_loss_ratio", _HERE)), "{{name}}")],
            (12, 8),
            many=True,
            unit="percentunit",
            most=1,
        ),
    ]


def _devices(panels: PanelFactory) -> list[Any]:
    table = TargetTable(panels, (_HERE,), short=True)
    return [
        panels.row(Text("Thiết bị ở đây tự báo (SNMP)", "What the devices here tell (SNMP)")),
        device_panels.last_outage(panels, _HERE, (8, 5)),
        device_panels.ups(table, (16, 5)),
        device_panels.devices(table, (24, 7)),
        port_panels.ports(panels, _HERE, (24, 11)),
    ]
