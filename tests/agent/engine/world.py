"""A world without sockets or waiting: the real engine, a clock that travels, and targets that do as the script says."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from agent.engine.agent_stats import AgentStats
from agent.engine.clock_doubt import ClockDoubt
from agent.engine.engine import Engine, ViewPublisher
from agent.engine.rounds import TICK_MS
from agent.engine.runner import Runner, Transports
from agent.engine.snapshot import PathView, SiteOutageView, TargetView
from agent.engine.upkeep.commit_queue import Appender, CommitQueue
from agent.engine.upkeep.restored_state import RestoredState
from agent.errors import LedgerError
from agent.inventory.entities import CanonicalForm, EngineSettings, Inventory, Organisation
from agent.ledger.rows import Configured, Row, StateChange
from agent.model import DeviceReport, Facts, Observation, Path, Policy, ProbeResult, Reason, Role, State, Target
from agent.probes.address import Host
from agent.probes.resolver import IpFamily, Resolved, Unresolved
from agent.probes.spec import NothingShared, ProbeContext, ProbeSpec
from tests.clock import TravellingClock

LEDGER_TICKS = 5

Truth = Callable[[str, int], Reason]
"""What a probe of this target finds when it starts at this instant (milliseconds since the world began)."""

POLICY = Policy(60_000, 5_000, 30_000, 3, 1, 5_000)

SILENT_BESIDE_PING = Reason.PROHIBITED
"""The reason that the protocol ``asks`` has for silence while ping on the same address answers."""


def target(name: str, **changes: Any) -> Target:
    """A conference room unless said otherwise."""
    given = {"role": Role.CONFERENCE, "policy": POLICY, "probe": "fake", "address": name, **changes}
    return Target(name, name, name.partition("/")[0], "u", module="fake", options=None, **given)


def path(name: str, *anchors: str, policy: Policy = POLICY) -> Path:
    return Path(name, tuple(target(f"path:{name}/{a}", role=Role.DEVICE, policy=policy) for a in anchors))


def inventory(targets: Sequence[Target], paths: Sequence[Path] = (), budget: float = 200.0) -> Inventory:
    return Inventory(
        Organisation("Lab"),
        (),
        (),
        (),
        tuple(targets),
        tuple(paths),
        (),
        EngineSettings(budget),
        "127.0.0.1:0",
        "",
        CanonicalForm(lambda: b""),
    )


class Inline(Executor):
    """Runs what it is given at once: the ledger's writer thread without the thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - what an executor does
            future.set_exception(error)
        return future


@dataclass
class Head:
    seq: int


@dataclass
class Shelf:
    """A ledger that keeps its rows in a list, and refuses them when told to."""

    rows: list[Row] = field(default_factory=list)
    commits: list[int] = field(default_factory=list)
    broken: bool = False

    def append(self, rows: Sequence[Row]) -> Head:
        if self.broken:
            raise LedgerError("disk full")
        self.rows.extend(rows)
        self.commits.append(len(rows))
        return Head(len(self.rows))

    def states(self, name: str) -> list[tuple[State, str, int]]:
        return [
            (r.state, r.cause.value, r.effective_at_ms)
            for r in self.rows
            if isinstance(r, StateChange) and r.target == name
        ]


class NoResolver:
    async def resolve(self, host: str, _: IpFamily, __: float) -> Resolved | Unresolved:
        return Resolved(host, stale=False, took_seconds=0.0)


@dataclass(frozen=True)
class Seeing(Runner):
    """Remembers every finished run."""

    seen: list[Observation] = field(default_factory=list)

    async def run(self, target: Target) -> Observation:
        observation = await Runner.run(self, target)
        self.seen.append(observation)
        return observation


