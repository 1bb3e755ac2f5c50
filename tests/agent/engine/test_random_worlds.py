"""Random worlds: whatever happens, gauges, seconds and the ledger tell one story, and DOWN is never invented.

Each world has targets with parents and paths, and throws at them: dead and degraded stretches, local errors, slow
probes, cut paths, stalls of the whole process, a ledger that refuses rows, and reloads that add, remove, move and
repolicy targets.
"""

from __future__ import annotations

import dataclasses
from random import Random

import pytest

from agent.availability.intervals import Change, Interval, RunRecord, intervals
from agent.clock import wall_of
from agent.inventory.entities import Inventory
from agent.ledger.rows import Configured, Removed, StateChange
from agent.model import Policy, Reason, State, Target, UnknownCause, Verdict
from tests.agent.engine.world import World, inventory, path, target

STORY_MS = 1_500_000
QUIET_MS = 400_000
LAG_SECONDS = 120 + 60 + 35  # MAX_LAG_MS, one interval, the longest grace
Stretch = tuple[int, int, Reason]


class Story:
    """One random world: what befalls whom and when, decided by its seed alone."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.paths = [path(name, f"{name}1", f"{name}2") for name in ("wan", "vpn")]
        self.names = [f"s{n}/{check}" for n in range(4) for check in ("uplink", "room")]
        self.targets = {name: self._target(name) for name in self.names}
        self.bad = {name: self._stretches(name) for name in self.names}
        self.cuts = {one.id: self._times(random.randrange(3), 15_000, 200_000) for one in self.paths}
        self.calm = random.random() < 0.3
        self.world = World(self._truth)
        self.world.took_ms = self._took
        self.fewest = dict.fromkeys(self.names, 9)
        self.elapsed_from = dict.fromkeys(self.names, 0)

    def _policy(self) -> Policy:
        random = self.random
        interval = random.choice((15_000, 30_000, 60_000))
        grace = random.choice((interval // 2, 5_000, 30_000))
        return Policy(interval, 5_000, grace, random.choice((1, 2, 3, 3, 3)), random.choice((1, 1, 2, 3)), 5_000)

    def _target(self, name: str) -> Target:
        paths = tuple(one.id for one in self.paths if self.random.random() < 0.5)
        site, check = name.split("/")
        parents = (f"{site}/uplink",) if check == "room" else ()
        return target(name, policy=self._policy(), paths=paths, parents=parents)

    def _times(self, number: int, least_ms: int, most_ms: int) -> list[tuple[int, int]]:
        starts = sorted(self.random.randrange(STORY_MS) for _ in range(number))
        return [(start, start + self.random.randrange(least_ms, most_ms)) for start in starts]

    def _stretches(self, _: str) -> list[Stretch]:
        kinds = (Reason.TIMEOUT, Reason.REFUSED, Reason.HIGH_RTT, Reason.NO_RESOURCES, Reason.NO_ROUTE)
        times = self._times(self.random.randrange(6), 1_000, 250_000)
        return [(a, min(b, STORY_MS), self.random.choice(kinds)) for a, b in times]

    def _truth(self, who: str, now_ms: int) -> Reason:
        cut = {one for one, times in self.cuts.items() if any(a <= now_ms < min(b, STORY_MS) for a, b in times)}
        if who.startswith("path:"):
            return Reason.TIMEOUT if who[5:].partition("/")[0] in cut else Reason.OK
        if cut.intersection(self.targets[who].paths):
            return Reason.TIMEOUT
        return next((reason for a, b, reason in self.bad[who] if a <= now_ms < b), Reason.OK)

    def _took(self, reason: Reason) -> int:
        if reason is Reason.TIMEOUT:
            return 5_000
        return self.random.choice((10, 10, 10, 40, 900, 4_990))

    def plan(self) -> Inventory:
        for name, one in self.targets.items():
            self.fewest[name] = min(self.fewest[name], one.policy.fail_after)
        return inventory(list(self.targets.values()), self.paths, self.random.choice((1.0, 20.0, 200.0)))

    async def reload(self) -> None:
        """Change one or two things, keeping parents before children."""
        random, old = self.random, dict(self.targets)
        for name in random.sample(self.names, random.randrange(3)):
            self._change(name)
        for name, one in self.targets.items():
            known = old.get(name)
            if known is None or known.address != one.address:
                self.elapsed_from[name] = self.world.now_ms
        await self.world.engine.reload(self.plan())

    def _change(self, name: str) -> None:
        kind = self.random.randrange(3)
        if name not in self.targets:
            self.targets[name] = self._target(name)
            parents = tuple(parent for parent in self.targets[name].parents if parent in self.targets)
            self.targets[name] = dataclasses.replace(self.targets[name], parents=parents)
        elif kind == 0:
            self.targets[name] = dataclasses.replace(self.targets[name], policy=self._policy())
        elif kind == 1:
            self.targets[name] = dataclasses.replace(self.targets[name], address=f"moved-{self.world.now_ms}")
        else:
            del self.targets[name]
            for other, one in self.targets.items():
                kept = tuple(parent for parent in one.parents if parent != name)
                self.targets[other] = dataclasses.replace(one, parents=kept)


class Witness:
    """Compares, at many instants, what is shown with what is written."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.world = story.world
        self.before: dict[str, tuple[int, tuple[float, ...]]] = {}

    def look(self, *, stalled_ms: int = 0) -> None:
        shown = {view.target.id: view for view in self.world.engine.views()}
        assert shown.keys() == self.world.views.keys() == self.story.targets.keys()
        for name, view in self.world.views.items():
            now = shown[name]
            assert (view.state, view.cause, view.last_known_up) == (now.state, now.cause, now.last_known_up)
            self._head(name)
            self._seconds(name, stalled_ms)
            self._story(name)
        assert self.world.doubled == []

    def _head(self, name: str) -> None:
        rows = [row for row in self.world.shelf.rows if isinstance(row, StateChange) and row.target == name]
        view = self.world.views[name]
        assert (view.state, view.cause) == (rows[-1].state, rows[-1].cause)
        assert view.since_wall_ms == wall_of(self.world.clock, rows[-1].effective_at_ms)

    def _seconds(self, name: str, stalled_ms: int) -> None:
        seconds = self.world.views[name].state_seconds
        since, before = self.before.get(name, (-1, (0.0,) * 4))
        elapsed = (self.world.now_ms - self.story.elapsed_from[name]) / 1000
        if since == self.story.elapsed_from[name]:
            assert all(b >= a for a, b in zip(before, seconds, strict=True)), name
        assert sum(seconds) <= elapsed + 1e-6
        assert sum(seconds) >= elapsed - LAG_SECONDS - stalled_ms / 1000, (name, seconds, elapsed)
        self.before[name] = (self.story.elapsed_from[name], seconds)

    def _story(self, name: str) -> None:
        """Seconds booked per state are those that a reader of the rows counts, to the millisecond."""
        start = self.world.start_ms + self.story.elapsed_from[name]
        until = start + round(sum(self.world.views[name].state_seconds) * 1000)
        counted = [0, 0, 0, 0]
        for piece in self.replayed(name, until):
            if piece.end_ms > start:
                counted[piece.state] += piece.end_ms - max(piece.start_ms, start)
        booked = [round(one * 1000) for one in self.world.views[name].state_seconds]
        assert counted == booked, (
            name,
            [(p.start_ms - self.world.start_ms, p.state.name) for p in self.replayed(name, until)],
            until - self.world.start_ms,
        )

    def replayed(self, name: str, until_ms: int) -> tuple[Interval, ...]:
        spans: list[tuple[int, int]] = []
        changes = []
        for row in self.world.shelf.rows:
            if isinstance(row, StateChange) and row.target == name:
                changes.append(Change(row.effective_at_ms, row.state, row.cause, row.confirmed_at_ms))
            elif isinstance(row, Configured) and row.target == name and (not spans or spans[-1][1] < 1 << 62):
                spans.append((row.at_ms, 1 << 62))
            elif isinstance(row, Removed) and row.target == name:
                spans[-1] = (spans[-1][0], row.at_ms)
        watch = RunRecord(self.world.start_ms, self.world.clock.boottime_ms(), tuple(changes))
        return intervals([watch], spans, until_ms)

    def downs_are_earned(self) -> None:
        """Each DOWN begins at a failed run and has fail_after of them, completed, nothing else in between."""
        for row in self.world.shelf.rows:
            if isinstance(row, StateChange) and row.state is State.DOWN:
                first = row.effective_at_ms - self.world.start_ms
                runs = sorted((at, reason) for who, at, reason in self.world.completed if who == row.target)
                series = [
                    reason.verdict for at, reason in runs if first <= at <= row.confirmed_at_ms - self.world.start_ms
                ]
                needed = self.story.fewest[row.target]
                assert runs[[at for at, _ in runs].index(first)]
                assert series[:needed] == [Verdict.FAILED] * needed, (row, runs)


