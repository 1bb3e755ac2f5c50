"""Every protocol that the agent speaks: one line each, no discovery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.probes.dns import SPEC as DNS
from agent.probes.h323 import SPEC as H323
from agent.probes.http import SPEC as HTTP
from agent.probes.icmp import SPEC as ICMP
from agent.probes.sip import SPEC as SIP
from agent.probes.spec import ProbeSpec
from agent.probes.tcp import SPEC as TCP

_SPECS = (DNS, H323, HTTP, ICMP, SIP, TCP)
PROBES: Mapping[str, ProbeSpec[Any, Any]] = {spec.probe: spec for spec in _SPECS}
"""Probe name to its contract."""
