"""Runs that did not come: each target is looked at when one of them may be missed, and no sooner.

What is not due costs nothing: a tick over a whole country that is idle takes no longer than one over a commune.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from itertools import count

from agent.availability.machine import expired, expires_at
from agent.availability.track import Step
from agent.clock import Clock
from agent.engine.reachability import final_until
from agent.engine.target_state import TargetState
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.model import State

ACCOUNTING_STEP_MS = 10_000
"""State seconds of a target that stays UNKNOWN are added up, and shown, this often, or once an interval."""

AWAITED_MS = 1_000
"""A target whose verdict is awaited is looked at again after this."""

FEWEST_LOOKS = 100
TICKS_FOR_ALL = 20  # after a standstill they are all due at once


class MissedRuns:
    """The targets in the order in which they are to be looked at; each is in it once."""

    def __init__(
        self,
        clock: Clock,
        commit_queue: CommitQueue,
        apply: Callable[[TargetState, Step], None],
        publish: Callable[[TargetState], None],
    ) -> None:
        """apply: takes a step of a target. publish is called with a target of which something shown has changed."""
        self._clock = clock
        self._commit_queue = commit_queue
        self._apply = apply
        self._publish = publish
        self._heap: list[tuple[int, int, TargetState]] = []
        self._order = count()
        self._most = FEWEST_LOOKS

    def watch(self, targets: Iterable[TargetState]) -> None:
        """Go over to these targets. What is missed of the ones before is lost: look at them all first."""
        now_ms, among = self._clock.boottime_ms(), tuple(targets)
        self._most = max(FEWEST_LOOKS, len(among) // TICKS_FOR_ALL)
        self._heap = []
        for number, target in enumerate(among):
            at_ms = expires_at(target.track, target.policy)
            spread_ms = now_ms + target.policy.interval_ms * number // len(among)
            self._heap.append((spread_ms if at_ms is None else at_ms, next(self._order), target))
        heapq.heapify(self._heap)

    def look(self) -> None:
        """Look at those whose time has come, at most a share of all of them."""
        now_ms, heap = self._clock.boottime_ms(), self._heap
        for _ in range(self._most):
            if not heap or heap[0][0] > now_ms:
                return
            target = heap[0][2]
            if not _has_fresh_evidence(target, now_ms):
                self._look_at(target, now_ms)
            heapq.heapreplace(heap, (_next_ms(target, now_ms), next(self._order), target))

    def look_at_all(self) -> None:
        """Look at every target, whenever its time comes."""
        now_ms = self._clock.boottime_ms()
        for _, _, target in self._heap:
            self._look_at(target, now_ms)

    def _look_at(self, target: TargetState, now_ms: int) -> None:
        """Commit UNKNOWN if no fresh result came within interval + grace; add up what has become certain."""
        waits = target.blind_scopes or target.soft_down is not None or self._commit_queue.full
        if not (waits or _run_in_time(target)):
            self._apply(target, expired(target.track, target.policy, now_ms))
        until_ms = final_until(target, now_ms)
        if target.committed.state is State.UNKNOWN and until_ms - target.accounting.until_ms >= ACCOUNTING_STEP_MS:
            target.accounting.accumulate(until_ms)
            self._publish(target)


def _has_fresh_evidence(target: TargetState, now_ms: int) -> bool:
    """As nearly all have when their last run but one would expire: then there is nothing to do."""
    at_ms = expires_at(target.track, target.policy)
    return at_ms is not None and at_ms > now_ms and target.committed.state is not State.UNKNOWN


def _next_ms(target: TargetState, now_ms: int) -> int:
    """When its newest evidence expires; once an interval while it has none that can.

    Runs that end before that make evidence that lasts longer, so none of them needs another entry.
    """
    if target.soft_down is not None or _run_in_time(target):
        return now_ms + AWAITED_MS
    at_ms = None if target.blind_scopes else expires_at(target.track, target.policy)
    return now_ms + target.policy.interval_ms if at_ms is None else max(at_ms, now_ms + AWAITED_MS)


def _run_in_time(target: TargetState) -> bool:
    """True while a run that started before the grace ran out is still going: its verdict is waited for."""
    if target.running_since_ms is None:
        return False
    return target.running_since_ms <= target.last_start_ms + target.policy.interval_ms + target.policy.grace_ms
