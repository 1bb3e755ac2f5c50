"""Panels of what devices tell of themselves by SNMP, for the boards of many sites and of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.model import Role
from agent.text import Text
from dashboards import queries as q
from dashboards.boards import links, target_queries
from dashboards.boards.target_table import TargetColumn, TargetTable
from dashboards.display_values import DASH
from dashboards.panels import K_OF_N, PanelFactory, PanelQuery
from dashboards.queries import series
from dashboards.tables import PanelColumn, Steps

NO_SNMP = Text(
    "không có dữ liệu; chỉ thiết bị trả lời SNMP mới có (cột snmp của danh sách điểm)",
    "no data; only devices that answer SNMP have any (the column snmp of the list of sites)",
)
"""What stands in a panel where no device is asked by SNMP, or none of that kind."""

_NO_OUTAGE = Text(
    "không có dữ liệu; nơi này chưa lần nào mất liên lạc cả, hoặc thiết bị ở đây không trả lời SNMP",
    "no data; this site has never been silent altogether, or its devices do not answer SNMP",
)
_ASKED = 'probe="snmp"'
ANY_VALUE: Steps = ((None, "transparent"),)
"""Of a column whose mappings have the colours."""

TIME = "time:HH:mm DD/MM"


def lan_ready(panels: PanelFactory, place: str, size: tuple[int, int]) -> Any:
    """In how many units every LAN is in order; a unit whose LAN cannot be told counts in n only."""
    sites = series("sansang_site_info", place)
    ready = f"min by (instance, unit) ({series('sansang_site_lan_ready', place)}{_of_unit(sites)})"
    lans = series("sansang_target_info", place, f'role="{Role.LAN}"')
    units = f"count(count by (instance, unit) ({lans}))"
    k, down = (f"sum({ready} == bool {value})" for value in (1, 0))
    return panels.stat(
        Text("Đơn vị có mạng LAN tốt", "Units with a LAN in order"),
        Text(
            "Tốt khi mọi thiết bị LAN dùng được và không cổng nào đang dùng bị mất kết nối. Tím khi có nơi chưa rõ.",
            "In order when every LAN device works and no port in use has lost its link. Purple when some are unknown.",
        ),
        [PanelQuery(q.or_silent(q.k_of_n("", k, units, down, f"({units} - count({ready}))"), k=DASH, n=DASH), _K_N)],
        size,
        steps=K_OF_N,
        text="name",
    )


_K_N = "{{k}}/{{n}}"


def _of_unit(sites: str) -> str:
    return f" * on (instance, site) group_left (unit) {sites}"


def lan_by_site(panels: PanelFactory, place: str, size: tuple[int, int]) -> Any:
    """Each site's LAN, those at fault first."""
    state = Text("Mạng LAN", "LAN")
    mappings = panels.value_mappings(
        [(1, Text("Tốt", "In order"), "green"), (0, Text("Có chỗ hỏng", "At fault"), "red")]
    )
    return panels.table(
        Text("Mạng LAN từng nơi", "Site by site"),
        Text(
            "Có chỗ hỏng: một thiết bị LAN hỏng hoặc một cổng đang dùng mất kết nối. Nơi chưa rõ thì không có hàng.",
            "At fault: a LAN device is down, or a port in use has no link. A site that is not known has no line.",
        ),
        [PanelQuery(q.with_site(series("sansang_site_lan_ready", place)))],
        [
            PanelColumn("place", Text("Địa điểm", "Site"), link=links.SITE_LINK),
            PanelColumn("Value #A", state, width=140, mappings=mappings, steps=ANY_VALUE, coloured=True),
        ],
        size,
        key="place",
        hidden=("site",),
        sort=((state, False),),
    )


