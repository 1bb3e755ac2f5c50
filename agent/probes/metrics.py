"""Metric families and rows of ``/probe`` that several protocols share; a protocol's own stand in its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agent.model import ExposedRun, MetricFamily, RunGauge, Samples

RTT = MetricFamily(
    "sansang_rtt_seconds",
    "Round trip of the last run: the mean of a burst of pings, or of a SIP request and its answer.",
)
TCP_CONNECT = MetricFamily("sansang_tcp_connect_seconds", "Duration of the TCP handshake in the last run.")
TLS_EXPIRY = MetricFamily(
    "sansang_tls_expiry_timestamp_seconds",
    "Earliest expiry in the verified certificate chain (in a rejected chain: as presented), Unix time.",
)
TLS_UNEXPOSED: Mapping[str, str] = dict.fromkeys(
    ("tls_presented_expiry_timestamp_seconds", "tls_verified"),
    "for /probe and pages; sansang_tls_expiry_timestamp_seconds is of the chain that counts",
)
"""Fields of every protocol with certificates that have no metric, and why."""

_TLS_VERSIONS = {f"TLSv1{minor}": f"TLS 1{minor or '.0'}" for minor in ("", ".1", ".2", ".3")}  # OpenSSL's word, Go's
_Read = Callable[[ExposedRun, Any], Samples]


def plain(read: Callable[[ExposedRun, Any], float | None]) -> _Read:
    """One sample without labels."""
    return lambda run, facts: (({}, read(run, facts)),)


def phases(read: Callable[[ExposedRun, Any], Iterable[tuple[str, float | None]]]) -> _Read:
    """One sample for each phase; a phase that was not reached took no time."""
    return lambda run, facts: (({"phase": phase}, value or 0.0) for phase, value in read(run, facts))


def info(label: str, read: Callable[[Any], str]) -> _Read:
    """A word as the value of a label; no sample without a word."""
    return lambda _, facts: (({label: read(facts)}, 1.0),) if read(facts) else ()


EXPIRY_GAUGES = (
    RunGauge(
        "probe_ssl_earliest_cert_expiry",
        "Earliest expiry of the chain as presented, in unixtime.",
        plain(lambda _, facts: facts.tls_presented_expiry_timestamp_seconds),
    ),
    RunGauge(
        "probe_ssl_last_chain_expiry_timestamp_seconds",
        "Earliest expiry of the chain that was verified, in unixtime.",
        plain(lambda _, facts: facts.tls_expiry_timestamp_seconds if facts.tls_verified else None),
    ),
)
TLS_GAUGES = (
    *EXPIRY_GAUGES,
    RunGauge(
        "probe_tls_version_info",
        "The TLS version used.",
        info("version", lambda facts: _TLS_VERSIONS.get(facts.tls_version, "")),
    ),
    RunGauge("probe_tls_cipher_info", "The TLS cipher negotiated.", info("cipher", lambda facts: facts.tls_cipher)),
)
