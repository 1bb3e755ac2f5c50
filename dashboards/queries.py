"""PromQL from the metric catalogue: the only place that spells a selector, so that a renamed metric fails the build."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from dashboards.display_values import DASH, SILENT, UNSURE
from exporters.catalog import LATENESS, METRICS

SAMPLES = {metric.sample: metric for metric in METRICS} | {
    f"{LATENESS.name}{end}": LATENESS for end in ("_bucket", "_sum", "_count")
}


SCRAPES = ("scrape_duration_seconds", "scrape_samples_scraped")
"""Series that Prometheus itself writes about each scrape."""

ALERTS = ("ALERTS", "ALERTS_FOR_STATE")
"""Series that Prometheus itself writes about its alerts, while it loads our rules."""


def select(sample: str, *matchers: str) -> str:
    """``sample{matchers}``; matchers as PromQL writes them: ``role="conference"``, ``site=~"$site"``.

    Raises KeyError for a sample that the catalogue does not have, ValueError for a label that it does not carry.
    """
    metric = SAMPLES[sample]
    labels = {*metric.labels, "le", "job", "instance"}
    for matcher in matchers:
        label = re.split("[=!]", matcher, maxsplit=1)[0]
        if label not in labels:
            raise ValueError(f"{sample} has no label {label!r}, it has {', '.join(metric.labels)}")
    return f"{sample}{{{', '.join(matchers)}}}" if matchers else sample


AGENT = 'instance=~"$agent"'
"""Matcher of the agents that a board shows: its variable, all of them at first."""


def series(sample: str, *matchers: str) -> str:
    """The selector of ``select``, limited to the agents that the board shows."""
    return select(sample, AGENT, *matchers)


def scraped(sample: str) -> str:
    """One of SCRAPES, for the agents that the board shows and no other job of Prometheus.

    Raises KeyError for any other.
    """
    if sample not in SCRAPES:
        raise KeyError(sample)
    return f"{sample} and on (job, instance) {series('sansang_build_info')}"


def firing_since() -> str:
    """Start of each firing alert of ours (Unix seconds), for the agents shown, with all its labels.

    An alert about an agent that is not scraped at all has no instance; it is shown whatever agents are chosen.
    """
    matchers = 'alertname=~"Sansang.+", severity!="info", instance=~"$agent|"'
    return f'(ALERTS_FOR_STATE{{{matchers}}} and ignoring (alertstate) ALERTS{{alertstate="firing", {matchers}}})'


def last_scraped() -> str:
    """Time of the newest sample of each agent that is scraped (Unix seconds), by instance."""
    return f"max by (instance) (timestamp({series('sansang_build_info')}))"


def silent_since() -> str:
    """Time of the newest sample of each silent agent within the last day; older than ten minutes it is exact to five.

    Prometheus evaluates every step of a subquery: a whole day at the scrape interval would take it a second.
    """
    build = series("sansang_build_info")
    newest = (f"max_over_time(timestamp({build})[{reach}])" for reach in ("10m:15s", "1d:5m"))
    return f"(max by (instance) ({' or '.join(newest)}) unless on (instance) {build})"


def silent_agents() -> str:
    """A series for each agent that was scraped within a day and is not now; one of an agent called DASH without any."""
    build = series("sansang_build_info")
    return f"(count by (instance) (last_over_time({build}[1d])) unless on (instance) {build} or on () {no_agent()})"


def no_agent() -> str:
    """One series of an agent called DASH while no agent is scraped."""
    return _labelled(f"absent({series('sansang_build_info')})", {"instance": DASH})


def or_silent(expr: str, counted: str = "", **labels: str) -> str:
    """An expression, and SILENT for each silent agent, so that the gap it leaves is visible.

    counted: only for agents that had such series within the day, unless no agent is known at all;
    labels: the labels of its series, with literal values.
    """
    agents = silent_agents()
    if counted:
        remembered = f"last_over_time({series('sansang_build_info')}[1d])"
        agents = f"({agents} unless on (instance) ({remembered} unless on (instance) last_over_time({counted}[1d])))"
    return f"{expr} or {_labelled(f'{agents} * 0 - {-SILENT}', labels)}"


def silent_rows() -> str:
    """SILENT for each silent agent, with the agent in place of a target: in ``target`` and ``name``."""
    return label_from(label_from(f"{silent_agents()} * 0 - {-SILENT}", "target", "instance"), "name", "instance")


def or_placeholder(expr: str, none: str, value: float, silence: str, label: str = "name") -> str:
    """An expression over time, with one placeholder row where it has no series.

    The row is called ``none`` and has this value; while no agent is scraped it is called ``silence`` and has SILENT.
    """
    build = series("sansang_build_info")
    placeholder = _labelled(f"count({build}) * 0 + {value}", {label: none})
    return f"{expr} or on () {placeholder} or on () {_labelled(f'absent({build}) * {SILENT}', {label: silence})}"


def of_live_agents(expr: str) -> str:
    """Only the series of agents that are scraped now, for expressions that look back."""
    return f"({expr} and on (instance) {series('sansang_build_info')})"


def unsure(count: str, unknown: str) -> str:
    """A count without labels; UNSURE in place of 0 while the state of some is unknown."""
    return f"{count} + {UNSURE} * ({count} == bool 0) * ({unknown} > bool 0)"


def _labelled(expr: str, labels: Mapping[str, str]) -> str:
    for name, text in labels.items():
        expr = f'label_replace({expr}, "{name}", {_quoted(text)}, "", "")'
    return expr


def _quoted(text: str) -> str:
    return json.dumps(text.replace("$", "$$"), ensure_ascii=False)


def with_place_name(expr: str) -> str:
    """With the label ``name``: the target's, else the site's, else an id while the agent is silent."""
    site = f"{expr} * on (instance, site) group_left (name) {series('sansang_site_info')}"
    ids = expr
    for label in ("instance", "path", "site", "target"):
        ids = label_from(ids, "name", label)
    return f"({with_info(expr, 'name')} or ignoring (name) {site} or ignoring (name) {ids})"


def label_from(expr: str, label: str, source: str) -> str:
    """With a copy of the label ``source`` as ``label``, on series that have it."""
    return f'label_replace({expr}, "{label}", "$1", "{source}", "(.+)")'


def label_of(expr: str, label: str, value: str, source: str, pattern: str) -> str:
    """With a label of that value where the whole source label matches the pattern; "" matches a missing label."""
    return f'label_replace({expr}, "{label}", "{value}", "{source}", "{pattern}")'


def k_of_n(by: str, k: str, n: str, down: str, unknown: str) -> str:
    """How many are down, one series for each label ``by``, with the numbers k and n as labels to write "k/n" with.

    All four must have exactly the label ``by``. UNKNOWN counts in n and not in k, and adds UNSURE: the
    value chooses the colour.
    """
    joined = [
        f'* on ({by}) group_left ({name}) count_values by ({by}) ("{name}", {expr})'
        for name, expr in (("k", k), ("n", n))
    ]
    return " ".join([f"({down} + {UNSURE} * ({unknown} > bool 0))", *joined])


def targets(by: str, states: str, *matchers: str, of: str = "") -> str:
    """Number of targets in these states (a pattern), zeros included, summed by a label of ``sansang_unit_targets``.

    of: take the label from this info metric of the unit instead.
    """
    counts = series("sansang_unit_targets", f'state=~"{states}"', *matchers)
    joined = f"{counts} * on (instance, unit) group_left ({by}) {series(of)}" if of else counts
    return f"sum by ({by}) ({joined})"


def ready(by: str, *matchers: str, of: str = "") -> str:
    """``k_of_n`` with k for up or degraded and n for all; dashes for a silent agent that had such targets."""
    k, n, down, unknown = (
        targets(by, pattern, *matchers, of=of) for pattern in ("up|degraded", ".+", "down", "unknown")
    )
    counted = series("sansang_unit_targets", *matchers) if matchers else ""
    return or_silent(k_of_n(by, k, n, down, unknown), counted, k=DASH, n=DASH)


def with_info(expr: str, *names: str) -> str:
    """With labels of ``sansang_target_info``, joined on the target."""
    return f"{expr} * on (instance, target) group_left ({', '.join(names)}) {series('sansang_target_info')}"


def with_unique_name(expr: str) -> str:
    """With the target's name, followed by the agent where several watch that target: names are unique."""
    info = series("sansang_target_info")
    several = f'label_join({info}, "name", " · ", "name", "instance") and on (target) (count by (target) ({info}) > 1)'
    return f"{expr} * on (instance, target) group_left (name) ({several} or on (instance, target) {info})"


