"""The current view: what metrics, pages and `sansang check` show. Values are frozen; the engine replaces them.

Gauges always equal the head of the ledger: a view changes state only after the commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.availability.outage_cause import OutageCause
from agent.model import Cause, Component, DeviceIdentity, ProbeResult, ReasonCode, State, Target


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest completed run of a target."""

    start_wall_ms: int
    result: ProbeResult


@dataclass(frozen=True, slots=True)
class ComponentView:
    """A part of a device as the last answer named it; of one that matters, fault is that of the ledger's newest row.

    matters: its fault makes the target DEGRADED. since_wall_ms: when its fault began, or ended; None where no row says.
    """

    component: Component
    matters: bool
    since_wall_ms: int | None = None

    @property
    def failed(self) -> bool:
        """True if it matters and is at fault."""
        return self.matters and self.component.fault is not None


@dataclass(frozen=True, slots=True)
class TargetView:
    """All that is shown of one target.

    since_wall_ms: when the state began (back-dated); last_known_up survives UNKNOWN and restarts, None before any
    verdict; upstream: the ancestor known to be DOWN that explains this target, if any, by id and by name;
    silent_but_passing: known to be DOWN, yet something behind it answers (upstream and this are kept while UNKNOWN);
    in_maintenance: a planned window covers it now (an overlay: state and runs are what they are); state_seconds: by
    State value, from 0 at agent start, as far as they can no longer change.
    components: the parts that the last answer named, and those known to be at fault; kept while it does not answer.
    booted_wall_ms: when the device began to run, the same until it begins anew; device_identity: what it last said it
    is. None where it never said.
    """

    target: Target
    state: State
    cause: Cause
    since_wall_ms: int
    confirmed_wall_ms: int
    last_known_up: bool | None = None
    last_run: LastRun | None = None
    upstream: str | None = None
    upstream_name: str = ""
    silent_but_passing: bool = False
    in_maintenance: bool = False
    probes: int = 0
    failures: int = 0
    local_errors: int = 0
    failure_reasons: Mapping[ReasonCode, int] = field(default_factory=dict)
    state_seconds: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    components: tuple[ComponentView, ...] = ()
    booted_wall_ms: int | None = None
    device_identity: DeviceIdentity | None = None


@dataclass(frozen=True, slots=True)
class AnchorView:
    """An address that a path is judged by.

    answered: True once it has answered since the agent started; False after fail_after failed runs and no answer
    ever, None while nothing can be said.
    """

    address: str
    answered: bool | None


@dataclass(frozen=True, slots=True)
class PathView:
    """The monitor's own way to a scope; up is None until an anchor has been judged."""

    id: str
    up: bool | None
    since_wall_ms: int
    targets_behind: int
    silent_but_passing: bool = False
    anchors: tuple[AnchorView, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteOutageView:
    """The last time that everything at a site was down; end_wall_ms is None while it is.

    cause: None until the devices that came back have told, or their time is up.
    """

    site: str
    start_wall_ms: int
    end_wall_ms: int | None
    cause: OutageCause | None
