"""The rules as data: names of the catalogue, both languages, links, pages, and the order that they rely on."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from agent.explain.reasons import with_verdict
from agent.model import Verdict
from agent.text import LANGUAGES
from dashboards.build import documents
from dashboards.rules import months, reasons
from dashboards.rules.alert import DOWN_BY_OWN_FAULT, DOWN_FIRING, PATH_UP, Severity
from dashboards.rules.all_rules import alerts, prerequisites, recordings
from dashboards.rules.office_hours import OFFICE_OPEN
from dashboards.rules.recording import last_known
from dashboards.settings import AlertLimits, AlertTiming, BuildSettings, Burn, DeviceLimits, LevelName
from exporters.catalog import METRICS

MANY = "SansangManyPointsDown"
RUNBOOKS = Path(__file__).parents[2] / "docs/runbooks"
ALERTS = alerts(BuildSettings())
NAMES = list(dict.fromkeys(alert.name for alert in ALERTS))
SAMPLES = {metric.sample for metric in METRICS}
PROMETHEUS_OWN = {"up", "ALERTS"}
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAME = re.compile(r"(?<![\w:])(?:[a-z_]+:)?(?:sansang_\w+|up|ALERTS)(?::\w+)?(?![\w:(])")


def built(language: str, file: str, settings: BuildSettings | None = None) -> list[dict[str, Any]]:
    text = documents(settings or BuildSettings(), "rules")[f"prometheus/rules/{language}/{file}.yml"]
    return [rule for group in YAML(typ="safe").load(text)["groups"] for rule in group["rules"]]


@cache
def linked() -> tuple[tuple[dict[str, Any], ...], frozenset[str]]:
    """The alerts with links, and the boards that there are; built once, for the tests of each alert."""
    settings = BuildSettings(runbook_url="https://books", grafana_url="https://boards")
    return tuple(built("en", "alerts", settings)), frozenset(documents(BuildSettings(), "boards"))


def names_in(expr: str) -> set[str]:
    return set(_NAME.findall(_STRINGS.sub('""', expr)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_expression_uses_names_of_the_catalogue_and_recorded_ones(language: str) -> None:
    rules = built(language, "recording") + built(language, "alerts")
    there = {rule["record"] for rule in rules if "record" in rule}
    assert there == {rule.name for rule in recordings(BuildSettings())}
    used = {name for rule in rules for name in names_in(rule["expr"])}
    assert used - SAMPLES - there - PROMETHEUS_OWN == set()
    assert {DOWN_BY_OWN_FAULT, PATH_UP, "sansang_target_in_maintenance", "sansang_target_upstream_down"} <= used


def test_recorded_names_say_level_metric_and_operation() -> None:
    """A counter that was made a difference loses its `_total`."""
    for rule in recordings(BuildSettings()):
        level, metric, operation = rule.name.split(":")
        assert metric in SAMPLES or f"{metric}_total" in SAMPLES or rule.name == OFFICE_OPEN, rule.name
        assert level in {"level_role", "level", "target", "path"} or rule.name == OFFICE_OPEN
        assert operation


def test_what_alerts_stand_on_is_recorded_before_them_in_the_same_group() -> None:
    """Rules of one group run in order: an alert never sees what was recorded an evaluation ago."""
    text = documents(BuildSettings(), "rules")["prometheus/rules/vi/alerts.yml"]
    groups = YAML(typ="safe").load(text)["groups"]
    assert [group.get("interval") for group in groups] == [None, "60s", f"{months.EVERY_SECONDS}s"]
    expected = [prerequisites(BuildSettings()), (), months.recordings(BuildSettings())]
    for group, records in zip(groups, expected, strict=True):
        assert [rule.get("record") for rule in group["rules"]][: len(records)] == [rule.name for rule in records]
        assert all("alert" in rule for rule in group["rules"][len(records) :])


def test_warnings_wait_for_the_office_unless_they_should_not() -> None:
    """What is told goes on at any hour; what is critical never waits."""
    for settings, waits in ((BuildSettings(), True), (BuildSettings(warnings_wait=False), False)):
        for rule in (rule for rule in built("vi", "alerts", settings) if "alert" in rule):
            warning = rule["labels"].pop("severity") == "warning"
            assert (OFFICE_OPEN in rule["expr"]) == (waits and warning), rule["alert"]
            if waits and warning:
                own = "".join(f', {name}="{value}"' for name, value in rule["labels"].items())
                told = f'ALERTS{{alertname="{rule["alert"]}"{own}, alertstate="firing"}}'
                ignored = ", ".join(("alertname", "alertstate", "severity", *rule["labels"]))
                assert rule["expr"].endswith(f"and ignoring ({ignored}) {told}")


def test_rules_of_one_name_are_told_apart_by_their_labels_only() -> None:
    seen = [(alert.name, *sorted(alert.labels.items())) for alert in ALERTS]
    assert len(seen) == len(set(seen))
    for alert in ALERTS:
        assert not {"job", "instance", "site", "role", "target", "severity"} & alert.labels.keys()


def test_every_reason_of_a_failed_or_degraded_run_stands_in_some_runbook() -> None:
    groups = {*reasons.ROOMS, *reasons.SERVICES, *reasons.NAME_SERVERS, *reasons.DEGRADED}
    assert groups == set(with_verdict(Verdict.FAILED, Verdict.DEGRADED))


def test_no_expression_makes_up_a_zero() -> None:
    assert [alert.name for alert in ALERTS if "vector(" in alert.expr] == ["SansangWatchdog"]
    assert [rule.name for rule in recordings(BuildSettings()) if "vector(" in rule.expr] == [OFFICE_OPEN]  # a clock


def test_what_is_told_of_one_target_names_alerts_that_exist() -> None:
    (pattern,) = re.findall(r'alertname=~"Sansang\(([^)]+)\)"', DOWN_FIRING)
    assert {f"Sansang{end}" for end in pattern.split("|")} <= set(NAMES)


def test_both_languages_hold_the_same_rules_and_different_texts() -> None:
    vi, en = (built(language, "alerts") for language in ("vi", "en"))
    for one, other in zip(vi, en, strict=True):
        texts = [rule.pop("annotations", {}) for rule in (one, other)]
        assert one == other
        for key in ("summary", "description") if texts[0] else ():
            assert texts[0][key] != texts[1][key]
            assert re.search("[ăâđêôơưáàảạéèẹốồộ]", texts[0][key])
    assert built("vi", "recording") == built("en", "recording")


@pytest.mark.parametrize("name", NAMES)
def test_every_alert_is_whole(name: str) -> None:
    alerts, boards = linked()
    rules = [rule for rule in alerts if rule.get("alert") == name]
    labels = [alert.labels for alert in ALERTS if alert.name == name]
    assert [rule["labels"] | {"severity": ""} for rule in rules] == [{"severity": "", **each} for each in labels]
    for rule in rules:
        assert rule["labels"]["severity"] in set(Severity)
        assert rule["annotations"].keys() == {"summary", "description", "runbook_url", "dashboard_url"}
        assert "{{" not in rule["annotations"]["summary"]
        assert rule["annotations"]["runbook_url"] == f"https://books/{name}.md"
        board = re.match(r"https://boards/d/([a-z-]+)", rule["annotations"]["dashboard_url"])
        assert board is not None
        assert f"grafana/boards/en/{board[1]}.json" in boards


def test_what_devices_say_is_scraped_where_there_are_devices_to_ask() -> None:
    """In a job apart: its labels are the devices', and what it brings at most is limited by their number."""
    for checks, most in ((1, 10_000), (100, 250_000)):
        text = documents(BuildSettings(snmp_checks=checks), "prometheus")["prometheus/prometheus.yml"]
        _, job = YAML(typ="safe").load(text)["scrape_configs"]
        assert job == {
            "job_name": "sansang-snmp",
            "metrics_path": "/metrics/snmp",
            "scrape_interval": "60s",
            "scrape_timeout": "30s",
            "honor_labels": True,
            "sample_limit": most,
            "static_configs": [{"targets": ["127.0.0.1:10115"]}],
        }
    assert "snmp" not in documents(BuildSettings(), "prometheus")["prometheus/prometheus.yml"]


