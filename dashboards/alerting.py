"""The configuration of Prometheus and Alertmanager: scrapes, rule files, routes, receivers and message templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from agent.text import Text
from dashboards.generated_files import as_yaml, headed
from dashboards.hours import time_intervals
from dashboards.settings import BuildSettings, Messages

_BROKEN = Text("[Sự cố]", "[Alert]")
_OVER = Text("[Đã hết]", "[Over]")
_KEEP = Text("[Lưu]", "[Keep]")
_NOTICE = Text("[Tin báo]", "[Notice]")
_END = Text("Cảnh báo này đã hết:", "This alert is over:")
_RUNBOOK = Text("Cách xử lý:", "What to do:")
_BOARD = Text("Bảng theo dõi:", "Board:")

_SNMP_SECONDS = 60
_DEVICE_SAMPLES, _LEAST_SAMPLES = 2500, 10_000
"""Of a device: the whole of if_mib at 64 ports, and what else it has."""


def prometheus(settings: BuildSettings) -> Mapping[str, str]:
    """``/etc/prometheus/prometheus.yml``; the rule files lie beside it."""
    scrape = settings.scrape_seconds
    config = {
        "global": {
            "scrape_interval": f"{scrape}s",
            "scrape_timeout": f"{min(10, scrape)}s",
            "evaluation_interval": f"{scrape}s",
        },
        "rule_files": [f"rules/{settings.language}/*.yml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [settings.alertmanager]}]}]},
        "scrape_configs": [
            {"job_name": settings.job, "static_configs": [{"targets": [settings.agent]}]},
            *([_snmp_job(settings)] if settings.snmp_checks else ()),
        ],
    }
    return {"prometheus/prometheus.yml": as_yaml(config)}


def _snmp_job(settings: BuildSettings) -> dict[str, Any]:
    """What the devices' own objects say, in a job apart: too many ports there cost no state and no alert.

    Every series has the device's address as its instance, which the label of the scrape must not replace.
    """
    return {
        "job_name": f"{settings.job}-snmp",
        "metrics_path": "/metrics/snmp",
        "scrape_interval": f"{_SNMP_SECONDS}s",
        "scrape_timeout": f"{_SNMP_SECONDS // 2}s",
        "honor_labels": True,
        "sample_limit": max(_LEAST_SAMPLES, _DEVICE_SAMPLES * settings.snmp_checks),
        "static_configs": [{"targets": [settings.agent]}],
    }


def alertmanager(settings: BuildSettings) -> Mapping[str, str]:
    """``/etc/alertmanager``: the configuration and the template of its messages."""
    config = {
        "global": _smtp(settings.messages),
        "templates": ["sansang.tmpl"],
        "route": _route(settings),
        "inhibit_rules": list(_INHIBITED),
        "receivers": _receivers(settings.messages),
        "time_intervals": [entry for hours in settings.calendars for entry in time_intervals(hours)],
    }
    return {
        "alertmanager/alertmanager.yml": as_yaml(config),
        "alertmanager/sansang.tmpl": _template(settings.language),
    }


def _smtp(messages: Messages) -> dict[str, Any]:
    login = {"smtp_auth_username": messages.smtp_user, "smtp_auth_password_file": messages.smtp_password_file}
    return {
        "smtp_smarthost": messages.smtp,
        "smtp_from": messages.sender,
        "smtp_require_tls": not messages.smtp_plain,
        **({name: value for name, value in login.items() if value}),
    }


def _route(settings: BuildSettings) -> dict[str, Any]:
    """One message for each alert and site.

    The officers' route sends every alert and its end, at any hour: a muted route drops the ends of alerts that it has
    sent (Alertmanager forgets a resolved alert once it has passed the muted route). Only the loud route has hours.
    """
    timing = settings.timing
    return {
        "receiver": "officers",
        "group_by": ["alertname", "site"],
        "group_wait": f"{timing.group_wait}s",
        "group_interval": f"{timing.group_interval}s",
        "repeat_interval": f"{timing.repeat}s",
        "routes": [
            _HEARTBEAT,
            _ARCHIVE,
            _NOTICES,
            *([_loud(settings)] if settings.messages.loud else ()),
            {"receiver": "officers"},
        ],
    }


_HEARTBEAT = {
    "receiver": "heartbeat",
    "matchers": ['alertname="SansangWatchdog"'],
    "group_wait": "0s",
    "group_interval": "1m",
    "repeat_interval": "1m",
}


_ARCHIVE = {
    "receiver": "archive",
    "matchers": ['alertname="SansangLedgerHead"'],
    "group_by": ["alertname", "job", "instance"],
    "repeat_interval": "24h",
}
"""One message a day and one at each start, for each agent: the labels of the alert change with the head."""


_NOTICES = {"receiver": "notices", "matchers": ['severity="info"']}
"""What was, told once: there is no end to tell."""


def _loud(settings: BuildSettings) -> dict[str, Any]:
    """Critical alerts while the office is open; those that began before are sent when it opens.

    The repeat is short for one more reason: an alert that was sent, ended while the office was closed and began again
    is sent again after it at the latest.
    """
    off = [entry["name"] for entry in time_intervals(settings.office)[1:]]
    return {
        "receiver": "loud",
        "matchers": ['severity="critical"'],
        "active_time_intervals": [settings.office.name],
        **({"mute_time_intervals": off} if off else {}),
        "group_wait": f"{settings.timing.loud_wait}s",
        "repeat_interval": f"{settings.timing.loud_repeat}s",
        "continue": True,
    }


_INHIBITED: tuple[dict[str, Any], ...] = (
    {
        "source_matchers": ['alertname="SansangSiteCutOff"'],
        "target_matchers": ['alertname!="SansangSiteCutOff"', 'severity="critical"'],
        "equal": ["job", "instance", "site"],
    },
    {
        "source_matchers": ['alertname="SansangSiteCutOff"'],
        "target_matchers": ['alertname=~"SansangPort.+|SansangBroadcastStorm"'],
        "equal": ["job", "instance", "site"],
    },
    {
        "source_matchers": ['alertname="SansangAgentSilent"'],
        "target_matchers": ['alertname!="SansangAgentSilent"'],
        "equal": ["job", "instance"],
    },
)
"""A second net: the rules exclude these already. Inhibition also drops the ends of alerts that were sent, so it is used
only where none can end: behind a cut line, and while the agent is silent. The watchdog belongs to no agent."""


def _receivers(messages: Messages) -> list[dict[str, Any]]:
    """The loud receiver gets no ends, since those that come while it is muted would be missing. The officers get all.
    Notices go to the officers too, without ends.

    The token goes to the officers' webhook alone: the others are other hosts.
    """
    loud = _receiver("loud", messages.loud_recipients, messages.loud_webhook, ends=False)
    archive = messages.archive_recipients, messages.archive_webhook
    officers, token = (messages.recipients, messages.webhook), messages.webhook_token_file
    return [
        _receiver("officers", *officers, ends=True, token_file=token),
        _receiver("notices", *officers, ends=False, subject="sansang.notice", token_file=token),
        _receiver("archive", *archive, ends=False, subject="sansang.archive"),
        *([loud] if messages.loud else ()),
        _receiver("heartbeat", (), messages.heartbeat, ends=False),
    ]


def _receiver(
    name: str,
    recipients: Iterable[str],
    webhook: str,
    *,
    ends: bool,
    subject: str = "sansang.subject",
    token_file: str = "",
) -> dict[str, Any]:
    mails = [
        {
            "to": recipient,
            "send_resolved": ends,
            "headers": {"Subject": f'{{{{ template "{subject}" . }}}}'},
            "html": "",
            "text": '{{ template "sansang.text" . }}',
        }
        for recipient in recipients
    ]
    login = {"http_config": {"authorization": {"credentials_file": token_file}}} if token_file else {}
    hooks = [{"url": webhook, "send_resolved": ends, **login}] if webhook else []
    configs = {"email_configs": mails, "webhook_configs": hooks}
    return {"name": name, **{kind: entry for kind, entry in configs.items() if entry}}


def _template(language: str) -> str:
    summary, description = "{{ .CommonAnnotations.summary }}", "{{ .Annotations.description }}"
    runbook = f"{{{{ with .Annotations.runbook_url }}}}{_RUNBOOK.to(language)} {{{{ . }}}}\n{{{{ end }}}}"
    links = f"{runbook}{_BOARD.to(language)} {{{{ .Annotations.dashboard_url }}}}\n"
    text = (
        f'{{{{ define "sansang.subject" }}}}{{{{ if eq .Status "firing" }}}}{_BROKEN.to(language)}{{{{ else }}}}'
        f"{_OVER.to(language)}{{{{ end }}}} {summary}{{{{ end }}}}\n"
        f'{{{{ define "sansang.notice" }}}}{_NOTICE.to(language)} {summary}{{{{ end }}}}\n'
        f'{{{{ define "sansang.archive" }}}}{_KEEP.to(language)} {summary}{{{{ end }}}}\n'
        f'{{{{ define "sansang.text" }}}}{{{{ range .Alerts.Firing }}}}{description}\n{links}\n{{{{ end }}}}'
        f"{{{{ range .Alerts.Resolved }}}}{_END.to(language)} {{{{ .Annotations.summary }}}}"
        " ({{ .Labels.site }}{{ with .Labels.target }}, {{ . }}{{ end }})\n{{ end }}{{ end }}\n"
    )
    return headed(text, "{{/* ", " */}}")
