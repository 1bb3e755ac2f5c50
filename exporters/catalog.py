"""Every metric of the agent: name, type, labels, help, and where its value comes from.

Metric names are spelled here, in catalog_agent.py and in the metrics.py of each protocol's folder; whoever reads them
elsewhere is held to METRICS by a test. A family is named as
OpenMetrics names it; ``sample`` is the name of its samples in both formats (``_total`` for counters, ``_info`` for
info).
"""

from __future__ import annotations

from dataclasses import replace

from agent.availability.periods import MONTHS
from agent.model import MetricFamily
from agent.probes.registry import PROBES
from exporters import target_values
from exporters.catalog_agent import AGENT, LATENESS
from exporters.metric import Fact, Kind, Metric, Scope, TargetValue, TargetValues
from exporters.target_values import STATE_NAMES

__all__ = [
    "AGENT",
    "LATENESS",
    "STATE_NAMES",
    "Fact",
    "Kind",
    "Metric",
    "Scope",
    "TargetValue",
    "TargetValues",
]  # re-exported, beside what is below

TARGET_LABELS = ("role", "site", "target")


def _target(name: str, text: str, value: TargetValue, kind: Kind = Kind.GAUGE) -> Metric:
    return Metric(name, kind, Scope.TARGET, text, TARGET_LABELS, value=value)


def _by(name: str, text: str, label: str, values: TargetValues, kind: Kind = Kind.COUNTER) -> Metric:
    labels = tuple(sorted((*TARGET_LABELS, label)))
    return Metric(name, kind, Scope.TARGET, text, labels, label, values=values)


def _by_state(name: str, text: str, values: TargetValues) -> Metric:
    return replace(_by(name, text, "state", values), keys=STATE_NAMES)


def _measurements() -> tuple[Metric, ...]:
    """The families that the protocols declare, each once: several protocols may fill one."""
    facts: dict[MetricFamily, list[Fact]] = {}
    for probe, spec in PROBES.items():
        for measurement in spec.declaration.measurements:
            facts.setdefault(measurement.family, []).append(Fact(probe, measurement.field))
    return tuple(_family(family, tuple(fields)) for family, fields in facts.items())


def _family(family: MetricFamily, facts: tuple[Fact, ...]) -> Metric:
    labels = tuple(sorted((*TARGET_LABELS, family.label))) if family.label else TARGET_LABELS
    return Metric(family.name, Kind.GAUGE, Scope.TARGET, family.help, labels, family.label, facts=facts)


TARGET_INFO = Metric(
    "sansang_target",
    Kind.INFO,
    Scope.TARGET,
    "Labels of a target to join on: its name, unit, module, probe and address, and the observer that probes it.",
    ("address", "calendar", "module", "name", "observer", "probe", "role", "site", "target", "unit"),
)
TARGET_SLO = Metric(
    "sansang_target_slo_ratio",
    Kind.GAUGE,
    Scope.TARGET,
    "Availability objective (slo) of the target, 0 to 1; absent without one.",
    TARGET_LABELS,
)
SITE_INFO = Metric(
    "sansang_site",
    Kind.INFO,
    Scope.SITE,
    "Labels of a site to join on: its name, unit, profile, calendar and, where known, its coordinates in degrees.",
    ("calendar", "latitude", "longitude", "name", "profile", "site", "unit"),
)
UNIT_INFO = Metric(
    "sansang_unit",
    Kind.INFO,
    Scope.UNIT,
    "Labels of an administrative unit to join on: its name, level, parent unit and official code.",
    ("code", "level", "name", "parent", "unit"),
)
LEDGER_DAILY_HEAD = Metric(
    "sansang_ledger_daily_head",
    Kind.INFO,
    Scope.AGENT,
    "Number and hash of the ledger's newest row at the agent's start, then at midnight; absent while it is empty.",
    ("hash", "seq"),
)
BUILD_INFO = Metric(
    "sansang_build",
    Kind.INFO,
    Scope.AGENT,
    "Version of the agent and of its Python, its observer name, and the random id of its installation.",
    ("installation", "observer", "python", "version"),
)
SITE_READY = Metric(
    "sansang_site_ready",
    Kind.GAUGE,
    Scope.SITE,
    "1 when an uplink and every lan and conference target of the site is up or degraded, 0 when all uplinks or one of"
    " the others are down, else absent. At a site with `uplinks: all` every uplink must work.",
    ("site",),
)
SITE_LAN_READY = Metric(
    "sansang_site_lan_ready",
    Kind.GAUGE,
    Scope.SITE,
    "1 when every lan target of the site is up or degraded and no port that matters is down, else 0; absent while the"
    " state of a lan target is unknown, and at a site without one.",
    ("site",),
)
SITE_OUTAGE_END = Metric(
    "sansang_site_outage_end_timestamp_seconds",
    Kind.GAUGE,
    Scope.SITE,
    "When everything at the site was last down at once and came back, Unix time, by what its devices tell of the cause:"
    " power, line or unknown. Absent until that is decided, and at sites without a device that is asked about itself.",
    ("cause", "site"),
)
UNIT_TARGETS = Metric(
    "sansang_unit_targets",
    Kind.GAUGE,
    Scope.UNIT,
    "Targets of the unit's own sites (not of units below it) by role and confirmed state, zeros included; devices that"
    " are only asked about themselves (SNMP) are not counted.",
    ("role", "state", "unit"),
)
PATH_UP = Metric(
    "sansang_path_up",
    Kind.GAUGE,
    Scope.PATH,
    "1 while the agent's own path to the targets behind it works, 0 while it is lost; absent before the first verdict.",
    ("path",),
)

