from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

from agent.model import Facts
from agent.probes.declared import REASONS
from agent.probes.registry import PROBES
from exporters.catalog import AGENT, METRICS, TARGET_ROWS, UNEXPOSED_FACTS, Fact, Kind, Scope
from exporters.pages.metrics import page

UNITS = ("seconds", "bytes", "ratio")
ROOT = Path(__file__).parents[2]


def _numeric(facts: type[Facts]) -> set[str]:
    hints = get_type_hints(facts)
    numbers = {int, float, bool}
    pairs = tuple[tuple[str, float], ...]
    return {
        field.name
        for field in fields(facts)  # type: ignore[arg-type]
        if hints[field.name] == pairs or {hints[field.name], *get_args(hints[field.name])} & numbers
    }


def test_every_number_of_a_probe_has_a_metric_or_a_reason_for_none() -> None:
    shown = {fact for metric in METRICS for fact in metric.facts}
    there = {Fact(name, field) for name, spec in PROBES.items() for field in _numeric(spec.facts)}
    assert shown | set(UNEXPOSED_FACTS) == there
    assert not shown & set(UNEXPOSED_FACTS)


def test_names_follow_the_conventions() -> None:
    names = [metric.sample for metric in METRICS]
    assert len(set(names)) == len(names)
    for metric in METRICS:
        assert re.fullmatch("sansang_[a-z0-9]+(_[a-z0-9]+)*", metric.name)
        assert not metric.name.endswith(("_total", "_info", "_count", "_sum", "_bucket", "_created"))
        assert list(metric.labels) == sorted(metric.labels)
        assert not set(metric.labels) & {"type", "region", "zone", "env", "service", "owner", "le", "quantile"}
        assert re.fullmatch(r"[A-Za-z0-9][^\n\\\"]*\.", metric.help)


def test_every_row_has_one_source() -> None:
    for metric in TARGET_ROWS:
        assert sum((metric.value is not None, metric.values is not None, bool(metric.facts))) == 1
        assert bool(metric.label) == (set(metric.labels) > {"role", "site", "target"})
        assert metric.values is None or metric.label
    for metric in AGENT:
        assert (metric.agent is None) == (metric.agents is not None)
        assert metric.scope is Scope.AGENT


def test_reasons_and_states_fit_into_labels() -> None:
    assert all(re.fullmatch("[a-z0-9_]+", word) for word in REASONS)


def test_counters_are_told_from_gauges() -> None:
    counters = {metric.name for metric in METRICS if metric.kind is Kind.COUNTER}
    assert {"sansang_probes", "sansang_target_state_seconds", "sansang_local_errors"} <= counters


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8") == page()
