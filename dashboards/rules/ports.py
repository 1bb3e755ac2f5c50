"""Ports of switches and routers: without a link, flapping, with errors, full, or flooded with broadcasts."""

from __future__ import annotations

from agent.text import Text
from dashboards.queries import select
from dashboards.rules import templates
from dashboards.rules.alert import TARGET_LABELS, Alert, Severity, beyond, firing, reported_by_device
from dashboards.rules.templates import SITE_NAME, TARGET_NAME
from dashboards.settings import BuildSettings

PORT_LABELS = f"{TARGET_LABELS}, port"
_BOARD = "/d/sansang-site?var-site={{ $labels.site }}"
_PORT = "{{ $labels.port }}"
_SETTLING = 300
"""Seconds for which a mean must stay beyond its limit: after a start it is one of few figures."""


def alerts(settings: BuildSettings) -> tuple[Alert, ...]:
    """Every alert of this module; each about one port."""
    return (_down(settings), _flapping(settings), _errors(settings), _saturated(settings), _storm(settings))


def _alert(
    settings: BuildSettings, name: str, fresh: str, summary: Text, description: Text, *, for_seconds: int
) -> Alert:
    lead = Text(f"Cổng {_PORT} của {TARGET_NAME} ({SITE_NAME})", f"Port {_PORT} of {TARGET_NAME} ({SITE_NAME})")
    return Alert(
        name,
        Severity.WARNING,
        reported_by_device(settings, name, PORT_LABELS, fresh),
        summary,
        Text(f"{lead.vi} {description.vi}", f"{lead.en} {description.en}"),
        _BOARD,
        for_seconds,
        settings.timing.resolve_hold,
    )


def _down(settings: BuildSettings) -> Alert:
    """Begins with a port that was in order lately: a computer that nobody switches on is no fault."""
    name, failed, limits = "SansangPortDown", select("sansang_port_failed"), settings.limits.devices
    lately = f"min_over_time({failed}[{limits.port_in_order}s]) == 0"
    since = templates.since_instant(settings, "sansang_port_failed_since_timestamp_seconds", "target", "port")
    return _alert(
        settings,
        name,
        f"{failed} == 1 and ({lately} or {firing(name, PORT_LABELS)})",
        Text("Một cổng mạng đang dùng bị mất kết nối.", "A port that is in use has no link."),
        Text(
            f"mất kết nối{since.vi}. Cắm lại dây ở hai đầu, thử cổng khác, xem thiết bị đầu kia có bật không. Thiết bị"
            " đã dời đi nơi khác thì không phải sự cố.",
            f"has no link{since.en}. Reseat the cable at both ends, try another port, see whether what it leads to is"
            " switched on. If that was moved away, nothing is wrong.",
        ),
        for_seconds=limits.port_down,
    )


def _flapping(settings: BuildSettings) -> Alert:
    sample, count = select("sansang_port_flaps_per_hour"), '{{ printf "%.0f" $value }}'
    return _alert(
        settings,
        "SansangPortFlapping",
        f"{sample} >= {settings.limits.devices.port_flaps}",
        Text("Một cổng mạng chập chờn.", "A port flaps."),
        Text(
            f"mất kết nối {count} lần trong một giờ. Thường là dây hoặc đầu bấm hỏng, ổ cắm lỏng, hoặc thiết bị đầu kia"
            " khởi động lại liên tục: đổi dây trước, rồi đổi cổng.",
            f"lost its link {count} times within an hour. Usually a bad cable or plug, a loose socket, or what it leads"
            " to restarts again and again: change the cable first, then the port.",
        ),
        for_seconds=0,
    )


def _errors(settings: BuildSettings) -> Alert:
    limits, rate = settings.limits.devices, '{{ printf "%.1f" $value }}'
    return _alert(
        settings,
        "SansangPortErrors",
        beyond("sansang_port_errors_per_second", f"> {limits.port_errors:g}", limits.averaged),
        Text("Một cổng mạng nhận gói lỗi liên tục.", "A port has errors all the time."),
        Text(
            f"có {rate} gói lỗi mỗi giây. Thường là dây hỏng, chạy cạnh dây điện, hoặc hai đầu đặt khác nhau"
            " (tốc độ, full/half duplex): đổi dây, để cả hai đầu tự thỏa thuận.",
            f"has {rate} packets with errors a second. Usually a bad cable, one beside a power line, or two ends set"
            " differently (speed, duplex): change the cable, let both ends negotiate.",
        ),
        for_seconds=_SETTLING,
    )


def _saturated(settings: BuildSettings) -> Alert:
    limits, share = settings.limits.devices, "{{ $value | humanizePercentage }}"
    return _alert(
        settings,
        "SansangPortSaturated",
        beyond("sansang_port_utilisation_ratio", f"> {limits.port_utilisation:g}", limits.averaged),
        Text("Một cổng mạng chạy gần hết tốc độ.", "A port runs near its full speed."),
        Text(
            f"dùng {share} tốc độ của nó suốt {limits.averaged // 60} phút: họp trực tuyến qua đó sẽ giật. Xem ai đang"
            " tải lớn (sao lưu, cập nhật, camera), và cổng có bị tụt xuống 10 hay 100 Mbit/s không.",
            f"has used {share} of its speed for {limits.averaged // 60} minutes: meetings through it break up. See who"
            " loads so much (backup, updates, cameras), and whether the port fell back to 10 or 100 Mbit/s.",
        ),
        for_seconds=_SETTLING,
    )


def _storm(settings: BuildSettings) -> Alert:
    """The agent says 0 for a port that receives little, whatever the share."""
    limits, share = settings.limits.devices, "{{ $value | humanizePercentage }}"
    return _alert(
        settings,
        "SansangBroadcastStorm",
        beyond("sansang_port_broadcast_ratio", f"> {limits.broadcast:g}", _SETTLING),
        Text("Bão gói quảng bá trong mạng LAN.", "A broadcast storm in a LAN."),
        Text(
            f"nhận {share} là gói quảng bá. Thường là mạch vòng: hai đầu của một dây cắm vào cùng một mạng, hoặc hai"
            " dây nối hai bộ chuyển mạch. Rút từng dây mới cắm gần đây cho đến khi hết; bật STP hoặc chống vòng lặp.",
            f"receives {share} broadcasts. Usually a loop: both ends of one cable in the same network, or two cables"
            " between two switches. Pull what was plugged in last, one by one, until it ends; switch on STP or loop"
            " protection.",
        ),
        for_seconds=60,
    )
