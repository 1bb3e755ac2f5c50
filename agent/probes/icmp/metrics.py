"""The samples of a burst of pings on ``/metrics`` and on ``/probe``."""

from __future__ import annotations

from agent.model import Measurement, MetricFamily, RunGauge
from agent.probes.metrics import RTT, phases, plain

MEASUREMENTS = (
    Measurement("rtt_mean_seconds", RTT),
    Measurement("rtt_min_seconds", MetricFamily("sansang_rtt_min_seconds", "Shortest round trip of the last burst.")),
    Measurement("rtt_max_seconds", MetricFamily("sansang_rtt_max_seconds", "Longest round trip of the last burst.")),
    Measurement(
        "jitter_seconds",
        MetricFamily(
            "sansang_jitter_seconds", "Smoothed difference between consecutive round trips (as in RFC 3550, 6.4.1)."
        ),
    ),
    Measurement(
        "loss_ratio",
        MetricFamily("sansang_packet_loss_ratio", "Share of the packets of the last burst without an answer, 0 to 1."),
    ),
    Measurement("duplicates", MetricFamily("sansang_packet_duplicates", "Duplicate answers in the last burst.")),
    Measurement(
        "hop_limit", MetricFamily("sansang_reply_hop_limit", "TTL or hop limit of the last answer as received.")
    ),
    Measurement(
        "mos",
        MetricFamily(
            "sansang_mos",
            "Estimated mean opinion score of a voice call to the target, 1 to 4.5 (E-model from loss, delay and"
            " jitter).",
        ),
    ),
)
UNEXPOSED = {
    "sent": "sansang_packet_loss_ratio says it",
    "received": "sansang_packet_loss_ratio says it",
    "resolve_seconds": "belongs to the resolver, not to the target",
}
GAUGES = (
    RunGauge(
        "probe_icmp_duration_seconds",
        "Time by phase.",
        phases(lambda _, facts: (("resolve", facts.resolve_seconds), ("setup", 0.0), ("rtt", facts.rtt_mean_seconds))),
    ),
    RunGauge("probe_icmp_reply_hop_limit", "Hop limit (TTL) of the reply.", plain(lambda _, facts: facts.hop_limit)),
    RunGauge(
        "probe_icmp_packet_loss_ratio", "Share of packets lost, 0 to 1.", plain(lambda _, facts: facts.loss_ratio)
    ),
    RunGauge("probe_icmp_jitter_seconds", "Jitter as RFC 3550 has it.", plain(lambda _, facts: facts.jitter_seconds)),
)
