"""Metric values of a target's view: None or nothing if a value is not known."""

from __future__ import annotations

from collections.abc import Iterable

from agent.engine.snapshot import TargetView
from agent.model import State, Verdict

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
