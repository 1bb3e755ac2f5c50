"""What is watched, and how: targets and the paths to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a target is for."""

    UPLINK = "uplink"
    LAN = "lan"
    CONFERENCE = "conference"
    ONE_STOP = "one-stop"
    PORTAL = "portal"
    SERVICE = "service"
    DEVICE = "device"


AT_THE_SITE = frozenset((Role.UPLINK, Role.LAN, Role.CONFERENCE, Role.DEVICE))
"""Roles of what stands at the site that it hangs on; portals and services stand in a data centre."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a target is probed and how many runs decide; milliseconds and counts."""

    interval_ms: int
    timeout_ms: int
    grace_ms: int
    fail_after: int
    recover_after: int
    confirm_interval_ms: int

    @property
    def shortest_seen_ms(self) -> int:
        """An outage that lasts so long is found; a shorter one may begin and end unseen.

        Its first failed run starts within an interval of its beginning; those that confirm it follow after
        confirm_interval (the timeout at least) or with the next round, whichever is sooner. Where the budget of fast
        runs is spent they come with the rounds: then it takes up to fail_after intervals.
        """
        again_ms = min(self.interval_ms, max(self.confirm_interval_ms, self.timeout_ms))
        return self.interval_ms + (self.fail_after - 1) * again_ms


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What one check says to its probe beside its address, nearer than the options of its module.

    credential: the name of one, never a secret itself. port: the part of a device that the check is about.
    ports: what the office calls the ports of the device, by the name that the device has for them.
    """

    credential: str | None = None
    port: str | None = None
    ports: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.credential is not None or self.port is not None or bool(self.ports)


@dataclass(frozen=True, slots=True)
class Target:
    """One address checked by one module at one site.

    options is the frozen dataclass of the probe's kind (its SPEC.options); parents are full target ids;
    paths are the ids of the paths it lies behind, () when the monitor reaches it directly.
    """

    id: str
    name: str
    site: str
    unit: str
    role: Role
    module: str
    probe: str
    address: str
    options: object
    policy: Policy
    parents: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    calendar: str = "always"
    slo: str | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """How the monitor reaches a scope: anchors are probed like targets but count in nothing."""

    id: str
    anchors: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Targets chosen by site, role, id and probe: a target matches when it fits every field given. Empty: all targets.

    Roles are text, so that a ledger's roles match too; a Role is one.
    """

    sites: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sites or self.roles or self.targets or self.probes)

    def includes(self, target: str, site: str, role: str) -> bool:
        """True if the selection covers a target of this id, site and role, by whatever probe."""
        return (
            (not self.sites or site in self.sites)
            and (not self.roles or role in self.roles)
            and (not self.targets or target in self.targets)
        )

    def matches(self, target: Target) -> bool:
        """True if the selection covers the target."""
        return self.includes(target.id, target.site, target.role) and (not self.probes or target.probe in self.probes)
