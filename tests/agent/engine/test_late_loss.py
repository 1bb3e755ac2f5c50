"""A path whose loss is known only later than a gap was written, or after a standstill."""

from __future__ import annotations

import dataclasses

import pytest

from agent.ledger.rows import BlindStart
from agent.model import Policy, Reason, State
from tests.agent.engine.world import POLICY, World, inventory, path, target


def starts(world: World, name: str) -> list[int]:
    return [at for at, who in world.probed if who == name]


async def test_a_path_lost_within_the_grace_after_a_stall_takes_the_gap_back_also_in_the_seconds() -> None:
    cut = [0, 0]
    world = World(lambda _, now: Reason.TIMEOUT if cut[0] <= now < cut[1] else Reason.OK)
    patient, hasty = Policy(60_000, 5_000, 50_000, 1, 1, 5_000), Policy(10_000, 5_000, 5_000, 3, 1, 5_000)
    rooms = [target("a/room", policy=patient, paths=("wan",))]
    await world.begin(inventory(rooms, [path("wan", "one", "two", policy=hasty)]))
    await world.go(130)
    last = starts(world, "a/room")[-1]

    world.stall((last + 95_000 - world.now_ms) / 1000)
    cut[:] = world.now_ms, world.now_ms + 60_000
    await world.go(240)

    (lost,) = [row for row in world.shelf.rows if isinstance(row, BlindStart)]
    first, again = (starts(world, "a/room")[0], next(at for at in starts(world, "a/room") if at >= cut[1]))
    lost_ms = lost.at_ms - world.start_ms
    assert last + 60_000 < lost_ms <= last + 110_000
    assert [(*row[:2], row[2] - world.start_ms) for row in world.shelf.states("a/room")[2:]] == [
        (State.UNKNOWN, "overload", last + 60_000),
        (State.UP, "ok", last + 60_000),
        (State.UNKNOWN, "monitor_net", lost_ms),
        (State.UP, "ok", again),
    ]
    assert world.views["a/room"].state_seconds[State.UNKNOWN] == pytest.approx((first + again - lost_ms) / 1000)


async def test_a_standstill_is_no_part_of_the_wait_for_the_verdict_on_a_path() -> None:
    cut: list[int] = []
    world = World(lambda _, now: Reason.TIMEOUT if cut and now >= cut[0] else Reason.OK)
    hasty = dataclasses.replace(POLICY, fail_after=2)
    rooms = [target("a/room", policy=hasty, paths=("wan",))]
    await world.begin(inventory(rooms, [path("wan", "one", "two")]))
    await world.go(130)
    cut.append(world.now_ms)
    while len([at for at in starts(world, "a/room") if at >= cut[0]]) < 2:
        await world.go(0.5)
    await world.go(5)

    world.stall(40)
    await world.go(60)

    assert world.downs() == []
    assert world.shelf.states("a/room")[-1][:2] == (State.UNKNOWN, "monitor_net")
