"""A ledger that takes no rows: they wait, and when no more can wait everything is UNKNOWN(disk) until it takes them."""

from __future__ import annotations

import pytest

from agent.engine.upkeep import commit_queue as journals
from agent.ledger.rows import BlindEnd, BlindStart
from agent.model import Reason, State, UnknownCause
from tests.agent.engine.world import World, inventory, target

ROOMS = [target(f"s{n}/room") for n in range(4)]


async def world_that_flaps() -> World:
    world = World(lambda _, at_ms: Reason.TIMEOUT if at_ms // 300_000 % 2 else Reason.OK)
    await world.begin(inventory(ROOMS))
    await world.go(120)
    return world


async def test_what_fits_the_queue_is_committed_with_its_own_instants() -> None:
    world, plain = await world_that_flaps(), await world_that_flaps()
    world.shelf.broken = True
    for each in (world, plain):
        await each.go(900)
    world.shelf.broken = False
    for each in (world, plain):
        await each.go(60)

    assert world.shelf.states("s0/room") == plain.shelf.states("s0/room")
    assert [row for row in world.shelf.rows if isinstance(row, BlindStart)] == []


async def test_beyond_it_nothing_is_judged_and_the_gap_is_a_blind_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "MAX_QUEUE_ROWS", 10)
    world = await world_that_flaps()
    world.shelf.broken = True
    await world.go(3_000)
    waiting = world.commit_queue.stats.rows_queued
    probed = len(world.probed)
    await world.go(600)
    assert world.commit_queue.stats.rows_queued == waiting <= 10 + 2 * len(ROOMS) + 1
    assert len(world.probed) > probed, "it goes on probing"
    world.shelf.broken = False
    back_ms = world.clock.boottime_ms()
    await world.go(120)

    (began,) = (row for row in world.shelf.rows if isinstance(row, BlindStart))
    (ended,) = (row for row in world.shelf.rows if isinstance(row, BlindEnd))
    assert (began.scope, began.cause, ended.cause) == ("", UnknownCause.DISK, UnknownCause.DISK)
    assert began.at_ms < back_ms <= ended.at_ms <= back_ms + 1_000
    for room in ROOMS:
        unknown = [(cause, at) for state, cause, at in world.shelf.states(room.id) if state is State.UNKNOWN]
        assert ("disk", began.at_ms) in unknown
        assert world.state(room.id) is not State.UNKNOWN