@pytest.mark.parametrize("seed", range(16))
async def test_random_world_tells_one_story(seed: int) -> None:
    story = Story(seed)
    world, random = story.world, story.random
    witness = Witness(story)
    await world.begin(story.plan())
    stalled_ms = 0

    while world.now_ms < STORY_MS:
        await world.go(random.choice((0.25, 1, 3, 7, 20, 45)))
        if not world.shelf.broken:
            witness.look(stalled_ms=stalled_ms)
        befalls = random.random()
        if befalls < 0.08:
            await story.reload()
        elif befalls < 0.1 and not story.calm:
            length = random.randrange(1_000, 200_000)
            stalled_ms += length
            world.stall(length / 1000)
        elif befalls < 0.14:
            world.shelf.broken = not world.shelf.broken

    world.shelf.broken = False
    await world.go(QUIET_MS / 1000)
    witness.look()
    witness.downs_are_earned()
    assert {view.state for view in world.views.values()} <= {State.UP}


@pytest.mark.parametrize("seed", range(100, 105))
async def test_random_world_finds_who_is_really_dead(seed: int) -> None:
    story = Story(seed)
    world = story.world
    dead = story.random.sample(story.names, 3)
    for name in story.names:
        story.bad[name] = [(a, b, Reason.REFUSED) for a, b, _ in story.bad[name]]
    for name in dead:
        story.bad[name].insert(0, (STORY_MS // 2, 1 << 62, Reason.REFUSED))
    await world.begin(story.plan())

    await world.go((STORY_MS + QUIET_MS) / 1000)

    states = {name: view.state for name, view in world.views.items()}
    assert states == {name: State.DOWN if name in dead else State.UP for name in story.names}
    Witness(story).downs_are_earned()
    assert all(view.cause is not UnknownCause.NOT_YET for view in world.views.values())
