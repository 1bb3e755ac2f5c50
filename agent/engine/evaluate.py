"""From a finished run to a committed state: the step, who must be asked first, what is written, what is shown.

A run that would make a target DOWN waits (is held) until its ancestors and its paths' anchors have been heard, at most
SOFT_DOWN_MS; then it decides alone. What lies behind a lost path is blind: UNKNOWN, whatever its runs say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from agent.availability.machine import blinded, cleared, completed, ended, expired
from agent.availability.track import CompletedRun, Step
from agent.clock import Clock
from agent.engine.reachability import (
    blindable_from,
    dependencies_resolved,
    final_until,
    flap_during_failure,
    flap_ended_by,
    known_since,
    last_known_down,
    loss_start,
    reachable_behind,
)
from agent.engine.reprobe import ReprobeQueue
from agent.engine.target_state import AnchorState, CommittedState, PathState, ProbeState, TargetState
from agent.engine.topology import Topology
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.ledger.rows import BlindEnd, BlindStart, SoftFailure
from agent.model import Reason, State, Transition, UnknownCause, Verdict

log = structlog.get_logger(__name__)

SOFT_DOWN_MS = 30_000
"""How long a target at its threshold waits at most for the verdict of what it is reached through."""

STANDSTILL_MS = 1_000
"""Longer than this between two ticks is time that no target's wait is charged with."""

ACCOUNTING_STEP_MS = 10_000
"""State seconds of a target that stays UNKNOWN are booked, and shown, this often."""


@dataclass(frozen=True, slots=True)
class Publishers:
    """Called whenever what is shown of a target or path has changed."""

    target: Callable[[TargetState], None]
    path: Callable[[PathState], None]


