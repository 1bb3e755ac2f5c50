"""Power: a UPS that runs on its battery, its battery; and what an outage of a whole site was, told when it is over."""

from __future__ import annotations

from agent.text import Text
from dashboards.queries import select
from dashboards.rules import templates
from dashboards.rules.alert import (
    AGENT,
    TARGET,
    TARGET_LABELS,
    Alert,
    Severity,
    firing,
    firing_while_scrape_fails,
    reported_by_device,
)
from dashboards.rules.templates import SITE_NAME, TARGET_NAME
from dashboards.settings import BuildSettings

_BOARD = "/d/sansang-site?var-site={{ $labels.site }}"
_ON_BATTERY = "sansang_ups_on_battery"
_SELF_TEST = 120
"""Seconds that a UPS may run on its battery to test it."""


def alerts(settings: BuildSettings) -> tuple[Alert, ...]:
    """Every alert of this module."""
    return (
        _battery_low(settings),
        _on_battery(settings),
        _replace_battery(settings),
        _power_cut(settings),
        _line_cut(settings),
    )


def _ups(
    settings: BuildSettings,
    name: str,
    fresh: str,
    summary: Text,
    description: Text,
    *,
    for_seconds: int,
    severity: Severity = Severity.WARNING,
) -> Alert:
    return Alert(
        name,
        severity,
        reported_by_device(settings, name, TARGET_LABELS, fresh),
        summary,
        Text(f"{TARGET_NAME} ({SITE_NAME}) {description.vi}", f"{TARGET_NAME} ({SITE_NAME}) {description.en}"),
        _BOARD,
        for_seconds,
        settings.timing.resolve_hold,
    )


def _left() -> Text:
    """How long the battery lasts; nothing where the UPS does not say."""
    query = f'{{{{ with printf "{select("sansang_ups_runtime_seconds")}{{target=%q}} / 60" $labels.target | query }}}}'
    minutes = '{{ . | first | value | printf "%.0f" }}'
    return Text(
        f"{query}, còn khoảng {minutes} phút{{{{ end }}}}", f"{query}, for about {minutes} minutes{{{{ end }}}}"
    )


def _on_battery(settings: BuildSettings) -> Alert:
    left = _left()
    return _ups(
        settings,
        "SansangUpsOnBattery",
        f"{select(_ON_BATTERY)} == 1",
        Text("Một bộ lưu điện đang chạy bằng ắc quy.", "A UPS runs on its battery."),
        Text(
            f"chạy bằng ắc quy{left.vi}: mất điện lưới. Hỏi trụ sở có mất điện không, xem cầu dao; tắt bớt máy không"
            " cần. Có họp thì báo trước.",
            f"runs on its battery{left.en}: there is no mains. Ask whether the office has a power cut, look at the"
            " breaker; switch off what is not needed. If there is a meeting, tell people.",
        ),
        for_seconds=_SELF_TEST,
    )


def _battery_low(settings: BuildSettings) -> Alert:
    limits, left = settings.limits.devices, _left()
    short = f"{select('sansang_ups_runtime_seconds')} < {limits.battery_seconds}"
    empty = f"{select('sansang_ups_charge_ratio')} < {limits.battery_charge:g}"
    return _ups(
        settings,
        "SansangUpsBatteryLow",
        f"{select(_ON_BATTERY)} == 1 and on ({TARGET}) ({short} or {empty})",
        Text("Ắc quy của một bộ lưu điện sắp cạn.", "The battery of a UPS is nearly empty."),
        Text(
            f"sắp hết ắc quy{left.vi}, điện lưới chưa có lại. Lưu việc và tắt máy chủ đúng cách ngay; gọi trụ sở, có"
            " máy phát thì chạy.",
            f"has nearly emptied its battery{left.en}, and there is no mains yet. Save the work and shut servers down"
            " properly now; call the office, start a generator if there is one.",
        ),
        for_seconds=settings.scrape_seconds,
        severity=Severity.CRITICAL,
    )


def _replace_battery(settings: BuildSettings) -> Alert:
    return _ups(
        settings,
        "SansangUpsReplaceBattery",
        f"{select('sansang_ups_battery_replace')} == 1",
        Text("Một bộ lưu điện cần thay ắc quy.", "A UPS needs a new battery."),
        Text(
            "báo ắc quy đã hỏng hoặc quá già: mất điện là tắt ngay. Đặt mua ắc quy đúng loại ghi trên máy, thay rồi"
            " chạy tự kiểm tra.",
            "says that its battery is worn out: a power cut takes everything down at once. Order a battery of the kind"
            " that is written on it, replace it, then run its self-test.",
        ),
        for_seconds=settings.limits.devices.averaged,
    )


def _notice(settings: BuildSettings, name: str, cause: str, summary: Text, description: Text) -> Alert:
    """What an outage was, once it is over and known; told at any hour, as the outage was."""
    by, end = f"{AGENT}, site", select("sansang_site_outage_end_timestamp_seconds", f'cause="{cause}"')
    at = templates.at_instant(settings, "sansang_site_outage_end_timestamp_seconds", "site")
    return Alert(
        name,
        Severity.INFO,
        f"max by ({by}) ({end}) > time() - {settings.limits.devices.news}"
        f" or {firing_while_scrape_fails(settings, firing(name, by))}",
        summary,
        Text(f"{SITE_NAME} có lại{at.vi}. {description.vi}", f"{SITE_NAME} was back{at.en}. {description.en}"),
        _BOARD,
        keep_firing_seconds=settings.timing.resolve_hold,
    )


def _power_cut(settings: BuildSettings) -> Alert:
    return _notice(
        settings,
        "SansangPowerCut",
        "power",
        Text("Một địa điểm vừa qua mất điện.", "A site is back from a power cut."),
        Text(
            "Đó là mất điện, không phải đứt đường truyền: thiết bị nào ở đó cũng vừa khởi động lại. Hỏi điện lực hoặc"
            " người trông trụ sở; hay lặp lại thì cần bộ lưu điện.",
            "It was a power cut, not a cut line: every device there has just started anew. Ask the power company or the"
            " caretaker; if it happens often, the site needs a UPS.",
        ),
    )


def _line_cut(settings: BuildSettings) -> Alert:
    return _notice(
        settings,
        "SansangLineCut",
        "line",
        Text("Một địa điểm vừa qua đứt đường truyền.", "A site is back from a cut line."),
        Text(
            "Đó là đứt đường truyền, không phải mất điện: thiết bị ở đó vẫn chạy suốt. Ghi giờ và báo nhà mạng; cần thì"
            " đòi bồi thường theo hợp đồng.",
            "It was the line, not a power cut: the devices there ran all the time. Note the times and tell the"
            " provider; claim what the contract gives.",
        ),
    )
