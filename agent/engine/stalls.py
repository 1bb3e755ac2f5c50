"""Standstills of the event loop: a beat of its own comes too late.

No hook of the loop tells it. A beat does, whatever held it up: one long call, many short ones within one turn of the
loop, another thread that held the interpreter's lock, a process that was stopped, a machine with too much to do.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from agent.clock import Clock

BEAT_SECONDS = 0.05
"""On the same grid of the monotonic clock as the engine's tick: what costs is to wake up, and both wake up at once."""

STALL_SECONDS = 0.1
_ROUNDED_SECONDS = 0.002  # timers of the loop are whole milliseconds
_COUNTED_SECONDS = STALL_SECONDS - _ROUNDED_SECONDS


def next_on_grid(now: float, step: float) -> float:
    """The next multiple of step (seconds); a timer that fires a hair before one was meant for it."""
    return ((now + _ROUNDED_SECONDS) // step + 1) * step


@dataclass(frozen=True, slots=True)
class StallStats:
    """run_delay: stalls of a busy machine, that had no processor for us; stood_seconds: how long all took together."""

    stalls: int = 0
    run_delay: int = 0
    stood_seconds: float = 0.0


class LoopStalls:
    """Counts the standstills of over STALL_SECONDS, each once.

    A beat cannot tell when after the one before it the standstill began, and takes the latest instant: one is counted
    for sure from STALL_SECONDS + BEAT_SECONDS on, and never below STALL_SECONDS but for what a timer rounds.
    run_delay: seconds that the loop's thread has waited for a processor until now.
    """

    def __init__(self, clock: Clock, run_delay: Callable[[], float]) -> None:
        self.stats = StallStats()
        self._clock = clock
        self._run_delay = run_delay
        self._next: asyncio.TimerHandle | None = None

    def stood_seconds(self) -> float:
        """How long the loop has stood still until now, all standstills together."""
        return self.stats.stood_seconds

    def __enter__(self) -> Self:
        """Begin to count; inside the running event loop."""
        self._await_beat()
        return self

    def __exit__(self, *_: object) -> None:
        if self._next is not None:
            self._next.cancel()

    def _await_beat(self) -> None:
        self._delay_before = self._run_delay()
        now = self._clock.monotonic()
        self._due = next_on_grid(now, BEAT_SECONDS)
        self._next = asyncio.get_running_loop().call_later(self._due - now, self._beat)

    def _beat(self) -> None:
        late = self._clock.monotonic() - self._due
        if late > _COUNTED_SECONDS:
            waited = self._run_delay() - self._delay_before
            by_machine = late - waited <= _COUNTED_SECONDS
            stats = self.stats
            self.stats = StallStats(stats.stalls + 1, stats.run_delay + by_machine, stats.stood_seconds + late)
        self._await_beat()


class RunDelay:
    """How long the thread that made it has waited for a processor, as the kernel counts it (proc(5), schedstat)."""

    def __init__(self) -> None:
        try:
            self._file: int | None = os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._file = None

    def seconds(self) -> float:
        """Since the thread began; always 0 where the kernel does not say."""
        return 0.0 if self._file is None else int(os.pread(self._file, 64, 0).split()[1]) / 1e9

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
