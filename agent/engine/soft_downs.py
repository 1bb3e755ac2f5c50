"""Targets that have failed often enough to be DOWN, and wait for the verdict on what they are reached through."""

from __future__ import annotations

from collections.abc import Iterator

from agent.availability.machine import completed
from agent.availability.track import CompletedRun
from agent.clock import Clock
from agent.engine.reachability import dependencies_resolved
from agent.engine.state_commits import StateCommitter
from agent.engine.target_state import PathState, SoftDown, TargetState

MAX_WAIT_MS = 30_000
"""How long a target at its threshold waits at most; then it decides alone."""

STANDSTILL_MS = 1_000
"""Longer than this between two ticks is time that no target's wait is charged with."""


class SoftDowns:
    """The waiting targets. Their runs are no evidence before the verdict."""

    def __init__(self, clock: Clock, committer: StateCommitter) -> None:
        self._clock = clock
        self._committer = committer
        self._waiting: dict[str, TargetState] = {}
        self._looked_ms = clock.boottime_ms()

    def begin(self, target: TargetState, run: CompletedRun) -> None:
        """Let the target wait: by this run it would be DOWN."""
        target.soft_down = SoftDown([run], self._clock.boottime_ms() + MAX_WAIT_MS)
        self._waiting[target.id] = target

    def end(self, target: TargetState, before_ms: int | None = None) -> None:
        """Take its runs into the track, as far as they started before that instant; the others are no evidence."""
        self._waiting.pop(target.id, None)
        soft_down, target.soft_down = target.soft_down, None
        for run in soft_down.runs if soft_down is not None else ():
            if before_ms is None or run.start_ms < before_ms:
                self._committer.apply(target, completed(target.track, target.policy, run))

    def charge(self, now_ms: int) -> None:
        """Let the time since the last look count; not that in which the agent stood still and could hear nobody."""
        stood_ms, self._looked_ms = now_ms - self._looked_ms, now_ms
        if stood_ms > STANDSTILL_MS:
            for soft_down in self._soft_downs():
                soft_down.decide_by_ms += stood_ms

    def paths(self) -> list[PathState]:
        """The paths before the waiting targets, each once."""
        return list({id(path): path for target in self._waiting.values() for path in target.paths}.values())

    def due(self, now_ms: int) -> list[TargetState]:
        """The soft failures whose explanation has come, or whose time is up; parents before children."""
        due = [target for target in self._waiting.values() if _overdue(target, now_ms) or dependencies_resolved(target)]
        return sorted(due, key=lambda target: sum(1 for _ in target.ancestors()))

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def _soft_downs(self) -> Iterator[SoftDown]:
        return (target.soft_down for target in self._waiting.values() if target.soft_down is not None)


def _overdue(target: TargetState, now_ms: int) -> bool:
    return target.soft_down is None or target.soft_down.decide_by_ms <= now_ms
