"""The samples of a time server on ``/metrics`` and on ``/probe``."""

from __future__ import annotations

from agent.model import Measurement, MetricFamily, RunGauge
from agent.probes.metrics import RTT, phases, plain

MEASUREMENTS = (
    Measurement("rtt_seconds", RTT),
    Measurement(
        "offset_seconds",
        MetricFamily(
            "sansang_ntp_offset_seconds", "The server's clock minus ours, right within half of the round trip."
        ),
    ),
    Measurement("stratum", MetricFamily("sansang_ntp_stratum", "Stratum of the last NTP answer.")),
)
UNEXPOSED = {
    "delay_seconds": "the round trip without the server's share: nearly sansang_rtt_seconds",
    "leap": "3 is not_synchronised, which the reason says; announced leap seconds ended in 2017",
    "root_delay_seconds": "part of the root dispersion's meaning; the limit is on that",
    "root_dispersion_seconds": "has a limit, and a reason of its own beyond it",
}
GAUGES = (
    RunGauge(
        "probe_ntp_duration_seconds",
        "Time by phase.",
        phases(lambda run, facts: (("resolve", run.lookup_seconds), ("rtt", facts.rtt_seconds))),
    ),
    RunGauge(
        "probe_ntp_offset_seconds", "The server's clock minus ours.", plain(lambda _, facts: facts.offset_seconds)
    ),
    RunGauge("probe_ntp_stratum", "Stratum of the answer.", plain(lambda _, facts: facts.stratum)),
    RunGauge(
        "probe_ntp_root_dispersion_seconds",
        "How far the server says it may be off.",
        plain(lambda _, facts: facts.root_dispersion_seconds),
    ),
)
