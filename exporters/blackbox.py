"""One run as blackbox_exporter would show it: its metric names, from a result of ours. Pure.

docs/probe-endpoint.md says for every name whether we have it, how it differs, or why it is left out.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agent.model import ProbeResult, Reason
from agent.probes.tcp.reasons import TcpReason
from exporters.samples import label_set, number

Labels = Mapping[str, str]
Samples = Iterable[tuple[Labels, float | None]]
_NONE: Labels = {}
_TLS_VERSIONS = {f"TLSv1{minor}": f"TLS 1{minor or '.0'}" for minor in ("", ".1", ".2", ".3")}  # OpenSSL's word, Go's
_FNV_OFFSET, _FNV_PRIME = 0x811C9DC5, 0x01000193
_DIALOGUE = (Reason.BAD_DIALOGUE, TcpReason.STARTTLS_REFUSED)


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to show of one run; timeout and lookup in seconds."""

    result: ProbeResult
    timeout_seconds: float
    lookup_seconds: float


@dataclass(frozen=True, slots=True)
class Gauge:
    """One family. samples reads the run, and its facts once there are any; a value of None is left out."""

    name: str
    help: str
    samples: Callable[[Shown, Any], Samples]


def _plain(read: Callable[[Shown, Any], float | None]) -> Callable[[Shown, Any], Samples]:
    return lambda shown, facts: ((_NONE, read(shown, facts)),)


def _phases(read: Callable[[Shown, Any], Iterable[tuple[str, float | None]]]) -> Callable[[Shown, Any], Samples]:
    return lambda shown, facts: (({"phase": phase}, value or 0.0) for phase, value in read(shown, facts))


def _info(label: str, read: Callable[[Any], str]) -> Callable[[Shown, Any], Samples]:
    return lambda _, facts: (({label: read(facts)}, 1.0),) if read(facts) else ()


def _expect_failed(shown: Shown, facts: Any) -> float:
    """As blackbox_exporter has it: not where the time ran out while more lines could come."""
    told = facts.expect_failed
    return float(shown.result.reason in _DIALOGUE) if told is None else float(told)


COMMON = (
    Gauge("probe_success", "Whether the probe was a success.", _plain(lambda shown, _: float(shown.result.success))),
    Gauge(
        "probe_duration_seconds",
        "How long the probe took to complete.",
        _plain(lambda shown, _: shown.result.took_seconds),
    ),
    Gauge("probe_timeout_seconds", "How long the probe was given.", _plain(lambda shown, _: shown.timeout_seconds)),
    Gauge("probe_dns_lookup_time_seconds", "Time spent on names.", _plain(lambda shown, _: shown.lookup_seconds)),
    Gauge(
        "probe_ip_protocol", "4 or 6, 0 without an address.", _plain(lambda shown, _: _version(shown.result.address))
    ),
    Gauge(
        "probe_ip_addr_hash",
        "FNV-1a hash of the address: changes when it does.",
        _plain(lambda shown, _: address_hash(shown.result.address)),
    ),
    Gauge(
        "probe_result_info",
        "Verdict and reason of the run, in the agent's words.",
        lambda shown, _: (({"verdict": shown.result.verdict.value, "reason": shown.result.reason.value}, 1.0),),
    ),
)

_EXPIRY = (
    Gauge(
        "probe_ssl_earliest_cert_expiry",
        "Earliest expiry of the chain as presented, in unixtime.",
        _plain(lambda _, facts: facts.tls_presented_expiry_timestamp_seconds),
    ),
    Gauge(
        "probe_ssl_last_chain_expiry_timestamp_seconds",
        "Earliest expiry of the chain that was verified, in unixtime.",
        _plain(lambda _, facts: facts.tls_expiry_timestamp_seconds if facts.tls_verified else None),
    ),
)
_TLS = (
    *_EXPIRY,
    Gauge(
        "probe_tls_version_info",
        "The TLS version used.",
        _info("version", lambda facts: _TLS_VERSIONS.get(facts.tls_version, "")),
    ),
    Gauge("probe_tls_cipher_info", "The TLS cipher negotiated.", _info("cipher", lambda facts: facts.tls_cipher)),
)

