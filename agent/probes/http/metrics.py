"""The samples of a request and its answer on ``/metrics`` and on ``/probe``."""

from __future__ import annotations

from typing import Any

from agent.model import Measurement, MetricFamily, RunGauge
from agent.probes.metrics import TLS_EXPIRY, TLS_GAUGES, TLS_UNEXPOSED, phases, plain

MEASUREMENTS = (
    Measurement("tls_expiry_timestamp_seconds", TLS_EXPIRY),
    Measurement("status_code", MetricFamily("sansang_http_status_code", "Status code of the last HTTP answer.")),
    Measurement(
        "phases",
        MetricFamily("sansang_http_phase_seconds", "Duration of each phase of the last request.", label="phase"),
    ),
    Measurement(
        "first_byte_seconds",
        MetricFamily("sansang_http_first_byte_seconds", "Time to the first byte of the answer."),
    ),
    Measurement(
        "body_bytes",
        MetricFamily("sansang_http_body_bytes", "Bytes of the body that were read, after decompression."),
    ),
    Measurement("redirects", MetricFamily("sansang_http_redirects", "Redirects followed in the last run.")),
)
UNEXPOSED = {
    **TLS_UNEXPOSED,
    "http_version": "a fact for pages; options fail a wrong one",
    "content_length": "what the server claims; sansang_http_body_bytes is what came",
    "close_notify_missing": "a fact for pages; says how the body ended",
    "tls": "sansang_tls_expiry_timestamp_seconds is there with TLS only",
    "last_modified_timestamp_seconds": "a fact for pages",
    "hsts": "one of the sums of a day in the ledger",
    "regex_failed": "probe_failed_due_to_regex of /probe; the reason says it elsewhere",
}


def _announced(facts: Any) -> float:
    if facts.status_code is None:
        return 0.0
    return -1.0 if facts.content_length is None else float(facts.content_length)


GAUGES = (
    RunGauge(
        "probe_http_duration_seconds", "Time by phase, over all redirects.", phases(lambda _, facts: facts.phases)
    ),
    RunGauge(
        "probe_http_content_length",
        "Length of the content as announced, -1 when it was not.",
        plain(lambda _, facts: _announced(facts)),
    ),
    RunGauge(
        "probe_http_uncompressed_body_length",
        "Length of the body, uncompressed.",
        plain(lambda _, facts: facts.body_bytes or 0.0),
    ),
    RunGauge("probe_http_redirects", "How many redirects were followed.", plain(lambda _, facts: facts.redirects)),
    RunGauge("probe_http_ssl", "Whether the last answer came over TLS.", plain(lambda _, facts: facts.tls)),
    RunGauge("probe_http_status_code", "Status code of the answer.", plain(lambda _, facts: facts.status_code or 0.0)),
    RunGauge("probe_http_version", "HTTP version of the answer.", plain(lambda _, facts: facts.http_version or 0.0)),
    RunGauge(
        "probe_failed_due_to_regex",
        "Whether a pattern on body or headers failed the probe.",
        plain(lambda _, facts: facts.regex_failed),
    ),
    RunGauge(
        "probe_http_last_modified_timestamp_seconds",
        "Last-Modified of the answer, in unixtime.",
        plain(lambda _, facts: facts.last_modified_timestamp_seconds),
    ),
    *TLS_GAUGES,
)
