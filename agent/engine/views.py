"""Slots and paths as frozen views: what everything outside the engine sees."""

from __future__ import annotations

from agent.clock import Clock, wall_of
from agent.engine.reachability import all_anchors_down, reachable_behind, upstream_of
from agent.engine.snapshot import AnchorView, PathView, TargetView
from agent.engine.target_state import NEVER, AnchorState, PathState, TargetState


def target_view(slot: TargetState, clock: Clock) -> TargetView:
    """One target as it is committed now."""
    upstream = upstream_of(slot)
    committed = slot.committed
    down_ms, up_ms, degraded_ms, unknown_ms = slot.state_ms
    return TargetView(
        target=slot.target,
        state=committed.state,
        cause=committed.cause,
        since_wall_ms=wall_of(clock, committed.since_ms),
        confirmed_wall_ms=wall_of(clock, committed.confirmed_ms),
        last_known_up=slot.last_known_up,
        last_run=slot.last_run,
        upstream=None if upstream is None else upstream.target.id,
        upstream_name="" if upstream is None else upstream.target.name,
        silent_but_passing=reachable_behind(slot),
        in_maintenance=slot.in_maintenance,
        probes=slot.probes,
        failures=slot.failures,
        local_errors=slot.local_errors,
        failure_reasons=dict(slot.failure_reasons),
        state_seconds=(down_ms / 1000, up_ms / 1000, degraded_ms / 1000, unknown_ms / 1000),
    )


def path_view(watch: PathState, clock: Clock) -> PathView:
    """One path: lost, working, or not judged yet."""
    judged = watch.lost_since_ms is not None or any(a.last_success_ms != NEVER for a in watch.anchors)
    return PathView(
        id=watch.path.id,
        up=(watch.lost_since_ms is None) if judged else None,
        since_wall_ms=wall_of(clock, watch.changed_ms),
        targets_behind=len(watch.targets_behind),
        silent_but_passing=watch.lost_since_ms is None and all_anchors_down(watch),
        anchors=tuple(AnchorView(anchor.target.address, _answered(anchor)) for anchor in watch.anchors),
    )


def _answered(anchor: AnchorState) -> bool | None:
    if anchor.last_success_ms != NEVER:
        return True
    return False if anchor.failures_in_row >= anchor.target.policy.fail_after else None
