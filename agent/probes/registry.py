"""Every protocol that the agent speaks: one line each, no discovery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.probes import dns, h323, http, icmp, sip, tcp
from agent.probes.spec import ProbeSpec

_SPECS = (dns.SPEC, h323.SPEC, http.SPEC, icmp.SPEC, sip.SPEC, tcp.SPEC)
PROBES: Mapping[str, ProbeSpec[Any, Any]] = {spec.probe: spec for spec in _SPECS}
"""Probe name to its contract."""
