"""Every protocol that the agent speaks: one line each, no discovery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.model import Reason, ReasonCode
from agent.probes.dns.probe import SPEC as DNS
from agent.probes.h323.probe import SPEC as H323
from agent.probes.http.probe import SPEC as HTTP
from agent.probes.icmp.probe import SPEC as ICMP
from agent.probes.sip.probe import SPEC as SIP
from agent.probes.spec import ProbeSpec
from agent.probes.tcp.probe import SPEC as TCP

_SPECS = (ICMP, TCP, HTTP, DNS, SIP, H323)
PROBES: Mapping[str, ProbeSpec[Any, Any]] = {spec.probe: spec for spec in _SPECS}
"""Probe name to its contract."""
REASONS: Mapping[str, ReasonCode] = {
    reason.value: reason
    for reasons in (tuple(Reason), *(spec.declaration.reasons for spec in _SPECS))
    for reason in reasons
}
"""Every reason that a run may end with, by its word: the shared ones first, then each protocol's own. Closed."""
