"""Runs that are missed are seen when their time has come; until then a tick does not look at their targets."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import FrameType

from agent.ledger.signed.maintenance import WindowRequest
from agent.model import Reason, State
from tests.agent.engine.world import POLICY, World, inventory, target
from tests.clock import START_WALL_MS

DAILY = replace(POLICY, interval_ms=86_400_000, grace_ms=43_200_000)
SECONDS = 5


async def calls(count: int) -> int:
    """How many calls the ticks of some seconds make, under a window that covers all of so many idle targets."""
    world = World(lambda *_: Reason.OK)
    await world.begin(inventory([target(f"s{n % 3_321}/{n}", policy=DAILY) for n in range(count)]))
    await world.engine.maintenances.order(WindowRequest("all", START_WALL_MS + 1, START_WALL_MS + 10**9, "An", "thử"))
    world.clock.advance(1)
    while any(not view.in_maintenance for view in world.views.values()):
        world.engine.tick()
    found = 0

    def counted(_: FrameType, event: str, __: object) -> None:
        nonlocal found
        found += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        for _ in range(SECONDS * 20):
            world.clock.advance(0.05)
            world.engine.tick()
    finally:
        sys.setprofile(None)
    return found


async def test_a_tick_over_an_idle_country_costs_what_one_over_a_district_costs() -> None:
    assert await calls(66_420) <= 2 * await calls(1_000)


async def test_after_a_standstill_all_are_looked_at_within_a_second() -> None:
    names = [f"s{number}/x" for number in range(2_500)]
    world = World(lambda *_: Reason.OK)
    await world.begin(inventory([target(name) for name in names]))
    await world.go(61)
    assert {world.state(name) for name in names} == {State.UP}
    world.took_ms = lambda _: 10**9  # no run ends any more

    world.stall(200)
    await world.go(1.25)

    assert {world.state(name) for name in names} == {State.UNKNOWN}
