"""The samples of a query and its answer on ``/metrics`` and on ``/probe``."""

from __future__ import annotations

from agent.model import Measurement, MetricFamily, RunGauge
from agent.probes.metrics import EXPIRY_GAUGES, TLS_EXPIRY, TLS_UNEXPOSED, phases, plain

MEASUREMENTS = (
    Measurement("tls_expiry_timestamp_seconds", TLS_EXPIRY),
    Measurement(
        "rtt_seconds", MetricFamily("sansang_dns_query_seconds", "Time from the last DNS query to its answer.")
    ),
    Measurement(
        "rcode",
        MetricFamily(
            "sansang_dns_rcode", "Response code of the last DNS answer: 0 NOERROR, 2 SERVFAIL, 3 NXDOMAIN ..."
        ),
    ),
    Measurement(
        "answers", MetricFamily("sansang_dns_answers", "Records in the answer section of the last DNS answer.")
    ),
    Measurement(
        "serial", MetricFamily("sansang_dns_serial", "Serial of the zone, if the answer contained a SOA record.")
    ),
    Measurement(
        "authenticated",
        MetricFamily(
            "sansang_dns_authenticated",
            "1 when the last DNS answer had the AD flag (the resolver verified DNSSEC), else 0.",
        ),
    ),
)
UNEXPOSED = {
    **TLS_UNEXPOSED,
    "truncated": "the answer came all the same; a fact for pages",
    "authorities": "a fact for pages; options fail a wrong section",
    "additionals": "a fact for pages; options fail a wrong section",
}
GAUGES = (
    RunGauge(
        "probe_dns_duration_seconds",
        "Time by phase.",
        phases(lambda run, facts: (("resolve", run.lookup_seconds), ("request", facts.rtt_seconds))),
    ),
    RunGauge("probe_dns_answer_rrs", "Records in the answer.", plain(lambda _, facts: facts.answers or 0.0)),
    RunGauge("probe_dns_authority_rrs", "Records of authority.", plain(lambda _, facts: facts.authorities or 0.0)),
    RunGauge("probe_dns_additional_rrs", "Additional records.", plain(lambda _, facts: facts.additionals or 0.0)),
    RunGauge(
        "probe_dns_query_succeeded", "Whether an answer came.", plain(lambda _, facts: float(facts.rcode is not None))
    ),
    RunGauge("probe_dns_serial", "Serial number of the zone.", plain(lambda _, facts: facts.serial)),
    *EXPIRY_GAUGES,
)
