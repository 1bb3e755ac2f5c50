"""The rules as data: names of the catalogue, both languages, links, pages, and the order that they rely on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from dashboards.build import documents
from dashboards.rules import row
from dashboards.rules.every import alerts, stood_on
from dashboards.rules.recording import READINESS, known
from dashboards.rules.waiting import OPEN
from dashboards.settings import LANGUAGES, Pace, Settings
from exporters.catalog import METRICS

RUNBOOKS = Path(__file__).parents[2] / "docs/runbooks"
NAMES = [alert.name for alert in alerts(Settings())]
SAMPLES = {metric.sample for metric in METRICS}
PROMETHEUS_OWN = {"up", "ALERTS"}
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAME = re.compile(r"(?<![\w:])(?:[a-z_]+:)?(?:sansang_\w+|up|ALERTS)(?::\w+)?(?![\w:(])")


def built(language: str, file: str, settings: Settings | None = None) -> list[dict[str, Any]]:
    text = documents(settings or Settings(), "rules")[f"prometheus/rules/{language}/{file}.yml"]
    return [rule for group in YAML(typ="safe").load(text)["groups"] for rule in group["rules"]]


def names_in(expr: str) -> set[str]:
    return set(_NAME.findall(_STRINGS.sub('""', expr)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_expression_uses_names_of_the_catalogue_and_recorded_ones(language: str) -> None:
    rules = built(language, "recording") + built(language, "alerts")
    recorded = {rule["record"] for rule in rules if "record" in rule}
    assert recorded == {rule.name for rule in (*READINESS, *stood_on(Settings()))}
    used = {name for rule in rules for name in names_in(rule["expr"])}
    assert used - SAMPLES - recorded - PROMETHEUS_OWN == set()
    assert {row.BLAMED, row.PATHS, "sansang_target_in_maintenance", "sansang_target_upstream_down"} <= used


def test_recorded_names_say_level_metric_and_operation() -> None:
    for rule in (*READINESS, *known(Settings())):
        level, metric, operation = rule.name.split(":")
        assert any(metric == sample for sample in SAMPLES), rule.name
        assert level in {"level_role", "target", "path"}
        assert operation


def test_what_alerts_stand_on_is_recorded_before_them_in_the_same_group() -> None:
    """Rules of one group run in order: an alert never sees what was recorded an evaluation ago."""
    rules = built("vi", "alerts")
    before = stood_on(Settings())
    assert [rule.get("record") for rule in rules[: len(before)]] == [rule.name for rule in before]
    assert [rule.name for rule in before] == [row.BLAMED, row.PATHS, OPEN]
    assert all("alert" in rule for rule in rules[len(before) :])


def test_warnings_wait_for_the_office_unless_they_should_not() -> None:
    """What is told goes on at any hour; what is critical never waits."""
    for settings, waits in ((Settings(), True), (Settings(warnings_wait=False), False)):
        for rule in (rule for rule in built("vi", "alerts", settings) if "alert" in rule):
            warning = rule["labels"]["severity"] == "warning"
            assert (OPEN in rule["expr"]) == (waits and warning), rule["alert"]
            if waits and warning:
                told = f'ALERTS{{alertname="{rule["alert"]}", alertstate="firing"}}'
                assert rule["expr"].endswith(f"and ignoring (alertname, alertstate, severity) {told}")


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
    settings = Settings(runbook_url="https://books", grafana_url="https://boards")
    (rule,) = (rule for rule in built("en", "alerts", settings) if rule.get("alert") == name)
    assert rule["labels"].keys() == {"severity"}
    assert rule["labels"]["severity"] in set(row.Severity)
    assert rule["annotations"].keys() == {"summary", "description", "runbook_url", "dashboard_url"}
    assert "{{" not in rule["annotations"]["summary"]
    assert rule["annotations"]["runbook_url"] == f"https://books/{name}.md"
    board = re.match(r"https://boards/d/([a-z-]+)", rule["annotations"]["dashboard_url"])
    assert board is not None
    assert f"grafana/boards/en/{board[1]}.json" in documents(Settings())


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
    settings = Settings(scrape_seconds=2, agent_absent_seconds=77, pace=Pace(settle=9, silent=11))
    rules = {rule["alert"]: rule for rule in built("vi", "alerts", settings) if "alert" in rule}
    assert (rules["SansangConferencePointDown"]["for"], rules["SansangAgentSilent"]["for"]) == ("2s", "11s")
    assert {rule["keep_firing_for"] for name, rule in rules.items() if name != "SansangWatchdog"} == {"9s"}
    assert all("[77s]" in rule.expr for rule in known(settings))


@pytest.mark.parametrize("language", LANGUAGES)
def test_prometheus_loads_the_rules_of_the_language(language: str) -> None:
    text = documents(Settings(language=language, agent="[::1]:1"), "prometheus")["prometheus/prometheus.yml"]
    config = YAML(typ="safe").load(text)
    assert config["rule_files"] == [f"rules/{language}/*.yml"]
    assert config["scrape_configs"] == [{"job_name": "sansang", "static_configs": [{"targets": ["[::1]:1"]}]}]
