"""docs/metrics.md from the catalogue: ``python -m exporters.pages.metrics > docs/metrics.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from exporters.catalog import METRICS, Metric, Scope

_HEAD = """\
# Metrics

Generated from `exporters/catalog.py` by `python -m exporters.pages.metrics > docs/metrics.md`; do not edit.

- `GET /metrics` ([http.md](http.md)) gives classic text (0.0.4) or OpenMetrics 1.0. Sample names are the same in both.
  OpenMetrics knows the type info; in classic text an `..._info` series is a gauge that is 1.
- Base units, ratios from 0 to 1, times as Unix time. Values of a target are those of its last run, which
  `sansang_probe_timestamp_seconds` dates; nothing is probed because somebody scrapes.
- Series of targets carry `role`, `site` and `target` only. Names, units and levels are joined on:
  `sansang_target_up * on (target) group_left (name, unit) sansang_target_info`.
- What is not known is absent, not 0: see the row of each metric. A target that leaves the inventory vanishes at once.
- Label values come from the inventory and from closed sets (states, reasons, phases), never from a device, an error
  text or a request. Names are shown in NFC on one line, without control characters and bidirectional overrides.
- No personal data: contacts appear nowhere.

Cost, measured with `benchmarks/exposition.py` (15,384 targets, 399,984 series, 2 cores, CPU seconds): a target's 26
numbers are put in place in 6-9 us when its probe ends; a scrape writes them as lines and packs them (gzip level 1) in
0.34-0.39 s, 43 MB as 3.2 MB, in a thread; with nothing changed 1.4 ms. prometheus_client builds the same in 3 s.
While a scrape was rendered, updates came late by 4 ms at most.
"""
_TITLES = {
    Scope.TARGET: "Targets",
    Scope.SITE: "Sites",
    Scope.UNIT: "Units",
    Scope.PATH: "Paths",
    Scope.SHEET: "Score sheets",
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
