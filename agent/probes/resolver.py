"""Names to addresses, once for all probes: a TTL-bound cache, and the last good address when it fails."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from agent.model import Reason


class Family(StrEnum):
    """Which address family to use: one only, or one first and the other as a fallback."""

    IP4 = "ip4"
    IP6 = "ip6"
    PREFER_IP4 = "prefer_ip4"
    PREFER_IP6 = "prefer_ip6"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A numeric address; stale when it is the last good one and the resolver is failing; took_seconds spent asking."""

    address: str
    stale: bool
    took_seconds: float


@dataclass(frozen=True, slots=True)
class Unresolved:
    """No address: NAME_NOT_FOUND (a failed run) or RESOLVER_FAILED (a local fault)."""

    reason: Reason
    detail: str


class Resolver(Protocol):
    """What probes ask. A numeric host comes back at once, unasked."""

    async def resolve(self, host: str, family: Family, deadline: float) -> Resolved | Unresolved:
        """One address of host, by deadline (an instant of the clock's monotonic())."""
