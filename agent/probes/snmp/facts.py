"""The facts that a run of `snmp` measures."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Facts


@dataclass(frozen=True, slots=True)
class SnmpFacts(Facts):
    """What a run read. version: of SNMP, as it was asked: ``1``, ``2c`` or ``3``."""

    rtt_seconds: float | None = None
    uptime_seconds: float | None = None
    version: str = ""