class Evaluator:
    """Applies runs to slots. Everything it decides goes through the journal; nothing is shown before its commit."""

    def __init__(self, clock: Clock, commit_queue: CommitQueue, reprobes: ReprobeQueue, publish: Publishers) -> None:
        self._clock = clock
        self._commit_queue = commit_queue
        self._reprobes = reprobes
        self._publish = publish
        self._held: dict[str, TargetState] = {}
        self._disk_full = False
        self._decided_ms = clock.boottime_ms()

    def on_run(self, slot: TargetState, run: CompletedRun) -> None:
        """Take a finished run of a target into account."""
        if self._commit_queue.full:
            return
        success = run.verdict in (Verdict.OK, Verdict.DEGRADED)
        if success:
            for watch in slot.paths:
                watch.flap = flap_ended_by(watch, run.start_ms)
            if slot.soft_down_runs:
                self._attribute_to_path(slot, run)
        slot.note(run, success=success, failure=run.verdict is Verdict.FAILED)
        self._note_on_paths(slot, run, success=success)
        if success:
            self._note_success_behind(slot, run.start_ms)
        if slot.blind_scopes:
            self._apply(slot, completed(slot.track, slot.target.policy, run))  # evidence only if it began before
        else:
            self._evaluate(slot, run)
        slot.accumulate(final_until(slot, self._clock.boottime_ms()))
        self._publish.target(slot)

    def on_anchor_run(self, watch: PathState, anchor: AnchorState, run: CompletedRun) -> None:
        """Take a finished run of a path's anchor into account. Having no route ourselves is a failure of the path."""
        if self._commit_queue.full:
            return
        success = run.verdict in (Verdict.OK, Verdict.DEGRADED)
        if success:
            watch.flap = flap_ended_by(watch, run.start_ms)
        anchor.note(run, success=success, failure=_counts_against_path(run))
        if success and watch.lost_since_ms is not None:
            self._path_restored(watch, run.start_ms)
        elif anchor.failing_since_ms is not None:
            if anchor.failures_in_row < anchor.target.policy.fail_after:
                self._confirm_soon(anchor)
            self._evaluate_path(watch)
        self._publish.path(watch)

    def decide_soft_downs(self) -> None:
        """Release every held target whose explanation has been heard, or whose time is up; parents before children."""
        now_ms = self._clock.boottime_ms()
        stood_ms, self._decided_ms = now_ms - self._decided_ms, now_ms
        if not self._held:
            return
        if stood_ms > STANDSTILL_MS:
            self._wait_longer(stood_ms)
        for watch in {id(w): w for slot in self._held.values() for w in slot.paths}.values():
            self._evaluate_path(watch)
        ripe = [
            slot for slot in self._held.values() if (slot.decide_by_ms or 0) <= now_ms or dependencies_resolved(slot)
        ]
        for slot in sorted(ripe, key=lambda s: sum(1 for _ in s.ancestors())):
            self._release(slot)

    def _wait_longer(self, by_ms: int) -> None:
        """While the agent stood still nobody could be heard."""
        for slot in self._held.values():
            slot.decide_by_ms = (slot.decide_by_ms or 0) + by_ms

    def sweep(self, slots: Iterable[TargetState]) -> None:
        """Commit UNKNOWN where no fresh result came within interval + grace; book what has become certain."""
        now_ms = self._clock.boottime_ms()
        for slot in slots:
            if not (slot.blind_scopes or slot.soft_down_runs or self._commit_queue.full or _run_in_time(slot)):
                self._apply(slot, expired(slot.track, slot.target.policy, now_ms))
            until_ms = final_until(slot, now_ms)
            if slot.committed.state is State.UNKNOWN and until_ms - slot.accounted_until_ms >= ACCOUNTING_STEP_MS:
                slot.accumulate(until_ms)
                self._publish.target(slot)

    def apply_backpressure(self, slots: Iterable[TargetState]) -> None:
        """Nothing is judged while the journal can hold no more: everything is UNKNOWN(disk) until it is empty again."""
        if self._commit_queue.full and not self._disk_full:
            self._disk_full = True
            start_ms = self._clock.boottime_ms()
            log.error("evaluation_suspended", why="the ledger takes no rows, and no more can wait")
            self._commit_queue.enqueue(BlindStart("", UnknownCause.DISK, start_ms))
            for slot in slots:
                self._blind(slot, "", UnknownCause.DISK, start_ms)
        elif self._disk_full and self._commit_queue.empty:
            self._disk_full = False
            end_ms = self._clock.boottime_ms()
            self._commit_queue.enqueue(BlindEnd("", UnknownCause.DISK, end_ms))
            for slot in slots:
                self._unblind(slot, "", end_ms, UnknownCause.DISK)

    def finalize(self, slot: TargetState, at_ms: int) -> None:
        """The agent stops or the target leaves: runs whose verdict still waits for others are evidence all the same."""
        self._take_soft_downs(slot, None)
        self._reprobes.forget(slot.target.id)
        self._apply(slot, ended(slot.track, slot.target.policy, at_ms))

    def apply(self, slot: TargetState, step: Step) -> None:
        """Write what a step entails that no run caused: how a target begins."""
        self._apply(slot, step)

    def on_topology_change(self, old: Iterable[PathState], topology: Topology) -> None:
        """After a reload: end the loss of paths that are gone, and blind exactly what lies behind the lost ones now."""
        now_ms = self._clock.boottime_ms()
        current = {id(watch) for watch in topology.paths.values()}
        for watch in old:
            if id(watch) not in current and watch.lost_since_ms is not None:
                self._commit_queue.enqueue(BlindEnd(watch.path.id, UnknownCause.MONITOR_NET, now_ms))
        for slot in topology.targets.values():
            lost = {watch.path.id: watch for watch in slot.paths if watch.lost_since_ms is not None}
            for path_id in slot.blind_scopes - lost.keys() - {""}:
                self._unblind(slot, path_id, now_ms)
            for path_id in lost.keys() - slot.blind_scopes:
                self._blind(slot, path_id, UnknownCause.MONITOR_NET, now_ms)
            if self._disk_full and "" not in slot.blind_scopes:
                self._blind(slot, "", UnknownCause.DISK, now_ms)

    # -- one run ------------------------------------------------------------------------------------------------------

    def _evaluate(self, slot: TargetState, run: CompletedRun) -> None:
        if slot.soft_down_runs:
            slot.soft_down_runs.append(run)
            self._confirm_soon(slot)
            return
        step = completed(slot.track, slot.target.policy, run)
        confirms = step.track.state is State.DOWN and slot.track.state is not State.DOWN
        if confirms and not dependencies_resolved(slot):
            slot.soft_down_runs.append(run)
            slot.decide_by_ms = self._clock.boottime_ms() + SOFT_DOWN_MS
            self._held[slot.target.id] = slot
            self._confirm_soon(slot)
            return
        self._apply(slot, step)
        if slot.unconfirmed:
            self._schedule_confirmation(slot)

    def _schedule_confirmation(self, slot: TargetState) -> None:
        """An unconfirmed failure: probe it again fast, and everything it is reached through at once."""
        self._confirm_soon(slot)
        since_ms = slot.failing_since_ms or 0
        for ancestor in slot.ancestors():
            self._probe_soon(ancestor, since_ms)
        for watch in slot.paths:
            for anchor in watch.anchors:
                self._probe_soon(anchor, since_ms)

    def _confirm_soon(self, lane: ProbeState) -> None:
        policy = lane.target.policy
        self._reprobes.want(lane.target.id, lane.last_start_ms + max(policy.confirm_interval_ms, policy.timeout_ms))

    def _probe_soon(self, lane: ProbeState, since_ms: int) -> None:
        """Have lane probed now, unless it has been since then; never more often than its confirm_interval."""
        if lane.last_start_ms >= since_ms or lane.running_since_ms is not None:
            return
        earliest_ms = lane.last_start_ms + lane.target.policy.confirm_interval_ms
        self._reprobes.want(lane.target.id, max(self._clock.boottime_ms(), earliest_ms))

    def _release(self, slot: TargetState) -> None:
        self._take_soft_downs(slot, None)
        if slot.unconfirmed:
            self._schedule_confirmation(slot)

    def _take_soft_downs(self, slot: TargetState, before_ms: int | None) -> None:
        """Take the held runs into the track, as far as they started before that instant; the others are no evidence."""
        runs, slot.soft_down_runs, slot.decide_by_ms = slot.soft_down_runs, [], None
        self._held.pop(slot.target.id, None)
        for run in runs:
            if before_ms is None or run.start_ms < before_ms:
                self._apply(slot, completed(slot.track, slot.target.policy, run))

    def _apply(self, slot: TargetState, step: Step) -> None:
        slot.track = step.track
        if step.soft is not None:
            soft = step.soft
            self._commit_queue.enqueue(SoftFailure(slot.target.id, soft.first_start_ms, soft.failures, soft.cause))
        for transition in step.transitions:
            slot.uncommitted.append(transition.effective_at_ms)
            self._commit_queue.enqueue(transition, lambda t=transition: self._publish_committed(slot, t))  # type: ignore[misc]

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _publish_committed(self, slot: TargetState, transition: Transition) -> None:
        before, explained = slot.committed, last_known_down(slot)
        slot.uncommitted.popleft()
        slot.record_change(transition.effective_at_ms, transition.state)
        slot.accumulate(final_until(slot, self._clock.boottime_ms()))
        slot.committed = CommittedState(
            transition.state, transition.cause, transition.effective_at_ms, transition.confirmed_at_ms
        )
        if transition.state is not State.UNKNOWN:
            slot.last_known_up = transition.state is not State.DOWN
        if transition.state is State.DOWN:
            slot.down_since_ms = transition.effective_at_ms
        if before.state is not transition.state:
            say = log.debug if _first_look(before, transition) else log.info
            say(
                "state_changed",
                target=slot.target.id,
                state=transition.state.name.lower(),
                was=before.state.name.lower(),
                cause=transition.cause.value,
            )
        self._publish.target(slot)
        if explained or last_known_down(slot):
            for child in slot.descendants():
                self._publish.target(child)

    def _note_success_behind(self, slot: TargetState, start_ms: int) -> None:
        for ancestor in slot.ancestors():
            first = last_known_down(ancestor) and not reachable_behind(ancestor)
            ancestor.last_downstream_success_ms = max(ancestor.last_downstream_success_ms, start_ms)
            if first and reachable_behind(ancestor):
                self._publish.target(ancestor)
                for child in ancestor.descendants():
                    self._publish.target(child)

    # -- paths --------------------------------------------------------------------------------------------------------

    def _note_on_paths(self, slot: TargetState, run: CompletedRun, *, success: bool) -> None:
        for watch in slot.paths:
            if success:
                watch.last_success_behind_ms = max(watch.last_success_behind_ms, run.start_ms)
                if watch.lost_since_ms is not None and run.start_ms >= watch.lost_since_ms:
                    self._path_restored(watch, run.start_ms)
            elif _counts_against_path(run):
                watch.last_failure_ms = max(watch.last_failure_ms, run.start_ms)
                self._evaluate_path(watch)

    def _evaluate_path(self, watch: PathState) -> None:
        start_ms = None if watch.lost_since_ms is not None else loss_start(watch)
        if start_ms is None:
            return
        start_ms = max([start_ms, *(blindable_from(slot) for slot in watch.targets_behind)])
        watch.lost_since_ms = watch.changed_ms = start_ms
        log.warning("path_lost", path=watch.path.id, targets=len(watch.targets_behind))
        self._commit_queue.enqueue(BlindStart(watch.path.id, UnknownCause.MONITOR_NET, start_ms))
        for slot in watch.targets_behind:
            self._blind(slot, watch.path.id, UnknownCause.MONITOR_NET, start_ms)
        self._publish.path(watch)

    def _attribute_to_path(self, slot: TargetState, run: CompletedRun) -> None:
        """A held target answers right after its path stuttered: the path failed, not the target."""
        begin_ms, end_ms = flap_during_failure(slot)
        if run.start_ms < end_ms or begin_ms >= end_ms:
            return
        scope, cause = slot.target.id, UnknownCause.MONITOR_NET
        self._take_soft_downs(slot, begin_ms)
        self._commit_queue.enqueue(BlindStart(scope, cause, begin_ms))
        self._apply(slot, blinded(slot.track, slot.target.policy, begin_ms, cause))
        self._commit_queue.enqueue(BlindEnd(scope, cause, end_ms))
        self._apply(slot, cleared(slot.track, end_ms, cause))

    def _blind(self, slot: TargetState, scope: str, cause: UnknownCause, start_ms: int) -> None:
        self._take_soft_downs(slot, start_ms)
        self._reprobes.forget(slot.target.id)
        slot.blind_scopes.add(scope)
        at_ms = max(start_ms, known_since(slot))
        self._apply(slot, blinded(slot.track, slot.target.policy, at_ms, cause))

    def _path_restored(self, watch: PathState, end_ms: int) -> None:
        watch.lost_since_ms = None
        watch.changed_ms = end_ms
        log.info("path_restored", path=watch.path.id, targets=len(watch.targets_behind))
        self._commit_queue.enqueue(BlindEnd(watch.path.id, UnknownCause.MONITOR_NET, end_ms))
        for slot in watch.targets_behind:
            self._unblind(slot, watch.path.id, end_ms)
        self._publish.path(watch)

    def _unblind(
        self, slot: TargetState, scope: str, end_ms: int, cause: UnknownCause = UnknownCause.MONITOR_NET
    ) -> None:
        slot.blind_scopes.discard(scope)
        self._apply(slot, cleared(slot.track, end_ms, cause))
        if slot.blind_scopes:
            return
        slot.failing_since_ms = None
        slot.failures_in_row = 0
        self._reprobes.want(slot.target.id, self._clock.boottime_ms())


def _first_look(before: CommittedState, transition: Transition) -> bool:
    """After a start all that is well would be said once more: ten thousand lines in which none matters."""
    return before.cause in (UnknownCause.NOT_YET, UnknownCause.AGENT_OFF) and transition.state is State.UP


def _counts_against_path(run: CompletedRun) -> bool:
    return run.verdict is Verdict.FAILED or run.reason is Reason.NO_ROUTE


def _run_in_time(slot: TargetState) -> bool:
    """A run that started before the grace ran out is still going: its verdict is waited for."""
    if slot.running_since_ms is None:
        return False
    policy = slot.target.policy
    return slot.running_since_ms <= slot.last_start_ms + policy.interval_ms + policy.grace_ms
