"""Devices by what they tell of themselves: silent, with a failed part, started anew, overloaded, hot, a weak signal."""

from __future__ import annotations

from agent.model import Role
from agent.text import Text
from dashboards.queries import select
from dashboards.rules import templates
from dashboards.rules.alert import (
    AGENT,
    TARGET,
    TARGET_LABELS,
    Alert,
    Severity,
    beyond,
    firing,
    firing_while_scrape_fails,
    in_maintenance,
    reported_by_device,
)
from dashboards.rules.templates import SITE_NAME, TARGET_NAME
from dashboards.settings import BuildSettings

_SITE_BOARD = "/d/sansang-site?var-site={{ $labels.site }}"
_WITHOUT_AN_ALERT = f'role=~"{Role.DEVICE}|{Role.LAN}"'
"""Of a check with another role its own alert says that it is down."""

_SETTLING = 300
_CAUSE_KNOWN = 1200
"""Seconds after which the cause of an outage is known, if there was one."""


def alerts(settings: BuildSettings) -> tuple[Alert, ...]:
    """Every alert of this module."""
    return (
        _silent(settings),
        _component(settings),
        _rebooted(settings),
        _overloaded(settings),
        _hot(settings),
        _signal(settings),
    )


def _alert(
    settings: BuildSettings,
    name: str,
    fresh: str,
    summary: Text,
    description: Text,
    *,
    by: str = TARGET_LABELS,
    for_seconds: int = _SETTLING,
) -> Alert:
    return Alert(
        name,
        Severity.WARNING,
        reported_by_device(settings, name, by, fresh),
        summary,
        Text(f"{TARGET_NAME} ({SITE_NAME}) {description.vi}", f"{TARGET_NAME} ({SITE_NAME}) {description.en}"),
        _SITE_BOARD,
        for_seconds,
        settings.timing.resolve_hold,
    )


def _silent(settings: BuildSettings) -> Alert:
    """The only alert of a silent SNMP. Once told it goes on until SNMP answers, whatever else befalls the device."""
    name = "SansangSnmpSilent"
    silent = select("sansang_target_down_reason", 'reason="no_snmp_answer"', _WITHOUT_AN_ALERT)
    own, since = firing(name, TARGET_LABELS), templates.since(settings)
    explained = f"max_over_time({select('sansang_target_upstream_down')}[{settings.timing.resolve_hold}s]) == 1"
    fresh = f"max by ({TARGET_LABELS}) ({silent}) unless on ({TARGET}) {explained}"
    still = f"{own} and on ({TARGET}) {select('sansang_target_last_known_up')} == 0"
    return Alert(
        name,
        Severity.WARNING,
        f"({fresh} or {still}) unless on ({TARGET}) {in_maintenance()} or {firing_while_scrape_fails(settings, own)}",
        Text(
            "Một thiết bị không trả lời SNMP, dù vẫn trả lời ping.",
            "A device does not answer SNMP, although it answers ping.",
        ),
        Text(
            f"{TARGET_NAME} ({SITE_NAME}) không trả lời{since.vi}, trong khi chính thiết bị đó vẫn trả lời ping. Một"
            " trong bốn: sai chuỗi community hoặc tài khoản, sai mật khẩu mã hóa, danh sách truy cập của thiết bị thiếu"
            " máy giám sát, hoặc SNMP của nó đã tắt. Thiết bị vẫn chạy; chỉ không còn thấy cổng, nguồn, nhiệt độ.",
            f"{TARGET_NAME} ({SITE_NAME}) has not answered{since.en}, while the same device answers ping. One of four:"
            " wrong community or user, wrong privacy password, an access list without the monitor, or its SNMP is off."
            " The device works; only its ports, power and temperature cannot be seen.",
        ),
        _SITE_BOARD,
        settings.scrape_seconds,
        settings.timing.resolve_hold,
    )


def _component(settings: BuildSettings) -> Alert:
    """Every part that is no port. The mains and battery of a UPS only where its own alerts do not tell of them."""
    failed = "sansang_component_failed"
    of_ups = 'component{}"(power|battery)(:.*)?"'
    ups = (f"{select(sample)} == 1" for sample in ("sansang_ups_on_battery", "sansang_ups_battery_replace"))
    since = templates.since_instant(settings, "sansang_component_failed_since_timestamp_seconds", "target", "component")
    part = "{{ $labels.component }}"
    return _alert(
        settings,
        "SansangComponentFailed",
        f"{select(failed, of_ups.format('!~'))} == 1"
        f" or {select(failed, of_ups.format('=~'))} == 1 unless on ({TARGET}) ({' or '.join(ups)})",
        Text("Một bộ phận của thiết bị báo hỏng.", "A part of a device has failed."),
        Text(
            f"báo bộ phận {part} hỏng{since.vi}. Thiết bị còn chạy. `sansang check` nói bộ phận đó là gì và nên làm gì"
            " trước.",
            f"reports that its part {part} has failed{since.en}. The device still works. `sansang check` says what that"
            " part is and what to do first.",
        ),
        by=f"{TARGET_LABELS}, component",
    )


