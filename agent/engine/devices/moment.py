"""An instant that is shown in UTC for a long time: it stays the same to the millisecond until the wall clock steps."""

from __future__ import annotations

from agent.clock import Clock, wall_of

_STEP_MS = 2_000


class Moment:
    """at_ms: boottime of this boot, negative for what was before it; None for one that only UTC tells."""

    __slots__ = ("_wall_ms", "at_ms")

    def __init__(self, at_ms: int | None, wall_ms: int) -> None:
        self.at_ms = at_ms
        self._wall_ms = wall_ms

    @classmethod
    def of(cls, clock: Clock, at_ms: int) -> Moment:
        """A boottime instant of this boot."""
        return cls(at_ms, wall_of(clock, at_ms))

    def wall_ms(self, clock: Clock) -> int:
        """UTC, by the wall clock as it stands now where that has been set since."""
        if self.at_ms is not None:
            now_ms = wall_of(clock, self.at_ms)
            if abs(now_ms - self._wall_ms) > _STEP_MS:
                self._wall_ms = now_ms
        return self._wall_ms
