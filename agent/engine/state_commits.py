"""From a step of the state machine to what is shown: rows are queued, and published once they are on disk."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from agent.availability.track import Step
from agent.clock import Clock
from agent.engine.reachability import final_until, last_known_down, reachable_behind
from agent.engine.target_state import CommittedState, TargetState
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.ledger.rows import SoftFailure
from agent.model import State, Transition, UnknownCause

log = structlog.get_logger(__name__)


class StateCommitter:
    """Applies steps to targets. No change is shown before its commit."""

    def __init__(
        self,
        clock: Clock,
        commit_queue: CommitQueue,
        publish: Callable[[TargetState], None],
        on_commit: Callable[[TargetState], None],
    ) -> None:
        """The callable `publish` is called with a target of which something that is shown has changed.

        on_commit: called with a target whose state was committed, before it is shown.
        """
        self._clock = clock
        self._commit_queue = commit_queue
        self._publish = publish
        self._on_commit = on_commit

    def apply(self, target: TargetState, step: Step) -> None:
        """Take the step, and queue the rows that it entails."""
        target.track = step.track
        if step.soft is not None:
            soft = step.soft
            self._commit_queue.enqueue(SoftFailure(target.id, soft.first_start_ms, soft.failures, soft.cause))
        for transition in step.transitions:
            target.uncommitted.append(transition.effective_at_ms)
            self._commit_queue.enqueue(transition, lambda t=transition: self._committed(target, t))  # type: ignore[misc]

    def _committed(self, target: TargetState, transition: Transition) -> None:
        before, explained = target.committed, last_known_down(target)
        target.uncommitted.popleft()
        target.accounting.record(transition.effective_at_ms, transition.state)
        target.accounting.accumulate(final_until(target, self._clock.boottime_ms()))
        target.committed = CommittedState(
            transition.state, transition.cause, transition.effective_at_ms, transition.confirmed_at_ms
        )
        if transition.state is not State.UNKNOWN:
            target.last_known_up = transition.state is not State.DOWN
        if transition.state is State.DOWN:
            target.down_since_ms = transition.effective_at_ms
        if before.state is not transition.state:
            _log_change(target, before, transition)
        self._on_commit(target)
        self._publish(target)
        if explained or last_known_down(target):
            self._publish_descendants(target)

    def success_behind(self, target: TargetState, start_ms: int) -> None:
        """The target answered: everything that it is reached through passes traffic."""
        for ancestor in target.ancestors():
            silent = last_known_down(ancestor) and not reachable_behind(ancestor)
            ancestor.last_downstream_success_ms = max(ancestor.last_downstream_success_ms, start_ms)
            if silent and reachable_behind(ancestor):
                self._publish(ancestor)
                self._publish_descendants(ancestor)

    def _publish_descendants(self, target: TargetState) -> None:
        for child in target.descendants():
            self._publish(child)


def _log_change(target: TargetState, before: CommittedState, transition: Transition) -> None:
    """After a start, all that is well is no news: it would be ten thousand lines in which none matters."""
    first_result = before.cause in (UnknownCause.NOT_YET, UnknownCause.AGENT_OFF) and transition.state is State.UP
    (log.debug if first_result else log.info)(
        "state_changed",
        target=target.id,
        state=transition.state.name.lower(),
        was=before.state.name.lower(),
        cause=transition.cause.value,
    )