class World:
    """Drives the engine through virtual time, one tick after another."""

    def __init__(
        self,
        truth: Truth,
        known: RestoredState | None = None,
        *,
        clock: TravellingClock | None = None,
        ledger: Appender | None = None,
    ) -> None:
        self.clock = clock or TravellingClock()
        self.start_ms = self.clock.boottime_ms()
        self.truth = truth
        self.shelf = Shelf()
        self.stood_seconds = 0.0
        self.views: dict[str, TargetView] = {}
        self.paths: dict[str, PathView] = {}
        self.outages: dict[str, SiteOutageView] = {}
        self.devices: Callable[[str, int], DeviceReport | None] = lambda *_: None
        self.probed: list[tuple[int, str]] = []
        self.running: set[str] = set()
        self.doubled: list[str] = []
        self.completed: list[tuple[str, int, Reason]] = []
        self.took_ms: Callable[[Reason], int] = lambda reason: 5_000 if reason is Reason.TIMEOUT else 10
        self._sleeping: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = count()
        spec = ProbeSpec(
            "fake",
            type(None),
            Facts,
            Reason.TIMEOUT,
            lambda _: NothingShared(),
            self._probe,
            Host,
            lambda _: IpFamily.PREFER_IP4,
        )
        asks = replace(spec, probe="asks", silence_beside_ping=SILENT_BESIDE_PING)
        transports = Transports({"fake": spec, "icmp": replace(spec, probe="icmp"), "asks": asks}, self.clock)
        self.commit_queue = CommitQueue(ledger or self.shelf, self.clock, Inline())
        doubt = ClockDoubt(self.clock)
        self.runner = Seeing(self.clock, NoResolver(), transports, "local", doubt, lambda: self.stood_seconds)
        self.known = known or RestoredState({}, {})
        self.engine: Engine

    async def begin(self, inventory: Inventory) -> None:
        """Write and publish how everything begins; time passes in ``go``."""
        self._wire(inventory)
        await self.engine.begin()

    async def start(self, inventory: Inventory) -> None:
        """Let the engine run by itself."""
        self._wire(inventory)
        await self.engine.start()

    def _wire(self, inventory: Inventory) -> None:
        publisher = ViewPublisher(self._target, self._path, self._replaced, self._site)
        self.engine = Engine(inventory, self.runner, self.commit_queue, publisher, self.known)

    @property
    def stats(self) -> AgentStats:
        """What this world counts."""
        return AgentStats(engine=self.engine.stats, commit_queue=self.commit_queue.stats)

    @property
    def now_ms(self) -> int:
        return self.clock.boottime_ms() - self.start_ms

    async def _probe(self, who: Target, _: object, __: ProbeContext[NothingShared]) -> ProbeResult:
        if who.id in self.running:
            self.doubled.append(who.id)  # an assertion here would end at the runner's boundary
        self.running.add(who.id)
        self.probed.append((self.now_ms, who.id))
        began_ms = self.now_ms
        reason = self.truth(who.id, began_ms)
        took_ms = self.took_ms(reason)
        waiting = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self.now_ms + took_ms, next(self._order), waiting))
        try:
            await waiting
        finally:
            self.running.discard(who.id)
        self.completed.append((who.id, began_ms, reason))
        return replace(ProbeResult.of(reason, took_ms / 1000), device=self.devices(who.id, began_ms))

    async def go(self, seconds: float) -> None:
        """Let virtual time pass."""
        for tick in range(int(seconds * 1000) // TICK_MS):
            self.clock.advance(TICK_MS / 1000)
            while self._sleeping and self._sleeping[0][0] <= self.now_ms:
                waiting = heapq.heappop(self._sleeping)[2]
                if not waiting.done():
                    waiting.set_result(None)
            for _ in range(4):
                await asyncio.sleep(0)
            self.engine.tick()
            await asyncio.sleep(0)
            if tick % LEDGER_TICKS == LEDGER_TICKS - 1:
                await self.commit_queue.flush()
        await self.commit_queue.flush()

    def stall(self, seconds: float) -> None:
        """The process stands still: time passes and nothing runs."""
        self.clock.advance(seconds)

    def _target(self, view: TargetView) -> None:
        self.views[view.target.id] = view

    def _path(self, view: PathView) -> None:
        self.paths[view.id] = view

    def _site(self, view: SiteOutageView) -> None:
        self.outages[view.site] = view

    def _replaced(self, _: Inventory, views: tuple[TargetView, ...], paths: tuple[PathView, ...]) -> None:
        self.views = {view.target.id: view for view in views}
        self.paths = {view.id: view for view in paths}

    def state(self, name: str) -> State:
        return self.views[name].state

    def downs(self) -> list[str]:
        return [r.target for r in self.shelf.rows if isinstance(r, StateChange) and r.state is State.DOWN]

    def configured(self) -> list[str]:
        return [r.target for r in self.shelf.rows if isinstance(r, Configured)]