_MONTHS = ("period", "role", "site", "target")
AVAILABILITY_RATIO = Metric(
    "sansang_availability_ratio",
    Kind.GAUGE,
    Scope.TARGET,
    "Share of the known time in which the target worked, in its own SLO calendar, this_month or last_month, planned"
    " maintenance excluded. Computed from the ledger every few minutes; read it with its coverage. Absent while nothing"
    " is known.",
    _MONTHS,
    "period",
    keys=MONTHS,
)
COVERAGE_RATIO = Metric(
    "sansang_coverage_ratio",
    Kind.GAUGE,
    Scope.TARGET,
    "Share of the period's counted time in which the state was known; below 0.95 the availability says too little.",
    _MONTHS,
    "period",
    keys=MONTHS,
)

_ROW = ("criterion", "sheet", "unit")
SCORE_POINTS = Metric(
    "sansang_score_points",
    Kind.GAUGE,
    Scope.SHEET,
    "Points of a unit for a criterion of a score sheet named in the configuration, this year so far; computed once a"
    " day. Absent while the value is pending, and of all criteria where they would be more than 5000 series.",
    _ROW,
)
SCORE_POINTS_MAX = Metric(
    "sansang_score_points_max",
    Kind.GAUGE,
    Scope.SHEET,
    "Points that the criterion is worth, beside sansang_score_points; there while it is pending too.",
    _ROW,
)
SCORE_EARNED_POINTS = Metric(
    "sansang_score_earned_points",
    Kind.GAUGE,
    Scope.SHEET,
    "Points of a unit by the whole sheet, this year so far; what is pending earns nothing yet.",
    ("sheet", "unit"),
)
SCORE_PENDING_POINTS = Metric(
    "sansang_score_pending_points",
    Kind.GAUGE,
    Scope.SHEET,
    "Points that the unit's pending criteria are worth together.",
    ("sheet", "unit"),
)
SCORE_SHEET_POINTS_MAX = Metric(
    "sansang_score_sheet_points_max",
    Kind.GAUGE,
    Scope.SHEET,
    "Points that all criteria of the sheet are worth together.",
    ("sheet",),
)
SCORE_TIMESTAMP = Metric(
    "sansang_score_timestamp_seconds",
    Kind.GAUGE,
    Scope.SHEET,
    "Until when the scores of the sheet count, Unix time: the moment of the last computation.",
    ("sheet",),
)
SCORES = (
    SCORE_POINTS,
    SCORE_POINTS_MAX,
    SCORE_EARNED_POINTS,
    SCORE_PENDING_POINTS,
    SCORE_SHEET_POINTS_MAX,
    SCORE_TIMESTAMP,
)

