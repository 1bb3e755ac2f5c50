"""The samples of a call signalling port on ``/metrics`` and on ``/probe``."""

from __future__ import annotations

from agent.model import Measurement, RunGauge
from agent.probes.metrics import TCP_CONNECT, phases, plain

MEASUREMENTS = (Measurement("connect_seconds", TCP_CONNECT),)
GAUGES = (
    RunGauge(
        "probe_h323_duration_seconds",
        "Time by phase.",
        phases(lambda run, facts: (("resolve", run.lookup_seconds), ("connect", facts.connect_seconds))),
    ),
    RunGauge(
        "probe_h323_answered", "Whether the call port answered.", plain(lambda _, facts: float(bool(facts.answer)))
    ),
)
