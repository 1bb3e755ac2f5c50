"""The samples of a device on ``/metrics`` and on ``/probe``."""

from __future__ import annotations

from agent.model import Measurement, MetricFamily, RunGauge
from agent.probes.metrics import RTT, phases, plain

MEASUREMENTS = (
    Measurement("rtt_seconds", RTT),
    Measurement(
        "uptime_seconds",
        MetricFamily("sansang_device_uptime_seconds", "How long the device has run, by its own word."),
    ),
)
GAUGES = (
    RunGauge(
        "probe_snmp_duration_seconds",
        "Time by phase.",
        phases(lambda run, facts: (("resolve", run.lookup_seconds), ("rtt", facts.rtt_seconds))),
    ),
    RunGauge("probe_snmp_uptime_seconds", "How long the device has run.", plain(lambda _, facts: facts.uptime_seconds)),
)