def test_without_a_base_no_alert_has_a_runbook_s_link() -> None:
    rules = [rule for language in LANGUAGES for rule in built(language, "alerts") if "alert" in rule]
    assert {tuple(rule["annotations"]) for rule in rules} == {("summary", "description", "dashboard_url")}


@pytest.mark.parametrize("name", NAMES)
def test_every_alert_has_its_runbook_in_both_languages(name: str) -> None:
    text = (RUNBOOKS / f"{name}.md").read_text("utf-8")
    assert text.startswith(f"# {name}\n\n## Tiếng Việt\n")
    heads = ("Nghĩa là gì", "Kiểm tra", "Gọi ai", "What it means", "Check this", "Call whom")
    assert re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE) == list(heads)
    assert "## English\n" in text


def test_no_runbook_without_its_alert() -> None:
    assert sorted(page.stem for page in RUNBOOKS.glob("*.md")) == sorted(NAMES)


def test_every_alert_stands_on_the_page() -> None:
    page = (RUNBOOKS.parent / "alerts.md").read_text("utf-8")
    assert [name for name in NAMES if f"`{name}`" not in page] == []


def test_times_come_from_the_settings() -> None:
    settings = BuildSettings(
        scrape_seconds=2, agent_absent_seconds=77, timing=AlertTiming(resolve_hold=9, absent_after=11)
    )
    rules = {rule["alert"]: rule for rule in built("vi", "alerts", settings) if "alert" in rule}
    assert (rules["SansangConferencePointDown"]["for"], rules["SansangAgentSilent"]["for"]) == ("2s", "11s")
    assert {rule["keep_firing_for"] for rule in rules.values() if rule["labels"]["severity"] != "info"} == {"9s"}
    assert all("[77s]" in rule.expr for rule in last_known(settings))


