"""PromQL from the metric catalogue: the only place that spells a selector, so that a renamed metric fails the build."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from exporters.catalog import LATENESS, METRICS

SAMPLES = {metric.sample: metric for metric in METRICS} | {
    f"{LATENESS.name}{end}": LATENESS for end in ("_bucket", "_sum", "_count")
}


SCRAPES = ("scrape_duration_seconds", "scrape_samples_scraped")
"""What Prometheus itself says of each scrape."""

ALERTS = ("ALERTS", "ALERTS_FOR_STATE")
"""What Prometheus itself says of its alerts, while it loads our rules."""


def select(sample: str, *matchers: str) -> str:
    """``sample{matchers}``; matchers as PromQL writes them: ``role="conference"``, ``site=~"$site"``.

    Raises KeyError for a sample that the catalogue does not have, ValueError for a label that it does not carry.
    """
    metric = SAMPLES[sample]
    known = {*metric.labels, "le", "job", "instance"}
    for matcher in matchers:
        label = re.split("[=!]", matcher, maxsplit=1)[0]
        if label not in known:
            raise ValueError(f"{sample} has no label {label!r}, it has {', '.join(metric.labels)}")
    return f"{sample}{{{', '.join(matchers)}}}" if matchers else sample


AGENT = 'instance=~"$agent"'
"""Which agents a board shows: its variable, all of them at first."""


def shown(sample: str, *matchers: str) -> str:
    """What ``select`` gives, of the agents that the board shows."""
    return select(sample, AGENT, *matchers)


def scraped(sample: str) -> str:
    """One of SCRAPES, of the agents that the board shows and of nothing else that Prometheus asks.

    Raises KeyError for any other.
    """
    if sample not in SCRAPES:
        raise KeyError(sample)
    return f"{sample} and on (instance) {shown('sansang_build_info')}"


def told() -> str:
    """When each alert of ours that is told now began (Unix seconds), of the agents shown, with all its labels.

    An alert about an agent that is not scraped at all has no instance: it is shown whatever is chosen.
    """
    ours = 'alertname=~"Sansang.+", severity!="info", instance=~"$agent|"'
    return f'(ALERTS_FOR_STATE{{{ours}}} and ignoring (alertstate) ALERTS{{alertstate="firing", {ours}}})'


def placed(expr: str) -> str:
    """With the label ``name``: of the target, else of the site, else what there is of ids when the agent is silent."""
    site = f"{expr} * on (instance, site) group_left (name) {shown('sansang_site_info')}"
    ids = expr
    for label in ("instance", "path", "site", "target"):
        ids = label_from(ids, "name", label)
    return f"({named(expr, 'name')} or ignoring (name) {site} or ignoring (name) {ids})"


def label_from(expr: str, label: str, source: str) -> str:
    """With a copy of a label under another name, where it has that label."""
    return f'label_replace({expr}, "{label}", "$1", "{source}", "(.+)")'


def k_of_n(by: str, k: str, n: str, value: str) -> str:
    """value, one series for each label ``by``, with the numbers k and n as labels to write "k/n" with.

    All three must have exactly the label ``by``. UNKNOWN is in n and not in k: value is what a colour is chosen by.
    """
    counted = [
        f'* on ({by}) group_left ({name}) count_values by ({by}) ("{name}", {expr})'
        for name, expr in (("k", k), ("n", n))
    ]
    return " ".join([value, *counted])


def targets(by: str, states: str, *matchers: str, of: str = "") -> str:
    """How many targets are in these states (a pattern), zeros included, summed by a label of ``sansang_unit_targets``.

    of: take the label from this info metric of the unit instead.
    """
    counts = shown("sansang_unit_targets", f'state=~"{states}"', *matchers)
    joined = f"{counts} * on (instance, unit) group_left ({by}) {shown(of)}" if of else counts
    return f"sum by ({by}) ({joined})"


def ready(by: str, *matchers: str, of: str = "") -> str:
    """How many are down, with k (up or degraded) and n (all) as labels."""
    k, n, down = (targets(by, states, *matchers, of=of) for states in ("up|degraded", ".+", "down"))
    return k_of_n(by, k, n, down)


def named(expr: str, *names: str) -> str:
    """With labels of ``sansang_target_info``, found by the target."""
    return f"{expr} * on (instance, target) group_left ({', '.join(names)}) {shown('sansang_target_info')}"


def short(expr: str) -> str:
    """With the target's name, without the site's name that the inventory puts before those of a profile."""
    return f'label_replace({named(expr, "name")}, "name", "$1", "name", "[^:]+: (.+)")'


def with_site(expr: str) -> str:
    """With the label ``place``, the name of the site."""
    sites = f'label_replace({shown("sansang_site_info")}, "place", "$1", "name", "(.*)")'
    return f"{expr} * on (instance, site) group_left (place) {sites}"


def renamed(expr: str, label: str, names: Mapping[str, str]) -> str:
    """Values of a label (ids) as people say them, in whatever characters; others stay as they are."""
    for value, name in names.items():
        text = json.dumps(name.replace("$", "$$"), ensure_ascii=False)
        expr = f'label_replace({expr}, "{label}", {text}, "{label}", "{value}")'
    return expr
