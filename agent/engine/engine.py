"""The engine: rounds on the monotonic loop, runs, re-probes, the ledger tick, the heartbeat; start, stop and reload.

Nothing here decides a state (observe does) or opens anything (runtime does).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from agent.availability.machine import begin
from agent.availability.track import CompletedRun
from agent.engine.adhoc.check import CheckResult, check
from agent.engine.evaluate import Evaluator, Publishers
from agent.engine.lateness import LatenessMonitor
from agent.engine.plan import RoundPlan
from agent.engine.reprobe import ReprobeQueue, TokenBucket
from agent.engine.runner import Runner
from agent.engine.snapshot import EngineStats, LastRun, PathView, TargetView
from agent.engine.stalls import next_on_grid
from agent.engine.target_state import NEVER, AnchorState, CommittedState, PathState, ProbeState, TargetState
from agent.engine.topology import TopologyChanges, build_topology
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.engine.upkeep.maintenance import MaintenanceWindows
from agent.engine.views import path_view, target_view
from agent.inventory.entities import Inventory
from agent.ledger.rows import AgentStop, Configured, Content, EvidenceEnd, Removed
from agent.ledger.signed.maintenance import DatedMaintenance
from agent.model import Observation, Selection, Target, UnknownCause, Verdict

log = structlog.get_logger(__name__)

TICK_MS = 50
LEDGER_TICK_SECONDS = 0.25
SWEEPS = 20  # every target is looked at for a missed run once in so many ticks: once a second
RETRY_MS = 500  # a re-probe that finds its target's lane taken asks again this much later at the earliest
VIEWS_A_TURN = 500  # 2 ms
STUCK_ROUNDS_MS = 10_000
STUCK_LEDGER_MS = 30_000


@dataclass(frozen=True, slots=True)
class ViewPublisher:
    """What the engine tells: one target or path has changed, or the whole set was replaced."""

    target: Callable[[TargetView], None]
    path: Callable[[PathView], None]
    replaced: Callable[[Inventory, tuple[TargetView, ...], tuple[PathView, ...]], None]


@dataclass(frozen=True, slots=True)
class RestoredState:
    """What the ledger knew before this start: last confirmed states, the policies in force, maintenance.

    past_wall_ms: UTC of its newest row by a synchronised clock, None without one. reread: maintenance again, as the
    ledger tells it when it is called; scopes_at: of each target that was there at an instant of UTC the scopes that it
    had. Both block; LedgerError if the ledger cannot be read.
    """

    last_known_up: Mapping[str, bool]
    configured: Mapping[str, Configured]
    maintenance: Sequence[DatedMaintenance] | None = ()
    past_wall_ms: int | None = None
    reread: Callable[[], Sequence[DatedMaintenance]] | None = None
    scopes_at: Callable[[int], Mapping[str, frozenset[str]]] | None = None


class Engine:
    """Probes an inventory for as long as it runs."""

    def __init__(
        self,
        runner: Runner,
        commit_queue: CommitQueue,
        stats: EngineStats,
        outside: ViewPublisher,
        known: RestoredState,
    ) -> None:
        self._clock = clock = runner.clock
        self._runner = runner
        self._commit_queue = commit_queue
        self._stats = stats
        self._outside = outside
        self._last_known_up = dict(known.last_known_up)
        self._configured = dict(known.configured)
        self._kept = ""  # hash of the inventory that this run has written last
        self.maintenances = MaintenanceWindows(known.maintenance, commit_queue, clock, known.reread, known.scopes_at)
        self._tasks: dict[asyncio.Task[None], ProbeState] = {}
        self._fatal: asyncio.Future[None] | None = None
        self._loops: list[asyncio.Task[None]] = []
        self._ticked_ms = clock.boottime_ms()
        self._sweep = 0
        self._missed_before = 0
        self._lateness = LatenessMonitor(stats, clock.boottime_ms())
        self._plan: RoundPlan | None = None

    async def start(self, inventory: Inventory) -> None:
        """Prepare, and begin the rounds; where the ledger takes nothing yet, its rows wait."""
        self._fatal = asyncio.get_running_loop().create_future()
        await self.prepare(inventory)
        self._loops = [asyncio.create_task(self._tick_loop()), asyncio.create_task(self._ledger_loop())]

    async def prepare(self, inventory: Inventory) -> None:
        """Wire the inventory, plan its rounds, write what this start entails; from here on ``tick`` may be called."""
        now_ms = self._clock.boottime_ms()
        budget = TokenBucket(inventory.engine.reprobe_budget_per_second, now_ms)
        self._reprobes = ReprobeQueue(budget)
        self._evaluator = Evaluator(
            self._clock, self._commit_queue, self._reprobes, Publishers(self._tell, self._tell_path)
        )
        self._topology, changes = build_topology(
            inventory, None, lambda t: self._slot(t, now_ms, self._first_cause(t)), now_ms
        )
        gone = [known for known in self._configured if known not in self._topology.targets]
        self._record(inventory, changes, gone, now_ms)
        self._plan_rounds(now_ms)
        self._replaced(inventory)
        await self._commit_queue.flush()

    async def wait(self) -> None:
        """Until something that must not happen happens; then raise it."""
        assert self._fatal is not None  # noqa: S101 - started
        await self._fatal

    async def stop(self) -> None:
        """End every run (no evidence), write where the evidence of each target ends, commit. Within a few seconds."""
        for loop in (*self._loops, *self._tasks):
            loop.cancel()
        await asyncio.gather(*self._loops, *self._tasks, return_exceptions=True)
        now_ms = self._clock.boottime_ms()
        for slot in self._topology.targets.values():
            self._evaluator.finalize(slot, now_ms)
            if slot.last_start_ms != NEVER and slot.last_run is not None:
                took_ms = int(slot.last_run.result.took_seconds * 1000)
                self._commit_queue.enqueue(EvidenceEnd(slot.target.id, slot.last_start_ms, took_ms))
        self._commit_queue.enqueue(AgentStop(now_ms))
        await self._commit_queue.flush()

    async def reload(self, inventory: Inventory) -> None:
        """Swap to another inventory at once; unchanged targets keep state, counters and the run under way."""
        now_ms = self._clock.boottime_ms()
        old = self._topology
        self._evaluator.sweep(old.targets.values())  # what is missed already was missed under the old policies
        self._last_known_up.update(
            {id_: s.last_known_up for id_, s in old.targets.items() if s.last_known_up is not None}
        )
        self._topology, changes = build_topology(
            inventory, old, lambda t: self._slot(t, now_ms, UnknownCause.NOT_YET), now_ms
        )
        self._end_stray_runs()
        for slot in changes.removed:
            self._evaluator.finalize(slot, now_ms)
        self._record(inventory, changes, [slot.target.id for slot in changes.removed], now_ms)
        self._evaluator.on_topology_change(old.paths.values(), self._topology)
        self._reprobes.budget = TokenBucket(inventory.engine.reprobe_budget_per_second, now_ms)
        self._plan_rounds(now_ms)
        self._replaced(inventory)
        await self._commit_queue.flush()

    def _end_stray_runs(self) -> None:
        """Runs of what is not configured any more, or at another address: nobody waits for their results."""
        for task, lane in self._tasks.items():
            if self._lane(lane.target.id) is not lane:
                task.cancel()

    def views(self) -> tuple[TargetView, ...]:
        """Every target as committed now."""
        return tuple(target_view(slot, self._clock) for slot in self._topology.targets.values())

    async def views_by_turns(self) -> tuple[TargetView, ...]:
        """Every target, a share of them at a time, so that others get their turn in between: not all of one instant."""
        found = []
        for number, slot in enumerate(tuple(self._topology.targets.values()), 1):
            found.append(target_view(slot, self._clock))
            if number % VIEWS_A_TURN == 0:
                await asyncio.sleep(0)
        return tuple(found)

    def paths(self) -> tuple[PathView, ...]:
        """Every path as it is judged now."""
        return tuple(path_view(watch, self._clock) for watch in self._topology.paths.values())

    def check(self, selection: Selection) -> tuple[int, AsyncIterator[CheckResult]]:
        """How many targets match, and one row each as they are probed."""
        slots = [slot for slot in self._topology.targets.values() if selection.matches(slot.target)]
        return len(slots), check(self._runner, slots, lambda s: target_view(s, self._clock), self._check_done)

    def problems(self) -> tuple[str, ...]:
        """What is stuck: empty when rounds and ledger do their work."""
        now_ms = self._clock.boottime_ms()
        found = []
        if now_ms - self._ticked_ms > STUCK_ROUNDS_MS:
            found.append("rounds are stuck")
        waiting_ms = self._commit_queue.waiting_since_ms
        if waiting_ms is not None and now_ms - waiting_ms > STUCK_LEDGER_MS:
            found.append("the ledger takes no rows")
        return tuple(found)

    async def _tick_loop(self) -> None:
        try:
            next_at = next_on_grid(self._clock.monotonic(), TICK_MS / 1000)
            while True:
                self._stats.loop_lag_seconds = max(0.0, self._clock.monotonic() - next_at)
                self.tick()
                next_at += TICK_MS / 1000
                late = self._clock.monotonic() - next_at
                if late > 1.0:
                    next_at += late
                await asyncio.sleep(max(0.0, -late))
        except Exception as error:  # noqa: BLE001 - the agent must not go on without its rounds
            self._fail(error)

    async def _ledger_loop(self) -> None:
        try:
            while True:
                await asyncio.sleep(LEDGER_TICK_SECONDS)
                await self._commit_queue.flush()
        except Exception as error:  # noqa: BLE001 - the agent must not go on without its ledger
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        if self._fatal is not None and not self._fatal.done():
            self._fatal.set_exception(error)

    def tick(self) -> None:
        """Everything that is due now: rounds, re-probes, held verdicts, missed runs. Called every TICK_MS."""
        now_ms = self._clock.boottime_ms()
        probed = self._topology.probed
        if self._plan is not None:
            for due in self._plan.due(now_ms):
                self._round_due(probed[due.index], due.due_ms)
            self._stats.rounds_missed = self._missed_before + self._plan.missed
        for target in self._reprobes.due(now_ms):
            self._reprobe_due(target)
        self._evaluator.decide_soft_downs()
        self._evaluator.apply_backpressure(self._targets)
        self._evaluator.sweep(self._targets[self._sweep :: SWEEPS])
        if self._sweep == 0:
            self._overlay(self._tell)
            self._lateness.look(now_ms)
        self._sweep = (self._sweep + 1) % SWEEPS
        self._stats.reprobes_deferred = self._reprobes.deferred
        self._ticked_ms = now_ms

    def _round_due(self, lane: ProbeState, due_ms: int) -> None:
        if lane.running_since_ms is None:
            self._begin(lane, due_ms)
        elif lane.check_running:
            lane.deferred_round_ms = due_ms
        else:
            self._stats.overruns += 1

    def _reprobe_due(self, target: str) -> None:
        lane = self._lane(target)
        if lane is None:
            return
        if lane.running_since_ms is None:
            self._stats.reprobes += 1
            self._begin(lane, None)
        else:  # by a check, or a run that is no evidence: wanted all the same once that is over
            over_ms = lane.running_since_ms + lane.target.policy.timeout_ms
            self._reprobes.want(target, max(over_ms, self._clock.boottime_ms() + RETRY_MS))

    def _lane(self, target: str) -> ProbeState | None:
        if target in self._topology.targets:
            return self._topology.targets[target]
        found = self._topology.anchors.get(target)
        return None if found is None else found[1]

    def _begin(self, lane: ProbeState, due_ms: int | None) -> None:
        lane.running_since_ms = self._clock.boottime_ms()
        self._reprobes.forget(lane.target.id)
        task = asyncio.create_task(self._run(lane, due_ms))
        self._tasks[task] = lane
        task.add_done_callback(self._ran)

    def _ran(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(error)

    async def _run(self, lane: ProbeState, due_ms: int | None) -> None:
        try:
            observation = await self._runner.run(lane.target)
        finally:
            lane.running_since_ms = None
        if due_ms is not None:
            self._lateness.ran(observation.start_ms - due_ms, lane.target.policy.interval_ms)
        if self._lane(lane.target.id) is not lane:
            return  # removed or replaced meanwhile
        result = observation.result
        run = CompletedRun(observation.start_ms, observation.took_ms, result.verdict, result.reason)
        if isinstance(lane, AnchorState):
            self._evaluator.on_anchor_run(self._topology.anchors[lane.target.id][0], lane, run)
        elif isinstance(lane, TargetState):
            self._count(lane, observation)
            self._evaluator.on_run(lane, run)

    def _count(self, slot: TargetState, observation: Observation) -> None:
        result = observation.result
        start_wall_ms = self._clock.wall_ms() - (self._clock.boottime_ms() - observation.start_ms)
        slot.last_run = LastRun(start_wall_ms, result)
        slot.probes += 1
        if result.verdict is Verdict.FAILED:
            slot.failures += 1
            slot.failure_reasons[result.reason] = slot.failure_reasons.get(result.reason, 0) + 1
        elif result.verdict is Verdict.LOCAL_ERROR:
            slot.local_errors += 1
            self._stats.local_errors[result.reason] = self._stats.local_errors.get(result.reason, 0) + 1

    def _check_done(self, slot: TargetState) -> None:
        due_ms, slot.deferred_round_ms = slot.deferred_round_ms, None
        if due_ms is not None and self._lane(slot.target.id) is slot:
            self._begin(slot, due_ms)

    def _first_cause(self, target: Target) -> UnknownCause:
        return UnknownCause.AGENT_OFF if target.id in self._configured else UnknownCause.NOT_YET

    def _slot(self, target: Target, now_ms: int, cause: UnknownCause) -> TargetState:
        track = begin(target.id, now_ms, cause).track
        committed = CommittedState(track.state, track.cause, now_ms, now_ms)
        known = self._last_known_up.get(target.id)
        slot = TargetState(target, track=track, committed=committed, last_known_up=known, accounted_until_ms=now_ms)
        slot.record_change(now_ms, track.state)
        return slot

    def _plan_rounds(self, now_ms: int) -> None:
        if self._plan is not None:
            self._missed_before += self._plan.missed
        probed = self._topology.probed
        self._targets = tuple(self._topology.targets.values())
        entries = [(lane.target.id, lane.target.policy.interval_ms) for lane in probed]
        self._plan = RoundPlan(entries, now_ms, TICK_MS, self._plan)

    def _record(self, inventory: Inventory, changes: TopologyChanges, gone: list[str], now_ms: int) -> None:
        """Content and configured intervals, as far as they differ from what the ledger holds; how new targets begin."""
        for target in gone:
            self._configured.pop(target, None)
        wanted = [_row_of(slot.target, inventory.hash, now_ms) for slot in (*changes.added, *changes.policy_changed)]
        rows = [row for row in wanted if not self._unchanged(row)]
        if rows or gone or inventory.hash != self._kept:
            self._kept = inventory.hash
            self._commit_queue.enqueue(Content(inventory.hash, "inventory", inventory.content, now_ms))
        for target in gone:
            self._commit_queue.enqueue(Removed(target, now_ms))
        for row in rows:
            self._configured[row.target] = row
            self._commit_queue.enqueue(row)
        for slot in changes.added:
            if slot.track.cause is UnknownCause.NOT_YET:  # agent_off is what a reader takes for granted
                self._evaluator.apply(slot, begin(slot.target.id, now_ms, UnknownCause.NOT_YET))

    def _unchanged(self, row: Configured) -> bool:
        known = self._configured.get(row.target)
        return known is not None and replace(known, at_ms=row.at_ms, content=row.content) == row

    def _tell(self, slot: TargetState) -> None:
        if self._topology.targets.get(slot.target.id) is slot:
            self._outside.target(target_view(slot, self._clock))

    def _tell_path(self, watch: PathState) -> None:
        self._outside.path(path_view(watch, self._clock))

    def _overlay(self, changed: Callable[[TargetState], None]) -> None:
        """A window begins or ends without any probe."""
        covered = self.maintenances.covered()
        for slot in self._targets:
            if slot.in_maintenance != (now := covered(slot.target.id)):
                slot.in_maintenance = now
                changed(slot)

    def _replaced(self, inventory: Inventory) -> None:
        self.maintenances.over(inventory)
        self._overlay(lambda _: None)
        self._outside.replaced(inventory, self.views(), self.paths())


def _row_of(target: Target, content: str, now_ms: int) -> Configured:
    policy = target.policy
    return Configured(
        target.id,
        now_ms,
        policy.interval_ms,
        policy.timeout_ms,
        policy.grace_ms,
        policy.fail_after,
        policy.recover_after,
        content,
    )
