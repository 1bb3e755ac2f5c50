"""Every protocol that the agent speaks: one line each, no discovery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.probes import dns, http, icmp, sip, tcp
from agent.probes.spec import ProbeSpec

PROBES: Mapping[str, ProbeSpec[Any, Any]] = {
    spec.probe: spec for spec in (dns.SPEC, http.SPEC, icmp.SPEC, sip.SPEC, tcp.SPEC)
}
"""Probe name to its contract."""
