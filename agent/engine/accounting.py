"""Time spent in each state: added up only where no later row can change it any more."""

from __future__ import annotations

from operator import itemgetter

from agent.availability.precedence import superseded
from agent.model import State


class StateAccounting:
    """Milliseconds of one target in each state, from its beginning up to ``until_ms``."""

    __slots__ = ("_changes", "_state_ms", "until_ms")

    def __init__(self, begin_ms: int, state: State) -> None:
        self.until_ms = begin_ms
        self._changes = [(begin_ms, state)]  # committed changes that are not added up yet, as a reader sees them
        self._state_ms = [0, 0, 0, 0]

    def record(self, at_ms: int, state: State) -> None:
        """A change was committed: it replaces every change from at_ms on. What is added up stays."""
        at_ms = max(at_ms, self.until_ms)
        superseded(self._changes, at_ms, itemgetter(0))
        self._changes.append((at_ms, state))

    def accumulate(self, until_ms: int) -> None:
        """Add up the time until then."""
        changes = self._changes
        while self.until_ms < until_ms:
            end_ms = min(changes[1][0], until_ms) if len(changes) > 1 else until_ms
            self._state_ms[changes[0][1]] += end_ms - self.until_ms
            self.until_ms = end_ms
            if len(changes) > 1 and changes[1][0] <= end_ms:
                changes.pop(0)

    @property
    def seconds(self) -> tuple[float, float, float, float]:
        """Seconds by State value."""
        down_ms, up_ms, degraded_ms, unknown_ms = self._state_ms
        return down_ms / 1000, up_ms / 1000, degraded_ms / 1000, unknown_ms / 1000
