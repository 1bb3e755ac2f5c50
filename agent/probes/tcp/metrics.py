"""The samples of a connection and its dialogue on ``/metrics`` and on ``/probe``."""

from __future__ import annotations

from typing import Any

from agent.model import ExposedRun, Measurement, MetricFamily, Reason, RunGauge
from agent.probes.metrics import TCP_CONNECT, TLS_EXPIRY, TLS_GAUGES, TLS_UNEXPOSED, plain
from agent.probes.tcp.reasons import TcpReason

MEASUREMENTS = (
    Measurement("connect_seconds", TCP_CONNECT),
    Measurement(
        "tls_seconds",
        MetricFamily("sansang_tls_handshake_seconds", "Duration of the TLS handshake in the last run."),
    ),
    Measurement("tls_expiry_timestamp_seconds", TLS_EXPIRY),
)
UNEXPOSED = {
    **TLS_UNEXPOSED,
    "expect_failed": "probe_failed_due_to_regex of /probe; the reason says it elsewhere",
}


def _expect_failed(run: ExposedRun, facts: Any) -> float:
    """As blackbox_exporter has it: not where the time ran out while more lines could come."""
    if facts.expect_failed is None:
        return float(run.result.reason in (Reason.BAD_DIALOGUE, TcpReason.STARTTLS_REFUSED))
    return float(facts.expect_failed)


GAUGES = (
    RunGauge("probe_failed_due_to_regex", "Whether a pattern of the dialogue failed the probe.", plain(_expect_failed)),
    *TLS_GAUGES,
)
