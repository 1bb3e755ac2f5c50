"""Random lives of the real engine in a real ledger file, and the same lives told to the oracle from its probe runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from random import Random
from typing import Any

from agent.engine.engine import Known
from agent.engine.timekeeper import Timekeeper
from agent.inventory.content import Figures, canonical
from agent.inventory.entities import Inventory, Kept
from agent.ledger.history import configured
from agent.ledger.reading import Stored
from agent.ledger.rows import (
    AgentRun,
    AgentStop,
    BlindEnd,
    BlindStart,
    ClockAnchor,
    Configured,
    Maintenance,
    Removed,
    Watermark,
)
from agent.ledger.store import Ledger
from agent.model import Observation, Policy, Reason, Target
from tests.agent.engine.world import World, inventory, path, target
from tests.clock import TravellingClock

HOUR = 3_600_000


@dataclass
class Life:
    """Everything that happened: agent runs one after another, each of them a World on the same clock and ledger."""

    directory: FilePath
    seed: int
    clock: TravellingClock = field(default_factory=TravellingClock)
    observed: list[tuple[str, Observation]] = field(default_factory=list)
    rows: list[Stored] = field(default_factory=list)
    killed: bool = False

    def __post_init__(self) -> None:
        self.random = random = Random(self.seed)
        self.began_ms = self.clock.wall_ms()
        self.paths = [path("wan", "a1", "a2"), path("vpn", "b1", "b2")]
        names = [f"s{number}/{check}" for number in range(3) for check in ("uplink", "room")]
        self.all = {name: self._target(name) for name in names}
        self.present = dict(self.all)
        self.bad = {name: self._times(random.randrange(6), 5_000, 300_000) for name in names}
        self.reasons = {name: random.choice((Reason.TIMEOUT, Reason.REFUSED, Reason.HIGH_RTT)) for name in names}
        self.local = {name: self._times(random.randrange(2), 5_000, 100_000) for name in names}
        self.beat: Callable[[], bool] = lambda: False
        self.cuts = {one.id: self._times(random.randrange(2), 30_000, 200_000) for one in self.paths}

    def _target(self, name: str) -> Target:
        random = self.random
        interval = random.choice((15_000, 30_000, 60_000))
        grace = random.choice((interval // 2, 5_000, 30_000))
        policy = Policy(interval, 5_000, grace, random.choice((1, 2, 3, 3)), random.choice((1, 1, 2)), 5_000)
        paths = tuple(one.id for one in self.paths if random.random() < 0.4)
        site, check = name.split("/")
        parents = (f"{site}/uplink",) if check == "room" and random.random() < 0.5 else ()
        return target(name, policy=policy, paths=paths, parents=parents)

    def _times(self, number: int, least_ms: int, most_ms: int) -> list[tuple[int, int]]:
        starts = [self.began_ms + self.random.randrange(HOUR) for _ in range(number)]
        return [(start, start + self.random.randrange(least_ms, most_ms)) for start in starts]

    def _truth(self, who: str, _: int) -> Reason:
        now = self.clock.wall_ms()
        cut = {one for one, times in self.cuts.items() if any(a <= now < b for a, b in times)}
        if who.startswith("path:"):
            return Reason.TIMEOUT if who[5:].partition("/")[0] in cut else Reason.OK
        if cut.intersection(self.all[who].paths):
            return Reason.TIMEOUT
        if any(a <= now < b for a, b in self.local[who]):
            return Reason.NO_ROUTE
        return self.reasons[who] if any(a <= now < b for a, b in self.bad[who]) else Reason.OK

    def _plan(self) -> Inventory:
        kept = self.present
        targets = [
            replace(one, parents=tuple(parent for parent in one.parents if parent in kept)) for one in kept.values()
        ]
        plan = inventory(targets, self.paths)
        figures = Figures(plan.organisation, (), (), (), {}, plan.targets, plan.paths)
        return replace(plan, kept=Kept(lambda: canonical(figures, {})))

    async def go(self) -> None:
        """Agent run after agent run."""
        runs = self.random.choice((1, 2, 3))
        for number in range(runs):
            await self._run(last=number == runs - 1)
            if self.random.random() < 0.5:
                self.clock.reboot(self.random.choice((1, 30, 400)))
            else:
                self.clock.advance(self.random.choice((0, 1, 60, 300)))
        ledger = Ledger.open(self.directory, self.clock)  # closes the last run, if it was killed
        self.rows = ledger.select("seq > 0")
        ledger.close()

    async def _run(self, *, last: bool) -> None:
        ledger = Ledger.open(self.directory, self.clock)
        self.beat = ledger.beat
        world = World(self._truth, Known({}, configured(ledger, "local")), clock=self.clock, ledger=ledger)
        keeper = Timekeeper(self.clock, world.journal, world.stats, ledger.beat)
        keeper.started("local", "0")
        await world.engine.prepare(self._plan())
        for _ in range(self.random.randrange(3, 14)):
            await world.go(self.random.choice((3, 7, 20, 45, 90)))
            await self._befall(world)
            keeper.look()
        await world.go(0.5)
        ledger.beat()
        if not last and self.random.random() < 0.6 and not world.engine._judge._held:
            self.killed = True
            await self._killed(world)
        else:
            await world.engine.stop()
        self.observed += [(self.clock.boot_id(), one) for one in world.runner.seen]
        ledger.close()

    @staticmethod
    async def _killed(world: World) -> None:
        """Nothing that still runs comes to its end."""
        for task in world.engine._tasks:
            task.cancel()

    async def _befall(self, world: World) -> None:
        chance = self.random.random()
        if chance < 0.12:
            name = self.random.choice(sorted(self.all))
            if name in self.present and len(self.present) > 2:
                del self.present[name]
            else:
                self.present[name] = self.all[name]
            await world.engine.reload(self._plan())
        elif chance < 0.2:
            world.stall(self.random.randrange(1, 150))
        elif chance < 0.35:
            now = self.clock.wall_ms()
            start = now + self.random.choice((-60_000, 0, 1, 30_000))
            scope = self.random.choice(("all", f"target:{self.random.choice(sorted(self.all))}"))
            end = start + self.random.randrange(1, 200_000)
            world.journal.write(Maintenance(f"m{now}", scope, start, end, now, "A", "B"))

    # The same for the oracle

    def document(self, period: tuple[int, int], calendar: dict[str, Any]) -> dict[str, Any]:
        """The story as the oracle is told it: from probe runs and what is no evidence; never from states."""
        return {
            "version": 1,
            "period": {"from": period[0], "to": period[1]},
            "as_of_utc_ms": self.clock.wall_ms(),
            "calendar": calendar,
            "agent_runs": [self._agent_run(one) for one in self._runs()],
            "clock_anchors": list(self._anchors()),
            "maintenance": [self._window(one.row) for one in self.rows if isinstance(one.row, Maintenance)],
            "targets": [self._story(name) for name in sorted(self.all) if self._spans(name)],
        }

    def _runs(self) -> list[Stored]:
        return [one for one in self.rows if isinstance(one.row, AgentRun)]

    def _wall(self, run: int, at_ms: int) -> int:
        row = next(one.row for one in self._runs() if one.seq == run)
        assert isinstance(row, AgentRun)
        return row.wall_ms + at_ms - row.start_ms  # no wall clock steps here

    def _agent_run(self, one: Stored) -> dict[str, Any]:
        assert isinstance(one.row, AgentRun)
        found: dict[str, Any] = {"boot": one.row.boot_id, "start_ms": one.row.start_ms}
        for other in self.rows:
            if other.run == one.seq and isinstance(other.row, AgentStop):
                return found | {"end": "stop", "end_ms": other.row.at_ms}
            if other.run == one.seq and isinstance(other.row, Watermark):
                return found | {"end": "kill", "end_ms": other.row.at_ms, "watermark_ms": other.row.at_ms}
        raise AssertionError(one)

    def _anchors(self) -> Any:
        for one in self.rows:
            if isinstance(one.row, AgentRun):
                yield _anchor(one.row.boot_id, one.row.start_ms, one.row.wall_ms)
            elif isinstance(one.row, ClockAnchor):
                boot = next(run.row for run in self._runs() if run.seq == one.run)
                assert isinstance(boot, AgentRun)
                yield _anchor(boot.boot_id, one.row.at_ms, one.row.wall_ms)

    def _window(self, row: Maintenance) -> dict[str, Any]:
        targets = None if row.scope == "all" else [row.scope.partition(":")[2]]
        return {
            "id": row.id,
            "targets": targets,
            "start_utc_ms": row.start_wall_ms,
            "end_utc_ms": row.end_wall_ms,
            "recorded_utc_ms": row.recorded_wall_ms,
        }

    def _spans(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for one in self.rows:
            if isinstance(one.row, Configured) and one.row.target == name:
                if not found or found[-1]["end_utc_ms"] is not None:
                    found.append({"start_utc_ms": self._wall(one.run, one.row.at_ms), "end_utc_ms": None})
            elif isinstance(one.row, Removed) and one.row.target == name:
                found[-1]["end_utc_ms"] = self._wall(one.run, one.row.at_ms)
        return [span for span in found if span["end_utc_ms"] != span["start_utc_ms"]]

    def _story(self, name: str) -> dict[str, Any]:
        one = self.all[name]
        policy = one.policy
        return {
            "id": name,
            "policy": {
                "interval_ms": policy.interval_ms,
                "timeout_ms": policy.timeout_ms,
                "grace_ms": policy.grace_ms,
                "fail_after": policy.fail_after,
                "recover_after": policy.recover_after,
            },
            "configured": self._spans(name),
            "blind": self._blinds(one),
            "probes": [
                [boot, seen.start_ms, seen.took_ms, seen.result.verdict.value]
                for boot, seen in self.observed
                if seen.target.id == name
            ],
        }

    def _blinds(self, one: Target) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        opened: dict[tuple[int, str, str], int] = {}
        for stored in self.rows:
            row = stored.row
            if isinstance(row, BlindStart) and row.scope in ("", one.id, *one.paths):
                opened[stored.run, row.scope, row.cause.value] = row.at_ms
            elif isinstance(row, BlindEnd):
                start = opened.pop((stored.run, row.scope, row.cause.value), None)
                if start is not None:
                    found.append(self._blind(stored.run, row.cause.value, start, row.at_ms))
        ends = {run.seq: self._agent_run(run)["end_ms"] for run in self._runs()}
        found += [self._blind(run, cause, start, ends[run]) for (run, _, cause), start in opened.items()]
        return [blind for blind in found if blind["start_utc_ms"] < blind["end_utc_ms"]]

    def _blind(self, run: int, cause: str, start: int, end: int) -> dict[str, Any]:
        return {"start_utc_ms": self._wall(run, start), "end_utc_ms": self._wall(run, end), "cause": cause}


def _anchor(boot: str, at_ms: int, wall_ms: int) -> dict[str, Any]:
    return {"boot": boot, "at_ms": at_ms, "wall_utc_ms": wall_ms, "synchronised": True}
