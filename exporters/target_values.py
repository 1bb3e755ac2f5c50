"""Metric values of a target's view: None or nothing if a value is not known."""

from __future__ import annotations

import math
from collections.abc import Iterable

from agent.engine.snapshot import ComponentView, TargetView
from agent.model import ComponentFault, ComponentKind, State, Verdict

STATE_NAMES = tuple(state.name.lower() for state in State)
"""Values of the label ``state``, by State value."""


def up(view: TargetView) -> float | None:
    """1 while it is up or degraded, 0 while down."""
    return None if view.state is State.UNKNOWN else float(view.state is not State.DOWN)


def last_known_up(view: TargetView) -> float | None:
    """As ``up``, with the last known value while the state is unknown."""
    return None if view.last_known_up is None else float(view.last_known_up)


def success(view: TargetView) -> float | None:
    """1 if the last run succeeded, 0 if it failed; None if it could not measure."""
    run = view.last_run
    if run is None or run.result.verdict is Verdict.LOCAL_ERROR:
        return None
    return float(run.result.success)


def down_reason(view: TargetView) -> Iterable[tuple[str, float]]:
    """The reason that it is down for, and 1."""
    return [(view.cause.value, 1.0)] if view.state is State.DOWN else []


def degraded_reason(view: TargetView) -> Iterable[tuple[str, float]]:
    """The reason that it is degraded for, and 1."""
    return [(view.cause.value, 1.0)] if view.state is State.DEGRADED else []


def state_seconds(view: TargetView) -> Iterable[tuple[str, float]]:
    """Each state's name and booked seconds."""
    return zip(STATE_NAMES, view.state_seconds, strict=True)


def port_failed(view: TargetView) -> Iterable[tuple[str, float]]:
    """Each port that matters and whether it is at fault; nothing while the device is down. Of one name the worst."""
    return _worst((name, part.failed) for name, part in _ports(view))


def port_failed_since(view: TargetView) -> Iterable[tuple[str, float]]:
    """When the fault of each such port began."""
    return _earliest(_ports(view))


def component_failed(view: TargetView) -> Iterable[tuple[str, float]]:
    """As ``port_failed``, of the parts that are no port, by their ids."""
    return _worst((part_id, part.failed) for part_id, part in _no_ports(view))


def component_failed_since(view: TargetView) -> Iterable[tuple[str, float]]:
    """When the fault of each such part began."""
    return _earliest(_no_ports(view))


def port_down(view: TargetView) -> bool:
    """Whether a port that matters is known to be down."""
    return any(part.matters and part.component.fault is ComponentFault.PORT_DOWN for part in _parts(view))


def booted(view: TargetView) -> float | None:
    """When the device began to run, in whole seconds."""
    return None if view.booted_wall_ms is None else round(view.booted_wall_ms / 1000)


def _parts(view: TargetView) -> Iterable[ComponentView]:
    return () if view.state is State.DOWN else (part for part in view.components if part.matters)


def _ports(view: TargetView) -> Iterable[tuple[str, ComponentView]]:
    ports = (part for part in _parts(view) if part.component.kind is ComponentKind.PORT)
    return ((part.component.name or part.component.id.partition(":")[2], part) for part in ports)


def _no_ports(view: TargetView) -> Iterable[tuple[str, ComponentView]]:
    return ((part.component.id, part) for part in _parts(view) if part.component.kind is not ComponentKind.PORT)


def _earliest(named: Iterable[tuple[str, ComponentView]]) -> Iterable[tuple[str, float]]:
    since: dict[str, float] = {}
    for name, part in named:
        if part.failed and part.since_wall_ms is not None:
            since[name] = min(since.get(name, math.inf), round(part.since_wall_ms / 1000))
    return since.items()


def _worst(named: Iterable[tuple[str, bool]]) -> Iterable[tuple[str, float]]:
    """Two series of the same labels would be none."""
    worst: dict[str, float] = {}
    for name, failed in named:
        worst[name] = max(worst.get(name, 0.0), float(failed))
    return worst.items()
