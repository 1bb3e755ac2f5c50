"""Time in the ledger: the start, anchors between boottime and UTC, clock steps, the heartbeat.

Rounds run on the monotonic loop and never look here: a step moves labels, not the pace.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import structlog

from agent.clock import Clock
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.explain.clock import MEANING, TO_TYPE
from agent.ledger.rows import AgentRun, ClockAnchor, ClockStep

log = structlog.get_logger(__name__)

WATCH_SECONDS = 1.0
STEP_MS = 2_000
HEARTBEAT_MS = 10_000
ANCHOR_MS = 600_000
_TODO = (
    "this process is forbidden to read the state of the kernel clock; until it may, all time counts as unknown:"
    " allow the system calls adjtimex and clock_adjtime (unit: no ProtectClock=, SystemCallFilter=; container: seccomp)"
)


@dataclass(frozen=True, slots=True)
class TimekeeperStats:
    """readable: the kernel may be asked; if not, synchronised says nothing about the clock."""

    synchronised: bool = False
    readable: bool = True
    steps: int = 0


class Timekeeper:
    """Watches the clocks once a second and beats every ten."""

    def __init__(
        self,
        clock: Clock,
        commit_queue: CommitQueue,
        beat: Callable[[], bool],
        on_synchronised: Callable[[int, int], None],
        *,
        on_step: Callable[[], None] = lambda: None,
    ) -> None:
        """The callable `beat` writes the heartbeat and returns False if it could not; it blocks: for the writer thread.

        on_synchronised gets boottime and UTC at every look while the clock is synchronised; on_step: after a step.
        """
        self._clock = clock
        self._commit_queue = commit_queue
        self.stats = TimekeeperStats()
        self._beat = beat
        self._on_synchronised = on_synchronised
        self._on_step = on_step
        self._boottime_ms = clock.boottime_ms()
        self._wall_ms = clock.wall_ms()
        self._anchored_ms = self._boottime_ms
        self._beaten_ms = self._boottime_ms
        self._synchronised = False
        self._readable = True
        self._reported: bool | None = None

    def record_start(self, observer: str, version: str, installation: str = "") -> None:
        """The first row of this run. installation: "" where no identity could be kept."""
        synchronised = self._look_at_synchronisation()
        now_ms, wall_ms = self._clock.boottime_ms(), self._clock.wall_ms()
        boot = self._clock.boot_id()
        self._vouch(now_ms, wall_ms)
        self._commit_queue.enqueue(AgentRun(observer, boot, now_ms, wall_ms, synchronised, version, installation))

    def check_clocks(self) -> None:
        """Compare the clocks; write a step or an anchor if there is one to write."""
        now_ms, wall_ms = self._clock.boottime_ms(), self._clock.wall_ms()
        expected_ms = self._wall_ms + now_ms - self._boottime_ms
        self._boottime_ms, self._wall_ms = now_ms, wall_ms
        was_synchronised = self._synchronised
        synchronised = self._look_at_synchronisation()
        changed = synchronised != was_synchronised
        self._vouch(now_ms, wall_ms)
        if abs(wall_ms - expected_ms) > STEP_MS:
            self.stats = replace(self.stats, steps=self.stats.steps + 1)
            log.warning("clock_stepped", by_seconds=(wall_ms - expected_ms) / 1000)
            self._on_step()
            self._commit_queue.enqueue(ClockStep(now_ms, expected_ms, wall_ms))
            changed = True
        if changed or now_ms - self._anchored_ms >= ANCHOR_MS:
            self._anchored_ms = now_ms
            self._commit_queue.enqueue(ClockAnchor(now_ms, wall_ms, synchronised))

    def _vouch(self, now_ms: int, wall_ms: int) -> None:
        if self._synchronised:
            self._on_synchronised(now_ms, wall_ms)

    def _look_at_synchronisation(self) -> bool:
        self._synchronised = self._ask_kernel()
        self.stats = replace(self.stats, synchronised=self._synchronised, readable=self._readable)
        return self._synchronised

    def _ask_kernel(self) -> bool:
        """False where the kernel may not be asked: for the ledger such a clock is as good as none. Logged once."""
        try:
            synchronised = self._clock.synchronised()
        except OSError as error:
            if self._readable:
                log.error("clock_not_readable", error=error.strerror, todo=_TODO)  # noqa: TRY400 - the event carries its cause
            self._readable = False
            return False
        if not self._readable:
            log.info("clock_readable_again")
        self._readable = True
        self._report(synchronised)
        return synchronised

    def _report(self, synchronised: bool) -> None:
        """Log it at the start and whenever it changes; a month later a report without data would be too late."""
        if synchronised is self._reported:
            return
        if not synchronised:
            log.warning("clock_not_synchronised", meaning=MEANING.en, todo=TO_TYPE.en)
        elif self._reported is not None:
            log.info("clock_synchronised")
        self._reported = synchronised

    async def watch(self, writer: Executor, alive: Callable[[], None]) -> None:
        """Check the clocks every second, write the heartbeat every ten; call alive after each heartbeat."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            self.check_clocks()
            now_ms = self._clock.boottime_ms()
            if now_ms - self._beaten_ms < HEARTBEAT_MS:
                continue
            if not await loop.run_in_executor(writer, self._beat):
                log.error("heartbeat_not_written")  # a full or broken disk is no reason to be killed
            self._beaten_ms = now_ms
            alive()
