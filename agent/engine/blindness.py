"""Targets that the agent cannot see: behind a lost path, or while the ledger takes no rows. Their state is UNKNOWN."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from agent.availability.machine import blinded, cleared
from agent.clock import Clock
from agent.engine.confirmations import Confirmations
from agent.engine.reachability import known_since
from agent.engine.soft_downs import SoftDowns
from agent.engine.state_commits import StateCommitter
from agent.engine.target_state import TargetState
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.ledger.rows import BlindEnd, BlindStart
from agent.model import UnknownCause

log = structlog.get_logger(__name__)

EVERYTHING = ""
"""The scope of a blind interval that covers every target."""


class Blindness:
    """Begins and ends blind intervals, one scope at a time; a target may lie in several."""

    def __init__(
        self,
        clock: Clock,
        commit_queue: CommitQueue,
        committer: StateCommitter,
        soft_downs: SoftDowns,
        confirmations: Confirmations,
    ) -> None:
        self._clock = clock
        self._commit_queue = commit_queue
        self._committer = committer
        self._soft_downs = soft_downs
        self._confirmations = confirmations
        self.suspended = False
        """True while nothing is evaluated, because the ledger takes no rows and no more can wait."""

    def begin(self, scope: str, targets: Iterable[TargetState], cause: UnknownCause, start_ms: int) -> None:
        """From that instant on nothing is known of these targets."""
        self._commit_queue.enqueue(BlindStart(scope, cause, start_ms))
        for target in targets:
            self.cover(target, scope, cause, start_ms)

    def end(self, scope: str, targets: Iterable[TargetState], cause: UnknownCause, end_ms: int) -> None:
        """From that instant on they are seen again, as far as nothing else blinds them."""
        self._commit_queue.enqueue(BlindEnd(scope, cause, end_ms))
        for target in targets:
            self.uncover(target, scope, cause, end_ms)

    def cover(self, target: TargetState, scope: str, cause: UnknownCause, start_ms: int) -> None:
        """Count one more target that lies in a blind interval."""
        self._soft_downs.end(target, start_ms)
        self._confirmations.cancel(target)
        target.blind_scopes.add(scope)
        at_ms = max(start_ms, known_since(target))
        self._committer.apply(target, blinded(target.track, target.policy, at_ms, cause))

    def uncover(self, target: TargetState, scope: str, cause: UnknownCause, end_ms: int) -> None:
        """One target does not lie in a blind interval any more."""
        target.blind_scopes.discard(scope)
        self._committer.apply(target, cleared(target.track, end_ms, cause))
        if target.blind_scopes:
            return
        target.failing_since_ms = None
        target.failures_in_row = 0
        self._confirmations.probe_now(target)

    def apply_backpressure(self, targets: Iterable[TargetState]) -> None:
        """Suspend evaluation when the queue is full: every target is UNKNOWN(disk) until the queue is empty again."""
        if self._commit_queue.full and not self.suspended:
            self.suspended = True
            log.error("evaluation_suspended", why="the ledger takes no rows, and no more can wait")
            self.begin(EVERYTHING, targets, UnknownCause.DISK, self._clock.boottime_ms())
        elif self.suspended and self._commit_queue.empty:
            self.suspended = False
            self.end(EVERYTHING, targets, UnknownCause.DISK, self._clock.boottime_ms())

    def attribute_to_path(self, target: TargetState, begin_ms: int, end_ms: int) -> None:
        """The target's failed runs of that time were its path's: UNKNOWN then, and nothing of them afterwards."""
        cause = UnknownCause.MONITOR_NET
        self._soft_downs.end(target, begin_ms)
        self._commit_queue.enqueue(BlindStart(target.id, cause, begin_ms))
        self._committer.apply(target, blinded(target.track, target.policy, begin_ms, cause))
        self._commit_queue.enqueue(BlindEnd(target.id, cause, end_ms))
        self._committer.apply(target, cleared(target.track, end_ms, cause))
