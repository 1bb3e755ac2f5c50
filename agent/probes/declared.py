"""What the protocols declare as plain data, without the protocols themselves.

Whoever reads a ledger or words a reason needs this much, and must not wait for libcurl and all other libraries.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import EnumMeta
from importlib import import_module
from types import ModuleType

from agent.model import Reason, ReasonCode, ReasonTexts

PROTOCOLS = ("icmp", "tcp", "http", "dns", "sip", "h323", "ntp", "snmp")
"""Every protocol that the agent speaks: the names of the probes and of their folders. One more is one word here."""

ASKING_DEVICES = frozenset(("snmp",))
"""Those that ask devices about themselves (SPEC.silence_beside_ping): with the role device, counted in nothing."""


def _part(protocol: str, name: str) -> ModuleType:
    return import_module(f"agent.probes.{protocol}.{name}")


def _reasons(module: ModuleType) -> tuple[ReasonCode, ...]:
    enums = [value for value in vars(module).values() if isinstance(value, EnumMeta) and issubclass(value, ReasonCode)]
    return tuple(reason for enum in enums for reason in enum)


OWN_REASONS: Mapping[str, tuple[ReasonCode, ...]] = {name: _reasons(_part(name, "reasons")) for name in PROTOCOLS}
"""The reasons that a protocol alone has."""
REASONS: Mapping[str, ReasonCode] = {
    reason.value: reason for reasons in (tuple(Reason), *OWN_REASONS.values()) for reason in reasons
}
"""Every reason that a run may end with, by its word: the shared ones first, then each protocol's own. Closed."""
OWN_TEXTS: ReasonTexts = {reason: texts for name in PROTOCOLS for reason, texts in _part(name, "texts").TEXTS.items()}
"""What people read of the reasons that one protocol alone has."""
