"""Targets and paths as frozen views: what everything outside the engine sees."""

from __future__ import annotations

from agent.clock import Clock, wall_of
from agent.engine.reachability import all_anchors_down, reachable_behind, upstream_of
from agent.engine.snapshot import AnchorView, PathView, TargetView
from agent.engine.target_state import NEVER, AnchorState, PathState, TargetState


def target_view(target: TargetState, clock: Clock) -> TargetView:
    """One target as it is committed now."""
    upstream, device = upstream_of(target), target.device
    committed, counters = target.committed, target.counters
    begun = None if device is None else device.shown_begun
    return TargetView(
        target=target.target,
        state=committed.state,
        cause=committed.cause,
        since_wall_ms=wall_of(clock, committed.since_ms),
        confirmed_wall_ms=wall_of(clock, committed.confirmed_ms),
        last_known_up=target.last_known_up,
        last_run=counters.last_run,
        upstream=None if upstream is None else upstream.id,
        upstream_name="" if upstream is None else upstream.target.name,
        silent_but_passing=reachable_behind(target),
        in_maintenance=target.in_maintenance,
        probes=counters.probes,
        failures=counters.failures,
        local_errors=counters.local_errors,
        failure_reasons=dict(counters.failure_reasons),
        state_seconds=target.accounting.seconds,
        components=() if device is None else device.views,
        booted_wall_ms=None if begun is None else begun.wall_ms(clock),
        device_identity=None if device is None else device.identity,
    )


def path_view(path: PathState, clock: Clock) -> PathView:
    """One path: lost, working, or not judged yet."""
    judged = path.lost_since_ms is not None or any(a.last_success_ms != NEVER for a in path.anchors)
    return PathView(
        id=path.path.id,
        up=(path.lost_since_ms is None) if judged else None,
        since_wall_ms=wall_of(clock, path.changed_ms),
        targets_behind=len(path.targets_behind),
        silent_but_passing=path.lost_since_ms is None and all_anchors_down(path),
        anchors=tuple(AnchorView(anchor.target.address, _answered(anchor)) for anchor in path.anchors),
    )


def _answered(anchor: AnchorState) -> bool | None:
    if anchor.last_success_ms != NEVER:
        return True
    return False if anchor.failures_in_row >= anchor.policy.fail_after else None