def devices(table: TargetTable, size: tuple[int, int]) -> Any:
    """One line for each device: its load, heat, signals, and since when it runs."""
    panels, state = table.panels, table.state()
    asked = series("sansang_target_info", *table.matchers, _ASKED)

    def of_asked(column: TargetColumn) -> TargetColumn:
        return replace(column, expr=f"({column.expr} and on (instance, target) {asked})")

    first = of_asked(state)
    return table.build(
        Text("Từng thiết bị tự báo", "What devices tell"),
        Text(
            "Hỏng ở đây chỉ là không trả lời SNMP; thiết bị có thể vẫn chạy. Ô trống: thiết bị không báo số đó.",
            "Down here means no answer by SNMP; the device may well work. An empty cell: the device does not tell it.",
        ),
        [
            first,
            of_asked(table.since()),
            _load(table, Text("Bộ xử lý", "Processor"), "sansang_device_cpu_ratio", panels.settings.limits.devices.cpu),
            _load(
                table,
                Text("Bộ nhớ", "Memory"),
                "sansang_device_memory_used_ratio",
                panels.settings.limits.devices.memory,
            ),
            _heat(table),
            *_signals(table),
            _started(table),
            of_asked(table.why()),
        ],
        size,
        sort=((first.title, False),),
        empty=NO_SNMP,
    )


def _load(table: TargetTable, title: Text, sample: str, limit: float) -> TargetColumn:
    return table.value(title, sample, "percentunit", 95, decimals=0, steps=((None, "green"), (limit, "red")))


def _heat(table: TargetTable) -> TargetColumn:
    limit = table.panels.settings.limits.devices.celsius
    steps: Steps = ((None, "green"), (limit, "red"))
    return table.value(
        Text("Nhiệt độ", "Temperature"), "sansang_device_temperature_celsius", "celsius", 105, decimals=0, steps=steps
    )


def _signals(table: TargetTable) -> list[TargetColumn]:
    """The weakest of each kind."""
    limits = table.panels.settings.limits.devices
    return [
        TargetColumn(
            title,
            f"min by (instance, target) ({target_queries.measured(sample, *table.matchers)})",
            unit,
            width,
            1,
            ((None, "red"), (limit, "transparent")),
        )
        for title, sample, unit, width, limit in (
            (
                Text("Tín hiệu quang", "Optical power"),
                "sansang_port_receive_power_dbm",
                "suffix:dBm",
                115,
                limits.receive_power,
            ),
            (Text("Sóng 4G (RSRP)", "4G (RSRP)"), "sansang_lte_rsrp_dbm", "suffix:dBm", 130, limits.rsrp),
            (Text("Nhiễu 4G (SINR)", "4G (SINR)"), "sansang_lte_sinr_db", "suffix:dB", 130, limits.sinr),
        )
    ]


def _started(table: TargetTable) -> TargetColumn:
    expr = f"max by (instance, target) ({series('sansang_device_boot_timestamp_seconds', *table.matchers)}) * 1000"
    return TargetColumn(Text("Chạy từ", "Runs since"), expr, TIME, 115)


def ups(table: TargetTable, size: tuple[int, int]) -> Any:
    """One line for each UPS, those on their battery first."""
    panels, limits = table.panels, table.panels.settings.limits.devices
    power = Text("Nguồn", "Power")
    mains = panels.value_mappings([(1, Text("Ắc quy", "Battery"), "red"), (0, Text("Điện lưới", "Mains"), "green")])
    low: Steps = ((None, "red"), (limits.battery_charge, "transparent"))
    short: Steps = ((None, "red"), (limits.battery_seconds / 60, "transparent"))
    runtime = f"max by (instance, target) ({series('sansang_ups_runtime_seconds', *table.matchers)}) / 60"
    return table.build(
        Text("Từng bộ lưu điện", "UPS by UPS"),
        Text(
            "Chạy ắc quy là nơi đó mất điện. Còn phút: với tải hiện giờ.",
            "On battery means that there is no mains. Minutes left: at the present load.",
        ),
        [
            TargetColumn(
                power, series("sansang_ups_on_battery", *table.matchers), width=110, steps=ANY_VALUE, mappings=mains
            ),
            TargetColumn(Text("Còn phút", "Minutes left"), runtime, width=115, decimals=0, steps=short),
            table.value(Text("Ắc quy", "Charge"), "sansang_ups_charge_ratio", "percentunit", 90, decimals=0, steps=low),
            table.value(Text("Tải", "Load"), "sansang_ups_load_ratio", "percentunit", 80, decimals=0, steps=_FULL),
            table.flag(
                Text("Thay ắc quy?", "Replace battery?"),
                "sansang_ups_battery_replace",
                Text("Cần thay", "Replace"),
                width=150,
            ),
        ],
        size,
        sort=((power, True),),
        empty=NO_SNMP,
    )