STATES = (
    _target(
        "sansang_target_up",
        "Confirmed state: 1 up or degraded, 0 down; absent while unknown.",
        target_values.up,
    ),
    _target(
        "sansang_target_state",
        "Confirmed state as a number: 0 down, 1 up, 2 degraded, 3 unknown.",
        lambda view: view.state,
    ),
    _target(
        "sansang_target_state_since_timestamp_seconds",
        "When the confirmed state began, Unix time in whole seconds, back-dated to the first run that showed it.",
        lambda view: round(view.since_wall_ms / 1000),
    ),
    _by(
        "sansang_target_down_reason",
        "1 for the reason why the target went down; absent unless it is down.",
        "reason",
        target_values.down_reason,
        Kind.GAUGE,
    ),
    _by(
        "sansang_target_degraded_reason",
        "1 for the reason why the target became degraded; absent unless it is degraded.",
        "reason",
        target_values.degraded_reason,
        Kind.GAUGE,
    ),
    _target(
        "sansang_target_last_known_up",
        "Like sansang_target_up, but kept while unknown and restored at start; absent before the first verdict.",
        target_values.last_known_up,
    ),
    _by_state(
        "sansang_target_state_seconds",
        "Seconds spent in each state since the agent started; only time whose state is final is counted.",
        target_values.state_seconds,
    ),
    _target(
        "sansang_target_upstream_down",
        "1 while a parent that is down (last known state) explains this target's outage, else 0.",
        lambda view: view.upstream is not None,
    ),
    _target(
        "sansang_target_silent_but_passing",
        "1 while the target itself is unreachable (last known state: down) but something behind it answers, else 0.",
        lambda view: view.silent_but_passing,
    ),
    _target(
        "sansang_target_in_maintenance",
        "1 during a maintenance window of the target that was recorded before it began, else 0.",
        lambda view: view.in_maintenance,
    ),
)

RUNS = (
    _target(
        "sansang_probe_success",
        "1 if the last run succeeded, 0 if it failed; absent before the first run and after a local error.",
        target_values.success,
    ),
    _target(
        "sansang_probe_duration_seconds",
        "Duration of the whole last run.",
        lambda view: None if view.last_run is None else view.last_run.result.took_seconds,
    ),
    _target(
        "sansang_probe_timestamp_seconds",
        "Start of the last run, Unix time; all values of a target come from this run.",
        lambda view: None if view.last_run is None else view.last_run.start_wall_ms / 1000,
    ),
    _target("sansang_probes", "Completed runs.", lambda view: view.probes, Kind.COUNTER),
    _target("sansang_probe_failures", "Runs that failed.", lambda view: view.failures, Kind.COUNTER),
    _by(
        "sansang_probe_failure_reasons",
        "Failed runs by reason; only reasons seen since the agent started.",
        "reason",
        lambda view: [(reason.value, count) for reason, count in view.failure_reasons.items()],
    ),
    _target(
        "sansang_probe_local_errors",
        "Runs that ended in a fault of the agent's own machine; they say nothing about the target.",
        lambda view: view.local_errors,
        Kind.COUNTER,
    ),
)

_DEVICES = (
    _by(
        "sansang_port_failed",
        "1 while a port that matters (named, or in use on office days) is at fault, else 0; absent while its device is"
        " down.",
        "port",
        target_values.port_failed,
        Kind.GAUGE,
    ),
    _by(
        "sansang_port_failed_since_timestamp_seconds",
        "When the fault of such a port began, Unix time in whole seconds; absent while it is in order. Kept over a"
        " restart of the agent.",
        "port",
        target_values.port_failed_since,
        Kind.GAUGE,
    ),
    _by(
        "sansang_component_failed",
        "1 while a part that is no port (a UPS's mains, a battery, a fan) is at fault, else 0; absent while its device"
        " is down.",
        "component",
        target_values.component_failed,
        Kind.GAUGE,
    ),
    _by(
        "sansang_component_failed_since_timestamp_seconds",
        "When the fault of such a part began, Unix time in whole seconds; absent while it is in order.",
        "component",
        target_values.component_failed_since,
        Kind.GAUGE,
    ),
    _target(
        "sansang_device_boot_timestamp_seconds",
        "When the device began to run, Unix time in whole seconds; the same until it begins anew, and over a restart of"
        " the agent.",
        target_values.booted,
    ),
)
DEVICES = tuple(replace(metric, of_devices=True) for metric in _DEVICES)

MEASUREMENTS = _measurements()
UNEXPOSED_FACTS = {
    Fact(probe, field): why for probe, spec in PROBES.items() for field, why in spec.declaration.unexposed.items()
}
"""Numeric facts without a metric, and why."""

TARGET_ROWS = (*STATES, *RUNS, *DEVICES, *MEASUREMENTS)
METRICS = (
    TARGET_INFO,
    TARGET_SLO,
    *TARGET_ROWS,
    AVAILABILITY_RATIO,
    COVERAGE_RATIO,
    SITE_INFO,
    SITE_READY,
    SITE_LAN_READY,
    SITE_OUTAGE_END,
    UNIT_INFO,
    UNIT_TARGETS,
    PATH_UP,
    *SCORES,
    BUILD_INFO,
    LEDGER_DAILY_HEAD,
    LATENESS,
    *AGENT,
)
"""Every family, in the order of the exposition."""
