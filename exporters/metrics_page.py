"""docs/metrics.md from the catalogue: ``python -m exporters.metrics_page > docs/metrics.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from exporters.catalog import METRICS, Metric, Scope

_HEAD = """\
# Metrics

Generated from `exporters/catalog.py` by `python -m exporters.metrics_page`; do not edit.
"""
_TITLES = {
    Scope.TARGET: "Targets",
    Scope.SITE: "Sites",
    Scope.UNIT: "Units",
    Scope.PATH: "Paths",
    Scope.AGENT: "The agent about itself",
}


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    for scope, title in _TITLES.items():
        yield from (f"## {title}", "", "| Metric | Type | Labels | Meaning |", "|---|---|---|---|")
        yield from (_row(metric) for metric in METRICS if metric.scope is scope)
        yield ""


def _row(metric: Metric) -> str:
    labels = " ".join(f"`{label}`" for label in metric.labels)
    probes = ", ".join(f"{fact.probe} `{fact.field}`" for fact in metric.facts)
    source = f" From: {probes}." if probes else ""
    return f"| `{metric.sample}` | {metric.kind.value} | {labels} | {metric.help}{source} |"


if __name__ == "__main__":
    sys.stdout.write(page())
