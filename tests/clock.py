"""A clock that moves only when told to: the three clocks of agent.clock, stepped by the test. And one that is slow."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass

from agent.clock import SystemClock

START_WALL_MS = 1_772_326_800_000  # 2026-03-01 08:00 in Hanoi (01:00 UTC), a Sunday


@dataclass(slots=True)
class TravellingClock:
    """Implements agent.clock.Clock. Nanoseconds inside, so that no length is lost to rounding."""

    boottime_ns: int = 1_000_000_000_000
    unix_ns: int = START_WALL_MS * 1_000_000
    is_synchronised: bool = True
    is_readable: bool = True
    boots: int = 1
    suspended_ns: int = 0

    def advance(self, seconds: float) -> None:
        """Let time pass: all clocks move together."""
        if seconds < 0:
            raise ValueError("time does not run backwards; step_wall() does")
        nanoseconds = round(seconds * 1_000_000_000)
        self.boottime_ns += nanoseconds
        self.unix_ns += nanoseconds

    def suspend(self, seconds: float) -> None:
        """The machine sleeps: CLOCK_MONOTONIC stands still, CLOCK_BOOTTIME and the wall clock do not."""
        self.advance(seconds)
        self.suspended_ns += round(seconds * 1_000_000_000)

    def step_wall(self, seconds: float) -> None:
        """Set the wall clock forward (or back, when negative) without any time passing."""
        self.unix_ns += round(seconds * 1_000_000_000)

    def reboot(self, off_seconds: float = 0.0) -> None:
        """A new boot after off_seconds without power: boottime starts again, the wall clock went on."""
        self.boots += 1
        self.boottime_ns = self.suspended_ns = 0
        self.unix_ns += round(off_seconds * 1_000_000_000)

    def boottime_ms(self) -> int:
        return self.boottime_ns // 1_000_000

    def monotonic(self) -> float:
        return (self.boottime_ns - self.suspended_ns) / 1_000_000_000

    def wall_ms(self) -> int:
        return self.unix_ns // 1_000_000

    def wall_ns(self) -> int:
        return self.unix_ns

    def boot_id(self) -> str:
        return f"boot-{self.boots}"

    def synchronised(self) -> bool:
        if not self.is_readable:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        return self.is_synchronised


class SlowClock(SystemClock):
    """Each look at it takes its time, as if reading were so slow."""

    def __init__(self, look_seconds: float) -> None:
        super().__init__()
        self._look_seconds, self._looks = look_seconds, 0

    def monotonic(self) -> float:
        self._looks += 1
        return super().monotonic() + self._looks * self._look_seconds