LINE = "line"
"""The label that joins the queries of one table: one line for each agent and target."""


def line(expr: str) -> str:
    """With the label LINE, for series that have an agent and a target."""
    return f'label_join({expr}, "{LINE}", " ", "instance", "target")'


def without_snmp_checks(expr: str) -> str:
    """Without checks that only ask a device about itself: they count in nothing."""
    asked = series("sansang_target_info", 'probe="snmp"', 'role="device"')
    return f"({expr} unless on (instance, target) {asked})"


def port_line(expr: str) -> str:
    """With the label LINE, for series that have a port besides."""
    return f'label_join({expr}, "{LINE}", " ", "instance", "target", "port")'


def port_figure(expr: str) -> str:
    """As ``port_line``, without any other label: a label that two joined queries have becomes two columns."""
    return f"max by ({LINE}) ({port_line(expr)})"


def score_line(expr: str) -> str:
    """With the label LINE, for series of a criterion of a unit."""
    return f'label_join({expr}, "{LINE}", " ", "instance", "sheet", "criterion", "unit")'


def score_figure(expr: str) -> str:
    """As ``score_line``, without any other label."""
    return f"max by ({LINE}) ({score_line(expr)})"


def of_live_or_all(expr: str) -> str:
    """Only the series of agents that are scraped now, or all while none is, for expressions that look back."""
    build = series("sansang_build_info")
    return f"({expr} and on (instance) ({build} or on () last_over_time({build}[$__range])))"


def short_name(expr: str) -> str:
    """With the target's name, without its site's name."""
    return without_site(with_info(expr, "name"))


def without_site(expr: str) -> str:
    """Without the site's name, which the inventory puts before the names of a profile's checks."""
    return f'label_replace({expr}, "name", "$1", "name", "[^:]+: (.+)")'


def with_site(expr: str) -> str:
    """With the label ``place``, the name of the site."""
    sites = f'label_replace({series("sansang_site_info")}, "place", "$1", "name", "(.*)")'
    return f"{expr} * on (instance, site) group_left (place) {sites}"


def with_display_name(expr: str, label: str, names: Mapping[str, str]) -> str:
    """With the label ``name``: the display name of that label's value (an id), else the id itself.

    A blank follows the name, for a legend that goes on; a series without the label gets neither. The id stays as a
    label, because two ids may share a name.
    """
    expr = f'label_replace({expr}, "name", "$1 ", "{label}", "(.+)")'
    for value, name in names.items():
        expr = f'label_replace({expr}, "name", {_quoted(f"{name} ")}, "{label}", "{value}")'
    return expr
