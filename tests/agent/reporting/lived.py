"""Random lives of the real engine in a real ledger file; the same lives told to the oracle: retold.py."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from random import Random

from agent.availability.calendar import Always
from agent.availability.calendar_document import parse_calendar
from agent.engine.upkeep.restored_state import RestoredState
from agent.engine.upkeep.timekeeper import Timekeeper
from agent.inventory.canonical import FigureInputs, canonical
from agent.inventory.entities import CanonicalForm, Inventory
from agent.inventory.schema.rows import Unit
from agent.ledger.history.runs import configured
from agent.ledger.queries import StoredRow
from agent.ledger.rows import Maintenance, Row
from agent.ledger.store import Ledger
from agent.model import Observation, Policy, Reason, Target
from tests.agent.engine.world import World, inventory, path, target
from tests.clock import TravellingClock

HOUR = 3_600_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = (Unit("top", "Huyện", "district"), *(Unit(name, name, "commune", "top") for name in ("u1", "u2")))
STEPS = (2.5, -2.5, 61, 61, 3_600, 86_400, -3_600)
"""Seconds by which somebody sets the wall clock. Up to 2 s would be no step, and stretch the time in between."""


@dataclass
class Lived:
    """Everything that happened: agent runs one after another, each of them a World on the same clock and ledger."""

    directory: FilePath
    seed: int
    clock: TravellingClock = field(default_factory=TravellingClock)
    observed: list[tuple[str, Observation]] = field(default_factory=list)
    rows: list[StoredRow[Row]] = field(default_factory=list)
    run: int = 0
    moves: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    booked: list[Maintenance] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)
    walls: list[int] = field(default_factory=list)
    false_ms: int = 0
    known_ms: int = 0
    killed: bool = False
    steady: bool = False
    """Nobody sets a clock, and every machine starts with the right one."""

    def __post_init__(self) -> None:
        self.random = random = Random(self.seed)
        self.began_ms = self.clock.wall_ms()
        self.paths = [path("wan", "a1", "a2"), path("vpn", "b1", "b2")]
        names = [f"s{number}/{check}" for number in range(3) for check in ("uplink", "room")]
        self.all = {name: self._target(name) for name in names}
        self.first = {name: one.policy for name, one in self.all.items()}
        self.present = dict(self.all)
        self.bad = {name: self._times(random.randrange(6), 5_000, 300_000) for name in names}
        self.reasons = {name: random.choice((Reason.TIMEOUT, Reason.REFUSED, Reason.HIGH_RTT)) for name in names}
        self.office = office = Random(f"{self.seed} of those who keep the inventory")
        self.units = {f"s{number}": office.choice(("u1", "u2")) for number in range(3)}
        self.shift = self._hours()
        self.counted_in = {name: office.choice(("always", "shift")) for name in names}
        self.local = {name: self._times(random.randrange(2), 5_000, 100_000) for name in names}
        self.beat: Callable[[], bool] = lambda: False
        self.cuts = {one.id: self._times(random.randrange(2), 30_000, 200_000) for one in self.paths}

    def _policy(self) -> Policy:
        random = self.random
        interval = random.choice((15_000, 30_000, 60_000))
        grace = random.choice((interval // 2, 5_000, 30_000))
        return Policy(interval, 5_000, grace, random.choice((1, 2, 3, 3)), random.choice((1, 1, 2)), 5_000)

    def _target(self, name: str) -> Target:
        policy = self._policy()
        paths = tuple(one.id for one in self.paths if self.random.random() < 0.4)
        site, check = name.split("/")
        parents = (f"{site}/uplink",) if check == "room" and self.random.random() < 0.5 else ()
        return target(name, policy=policy, paths=paths, parents=parents)

    def _times(self, number: int, least_ms: int, most_ms: int) -> list[tuple[int, int]]:
        starts = [self.began_ms + self.random.randrange(HOUR) for _ in range(number)]
        return [(start, start + self.random.randrange(least_ms, most_ms)) for start in starts]

    def _truth(self, who: str, _: int) -> Reason:
        now = self.clock.wall_ms() - self.false_ms
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
        targets = [
            replace(one, unit=self.units[one.site], calendar=self.counted_in[one.id], slo="99") for one in targets
        ]
        plan = inventory(targets, self.paths)
        figures = FigureInputs(plan.organisation, (), UNITS, (), {}, plan.targets, plan.paths)
        content = canonical(figures, {"always": Always(), "shift": parse_calendar(json.dumps(self.shift).encode())})
        return replace(plan, units=UNITS, canonical_form=CanonicalForm(lambda: content))

    def _hours(self) -> dict[str, object]:
        """Two hours of every day, about now."""
        minute = (self.clock.wall_ms() // 60_000 + 7 * 60) % (24 * 60)
        opens, closes = (minute + self.office.randrange(*reach) for reach in ((-40, 10), (10, 60)))
        hours = [[_time(max(opens, 0)), _time(min(closes, 24 * 60))]]
        season = {"from": "01-01", "to": "12-31", "hours": dict.fromkeys(WEEKDAYS, hours)}
        return {"kind": "weekly", "zone": "Asia/Ho_Chi_Minh", "seasons": [season]}

    async def go(self) -> None:
        """Agent run after agent run."""
        runs = self.random.choice((1, 2, 3))
        for number in range(runs):
            await self._run(last=number == runs - 1)
            self._off()
        ledger = Ledger.open(self.directory, self.clock)  # closes the last run, if it was killed
        self.rows = ledger.everything()
        ledger.close()

    def _off(self) -> None:
        """The agent is off; the machine may be too, and start with a clock that nobody has set yet."""
        if self.random.random() < 0.5:
            self.clock.reboot(self.random.choice((1, 30, 400)))
            self._set_clock_at_boot()
        else:
            self.clock.advance(self.random.choice((0, 1, 60, 300)))
        while self.random.random() < 0.3:
            self._change((), running=False)

    def _set_clock_at_boot(self) -> None:
        self.clock.is_synchronised = True
        if self.steady:
            return
        if self.random.random() < 0.45:
            self.clock.is_synchronised = False
            self._step(self.random.choice((-30, 45, 7_200, -200_000_000)))
        else:
            self._step((self.known_ms - self.false_ms) / 1000)

    def _step(self, seconds: float) -> None:
        self.clock.step_wall(seconds)
        self.false_ms += round(seconds * 1000)
        self.walls.append(self.clock.wall_ms())

    async def _run(self, *, last: bool) -> None:
        self.run += 1
        ledger = Ledger.open(self.directory, self.clock)
        self.beat = ledger.beat
        world = World(self._truth, RestoredState({}, configured(ledger, "local")), clock=self.clock, ledger=ledger)
        keeper = Timekeeper(self.clock, world.commit_queue, ledger.beat, world.runner.doubt.on_synchronised)
        keeper.record_start("local", "0")
        await world.begin(self._plan())
        for _ in range(self.random.randrange(3, 14)):
            await world.go(self.random.choice((3, 7, 20, 45, 90)))
            await self._befall(world)
            keeper.check_clocks()
            self.walls.append(self.clock.wall_ms())
        await world.go(0.5)
        if self.random.random() < 0.8:
            ledger.beat()
        else:
            self.clock.advance(self.random.choice((0.03, 3, 9)))
        if not last and self.random.random() < 0.6 and not world.engine._evaluator._soft_downs._waiting:
            self.killed = True
            await self._killed(world)
        else:
            await world.engine.stop()
        self.observed += [(self.clock.boot_id(), one) for one in world.runner.seen]
        ledger.close()

    @staticmethod
    async def _killed(world: World) -> None:
        """Nothing that still runs comes to its end."""
        for task in world.engine._rounds._tasks:
            task.cancel()

    async def _befall(self, world: World) -> None:
        chance = self.random.random()
        if chance < 0.12:
            self._come_or_go(self.random.choice(sorted(self.all)))
            await world.engine.reload(self._plan())
        elif chance < 0.2:
            world.stall(self.random.randrange(1, 150))
        elif chance < 0.33:
            self._book(world)
        elif chance < 0.46:
            self._take_back(world)
        elif chance < 0.64:
            for _ in range(self.random.choice((1, 1, 3))):
                self._change(world.engine._evaluator._soft_downs._waiting)
            await world.engine.reload(self._plan())
        elif chance < 0.75 and not self.steady:
            self._turn_clock()

    def _come_or_go(self, name: str) -> None:
        if name in self.present and len(self.present) > 2:
            del self.present[name]
        else:
            self.present[name] = self.all[name]

    def _change(self, held: Collection[str], *, running: bool = True) -> None:
        """Another policy, another address, or gone and there again; a verdict under way is let be."""
        name = self.random.choice(sorted(self.all))
        kind = self.random.choice(("policy", "policy", "address", "presence"))
        self._rearrange()
        if kind == "presence":
            self._come_or_go(name)
        elif name not in held:
            other = self._policy() if kind == "policy" else self.all[name].policy
            address = f"{name} {self.random.random()}" if kind == "address" else self.all[name].address
            self.all[name] = replace(self.all[name], policy=other, address=address)
            if name in self.present:
                self.present[name] = self.all[name]
                if kind == "address" and running:
                    self.moves.setdefault(name, []).append((self.run, self.clock.boottime_ms()))

    def _rearrange(self) -> None:
        """A site moves to another unit, a target counts in another calendar, the hours of one change; or nothing."""
        office = self.office
        kind = office.choice(("unit", "calendar", "hours", "nothing"))
        if kind == "unit":
            self.units[office.choice(sorted(self.units))] = office.choice(("u1", "u2"))
        elif kind == "calendar":
            self.counted_in[office.choice(sorted(self.all))] = office.choice(("always", "shift"))
        elif kind == "hours":
            self.shift = self._hours()

    def _turn_clock(self) -> None:
        """Somebody sets the clock, or it is set right at last."""
        if not self.clock.is_synchronised:
            self.clock.is_synchronised = True
            self._step((self.known_ms - self.false_ms) / 1000)
        else:
            self._step(self.random.choice(STEPS))
            self.known_ms = self.false_ms

    def _book(self, world: World) -> None:
        now = self.clock.wall_ms()
        start = now + self.random.choice((-60_000, 0, 1, 30_000, 90_000))
        scope = self.random.choice(("all", f"target:{self.random.choice(sorted(self.all))}"))
        if self.office.random() < 0.6:
            scope = self.office.choice(("unit:u1", "unit:u2", "unit:top", "site:s1"))
        end = start + self.random.randrange(1, 200_000)
        window = Maintenance(f"m{len(self.booked)}", scope, start, end, now, "A", "B")
        self.booked.append(window)
        world.commit_queue.enqueue(self._stamped(window))

    def _take_back(self, world: World) -> None:
        """A window that is not over is cancelled."""
        now = self.clock.wall_ms()
        standing = [one for one in self.booked if one.end_wall_ms > now and one.id not in self.cancelled]
        if standing:
            one = self.random.choice(standing)
            self.cancelled.add(one.id)
            world.commit_queue.enqueue(
                self._stamped(replace(one, recorded_wall_ms=now, who="C", why="D", cancelled=True))
            )

    def _stamped(self, row: Maintenance) -> Maintenance:
        """With the clocks of this instant; one in ten as rows were before these were kept."""
        if self.office.random() < 0.1:
            return row
        clock = self.clock
        return replace(row, boot_id=clock.boot_id(), boottime_ms=clock.boottime_ms(), synchronised=clock.synchronised())


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
