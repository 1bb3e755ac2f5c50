"""From a finished run to a committed state: the step, whose verdict is awaited first, what is written, what is shown.

A run that would make a target DOWN waits (the target is soft down) until its ancestors and its paths' anchors have been
heard, for a limited time; then the target decides alone. What lies behind a lost path is blind: UNKNOWN, whatever its
runs say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from agent.availability.machine import completed, ended
from agent.availability.track import CompletedRun, Step
from agent.clock import Clock
from agent.engine.blindness import Blindness
from agent.engine.confirmations import Confirmations
from agent.engine.path_evaluation import PathEvaluator
from agent.engine.reachability import dependencies_resolved, final_until, flap_during_failure, flap_ended_by
from agent.engine.reprobe import ReprobeQueue
from agent.engine.soft_downs import SoftDowns
from agent.engine.state_commits import StateCommitter
from agent.engine.target_state import AnchorState, PathState, TargetState
from agent.engine.topology import Topology
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.model import State, Verdict


class Evaluator:
    """Applies runs to targets. Everything it decides goes through the commit queue."""

    def __init__(
        self,
        clock: Clock,
        commit_queue: CommitQueue,
        reprobes: ReprobeQueue,
        publish_target: Callable[[TargetState], None],
        publish_path: Callable[[PathState], None],
        *,
        on_commit: Callable[[TargetState], None],
    ) -> None:
        """The publishing callables are called with what has changed in a way that is shown.

        on_commit: called with a target whose state was committed.
        """
        self._clock = clock
        self._commit_queue = commit_queue
        self._publish = publish_target
        self._committer = StateCommitter(clock, commit_queue, publish_target, on_commit)
        self._confirmations = Confirmations(clock, reprobes)
        self._soft_downs = SoftDowns(clock, self._committer)
        self._blindness = Blindness(clock, commit_queue, self._committer, self._soft_downs, self._confirmations)
        self._paths = PathEvaluator(self._blindness, self._confirmations, publish_path)

    def on_run(self, target: TargetState, run: CompletedRun) -> None:
        """Take a finished run of a target into account."""
        if self._commit_queue.full:
            return
        success = run.verdict.success
        if success:
            for path in target.paths:
                path.flap = flap_ended_by(path, run.start_ms)
            if target.soft_down is not None:
                self._attribute_to_flap(target, run)
        target.note(run, success=success, failure=run.verdict is Verdict.FAILED)
        self._paths.on_target_run(target, run, success=success)
        if success:
            self._committer.success_behind(target, run.start_ms)
        if target.blind_scopes:
            self.apply(target, completed(target.track, target.policy, run))  # evidence only if it began before
        else:
            self._evaluate(target, run)
        target.accounting.accumulate(final_until(target, self._clock.boottime_ms()))
        self._publish(target)

    def on_anchor_run(self, path: PathState, anchor: AnchorState, run: CompletedRun) -> None:
        """Take a finished run of a path's anchor into account."""
        if not self._commit_queue.full:
            self._paths.on_anchor_run(path, anchor, run)

    def decide_soft_downs(self) -> None:
        """Decide every target whose explanation has been heard, or whose time is up."""
        now_ms = self._clock.boottime_ms()
        self._soft_downs.charge(now_ms)
        if not self._soft_downs:
            return
        for path in self._soft_downs.paths():
            self._paths.evaluate(path)
        for target in self._soft_downs.due(now_ms):
            self._soft_downs.end(target)
            if target.unconfirmed:
                self._confirmations.confirm_with_dependencies(target)

    def apply_backpressure(self, targets: Iterable[TargetState]) -> None:
        """Evaluate nothing while the commit queue is full."""
        self._blindness.apply_backpressure(targets)

    def finalize(self, target: TargetState, at_ms: int) -> None:
        """The agent stops or the target leaves: runs whose verdict still waits for others are evidence all the same."""
        self._soft_downs.end(target)
        self._confirmations.cancel(target)
        self.apply(target, ended(target.track, target.policy, at_ms))

    def apply(self, target: TargetState, step: Step) -> None:
        """Take a step, and queue the rows that it entails."""
        self._committer.apply(target, step)

    def on_topology_change(self, old: Iterable[PathState], topology: Topology) -> None:
        """After a reload: what lies behind which path has changed."""
        self._paths.on_topology_change(old, topology, self._clock.boottime_ms())

    def _evaluate(self, target: TargetState, run: CompletedRun) -> None:
        if target.soft_down is not None:
            target.soft_down.runs.append(run)
            self._confirmations.confirm(target)
            return
        step = completed(target.track, target.policy, run)
        confirms = step.track.state is State.DOWN and not target.confirmed_down
        if confirms and not dependencies_resolved(target):
            self._soft_downs.begin(target, run)
            self._confirmations.confirm(target)
            return
        self.apply(target, step)
        if target.unconfirmed:
            self._confirmations.confirm_with_dependencies(target)

    def _attribute_to_flap(self, target: TargetState, run: CompletedRun) -> None:
        """A soft down target answers right after its path flapped: the path failed, not the target."""
        begin_ms, end_ms = flap_during_failure(target)
        if begin_ms < end_ms <= run.start_ms:
            self._blindness.attribute_to_path(target, begin_ms, end_ms)
