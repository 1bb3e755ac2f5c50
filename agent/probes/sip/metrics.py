"""The samples of a request and its answer on ``/metrics`` and on ``/probe``."""

from __future__ import annotations

from agent.model import Measurement, MetricFamily, RunGauge
from agent.probes.metrics import EXPIRY_GAUGES, RTT, TLS_EXPIRY, TLS_UNEXPOSED, phases, plain

MEASUREMENTS = (
    Measurement("rtt_seconds", RTT),
    Measurement("tls_expiry_timestamp_seconds", TLS_EXPIRY),
    Measurement("status_code", MetricFamily("sansang_sip_status_code", "Status code of the last SIP answer.")),
    Measurement("in_use", MetricFamily("sansang_point_in_use", "1 while the conference point answers busy, else 0.")),
)
UNEXPOSED = {**TLS_UNEXPOSED, "registrar": "says how the answer was read, which the module says too"}
GAUGES = (
    RunGauge(
        "probe_sip_duration_seconds",
        "Time by phase.",
        phases(lambda run, facts: (("resolve", run.lookup_seconds), ("rtt", facts.rtt_seconds))),
    ),
    RunGauge("probe_sip_status_code", "Status code of the answer.", plain(lambda _, facts: facts.status_code or 0.0)),
    RunGauge("probe_sip_in_use", "Whether the point is in a call.", plain(lambda _, facts: facts.in_use)),
    *EXPIRY_GAUGES,
)