def _rebooted(settings: BuildSettings) -> Alert:
    """Not after a power cut, which is told by itself, and not of work that was announced."""
    news, boot = settings.limits.devices.news, select("sansang_device_boot_timestamp_seconds")
    ended = select("sansang_site_outage_end_timestamp_seconds", 'cause!="line"')
    at = templates.at_instant(settings, "sansang_device_boot_timestamp_seconds", "target")
    return _alert(
        settings,
        "SansangDeviceRebooted",
        f"time() - {boot} < {news} unless on ({AGENT}, site) time() - {ended} < {news + _CAUSE_KNOWN}"
        f" unless on ({TARGET}) {in_maintenance(news)}",
        Text("Một thiết bị vừa tự khởi động lại.", "A device has restarted."),
        Text(
            f"khởi động lại{at.vi}, trong khi nơi đó không mất điện. Có ai rút phích hay nâng cấp không? Lặp lại nhiều"
            " lần: nguồn yếu, ổ cắm lỏng hoặc quá nóng.",
            f"restarted{at.en}, while its site had no power cut. Did somebody pull its plug or upgrade it? Again and"
            " again: a weak power supply, a loose socket, or it is too hot.",
        ),
        for_seconds=_CAUSE_KNOWN,
    )


def _overloaded(settings: BuildSettings) -> Alert:
    limits = settings.limits.devices
    cpu = beyond("sansang_device_cpu_ratio", f"> {limits.cpu:g}", limits.averaged)
    memory = beyond("sansang_device_memory_used_ratio", f"> {limits.memory:g}", limits.averaged)
    return _alert(
        settings,
        "SansangDeviceOverloaded",
        f"{cpu} or {memory}",
        Text("Một thiết bị mạng quá tải.", "A device is overloaded."),
        Text(
            "dùng gần hết bộ xử lý hoặc bộ nhớ ({{ $value | humanizePercentage }}) suốt"
            f" {limits.averaged // 60} phút: mạng qua nó sẽ chậm, giật. Xem có vòng lặp, tấn công hay tải lớn; khởi"
            " động lại ngoài giờ, còn lặp lại thì cần máy mạnh hơn.",
            "has used nearly all of its processor or memory ({{ $value | humanizePercentage }}) for"
            f" {limits.averaged // 60} minutes: what goes through it is slow. See whether there is a loop, an attack or"
            " a heavy load; restart it out of hours; if it comes back it needs a stronger one.",
        ),
    )


def _hot(settings: BuildSettings) -> Alert:
    limits, degrees = settings.limits.devices, '{{ printf "%.0f" $value }}'
    return _alert(
        settings,
        "SansangDeviceHot",
        beyond("sansang_device_temperature_celsius", f"> {limits.celsius:g}", limits.averaged),
        Text("Một thiết bị quá nóng.", "A device is too hot."),
        Text(
            f"nóng {degrees} °C. Mở thoáng tủ, lau bụi, xem quạt và điều hòa của phòng; nóng lâu thì chóng hỏng và tự"
            " tắt.",
            f"is {degrees} °C hot. Give the cabinet air, remove the dust, look at its fans and the room's air"
            " conditioning; heat that lasts wears it out and makes it switch off.",
        ),
    )


def _signal(settings: BuildSettings) -> Alert:
    limits = settings.limits.devices
    weak = (
        beyond(sample, f"< {limit:g}", limits.averaged)
        for sample, limit in (
            ("sansang_port_receive_power_dbm", limits.receive_power),
            ("sansang_lte_rsrp_dbm", limits.rsrp),
            ("sansang_lte_sinr_db", limits.sinr),
        )
    )
    figures = _figures()
    return _alert(
        settings,
        "SansangSignalWeak",
        " or ".join(weak),
        Text("Tín hiệu của một đường truyền quá yếu.", "The signal of a line is too weak."),
        Text(
            f"thu tín hiệu quá yếu{figures}: đường truyền sắp chập chờn. Quang: lau đầu cắm, xem dây có gập, báo nhà"
            " mạng đo suy hao. 4G: đặt lại ăng-ten gần cửa sổ, đổi hướng, thử nhà mạng khác.",
            f"receives too weak a signal{figures}: the line is about to break off. Fibre: clean the connector, look for"
            " a bent cable, have the provider measure the loss. 4G: move the antenna to a window, turn it, try another"
            " provider.",
        ),
    )


def _figures() -> str:
    """What the device receives, of the signals that it has; the same in every language."""
    values = (
        ("dBm", f"min({select('sansang_port_receive_power_dbm')}{{target=%q}})"),
        ("dBm RSRP", f"{select('sansang_lte_rsrp_dbm')}{{target=%q}}"),
        ("dB SINR", f"{select('sansang_lte_sinr_db')}{{target=%q}}"),
    )
    return "".join(
        f'{{{{ with printf "{query}" $labels.target | query }}}}, {{{{ . | first | value | printf "%.1f" }}}} {unit}'
        "{{ end }}"
        for unit, query in values
    )
