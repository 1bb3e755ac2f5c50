"""The engine: loops that start what is due, evaluate and commit; start, stop and reload.

It decides no state (evaluate does) and opens nothing (runtime does).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from agent.availability.machine import begin
from agent.engine.adhoc.check import CheckResult, check
from agent.engine.configuration_rows import ConfigurationRows
from agent.engine.device_recorder import DeviceRecorder
from agent.engine.evaluate import Evaluator
from agent.engine.measured_recorder import MeasuredRecorder
from agent.engine.missed_runs import MissedRuns
from agent.engine.reprobe import ReprobeQueue, TokenBucket
from agent.engine.rounds import TICK_MS, Rounds, RoundStats
from agent.engine.runner import Runner
from agent.engine.site_outages import SiteOutages
from agent.engine.snapshot import PathView, SiteOutageView, TargetView
from agent.engine.stalls import next_on_grid
from agent.engine.target_state import NEVER, PathState, TargetState
from agent.engine.topology import TopologyChanges, build_topology
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.engine.upkeep.maintenance import MaintenanceWindows
from agent.engine.upkeep.restored_state import RestoredState
from agent.engine.views import path_view, target_view
from agent.inventory.entities import Inventory
from agent.ledger.rows import AgentStop, EvidenceEnd
from agent.model import Selection, Target, UnknownCause

LEDGER_TICK_SECONDS = 0.25
TICKS_A_SECOND = 1000 // TICK_MS
VIEWS_A_TURN = 500  # 2 ms
SHOWN_A_TICK = 250  # 8 ms: a maintenance window may cover a whole country
STUCK_ROUNDS_MS = 10_000
STUCK_LEDGER_MS = 30_000


@dataclass(frozen=True, slots=True)
class ViewPublisher:
    """Receives what is shown: one target, path or dark site that has changed, or the whole set when it was replaced."""

    target: Callable[[TargetView], None]
    path: Callable[[PathView], None]
    replaced: Callable[[Inventory, tuple[TargetView, ...], tuple[PathView, ...]], None]
    site_outage: Callable[[SiteOutageView], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class EngineStats:
    """loop_lag_seconds: how late the event loop ran its last tick."""

    loop_lag_seconds: float = 0.0
    rounds: RoundStats = field(default_factory=RoundStats)


class Engine:
    """Probes an inventory for as long as it runs. To be made inside the running event loop."""

    def __init__(
        self,
        inventory: Inventory,
        runner: Runner,
        commit_queue: CommitQueue,
        publisher: ViewPublisher,
        restored: RestoredState,
    ) -> None:
        self._clock = clock = runner.clock
        self._runner = runner
        self._commit_queue = commit_queue
        self._publisher = publisher
        self._last_known_up = dict(restored.last_known_up)
        self._configuration = ConfigurationRows(commit_queue, restored.configured)
        self.maintenances = MaintenanceWindows(
            restored.maintenance, commit_queue, clock, restored.reread, restored.scopes_at
        )
        now_ms = clock.boottime_ms()
        self._inventory = inventory
        self._topology, self._first = build_topology(inventory, None, lambda t: self._restored(t, now_ms), now_ms)
        self._targets = tuple(self._topology.targets.values())
        self._reprobes = ReprobeQueue(TokenBucket(inventory.engine.reprobe_budget_per_second, now_ms))
        self._outages = SiteOutages(clock, publisher.site_outage, restored.down_since_wall_ms)
        self._devices = DeviceRecorder(
            runner.devices,
            runner.transports,
            clock,
            commit_queue,
            publish=self._publish,
            outages=self._outages,
        )
        self._devices.wire(self._targets, inventory, restored.devices)
        self._measured = MeasuredRecorder(runner.transports, clock, commit_queue)
        self._measured.wire(inventory.targets, inventory.organisation.timezone)
        self._evaluator = Evaluator(
            clock,
            commit_queue,
            self._reprobes,
            self._publish,
            self._publish_path,
            on_commit=self._outages.on_commit,
        )
        self._missed_runs = MissedRuns(clock, commit_queue, self._evaluator.apply, self._publish)
        self._missed_runs.watch(self._targets)
        self._covered: frozenset[str] = frozenset()
        self._overlaid: deque[TargetState] = deque()  # under another overlay than is shown
        self._rounds = Rounds(
            runner,
            self._evaluator,
            self._reprobes,
            self._topology,
            devices=self._devices,
            measured=self._measured,
            on_error=self._fail,
        )
        self._fatal: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._loops: list[asyncio.Task[None]] = []
        self._lag_seconds = 0.0
        self._ticked_ms = now_ms
        self._ticks = 0

    async def start(self) -> None:
        """Begin, and go on by itself; where the ledger takes nothing yet, its rows wait."""
        await self.begin()
        self._loops = [asyncio.create_task(self._tick_loop()), asyncio.create_task(self._ledger_loop())]

    async def begin(self) -> None:
        """Write and publish how everything begins; from here on ``tick`` may be called."""
        now_ms = self._clock.boottime_ms()
        self._record(self._first, self._configuration.missing_from(self._topology.targets), now_ms)
        self._publish_all()
        await self._commit_queue.flush()

    async def wait(self) -> None:
        """Until something that must not happen happens; then raise it."""
        await self._fatal

    async def stop(self) -> None:
        """End every run (no evidence), write where the evidence of each target ends, commit. Within a few seconds."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, self._rounds.stop(), return_exceptions=True)
        now_ms = self._clock.boottime_ms()
        self._devices.finalize()
        self._measured.finalize()
        for target in self._targets:
            self._evaluator.finalize(target, now_ms)
            last_run = target.counters.last_run
            if target.last_start_ms != NEVER and last_run is not None:
                took_ms = int(last_run.result.took_seconds * 1000)
                self._commit_queue.enqueue(EvidenceEnd(target.id, target.last_start_ms, took_ms))
        self._commit_queue.enqueue(AgentStop(now_ms))
        await self._commit_queue.flush()

    async def reload(self, inventory: Inventory) -> None:
        """Swap to another inventory at once; unchanged targets keep state, counters and the run under way."""
        now_ms, old = self._clock.boottime_ms(), self._topology
        self._missed_runs.look_at_all()  # what is missed already was missed under the old policies
        self._last_known_up.update({t.id: t.last_known_up for t in self._targets if t.last_known_up is not None})
        self._topology, changes = build_topology(inventory, old, lambda t: self._unknown(t, now_ms), now_ms)
        self._targets = tuple(self._topology.targets.values())
        self._devices.wire(self._targets, inventory)
        self._measured.wire(inventory.targets, inventory.organisation.timezone)
        self._inventory = inventory
        for target in changes.removed:
            self._evaluator.finalize(target, now_ms)
        self._record(changes, [target.id for target in changes.removed], now_ms)
        self._evaluator.on_topology_change(old.paths.values(), self._topology)
        self._reprobes.budget = TokenBucket(inventory.engine.reprobe_budget_per_second, now_ms)
        self._rounds.replan(self._topology, now_ms)
        self._missed_runs.watch(self._targets)
        self._publish_all()
        await self._commit_queue.flush()

    def views(self) -> tuple[TargetView, ...]:
        """Every target as committed now."""
        return tuple(target_view(target, self._clock) for target in self._targets)

    async def views_by_turns(self) -> tuple[TargetView, ...]:
        """Every target, a share of them at a time, so that others get their turn in between: not all of one instant."""
        views = []
        for number, target in enumerate(self._targets, 1):
            views.append(target_view(target, self._clock))
            if number % VIEWS_A_TURN == 0:
                await asyncio.sleep(0)
        return tuple(views)

    def paths(self) -> tuple[PathView, ...]:
        """Every path as it is judged now."""
        return tuple(path_view(path, self._clock) for path in self._topology.paths.values())

    def site_outages(self) -> tuple[SiteOutageView, ...]:
        """The last time that everything was down, of each site with a device that tells of itself."""
        return self._outages.views()

    def check(self, selection: Selection) -> tuple[int, AsyncIterator[CheckResult]]:
        """How many targets match, and one row each as they are probed."""
        targets = [target for target in self._targets if selection.matches(target.target)]
        rows = check(self._runner, targets, lambda t: target_view(t, self._clock), self._rounds.check_done)
        return len(targets), rows

    def probe_soon(self, target: str) -> None:
        """Probe a target before its round, within the budget of fast re-probes; an unknown one is passed over."""
        self._reprobes.schedule(target, self._clock.boottime_ms())

    @property
    def stats(self) -> EngineStats:
        """The statistics now; may be read in any thread."""
        return EngineStats(self._lag_seconds, self._rounds.stats)

    def problems(self) -> tuple[str, ...]:
        """What is stuck: empty when rounds and ledger do their work."""
        now_ms = self._clock.boottime_ms()
        problems = []
        if now_ms - self._ticked_ms > STUCK_ROUNDS_MS:
            problems.append("rounds are stuck")
        waiting_ms = self._commit_queue.waiting_since_ms
        if waiting_ms is not None and now_ms - waiting_ms > STUCK_LEDGER_MS:
            problems.append("the ledger takes no rows")
        return tuple(problems)

    def tick(self) -> None:
        """Everything that is due now: rounds, re-probes, soft downs, missed runs. Called every TICK_MS."""
        now_ms = self._clock.boottime_ms()
        self._rounds.start_due(now_ms)
        self._evaluator.decide_soft_downs()
        self._measured.write_some()
        self._evaluator.apply_backpressure(self._targets)
        self._missed_runs.look()
        if self._ticks % TICKS_A_SECOND == 0:
            self._outages.settle()
            self._measured.look()
            self._overlaid.extend(self._change_overlay())
            self._rounds.watch_lateness(now_ms)
        for _ in range(min(len(self._overlaid), SHOWN_A_TICK)):
            self._publish(self._overlaid.popleft())
        self._ticks += 1
        self._ticked_ms = now_ms

    async def _tick_loop(self) -> None:
        try:
            next_at = next_on_grid(self._clock.monotonic(), TICK_MS / 1000)
            while True:
                self._lag_seconds = max(0.0, self._clock.monotonic() - next_at)
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
        if not self._fatal.done():
            self._fatal.set_exception(error)

    def _restored(self, target: Target, now_ms: int) -> TargetState:
        known = self._configuration.knows(target.id)
        cause = UnknownCause.AGENT_OFF if known else UnknownCause.NOT_YET
        return TargetState.new(target, now_ms, cause, self._last_known_up.get(target.id))

    def _unknown(self, target: Target, now_ms: int) -> TargetState:
        return TargetState.new(target, now_ms, UnknownCause.NOT_YET, self._last_known_up.get(target.id))

    def _record(self, changes: TopologyChanges, removed: list[str], now_ms: int) -> None:
        """The configuration as far as it is news to the ledger, and how new targets begin."""
        self._configuration.write(self._inventory, changes, removed, now_ms)
        for target in changes.added:
            if target.track.cause is UnknownCause.NOT_YET:  # agent_off is what a reader takes for granted
                self._evaluator.apply(target, begin(target.id, now_ms, UnknownCause.NOT_YET))

    def _publish(self, target: TargetState) -> None:
        if self._topology.targets.get(target.id) is target:
            self._publisher.target(target_view(target, self._clock))

    def _publish_path(self, path: PathState) -> None:
        self._publisher.path(path_view(path, self._clock))

    def _publish_all(self) -> None:
        self.maintenances.cover(self._inventory)
        self._covered = self.maintenances.covered()
        self._overlaid.clear()
        for target in self._targets:
            target.in_maintenance = target.id in self._covered
        self._publisher.replaced(self._inventory, self.views(), self.paths())

    def _change_overlay(self) -> list[TargetState]:
        """The targets that a maintenance window begins or ends to cover now: no probe tells."""
        before, self._covered = self._covered, self.maintenances.covered()
        if self._covered is before:
            return []
        changed = [self._topology.targets[target] for target in self._covered ^ before]
        for target in changed:
            target.in_maintenance = target.id in self._covered
        return changed
