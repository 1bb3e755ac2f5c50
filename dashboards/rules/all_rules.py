"""All rules as files for Prometheus; links and labels are added here, in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from agent.text import LANGUAGES
from dashboards.generated_files import as_yaml
from dashboards.rules import (
    agent_health,
    devices,
    meta_monitoring,
    months,
    office_hours,
    points,
    ports,
    power,
    recording,
    targets,
)
from dashboards.rules.alert import Alert, Severity
from dashboards.settings import BuildSettings

DEVICES_EVERY_SECONDS = 60
"""Devices are asked once a minute, and there are many ports."""


def alerts(settings: BuildSettings) -> tuple[Alert, ...]:
    """Every alert, in the order of the documentation; rows of the same name differ in their labels."""
    return (*_first_group(settings), *_devices(settings), *months.alerts(settings))


def recordings(settings: BuildSettings) -> tuple[recording.Recording, ...]:
    """Every recording."""
    return (*recording.READINESS, *recording.LANS, *prerequisites(settings), *months.recordings(settings))


def prerequisites(settings: BuildSettings) -> tuple[recording.Recording, ...]:
    """Recordings that the first group's alerts read; the warnings of the second group read the last one."""
    office = recording.Recording(office_hours.OFFICE_OPEN, office_hours.open_now(settings))
    return (*recording.last_known(settings), *recording.POINTS, *([office] if settings.warnings_wait else ()))


def documents(settings: BuildSettings) -> Mapping[str, str]:
    """The rule files of every language."""
    readiness = _group("sansang_readiness", map(_recording_rule, (*recording.READINESS, *recording.LANS)))
    return {
        f"prometheus/rules/{language}/{name}.yml": as_yaml({"groups": groups})
        for language in LANGUAGES
        for name, groups in (("recording", [readiness]), ("alerts", _alert_groups(settings, language)))
    }


def _first_group(settings: BuildSettings) -> tuple[Alert, ...]:
    modules = (points, targets, power, meta_monitoring, agent_health)  # many points at once before each of them
    return tuple(alert for module in modules for alert in module.alerts(settings))


def _devices(settings: BuildSettings) -> tuple[Alert, ...]:
    return (*devices.alerts(settings), *ports.alerts(settings))


def _alert_groups(settings: BuildSettings, language: str) -> list[dict[str, Any]]:
    """Rules of a group are evaluated in order: the alerts read what their group has just recorded."""

    def rows(records: Iterable[recording.Recording], alerts: Iterable[Alert]) -> list[dict[str, Any]]:
        return [*map(_recording_rule, records), *(_alerting_rule(settings, alert, language) for alert in alerts)]

    fast = rows(prerequisites(settings), _first_group(settings))
    slow = rows(months.recordings(settings), months.alerts(settings))
    devices = rows((), _devices(settings))
    return [
        _group("sansang_alerts", fast),
        _group("sansang_devices", devices, DEVICES_EVERY_SECONDS),
        _group("sansang_months", slow, months.EVERY_SECONDS),
    ]


def _group(name: str, rules: Any, every_seconds: int = 0) -> dict[str, Any]:
    timing = {"interval": f"{every_seconds}s"} if every_seconds else {}
    return {"name": name, **timing, "rules": list(rules)}


def _recording_rule(rule: recording.Recording) -> dict[str, Any]:
    return {"record": rule.name, "expr": rule.expr}


def _begins_in_office_hours(settings: BuildSettings, alert: Alert) -> bool:
    return settings.warnings_wait and alert.severity is Severity.WARNING


def _alerting_rule(settings: BuildSettings, alert: Alert, language: str) -> dict[str, Any]:
    times = {"for": alert.for_seconds, "keep_firing_for": alert.keep_firing_seconds}
    return {
        "alert": alert.name,
        "expr": office_hours.begun_in_office_hours(alert) if _begins_in_office_hours(settings, alert) else alert.expr,
        **{name: f"{seconds}s" for name, seconds in times.items() if seconds},
        "labels": {"severity": alert.severity.value, **alert.labels},
        "annotations": {
            "summary": alert.summary.to(language),
            "description": alert.description.to(language),
            **({"runbook_url": f"{settings.runbook_url}/{alert.name}.md"} if settings.runbook_url else {}),
            "dashboard_url": f"{settings.grafana_url}{alert.board}",
        },
    }
