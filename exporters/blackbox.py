"""One run as blackbox_exporter would show it: its metric names, from a result of ours. Pure.

What a protocol shows beside what every run shows is declared in its folder. docs/probe-endpoint.md says for every
name whether we have it, how it differs, or why it is left out.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from agent.model import ExposedRun, RunGauge
from agent.probes.metrics import plain
from agent.probes.registry import PROBES
from exporters.samples import label_set, number

_FNV_OFFSET, _FNV_PRIME = 0x811C9DC5, 0x01000193

COMMON = (
    RunGauge("probe_success", "Whether the probe was a success.", plain(lambda run, _: float(run.result.success))),
    RunGauge(
        "probe_duration_seconds",
        "How long the probe took to complete.",
        plain(lambda run, _: run.result.took_seconds),
    ),
    RunGauge("probe_timeout_seconds", "How long the probe was given.", plain(lambda run, _: run.timeout_seconds)),
    RunGauge("probe_dns_lookup_time_seconds", "Time spent on names.", plain(lambda run, _: run.lookup_seconds)),
    RunGauge("probe_ip_protocol", "4 or 6, 0 without an address.", plain(lambda run, _: _version(run.result.address))),
    RunGauge(
        "probe_ip_addr_hash",
        "FNV-1a hash of the address: changes when it does.",
        plain(lambda run, _: address_hash(run.result.address)),
    ),
    RunGauge(
        "probe_result_info",
        "Verdict and reason of the run, in the agent's words.",
        lambda run, _: (({"verdict": run.result.verdict.value, "reason": run.result.reason.value}, 1.0),),
    ),
)


def render(probe: str, run: ExposedRun, *, openmetrics: bool) -> bytes:
    """The exposition of one run; every family is a gauge, so that both formats differ by the end mark alone."""
    lines = [line for gauge in _families(probe, run) for line in _lines(gauge, run)]
    return "".join([*lines, "# EOF\n"] if openmetrics else lines).encode()


def _families(probe: str, run: ExposedRun) -> tuple[RunGauge, ...]:
    return COMMON if run.result.facts is None else COMMON + PROBES[probe].declaration.gauges


def _lines(gauge: RunGauge, run: ExposedRun) -> Iterator[str]:
    samples = [(labels, value) for labels, value in gauge.samples(run, run.result.facts) if value is not None]
    if samples:
        yield f"# HELP {gauge.name} {gauge.help}\n# TYPE {gauge.name} gauge\n"
    for labels, value in samples:
        yield f"{gauge.name}{label_set(labels) if labels else ''} {number(value)}\n"


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