HTTP = (
    Gauge("probe_http_duration_seconds", "Time by phase, over all redirects.", _phases(lambda _, facts: facts.phases)),
    Gauge(
        "probe_http_content_length",
        "Length of the content as announced, -1 when it was not.",
        _plain(lambda _, facts: _announced(facts)),
    ),
    Gauge(
        "probe_http_uncompressed_body_length",
        "Length of the body, uncompressed.",
        _plain(lambda _, facts: facts.body_bytes or 0.0),
    ),
    Gauge("probe_http_redirects", "How many redirects were followed.", _plain(lambda _, facts: facts.redirects)),
    Gauge("probe_http_ssl", "Whether the last answer came over TLS.", _plain(lambda _, facts: facts.tls)),
    Gauge("probe_http_status_code", "Status code of the answer.", _plain(lambda _, facts: facts.status_code or 0.0)),
    Gauge("probe_http_version", "HTTP version of the answer.", _plain(lambda _, facts: facts.http_version or 0.0)),
    Gauge(
        "probe_failed_due_to_regex",
        "Whether a pattern on body or headers failed the probe.",
        _plain(lambda _, facts: facts.regex_failed),
    ),
    Gauge(
        "probe_http_last_modified_timestamp_seconds",
        "Last-Modified of the answer, in unixtime.",
        _plain(lambda _, facts: facts.last_modified_timestamp_seconds),
    ),
    *_TLS,
)
TCP = (
    Gauge(
        "probe_failed_due_to_regex",
        "Whether a pattern of the dialogue failed the probe.",
        _plain(_expect_failed),
    ),
    *_TLS,
)
ICMP = (
    Gauge(
        "probe_icmp_duration_seconds",
        "Time by phase.",
        _phases(lambda _, facts: (("resolve", facts.resolve_seconds), ("setup", 0.0), ("rtt", facts.rtt_mean_seconds))),
    ),
    Gauge("probe_icmp_reply_hop_limit", "Hop limit (TTL) of the reply.", _plain(lambda _, facts: facts.hop_limit)),
    Gauge("probe_icmp_packet_loss_ratio", "Share of packets lost, 0 to 1.", _plain(lambda _, facts: facts.loss_ratio)),
    Gauge("probe_icmp_jitter_seconds", "Jitter as RFC 3550 has it.", _plain(lambda _, facts: facts.jitter_seconds)),
)
DNS = (
    Gauge(
        "probe_dns_duration_seconds",
        "Time by phase.",
        _phases(lambda shown, facts: (("resolve", shown.lookup_seconds), ("request", facts.rtt_seconds))),
    ),
    Gauge("probe_dns_answer_rrs", "Records in the answer.", _plain(lambda _, facts: facts.answers or 0.0)),
    Gauge("probe_dns_authority_rrs", "Records of authority.", _plain(lambda _, facts: facts.authorities or 0.0)),
    Gauge("probe_dns_additional_rrs", "Additional records.", _plain(lambda _, facts: facts.additionals or 0.0)),
    Gauge(
        "probe_dns_query_succeeded", "Whether an answer came.", _plain(lambda _, facts: float(facts.rcode is not None))
    ),
    Gauge("probe_dns_serial", "Serial number of the zone.", _plain(lambda _, facts: facts.serial)),
    *_EXPIRY,
)
SIP = (
    Gauge(
        "probe_sip_duration_seconds",
        "Time by phase.",
        _phases(lambda shown, facts: (("resolve", shown.lookup_seconds), ("rtt", facts.rtt_seconds))),
    ),
    Gauge("probe_sip_status_code", "Status code of the answer.", _plain(lambda _, facts: facts.status_code or 0.0)),
    Gauge("probe_sip_in_use", "Whether the point is in a call.", _plain(lambda _, facts: facts.in_use)),
    *_EXPIRY,
)
H323 = (
    Gauge(
        "probe_h323_duration_seconds",
        "Time by phase.",
        _phases(lambda shown, facts: (("resolve", shown.lookup_seconds), ("connect", facts.connect_seconds))),
    ),
    Gauge("probe_h323_answered", "Whether the call port answered.", _plain(lambda _, facts: float(bool(facts.answer)))),
)
BY_PROBE: Mapping[str, tuple[Gauge, ...]] = {
    "http": HTTP,
    "tcp": TCP,
    "icmp": ICMP,
    "dns": DNS,
    "sip": SIP,
    "h323": H323,
}
"""What each kind of probe shows beside COMMON, once it got as far as having facts."""


def render(probe: str, shown: Shown, *, openmetrics: bool) -> bytes:
    """The exposition of one run; every family is a gauge, so that both formats differ by the end mark alone."""
    lines = [line for gauge in _families(probe, shown) for line in _lines(gauge, shown)]
    return "".join([*lines, "# EOF\n"] if openmetrics else lines).encode()


def _families(probe: str, shown: Shown) -> tuple[Gauge, ...]:
    return COMMON if shown.result.facts is None else COMMON + BY_PROBE.get(probe, ())


def _lines(gauge: Gauge, shown: Shown) -> Iterator[str]:
    samples = [(labels, value) for labels, value in gauge.samples(shown, shown.result.facts) if value is not None]
    if samples:
        yield f"# HELP {gauge.name} {gauge.help}\n# TYPE {gauge.name} gauge\n"
    for labels, value in samples:
        yield f"{gauge.name}{label_set(labels) if labels else ''} {number(value)}\n"


def _announced(facts: Any) -> float:
    if facts.status_code is None:
        return 0.0
    return -1.0 if facts.content_length is None else float(facts.content_length)


def _version(address: str) -> float:
    return float(ipaddress.ip_address(address.partition("%")[0]).version) if address else 0.0


def address_hash(address: str) -> float:
    """FNV-1a, 32 bits, over the address's bytes, as blackbox_exporter takes it; 0 without an address."""
    if not address:
        return 0.0
    hashed = _FNV_OFFSET
    for byte in ipaddress.ip_address(address.partition("%")[0]).packed:
        hashed = (hashed ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return float(hashed)
