"""Reloader: what goes on untouched, what starts anew, and what the ledger says of either."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

from agent.engine.upkeep.restored_state import RestoredState
from agent.ledger.rows import Configured, Content, Removed, StateChange
from agent.model import Policy, Reason, State
from tests.agent.engine.test_engine import ROOMS, starts
from tests.agent.engine.world import World, inventory, path, target

QUICK = Policy(15_000, 5_000, 7_500, 3, 1, 5_000)


def _spans(world: World, name: str) -> list[str]:
    """Kinds of the configuration rows of a target, oldest first."""
    return [type(r).__name__ for r in world.shelf.rows if isinstance(r, Configured | Removed) and r.target == name]


async def test_runs_in_flight_survive_a_storm_of_reloads() -> None:
    world = World(lambda who, _: Reason.TIMEOUT if who == "a/room" else Reason.OK)
    plan = inventory([target("a/room"), target("b/room")])
    await world.begin(plan)

    for _ in range(1200):
        await world.go(0.1)
        await world.engine.reload(inventory([dataclasses.replace(one) for one in plan.targets]))

    assert world.state("a/room") is State.DOWN
    assert world.state("b/room") is State.UP
    assert world.doubled == []


async def test_no_round_is_lost_in_a_reload_between_two_ticks() -> None:
    names = [f"site-{n}/room" for n in range(100)]
    world = World(lambda *_: Reason.OK)
    plan = inventory([target(name) for name in names])
    await world.begin(plan)

    for _ in range(1100):
        await world.go(0.05)
        world.clock.advance(0.049)
        await world.engine.reload(plan)

    assert {who for _, who in world.probed} == set(names)


async def test_target_that_comes_back_is_probed_by_one_run_only() -> None:
    world = World(lambda *_: Reason.OK)
    world.took_ms = lambda _: 4_000
    both, one = inventory([target("a/room"), target("b/room")]), inventory([target("b/room")])
    await world.begin(both)
    while not any(who == "a/room" for _, who in world.probed):
        await world.go(0.05)
    await world.engine.reload(one)
    moved = dataclasses.replace(target("a/room", policy=Policy(100, 50, 50, 3, 1, 50)))

    await world.engine.reload(inventory([moved, target("b/room")]))
    await world.go(10)

    assert len([who for _, who in world.probed if who == "a/room"]) > 2
    assert world.doubled == []


async def test_policy_set_back_is_written_again() -> None:
    known = Configured("a/room", 0, 60_000, 5_000, 30_000, 3, 1, "h")
    world = World(lambda *_: Reason.OK, RestoredState({}, {"a/room": known}))
    await world.begin(inventory([target("a/room")]))

    await world.engine.reload(inventory([target("a/room", policy=QUICK)]))
    await world.engine.reload(inventory([target("a/room")]))

    intervals = [row.interval_ms for row in world.shelf.rows if isinstance(row, Configured)]
    assert intervals == [15_000, 60_000]


async def test_removed_and_added_again_is_configured_again() -> None:
    known = Configured("a/room", 0, 60_000, 5_000, 30_000, 3, 1, "h")
    world = World(lambda *_: Reason.OK, RestoredState({}, {"a/room": known}))
    await world.begin(inventory([target("a/room"), target("b/room")]))

    await world.engine.reload(inventory([target("b/room")]))
    await world.engine.reload(inventory([target("a/room"), target("b/room")]))
    await world.engine.reload(inventory([target("a/room"), target("b/room")]))

    assert _spans(world, "a/room") == ["Removed", "Configured"]


async def test_another_address_is_another_target_to_the_ledger() -> None:
    known = Configured("a/room", 0, 60_000, 5_000, 30_000, 3, 1, "h")
    world = World(lambda *_: Reason.OK, RestoredState({}, {"a/room": known}))
    await world.begin(inventory([target("a/room")]))
    await world.go(120)

    await world.engine.reload(inventory([dataclasses.replace(target("a/room"), address="elsewhere")]))

    assert _spans(world, "a/room") == ["Removed", "Configured"]
    last = [row for row in world.shelf.rows if isinstance(row, StateChange)][-1]
    assert (last.state, last.cause.value, last.effective_at_ms) == (State.UNKNOWN, "not_yet", world.clock.boottime_ms())


async def test_another_address_does_not_look_like_a_recovery() -> None:
    world = World(lambda who, _: Reason.REFUSED if who == "a/room" else Reason.OK, RestoredState({"a/room": True}, {}))
    await world.begin(inventory([target("a/room")]))
    await world.go(120)
    assert world.views["a/room"].last_known_up is False

    await world.engine.reload(inventory([dataclasses.replace(target("a/room"), address="elsewhere")]))

    assert world.views["a/room"].last_known_up is False


async def test_target_added_behind_a_lost_path_is_blind_at_once() -> None:
    world = World(lambda _, now: Reason.TIMEOUT if now > 100_000 else Reason.OK)
    wan = [path("wan", "one", "two")]
    first = [target(f"site-{n}/room", paths=("wan",)) for n in range(5)]
    await world.begin(inventory(first, wan))
    await world.go(250)
    assert world.paths["wan"].up is False

    await world.engine.reload(inventory([*first, target("new/room", paths=("wan",))], wan))
    await world.go(1)

    view = world.views["new/room"]
    assert (view.state, view.cause.value) == (State.UNKNOWN, "monitor_net")
    assert world.shelf.states("new/room")[-1][1] == "monitor_net"


async def test_reprobe_budget_follows_the_configuration() -> None:
    names = [f"site-{n}/room" for n in range(300)]
    world = World(lambda _, now: Reason.OK if now < 60_000 else Reason.REFUSED)
    targets = [target(name) for name in names]
    await world.begin(inventory(targets))
    await world.engine.reload(inventory(targets, budget=1))

    await world.go(120)

    assert world.engine.stats.rounds.reprobes <= 61
    assert world.engine.stats.rounds.reprobes_deferred > 0


async def test_a_thousand_reloads_lose_and_double_no_probe() -> None:
    world = World(lambda *_: Reason.OK)
    plan = inventory([target(name) for name in ROOMS])
    await world.begin(plan)

    for _ in range(1000):
        await world.go(0.05)
        await world.engine.reload(plan)
    await world.go(130)

    for name in ROOMS:
        times = starts(world, name)
        assert {b - a for a, b in pairwise(times)} == {60_000}
    assert len([row for row in world.shelf.rows if isinstance(row, Content)]) == 1
