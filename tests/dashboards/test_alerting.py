"""Alertmanager's configuration: who is told what, and when."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from ruamel.yaml import YAML

from dashboards.build import documents
from dashboards.rules.all_rules import alerts
from dashboards.settings import OFFICE, AlertTiming, BuildSettings, Messages

LOUD = Messages(
    webhook="https://hook.example",
    webhook_token_file="/etc/token",
    loud_recipients=("truc@example",),
    loud_webhook="https://siren.example",
    archive_webhook="https://log.example",
    heartbeat="https://switch.example",
)
TET = replace(OFFICE, dates={date(2027, 2, 4): ()})


def built(settings: BuildSettings) -> dict[str, Any]:
    text = documents(settings, "alertmanager")["alertmanager/alertmanager.yml"]
    config: dict[str, Any] = YAML(typ="safe").load(text)
    return config


def test_messages_go_where_the_settings_say_and_secrets_are_files() -> None:
    messages = Messages(
        smtp="mail.example:587", smtp_plain=False, smtp_user="sansang", smtp_password_file="/etc/sansang/smtp",
        recipients=("a@example", "b@example"), webhook="https://hook.example", webhook_token_file="/etc/sansang/token",
    )  # fmt: skip
    config = built(BuildSettings(messages=messages))
    assert config["global"] == {
        "smtp_smarthost": "mail.example:587",
        "smtp_from": "sansang@localhost",
        "smtp_require_tls": True,
        "smtp_auth_username": "sansang",
        "smtp_auth_password_file": "/etc/sansang/smtp",
    }
    officers = config["receivers"][0]
    assert [mail["to"] for mail in officers["email_configs"]] == ["a@example", "b@example"]
    hook = officers["webhook_configs"][0]
    assert hook["http_config"] == {"authorization": {"credentials_file": "/etc/sansang/token"}}


def test_without_a_loud_place_there_is_no_loud_route() -> None:
    config = built(BuildSettings(calendars=(TET,)))
    assert [route["receiver"] for route in config["route"]["routes"]] == ["heartbeat", "archive", "notices", "officers"]
    assert [receiver["name"] for receiver in config["receivers"]] == ["officers", "notices", "archive", "heartbeat"]
    assert config["receivers"][3] == {"name": "heartbeat"}, "known to nobody, it is told nobody"
    assert [each["name"] for each in config["time_intervals"]] == ["office", "office-off"]


def test_the_loud_place_is_told_what_is_critical_in_office_hours_and_no_ends() -> None:
    settings = BuildSettings(calendars=(TET,), messages=LOUD, timing=AlertTiming(loud_wait=3, loud_repeat=600))
    config = built(settings)
    heartbeat, archive, _, loud, officers = config["route"]["routes"]
    assert loud == {
        "receiver": "loud",
        "matchers": ['severity="critical"'],
        "active_time_intervals": ["office"],
        "mute_time_intervals": ["office-off"],
        "group_wait": "3s",
        "repeat_interval": "600s",
        "continue": True,
    }
    assert archive["receiver"] == "archive"
    assert (heartbeat["receiver"], officers) == ("heartbeat", {"receiver": "officers"})
    receivers = {each["name"]: each for each in config["receivers"]}
    assert receivers["loud"]["email_configs"][0]["to"] == "truc@example"
    assert receivers["loud"]["webhook_configs"] == [{"url": "https://siren.example", "send_resolved": False}]
    ends = [each["send_resolved"] for kind in ("email", "webhook") for each in receivers["officers"][f"{kind}_configs"]]
    assert ends == [True, True]
    with_token = [name for name, place in receivers.items() if "http_config" in str(place)]
    assert with_token == ["officers", "notices"]


def test_what_an_outage_was_is_told_to_those_who_are_told_everything_and_its_end_is_not() -> None:
    """Alertmanager takes the first route that matches: the watchdog and the ledger's head have theirs before."""
    config = built(BuildSettings(messages=LOUD))
    routes = config["route"]["routes"]
    assert routes[2] == {"receiver": "notices", "matchers": ['severity="info"']}
    told, notices = config["receivers"][:2]
    for kind in ("email_configs", "webhook_configs"):
        for one, other in zip(told[kind], notices[kind], strict=True):
            assert other.pop("headers", {}) == ({"Subject": '{{ template "sansang.notice" . }}'} if "to" in one else {})
            assert one | {"headers": 0, "send_resolved": False} == other | {"headers": 0}
    named = {alert.name for alert in alerts(BuildSettings()) if alert.severity == "info"}
    assert named == {"SansangWatchdog", "SansangLedgerHead", "SansangPowerCut", "SansangLineCut"}


def test_an_office_without_dates_mutes_nothing() -> None:
    loud = built(BuildSettings(messages=LOUD))["route"]["routes"][1]
    assert "mute_time_intervals" not in loud


@pytest.mark.parametrize(
    "address",
    [{"webhook": "https://a.example", "loud_webhook": "https://a.example"}, {"loud_recipients": ("root@localhost",)}],
)
def test_nobody_is_told_twice(address: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="address of its own"):
        Messages(**address)


def inhibits(rule: dict[str, Any], source: dict[str, str], target: dict[str, str]) -> bool:
    """As Alertmanager judges: all matchers of both sides, and the same labels, a missing one being empty."""
    return (
        all(holds(text, source) for text in rule["source_matchers"])
        and all(holds(text, target) for text in rule["target_matchers"])
        and all(source.get(name, "") == target.get(name, "") for name in rule["equal"])
    )


def holds(text: str, labels: dict[str, str]) -> bool:
    if "=~" in text:
        name, pattern = text.replace('"', "").split("=~")
        return re.fullmatch(pattern, labels.get(name, "")) is not None
    name, value = text.replace("!", "").replace('"', "").split("=")
    return (labels.get(name, "") == value) != ("!" in text)


ROWS = {(row.name, row.severity) for row in alerts(BuildSettings())}
AGENT = {"job": "sansang", "instance": "a:1"}


@pytest.mark.parametrize(("name", "severity"), sorted(ROWS))
def test_a_silent_agent_mutes_everything_of_its_own_and_nothing_else(name: str, severity: str) -> None:
    *_, silence = built(BuildSettings())["inhibit_rules"]
    source = {"alertname": "SansangAgentSilent", "severity": "critical", **AGENT}
    about = {"alertname": name, "severity": severity}
    assert inhibits(silence, source, about | AGENT) == (name != "SansangAgentSilent")
    assert not inhibits(silence, source, about | AGENT | {"instance": "b:1"})
    assert not inhibits(silence, source, about)  # the watchdog has no agent


@pytest.mark.parametrize(("name", "severity"), sorted(ROWS))
def test_a_cut_site_mutes_what_is_critical_behind_it(name: str, severity: str) -> None:
    cut, ports, _ = built(BuildSettings())["inhibit_rules"]
    source = {"alertname": "SansangSiteCutOff", "severity": "critical", "site": "a", **AGENT}
    about = {"alertname": name, "severity": severity, **AGENT}
    muted = name != "SansangSiteCutOff" and severity == "critical"
    assert inhibits(cut, source, about | {"site": "a"}) == muted
    assert not inhibits(cut, source, about | {"site": "b"})
    of_port = "Port" in name or name == "SansangBroadcastStorm"
    assert inhibits(ports, source, about | {"site": "a"}) == of_port
    assert not inhibits(ports, source, about | {"site": "b"})
    assert not inhibits(cut, source, about)  # of the agent, or of many places at once
