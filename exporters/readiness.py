"""Readiness of a site for a meeting, counted from the states of the targets that it needs."""

from __future__ import annotations

from agent.inventory.entities import Site
from agent.model import Role, State

_NEEDED = frozenset((Role.UPLINK, Role.LAN, Role.CONFERENCE))


class SiteReadiness:
    """Counts of a site's uplinks, LANs and conference points by state.

    Its uplinks stand in for each other unless it says ``uplinks: all``.
    """

    def __init__(self, site: Site) -> None:
        self._each = [0] * len(State)
        self._any = self._each if site.uplinks == "all" else [0] * len(State)

    def counts_of(self, role: Role) -> list[int] | None:
        """The counts by state of the role's targets; None if the site does not need them for a meeting."""
        if role not in _NEEDED:
            return None
        return self._any if role is Role.UPLINK else self._each

    def ready(self) -> bool | None:
        """None while it is not known."""
        parts = (_each_works(self._each), self._any is self._each or _one_works(self._any))
        return False if False in parts else None if None in parts else True


class SiteLan:
    """The LAN of a site: its lan targets by state, and the targets that know a port that matters to be down."""

    def __init__(self) -> None:
        self.counts = [0] * len(State)
        self.port_down: set[str] = set()

    def ready(self) -> bool | None:
        """None where there is no lan target, or the state of one is not known."""
        if not any(self.counts) or self.counts[State.UNKNOWN]:
            return None
        return not self.counts[State.DOWN] and not self.port_down


def _each_works(counts: list[int]) -> bool | None:
    return False if counts[State.DOWN] else None if counts[State.UNKNOWN] else True


def _one_works(counts: list[int]) -> bool | None:
    """True where there is none to need."""
    if counts[State.UP] or counts[State.DEGRADED] or not any(counts):
        return True
    return None if counts[State.UNKNOWN] else False
