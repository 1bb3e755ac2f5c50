"""What the ledger must know about time: the start, anchors between boottime and UTC, clock steps, the heartbeat.

Rounds run on the monotonic loop and never look here: a step moves labels, not the pace.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

import structlog

from agent.clock import Clock
from agent.engine.snapshot import EngineStats
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


class Timekeeper:
    """Watches the clocks once a second and beats every ten."""

    def __init__(
        self,
        clock: Clock,
        commit_queue: CommitQueue,
        stats: EngineStats,
        beat: Callable[[], bool],
        anchored: Callable[[int, int], None],
        *,
        stepped: Callable[[], None] = lambda: None,
    ) -> None:
        """The callable `beat` writes the heartbeat and says whether it could; it blocks: for the writer thread.

        anchored is told boottime and UTC at every look while the clock is synchronised; stepped is called after a step.
        """
        self._clock = clock
        self._commit_queue = commit_queue
        self._stats = stats
        self._beat = beat
        self._anchored = anchored
        self._stepped = stepped
        self._boottime_ms = clock.boottime_ms()
        self._wall_ms = clock.wall_ms()
        self._anchored_ms = self._boottime_ms
        self._beaten_ms = self._boottime_ms
        self._told: bool | None = None

    def started(self, observer: str, version: str, installation: str = "") -> None:
        """The first row of this run. installation: "" where no identity could be kept."""
        stats = self._stats
        stats.observer, stats.installation = observer, installation
        stats.clock_synchronised = self._synchronised()
        now_ms, wall_ms = self._clock.boottime_ms(), self._clock.wall_ms()
        boot = self._clock.boot_id()
        self._vouch(now_ms, wall_ms)
        synchronised = stats.clock_synchronised
        self._commit_queue.enqueue(AgentRun(observer, boot, now_ms, wall_ms, synchronised, version, installation))

    def look(self) -> None:
        """Compare the clocks; write a step or an anchor if there is one to write."""
        now_ms, wall_ms = self._clock.boottime_ms(), self._clock.wall_ms()
        expected_ms = self._wall_ms + now_ms - self._boottime_ms
        self._boottime_ms, self._wall_ms = now_ms, wall_ms
        synchronised = self._synchronised()
        changed = synchronised != self._stats.clock_synchronised
        self._stats.clock_synchronised = synchronised
        self._vouch(now_ms, wall_ms)
        if abs(wall_ms - expected_ms) > STEP_MS:
            self._stats.clock_steps += 1
            log.warning("clock_stepped", by_seconds=(wall_ms - expected_ms) / 1000)
            self._stepped()
            self._commit_queue.enqueue(ClockStep(now_ms, expected_ms, wall_ms))
            changed = True
        if changed or now_ms - self._anchored_ms >= ANCHOR_MS:
            self._anchored_ms = now_ms
            self._commit_queue.enqueue(ClockAnchor(now_ms, wall_ms, synchronised))

    def _vouch(self, now_ms: int, wall_ms: int) -> None:
        if self._stats.clock_synchronised:
            self._anchored(now_ms, wall_ms)

    def _synchronised(self) -> bool:
        """For the ledger a clock that cannot be asked is as good as none; that it is our own fault is told, once."""
        try:
            synchronised = self._clock.synchronised()
        except OSError as error:
            if self._stats.clock_readable:
                log.error("clock_not_readable", error=error.strerror, todo=_TODO)  # noqa: TRY400 - its cause is told
            self._stats.clock_readable = False
            return False
        if not self._stats.clock_readable:
            log.info("clock_readable_again")
        self._stats.clock_readable = True
        self._tell(synchronised)
        return synchronised

    def _tell(self, synchronised: bool) -> None:
        """At the start, and whenever it changes: not a month later, when a report says that there are no data."""
        if synchronised is self._told:
            return
        if not synchronised:
            log.warning("clock_not_synchronised", meaning=MEANING.en, todo=TO_TYPE.en)
        elif self._told is not None:
            log.info("clock_synchronised")
        self._told = synchronised

    async def watch(self, writer: Executor, alive: Callable[[], None]) -> None:
        """Look every second; beat every ten, then tell whoever guards this process that it is alive."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            self.look()
            now_ms = self._clock.boottime_ms()
            if now_ms - self._beaten_ms < HEARTBEAT_MS:
                continue
            if not await loop.run_in_executor(writer, self._beat):
                log.error("heartbeat_not_written")  # a full or broken disk is no reason to be killed
            self._beaten_ms = now_ms
            alive()
