"""All rules as Prometheus's files; links and labels are added here, in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards.documents import as_yaml
from dashboards.rules import monitor, recording, targets, waiting
from dashboards.rules.row import Alert, Severity
from dashboards.settings import LANGUAGES, Settings


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Every alert, in the order of the documentation."""
    return (*targets.alerts(settings), *monitor.alerts(settings))


def documents(settings: Settings) -> Mapping[str, str]:
    """The rule files of every language."""
    return {
        f"prometheus/rules/{language}/{name}.yml": as_yaml(content)
        for language in LANGUAGES
        for name, content in (
            ("recording", {"groups": [_group("sansang_readiness", map(_recorded, recording.READINESS))]}),
            ("alerts", {"groups": [_alert_group(settings, language)]}),
        )
    }


def _alert_group(settings: Settings, language: str) -> dict[str, Any]:
    """One group, evaluated in order: the alerts see what the first rules have just recorded."""
    rows = [_alert(settings, alert, language) for alert in alerts(settings)]
    return _group("sansang_alerts", [*map(_recorded, stood_on(settings)), *rows])


def stood_on(settings: Settings) -> tuple[recording.Recording, ...]:
    """What the alerts read, recorded before them."""
    office = recording.Recording(waiting.OPEN, waiting.open_now(settings))
    return (*recording.known(settings), *([office] if settings.warnings_wait else ()))


def _group(name: str, rules: Any) -> dict[str, Any]:
    return {"name": name, "rules": list(rules)}


def _recorded(rule: recording.Recording) -> dict[str, Any]:
    return {"record": rule.name, "expr": rule.expr}


def _waits(settings: Settings, alert: Alert) -> bool:
    return settings.warnings_wait and alert.severity is Severity.WARNING


def _alert(settings: Settings, alert: Alert, language: str) -> dict[str, Any]:
    times = {"for": alert.for_seconds, "keep_firing_for": alert.keep_firing_seconds}
    return {
        "alert": alert.name,
        "expr": waiting.waiting(alert) if _waits(settings, alert) else alert.expr,
        **{name: f"{seconds}s" for name, seconds in times.items() if seconds},
        "labels": {"severity": alert.severity.value},
        "annotations": {
            "summary": alert.summary.to(language),
            "description": alert.description.to(language),
            "runbook_url": f"{settings.runbook_url}/{alert.name}.md",
            "dashboard_url": f"{settings.grafana_url}{alert.board}",
        },
    }
