"""Rounds and re-probes: starts every run that is due, one at a time for each target, and hands its result on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agent.availability.track import CompletedRun
from agent.engine.device_recorder import DeviceRecorder
from agent.engine.evaluate import Evaluator
from agent.engine.lateness import LatenessMonitor, LatenessStats
from agent.engine.measured_recorder import MeasuredRecorder
from agent.engine.plan import RoundPlan
from agent.engine.reprobe import ReprobeQueue
from agent.engine.runner import Runner
from agent.engine.target_state import AnchorState, ProbeState, TargetState
from agent.engine.topology import Topology
from agent.model import Observation, ReasonCode, Verdict

TICK_MS = 50
RETRY_MS = 500  # a re-probe that finds its target's probe running asks again this much later at the earliest


@dataclass(frozen=True, slots=True)
class RoundStats:
    """Statistics of the runs.

    overruns: rounds that found the last run of their target still going; missed: rounds skipped after a stall;
    reprobes_deferred: fast runs put off because the budget was spent; local_errors: runs that ended in a fault of this
    machine; crashes: runs that a bug ended.
    """

    overruns: int = 0
    missed: int = 0
    reprobes: int = 0
    reprobes_deferred: int = 0
    local_errors: Mapping[ReasonCode, int] = field(default_factory=dict)
    crashes: int = 0
    lateness: LatenessStats = field(default_factory=LatenessStats)


class Rounds:
    """Runs under way, and those that are due."""

    def __init__(
        self,
        runner: Runner,
        evaluator: Evaluator,
        reprobes: ReprobeQueue,
        topology: Topology,
        *,
        devices: DeviceRecorder,
        measured: MeasuredRecorder,
        on_error: Callable[[BaseException], None],
    ) -> None:
        """The callable `on_error` is called when a run ended in what no probe may raise."""
        self._clock = runner.clock
        self._runner = runner
        self._evaluator = evaluator
        self._reprobes = reprobes
        self._devices = devices
        self._measured = measured
        self._on_error = on_error
        self._tasks: dict[asyncio.Task[None], ProbeState] = {}
        self._topology = topology
        self._plan = _plan_of(topology, self._clock.boottime_ms(), None)
        self._missed_before = 0
        self._overruns = 0
        self._reprobed = 0
        self._local_errors: dict[ReasonCode, int] = {}
        self._lateness = LatenessMonitor(self._clock.boottime_ms())

    def replan(self, topology: Topology, now_ms: int) -> None:
        """Go over to another topology; end the runs of what is not configured any more, or at another address."""
        self._topology = topology
        for task, probed in self._tasks.items():
            if not topology.holds(probed):
                task.cancel()
        self._missed_before += self._plan.missed
        self._plan = _plan_of(topology, now_ms, self._plan)

    def start_due(self, now_ms: int) -> None:
        """Start every run that is due now."""
        for due in self._plan.due(now_ms):
            self._round_due(self._topology.probed[due.index], due.due_ms)
        for target in self._reprobes.due(now_ms):
            self._reprobe_due(target)

    def watch_lateness(self, now_ms: int) -> None:
        """Look whether the rounds keep their pace; once a second is enough."""
        self._lateness.look(now_ms, self._missed)

    def check_done(self, target: TargetState) -> None:
        """A check has left the target: run the round that came due meanwhile."""
        due_ms, target.deferred_round_ms = target.deferred_round_ms, None
        if due_ms is not None and self._topology.holds(target):
            self._begin(target, due_ms)

    async def stop(self) -> None:
        """End every run; none of them is evidence."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def stats(self) -> RoundStats:
        """The statistics now; may be read in any thread."""
        return RoundStats(
            overruns=self._overruns,
            missed=self._missed,
            reprobes=self._reprobed,
            reprobes_deferred=self._reprobes.deferred,
            local_errors=dict(self._local_errors),
            crashes=self._runner.crashes.total,
            lateness=self._lateness.stats,
        )

    @property
    def _missed(self) -> int:
        return self._missed_before + self._plan.missed

    def _round_due(self, probed: ProbeState, due_ms: int) -> None:
        if probed.running_since_ms is None:
            self._begin(probed, due_ms)
        elif probed.check_running:
            probed.deferred_round_ms = due_ms
        else:
            self._overruns += 1

    def _reprobe_due(self, id_: str) -> None:
        probed = self._topology.find(id_)
        if probed is None:
            return
        if probed.running_since_ms is None:
            self._reprobed += 1
            self._begin(probed, None)
        else:  # by a check, or a run that is no evidence: wanted all the same once that is over
            over_ms = probed.running_since_ms + probed.policy.timeout_ms
            self._reprobes.schedule(id_, max(over_ms, self._clock.boottime_ms() + RETRY_MS))

    def _begin(self, probed: ProbeState, due_ms: int | None) -> None:
        probed.running_since_ms = self._clock.boottime_ms()
        self._reprobes.cancel(probed.id)
        task = asyncio.create_task(self._run(probed, due_ms))
        self._tasks[task] = probed
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_error(error)

    async def _run(self, probed: ProbeState, due_ms: int | None) -> None:
        try:
            observation = await self._runner.run(probed.target)
        finally:
            probed.running_since_ms = None
        if due_ms is not None:
            self._lateness.ran(observation.start_ms - due_ms, probed.policy.interval_ms)
        if not self._topology.holds(probed):
            return  # removed or replaced meanwhile
        result = observation.result
        run = CompletedRun(observation.start_ms, observation.took_ms, result.verdict, result.reason)
        if isinstance(probed, AnchorState):
            self._evaluator.on_anchor_run(self._topology.anchors[probed.id][0], probed, run)
        elif isinstance(probed, TargetState):
            self._count(probed, observation)
            self._measured.record(probed.id, observation)
            if result.device is not None:
                self._devices.record(probed, observation)
            self._evaluator.on_run(probed, run)

    def _count(self, target: TargetState, observation: Observation) -> None:
        result = observation.result
        start_wall_ms = self._clock.wall_ms() - (self._clock.boottime_ms() - observation.start_ms)
        target.counters.count(start_wall_ms, result)
        if result.verdict is Verdict.LOCAL_ERROR:
            self._local_errors[result.reason] = self._local_errors.get(result.reason, 0) + 1


def _plan_of(topology: Topology, now_ms: int, before: RoundPlan | None) -> RoundPlan:
    entries = [(probed.id, probed.policy.interval_ms) for probed in topology.probed]
    return RoundPlan(entries, now_ms, TICK_MS, before)