def test_limits_come_from_the_settings() -> None:
    limits = AlertLimits(
        degraded_seconds=11, degraded_within=22, flaps=33, many_points=44, many_share=0.55, coverage=0.66,
        coverage_within=7200, min_known_ratio=0.77, backup_hours=88, burns=(Burn(3600, 300, 9.5),),
    )  # fmt: skip
    rules = {rule["alert"]: rule for rule in built("vi", "alerts", BuildSettings(limits=limits)) if "alert" in rule}
    for name, parts in {
        "SansangConferencePointDegraded": ("[22s]", ">= 11"),
        "SansangTargetFlapping": (">= 33",),
        "SansangManyPointsDown": (">= 44", ">= 0.55", ">= 0.77"),
        "SansangCoverageFalling": ("< 0.66", "offset 2h"),
        "SansangBackupFailing": ("[88h]", "> 316800"),
        "SansangBudgetBurning": ("burnrate1h > 9.5", "burnrate5m > 9.5"),
    }.items():
        assert [part for part in parts if part not in rules[name]["expr"]] == [], name
    assert rules["SansangBudgetBurning"]["labels"] == {"severity": "warning", "window": "1h"}


def test_limits_of_devices_come_from_the_settings() -> None:
    devices = DeviceLimits(
        averaged=11, port_down=12, port_in_order=13, port_flaps=14, port_errors=15, port_utilisation=0.16,
        broadcast=0.17, cpu=0.18, memory=0.19, celsius=20, receive_power=-21, rsrp=-22, sinr=-23, battery_seconds=24,
        battery_charge=0.25, news=26,
    )  # fmt: skip
    settings = BuildSettings(limits=AlertLimits(devices=devices))
    rules = {rule["alert"]: rule for rule in built("vi", "alerts", settings) if "alert" in rule}
    for name, parts in {
        "SansangPortDown": ("[13s]) == 0",),
        "SansangPortFlapping": (">= 14",),
        "SansangPortErrors": ("> 15", "[11s]) > 15"),
        "SansangPortSaturated": ("> 0.16", "[11s]) > 0.16"),
        "SansangBroadcastStorm": ("> 0.17",),
        "SansangDeviceOverloaded": ("[11s]) > 0.18", "[11s]) > 0.19"),
        "SansangDeviceHot": ("> 20", "[11s]) > 20"),
        "SansangSignalWeak": ("< -21", "< -22", "< -23"),
        "SansangUpsBatteryLow": ("< 24", "< 0.25"),
        "SansangDeviceRebooted": ("< 26",),
        "SansangPowerCut": ("> time() - 26",),
        "SansangLineCut": ("> time() - 26",),
    }.items():
        assert [part for part in parts if part not in rules[name]["expr"]] == [], name
    assert (rules["SansangPortDown"]["for"], rules["SansangUpsReplaceBattery"]["for"]) == ("12s", "11s")


def test_a_level_is_called_as_the_inventory_calls_it_whatever_it_is_called() -> None:
    levels = (LevelName("ward", {"vi": 'Phường {{ "x" }}', "en": "Ward"}),)
    (rule,) = (rule for rule in built("vi", "alerts", BuildSettings(levels=levels)) if rule.get("alert") == MANY)
    assert r'{{ if eq $labels.level "ward" }}{{ "Phường {{ \"x\" }}" }}{{ else }}' in rule["annotations"]["description"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_prometheus_loads_the_rules_of_the_language(language: str) -> None:
    text = documents(BuildSettings(language=language, agent="[::1]:1"), "prometheus")["prometheus/prometheus.yml"]
    config = YAML(typ="safe").load(text)
    assert config["rule_files"] == [f"rules/{language}/*.yml"]
    assert config["scrape_configs"] == [{"job_name": "sansang", "static_configs": [{"targets": ["[::1]:1"]}]}]