_FULL: Steps = ((None, "green"), (0.9, "red"))


def device_charts(panels: PanelFactory, matcher: str) -> list[Any]:
    """Heat and load, and the signals of lines."""
    limits = panels.settings.limits.devices
    heat, load, light, radio = (
        q.with_info(f"max by (instance, target) ({target_queries.measured(sample, matcher)})", "name")
        for sample in (
            "sansang_device_temperature_celsius",
            "sansang_device_cpu_ratio",
            "sansang_port_receive_power_dbm",
            "sansang_lte_rsrp_dbm",
        )
    )
    return [
        panels.time_series(
            Text("Nhiệt độ thiết bị", "Temperature of devices"),
            Text("Cảm biến nóng nhất của mỗi thiết bị.", "The hottest sensor of each device."),
            [PanelQuery(heat, "{{name}}")],
            (12, 8),
            unit="celsius",
            many=True,
            steps=((None, "green"), (limits.celsius, "red")),
            empty=NO_SNMP,
        ),
        panels.time_series(
            Text("Tải bộ xử lý", "Load of the processor"),
            Text("Gần đầy thì mạng qua thiết bị chậm.", "Nearly full, what goes through the device is slow."),
            [PanelQuery(load, "{{name}}")],
            (12, 8),
            unit="percentunit",
            many=True,
            most=1,
            steps=((None, "green"), (limits.cpu, "red")),
            empty=NO_SNMP,
        ),
        panels.time_series(
            Text("Tín hiệu quang", "Optical signal"),
            Text("Công suất thu; càng âm càng yếu.", "The power received; the more negative, the weaker."),
            [PanelQuery(light.replace("max by", "min by", 1), "{{name}}")],
            (12, 8),
            unit="suffix:dBm",
            many=True,
            least_first=True,
            signed=True,
            steps=((None, "red"), (limits.receive_power, "green")),
            empty=NO_SNMP,
        ),
        panels.time_series(
            Text("Tín hiệu 4G", "4G signal"),
            Text("RSRP; càng âm càng yếu.", "RSRP; the more negative, the weaker."),
            [PanelQuery(radio, "{{name}}")],
            (12, 8),
            unit="suffix:dBm",
            many=True,
            least_first=True,
            signed=True,
            steps=((None, "red"), (limits.rsrp, "green")),
            empty=NO_SNMP,
        ),
    ]


def last_outage(panels: PanelFactory, matcher: str, size: tuple[int, int]) -> Any:
    """When the whole site was last silent, until when, and what it was."""
    causes = panels.value_mappings(
        [
            ("power", Text("Mất điện", "Power cut"), ""),
            ("line", Text("Đứt đường truyền", "Cut line"), ""),
            ("unknown", Text("Không rõ mất điện hay đứt đường truyền", "Power or line, not known"), ""),
        ]
    )
    return panels.table(
        Text("Lần mất liên lạc gần nhất", "The last outage of the site"),
        Text(
            "Cả nơi này im lặng rồi trở lại. Mất điện: mọi thiết bị khởi động lại. Đứt đường truyền: chúng chạy suốt.",
            "All of it fell silent and came back. Power cut: every device started anew. Cut line: they ran on.",
        ),
        [PanelQuery(f"{series('sansang_site_outage_end_timestamp_seconds', matcher)} * 1000")],
        [
            PanelColumn("cause", Text("Là gì", "What it was"), mappings=causes),
            PanelColumn("Value #A", Text("Trở lại lúc", "Back at"), unit=TIME, width=150),
        ],
        size,
        key="cause",
        empty=_NO_OUTAGE,
    )
