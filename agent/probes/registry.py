"""Every protocol that the agent speaks: one line of names, no discovery. A name is that of its folder."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from agent.model import Reason, ReasonCode
from agent.probes.spec import ProbeSpec

_PROTOCOLS = ("icmp", "tcp", "http", "dns", "sip", "h323", "ntp")
_SPECS: tuple[ProbeSpec[Any, Any], ...] = tuple(import_module(f"agent.probes.{name}.probe").SPEC for name in _PROTOCOLS)
PROBES: Mapping[str, ProbeSpec[Any, Any]] = {spec.probe: spec for spec in _SPECS}
"""Probe name to its contract."""
REASONS: Mapping[str, ReasonCode] = {
    reason.value: reason
    for reasons in (tuple(Reason), *(spec.declaration.reasons for spec in _SPECS))
    for reason in reasons
}
"""Every reason that a run may end with, by its word: the shared ones first, then each protocol's own. Closed."""
