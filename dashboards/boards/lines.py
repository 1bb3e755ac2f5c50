"""Board *Mạng LAN & đường truyền*: uplinks, the LANs behind them, and the agent's own paths."""

from __future__ import annotations

from typing import Any

from agent.model import Role
from agent.text import Text
from dashboards import queries as q
from dashboards.boards import agent_panels, device_panels, links, port_panels, summaries, target_queries, variables
from dashboards.boards.target_table import TargetColumn, TargetTable
from dashboards.boards.variables import PLACES
from dashboards.panels import K_OF_N, PanelFactory, PanelQuery
from dashboards.settings import BuildSettings

_UPLINKS = (PLACES, f'role="{Role.UPLINK}"')
_LAN = (PLACES, f'role="{Role.LAN}"')


def board(settings: BuildSettings) -> dict[str, Any]:
    """The board that tells faults of the provider's line, of the office's network and of the agent's own path apart."""
    panels = PanelFactory(settings)
    return panels.board(
        links.LINES,
        Text("Mạng LAN & đường truyền", "LAN & lines"),
        Text(
            "Đường truyền nào đứt hay kém, thiết bị nào trong mạng LAN hỏng, và máy giám sát có nhìn thấy không.",
            "Which line is cut or bad, which device of a LAN is down, and whether the agent itself can see.",
        ),
        variables.places(panels),
        [*_uplinks(panels), *_charts(panels), *_lan(panels), *_devices(panels), *_paths(panels)],
        annotations=variables.outages_and_maintenance(panels, *_UPLINKS),
    )


def _uplinks(panels: PanelFactory) -> list[Any]:
    table = TargetTable(panels, _UPLINKS)
    state = table.state()
    return [
        table.build(
            Text("Từng đường truyền", "Line by line"),
            Text(
                "Hỏng ở trên cùng. Im lặng mà vẫn thông: thiết bị không trả lời ping nhưng nơi phía sau vẫn trả lời.",
                "Down comes first. Silent but passing: it answers no ping, and yet what is behind it answers.",
            ),
            [state, table.since(), *_figures(table), _silent_but_passing(table), table.maintenance(), table.why()],
            (24, 11),
            sort=((state.title, False),),
        ),
        *summaries.state_counts(
            panels,
            Text("Đường truyền dùng được", "Uplinks that work"),
            Text("Số đường truyền dùng được trên tổng số đã chọn.", "Uplinks that work, of all that are chosen."),
            *_UPLINKS,
        ),
        panels.state_timeline(
            Text("Đường truyền theo thời gian", "Uplinks over time"),
            Text(
                "Mỗi hàng một đường truyền. Khoảng trống: không có máy nào giám sát.",
                "One row a line. A gap: no agent was watching.",
            ),
            PanelQuery(q.with_info(target_queries.state_history(*_UPLINKS), "name"), "{{name}}"),
            (24, 14),
        ),
    ]


def _figures(table: TargetTable) -> list[TargetColumn]:
    limits = table.panels.settings.quality
    rtt, jitter, loss = (summaries.worse_above(limit) for limit in (limits.rtt, limits.jitter, limits.loss))
    lost = Text("Mất gói", "Loss")
    return [
        table.value(Text("Trễ", "RTT"), "sansang_rtt_seconds", "s", 80, decimals=1, steps=rtt),
        table.value(Text("Biến động trễ", "Jitter"), "sansang_jitter_seconds", "s", 115, decimals=1, steps=jitter),
        table.value(lost, "sansang_packet_loss_ratio", "percentunit", 85, decimals=0, steps=loss),
        table.value(Text("TTL trả về", "Reply TTL"), "sansang_reply_hop_limit", width=95, decimals=0),
    ]


def _silent_but_passing(table: TargetTable) -> TargetColumn:
    title, yes = Text("Im lặng mà vẫn thông", "Silent but passing"), Text("Vẫn thông", "Passing")
    return table.flag(title, "sansang_target_silent_but_passing", yes, width=170)


def _charts(panels: PanelFactory) -> list[Any]:
    limits = panels.settings.quality
    return [
        panels.time_series(
            Text("Trễ của đường truyền", "Round trip of the lines"),
            Text("Tăng dần lên là đường truyền quá tải.", "Creeping up means that the line is overloaded."),
            [PanelQuery(q.with_info(target_queries.measured("sansang_rtt_seconds", *_UPLINKS), "name"), "{{name}}")],
            (12, 9),
            unit="s",
            many=True,
            steps=summaries.worse_above(limits.rtt),
        ),
        panels.time_series(
            Text("Mất gói trên đường truyền", "Loss on the lines"),
            Text("Mất ít mà kéo dài là đường truyền kém.", "A small loss that lasts is a bad line."),
            [
                PanelQuery(
                    q.with_info(target_queries.measured("sansang_packet_loss_ratio", *_UPLINKS), "name"), "{{name}}"
                )
            ],
            (12, 9),
            unit="percentunit",
            many=True,
            steps=summaries.worse_above(limits.loss),
            most=1,
        ),
    ]


def _lan(panels: PanelFactory) -> list[Any]:
    table = TargetTable(panels, _LAN)
    state = table.state()
    return [
        panels.row(Text("Mạng LAN tại các địa điểm", "The LANs of the sites")),
        panels.stat(
            Text("Thiết bị LAN dùng được", "LAN devices that work"),
            Text(
                "Số thiết bị dùng được trên tổng số. Đỏ khi có thiết bị hỏng.",
                "How many work, of all. Red when one is down.",
            ),
            [PanelQuery(target_queries.ready_of_all(*_LAN), "{{k}}/{{n}}")],
            (6, 12),
            steps=K_OF_N,
            text="name",
        ),
        table.build(
            Text("Từng thiết bị trong mạng LAN", "Device by device"),
            Text(
                "Hỏng ở trên cùng; bị kéo theo: chỉ vì đường truyền phía trước hỏng.",
                "Down comes first; cut off: only because the line before it is down.",
            ),
            [state, table.since(), *_figures(table)[:3], table.why()],
            (18, 12),
            sort=((state.title, False),),
        ),
        device_panels.lan_ready(panels, PLACES, (6, 9)),
        device_panels.lan_by_site(panels, PLACES, (7, 9)),
        port_panels.ports_down(panels, PLACES, (11, 9)),
    ]


def _devices(panels: PanelFactory) -> list[Any]:
    table = TargetTable(panels, (PLACES,))
    return [
        panels.row(Text("Thiết bị tự báo (SNMP)", "What devices tell (SNMP)")),
        *port_panels.port_charts(panels, PLACES),
        device_panels.ups(table, (24, 7)),
        device_panels.devices(table, (24, 11)),
        *device_panels.device_charts(panels, PLACES),
    ]


def _paths(panels: PanelFactory) -> list[Any]:
    return [
        panels.row(Text("Máy giám sát có nhìn thấy không", "Can the agent see")),
        agent_panels.paths(panels, 24),
        agent_panels.path_history(panels),
    ]
