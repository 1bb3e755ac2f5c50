"""The services that hosts of the district offer, found through the registry: each stands beside its listener."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec

from agent.lab.listeners.base import LabService
from agent.probes.registry import PROBES

NO_SERVICE = "none"
"""Of a host that only answers pings."""


def _services_of(probe: str) -> tuple[LabService, ...]:
    name = f"agent.lab.listeners.{probe}"
    if find_spec(name) is None:  # the kernel answers pings
        return ()
    services: tuple[LabService, ...] = import_module(name).SERVICES
    return services


SERVICES: Mapping[str, LabService] = {service.name: service for probe in PROBES for service in _services_of(probe)}
