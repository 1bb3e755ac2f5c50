"""Every metric of the agent: name, type, labels, help, and where its value comes from.

Together with catalog_agent.py the only spelling of metric names in the project. A family is named as
OpenMetrics names it; ``sample`` is the name of its samples in both formats (``_total`` for counters, ``_info`` for
info).
"""

from __future__ import annotations

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


def _fact(name: str, text: str, *facts: str, label: str = "") -> Metric:
    """Facts are written ``probe.field``; with a label the field holds pairs of label value and number."""
    found = tuple(Fact(*fact.split(".", 1)) for fact in facts)
    labels = tuple(sorted((*TARGET_LABELS, label))) if label else TARGET_LABELS
    return Metric(name, Kind.GAUGE, Scope.TARGET, text, labels, label, facts=found)


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
UNIT_TARGETS = Metric(
    "sansang_unit_targets",
    Kind.GAUGE,
    Scope.UNIT,
    "Targets of the unit's own sites (not of units below it) by role and confirmed state, zeros included.",
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
)
COVERAGE_RATIO = Metric(
    "sansang_coverage_ratio",
    Kind.GAUGE,
    Scope.TARGET,
    "Share of the period's counted time in which the state was known; below 0.95 the availability says too little.",
    _MONTHS,
    "period",
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
    _by(
        "sansang_target_state_seconds",
        "Seconds spent in each state since the agent started; only time whose state is final is counted.",
        "state",
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

MEASUREMENTS = (
    _fact(
        "sansang_rtt_seconds",
        "Round trip of the last run: the mean of a burst of pings, or of a SIP request and its answer.",
        "icmp.rtt_mean_seconds",
        "sip.rtt_seconds",
    ),
    _fact("sansang_rtt_min_seconds", "Shortest round trip of the last burst.", "icmp.rtt_min_seconds"),
    _fact("sansang_rtt_max_seconds", "Longest round trip of the last burst.", "icmp.rtt_max_seconds"),
    _fact(
        "sansang_jitter_seconds",
        "Smoothed difference between consecutive round trips (as in RFC 3550, 6.4.1).",
        "icmp.jitter_seconds",
    ),
    _fact(
        "sansang_packet_loss_ratio",
        "Share of the packets of the last burst without an answer, 0 to 1.",
        "icmp.loss_ratio",
    ),
    _fact("sansang_packet_duplicates", "Duplicate answers in the last burst.", "icmp.duplicates"),
    _fact("sansang_reply_hop_limit", "TTL or hop limit of the last answer as received.", "icmp.hop_limit"),
    _fact(
        "sansang_mos",
        "Estimated mean opinion score of a voice call to the target, 1 to 4.5 (E-model from loss, delay and jitter).",
        "icmp.mos",
    ),
    _fact(
        "sansang_tcp_connect_seconds",
        "Duration of the TCP handshake in the last run.",
        "tcp.connect_seconds",
        "h323.connect_seconds",
    ),
    _fact("sansang_tls_handshake_seconds", "Duration of the TLS handshake in the last run.", "tcp.tls_seconds"),
    _fact(
        "sansang_tls_expiry_timestamp_seconds",
        "Earliest expiry in the verified certificate chain (in a rejected chain: as presented), Unix time.",
        "tcp.tls_expiry_timestamp_seconds",
        "http.tls_expiry_timestamp_seconds",
        "sip.tls_expiry_timestamp_seconds",
        "dns.tls_expiry_timestamp_seconds",
    ),
    _fact("sansang_http_status_code", "Status code of the last HTTP answer.", "http.status_code"),
    _fact("sansang_http_phase_seconds", "Duration of each phase of the last request.", "http.phases", label="phase"),
    _fact("sansang_http_first_byte_seconds", "Time to the first byte of the answer.", "http.first_byte_seconds"),
    _fact("sansang_http_body_bytes", "Bytes of the body that were read, after decompression.", "http.body_bytes"),
    _fact("sansang_http_redirects", "Redirects followed in the last run.", "http.redirects"),
    _fact("sansang_dns_query_seconds", "Time from the last DNS query to its answer.", "dns.rtt_seconds"),
    _fact(
        "sansang_dns_rcode", "Response code of the last DNS answer: 0 NOERROR, 2 SERVFAIL, 3 NXDOMAIN ...", "dns.rcode"
    ),
    _fact("sansang_dns_answers", "Records in the answer section of the last DNS answer.", "dns.answers"),
    _fact("sansang_dns_serial", "Serial of the zone, if the answer contained a SOA record.", "dns.serial"),
    _fact(
        "sansang_dns_authenticated",
        "1 when the last DNS answer had the AD flag (the resolver verified DNSSEC), else 0.",
        "dns.authenticated",
    ),
    _fact("sansang_sip_status_code", "Status code of the last SIP answer.", "sip.status_code"),
    _fact("sansang_point_in_use", "1 while the conference point answers busy, else 0.", "sip.in_use"),
)

EXEMPT_FACTS = {
    Fact("icmp", "sent"): "sansang_packet_loss_ratio says it",
    Fact("icmp", "received"): "sansang_packet_loss_ratio says it",
    Fact("icmp", "resolve_seconds"): "belongs to the resolver, not to the target",
    Fact("http", "http_version"): "a fact for pages; options fail a wrong one",
    Fact("http", "content_length"): "what the server claims; sansang_http_body_bytes is what came",
    **{
        Fact(probe, fact): "for /probe and pages; sansang_tls_expiry_timestamp_seconds is of the chain that counts"
        for probe in ("tcp", "http", "sip", "dns")
        for fact in ("tls_presented_expiry_timestamp_seconds", "tls_verified")
    },
    Fact("http", "close_notify_missing"): "a fact for pages; says how the body ended",
    Fact("http", "tls"): "sansang_tls_expiry_timestamp_seconds is there with TLS only",
    Fact("http", "last_modified_timestamp_seconds"): "a fact for pages",
    Fact("tcp", "expect_failed"): "probe_failed_due_to_regex of /probe; the reason says it elsewhere",
    Fact("http", "regex_failed"): "probe_failed_due_to_regex of /probe; the reason says it elsewhere",
    Fact("dns", "truncated"): "the answer came all the same; a fact for pages",
    Fact("dns", "authorities"): "a fact for pages; options fail a wrong section",
    Fact("dns", "additionals"): "a fact for pages; options fail a wrong section",
    Fact("sip", "registrar"): "says how the answer was read, which the module says too",
}
"""Numeric facts without a metric, and why."""

TARGET_ROWS = (*STATES, *RUNS, *MEASUREMENTS)
METRICS = (
    TARGET_INFO,
    TARGET_SLO,
    *TARGET_ROWS,
    AVAILABILITY_RATIO,
    COVERAGE_RATIO,
    SITE_INFO,
    SITE_READY,
    UNIT_INFO,
    UNIT_TARGETS,
    PATH_UP,
    BUILD_INFO,
    LEDGER_DAILY_HEAD,
    LATENESS,
    *AGENT,
)
"""Every family, in the order of the exposition."""
