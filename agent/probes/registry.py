"""The contract of every protocol that the agent speaks, by the name of its probe."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from agent.probes.declared import PROTOCOLS
from agent.probes.spec import ProbeSpec

_SPECS: tuple[ProbeSpec[Any, Any], ...] = tuple(import_module(f"agent.probes.{name}.probe").SPEC for name in PROTOCOLS)
PROBES: Mapping[str, ProbeSpec[Any, Any]] = {spec.probe: spec for spec in _SPECS}
"""Probe name to its contract."""


def asks_devices(probe: str) -> bool:
    """Whether the protocol asks devices about themselves; with the role device its targets are counted in nothing."""
    spec = PROBES.get(probe)
    return spec is not None and spec.silence_beside_ping is not None
