"""Paths: what the runs of anchors and of targets behind say of them, when they are lost and when they are back."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog

from agent.availability.track import CompletedRun
from agent.engine.blindness import EVERYTHING, Blindness
from agent.engine.confirmations import Confirmations
from agent.engine.reachability import blindable_from, flap_ended_by, loss_start
from agent.engine.target_state import AnchorState, PathState, TargetState
from agent.engine.topology import Topology
from agent.model import Reason, UnknownCause, Verdict

log = structlog.get_logger(__name__)


class PathEvaluator:
    """Applies runs to paths. What lies behind a lost path is blind."""

    def __init__(
        self, blindness: Blindness, confirmations: Confirmations, publish: Callable[[PathState], None]
    ) -> None:
        """The callable `publish` is called with a path of which something that is shown has changed."""
        self._blindness = blindness
        self._confirmations = confirmations
        self._publish = publish

    def on_anchor_run(self, path: PathState, anchor: AnchorState, run: CompletedRun) -> None:
        """Take a finished run of an anchor into account. To have no route ourselves is a failure of the path."""
        success = run.verdict.success
        if success:
            path.flap = flap_ended_by(path, run.start_ms)
        anchor.note(run, success=success, failure=_counts_against_path(run))
        if success and path.lost_since_ms is not None:
            self._restored(path, run.start_ms)
        elif anchor.failing_since_ms is not None:
            if anchor.failures_in_row < anchor.policy.fail_after:
                self._confirmations.confirm(anchor)
            self.evaluate(path)
        self._publish(path)

    def on_target_run(self, target: TargetState, run: CompletedRun, *, success: bool) -> None:
        """Take a finished run of a target into account, for each path that it lies behind."""
        for path in target.paths:
            if success:
                path.last_success_behind_ms = max(path.last_success_behind_ms, run.start_ms)
                if path.lost_since_ms is not None and run.start_ms >= path.lost_since_ms:
                    self._restored(path, run.start_ms)
            elif _counts_against_path(run) and target.device is None:  # that SNMP is silent says nothing of the way
                path.last_failure_ms = max(path.last_failure_ms, run.start_ms)
                self.evaluate(path)

    def evaluate(self, path: PathState) -> None:
        """Declare the path lost, if it is."""
        start_ms = None if path.lost_since_ms is not None else loss_start(path)
        if start_ms is None:
            return
        start_ms = max([start_ms, *(blindable_from(target) for target in path.targets_behind)])
        path.lost_since_ms = path.changed_ms = start_ms
        log.warning("path_lost", path=path.path.id, targets=len(path.targets_behind))
        self._blindness.begin(path.path.id, path.targets_behind, UnknownCause.MONITOR_NET, start_ms)
        self._publish(path)

    def on_topology_change(self, old: Iterable[PathState], topology: Topology, now_ms: int) -> None:
        """After a reload: end the loss of paths that are gone, and blind exactly what lies behind the lost ones now."""
        current = {id(path) for path in topology.paths.values()}
        for path in old:
            if id(path) not in current and path.lost_since_ms is not None:
                self._blindness.end(path.path.id, (), UnknownCause.MONITOR_NET, now_ms)
        for target in topology.targets.values():
            self._blind_as_wired(target, now_ms)

    def _blind_as_wired(self, target: TargetState, now_ms: int) -> None:
        lost = {path.path.id for path in target.paths if path.lost_since_ms is not None}
        for path_id in target.blind_scopes - lost - {EVERYTHING}:
            self._blindness.uncover(target, path_id, UnknownCause.MONITOR_NET, now_ms)
        for path_id in lost - target.blind_scopes:
            self._blindness.cover(target, path_id, UnknownCause.MONITOR_NET, now_ms)
        if self._blindness.suspended and EVERYTHING not in target.blind_scopes:
            self._blindness.cover(target, EVERYTHING, UnknownCause.DISK, now_ms)

    def _restored(self, path: PathState, end_ms: int) -> None:
        path.lost_since_ms = None
        path.changed_ms = end_ms
        log.info("path_restored", path=path.path.id, targets=len(path.targets_behind))
        self._blindness.end(path.path.id, path.targets_behind, UnknownCause.MONITOR_NET, end_ms)
        self._publish(path)


def _counts_against_path(run: CompletedRun) -> bool:
    return run.verdict is Verdict.FAILED or run.reason is Reason.NO_ROUTE
