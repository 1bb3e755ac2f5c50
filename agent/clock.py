"""The one place that reads clocks. Everything else is handed a Clock (a lint rule bans direct calls).

Three clocks, three uses:
  boottime   integer milliseconds since boot, suspend included: every instant and length the agent accounts for
  monotonic  float seconds: deadlines and durations inside one probe run
  wall       integer milliseconds of UTC: labels only; a wall step changes no length
"""

from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path
from typing import Protocol

_TIME_ERROR = 5  # adjtimex(2): the kernel clock is not synchronised
_TIMEX_BYTES = 208  # sizeof(struct timex) on 64-bit Linux


class Clock(Protocol):
    """Where the time comes from; tests hand in one that travels."""

    def boottime_ms(self) -> int:
        """Milliseconds since boot, suspend included; never goes back within one boot."""

    def monotonic(self) -> float:
        """Seconds on a clock that no step touches; only differences mean anything."""

    def wall_ms(self) -> int:
        """UTC as the machine believes it now, milliseconds since 1970; may step either way."""

    def wall_ns(self) -> int:
        """UTC in nanoseconds, comparable with the kernel's packet time stamps."""

    def boot_id(self) -> str:
        """Identity of this boot: boottime of different boots cannot be compared."""

    def synchronised(self) -> bool:
        """Whether the kernel says a time source disciplines the wall clock.

        Raises OSError where the kernel is not allowed to say: then nobody knows, which is not the same as no.
        """


class SystemClock:
    """The machine's own clocks."""

    def __init__(self) -> None:
        self._boot_id = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        self._libc = ctypes.CDLL(None, use_errno=True)

    def boottime_ms(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def wall_ns(self) -> int:
        return time.time_ns()

    def boot_id(self) -> str:
        return self._boot_id

    def synchronised(self) -> bool:
        timex = ctypes.create_string_buffer(_TIMEX_BYTES)  # modes 0: read only
        status: int = self._libc.adjtimex(timex)
        if status < 0:
            number = ctypes.get_errno()
            raise OSError(number, f"adjtimex: {os.strerror(number)}")
        return status < _TIME_ERROR


def vouched(clock: Clock) -> bool | None:
    """Whether a time source disciplines the wall clock; None where the kernel may not be asked."""
    try:
        return clock.synchronised()
    except OSError:
        return None


def wall_of(clock: Clock, at_ms: int) -> int:
    """UTC milliseconds of a boottime instant of this boot, by the wall clock as it stands now."""
    return clock.wall_ms() - (clock.boottime_ms() - at_ms)
