"""Devices that no longer tell about themselves (SNMP)."""

from __future__ import annotations

from agent.model import Role
from agent.text import Text
from dashboards.queries import select
from dashboards.rules import templates
from dashboards.rules.alert import (
    TARGET,
    TARGET_LABELS,
    Alert,
    Severity,
    firing,
    firing_while_scrape_fails,
    in_maintenance,
)
from dashboards.rules.templates import SITE_NAME, TARGET_NAME
from dashboards.settings import BuildSettings

_SITE_BOARD = "/d/sansang-site?var-site={{ $labels.site }}"
_WITHOUT_AN_ALERT = f'role=~"{Role.DEVICE}|{Role.LAN}"'
"""Of a check with another role its own alert says that it is down."""


def alerts(settings: BuildSettings) -> tuple[Alert, ...]:
    """Every alert of this module."""
    return (_silent(settings),)


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
