"""Maintenance lies over the targets: what is shown changes with the clock, what is judged does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.engine.upkeep.maintenance import CancelMaintenance, ListOnly
from agent.engine.upkeep.restored_state import RestoredState
from agent.errors import LedgerError
from agent.inventory.schema.rows import Unit
from agent.ledger.rows import Maintenance
from agent.ledger.signed.maintenance import WindowRequest, dated_by_wall_clock
from agent.model import Reason, State
from tests.agent.engine.world import Shelf, World, inventory, target
from tests.clock import START_WALL_MS

ROOM, OTHER = target("a/room"), target("b/room")


def wanted(scope: str, begins_s: int, ends_s: int) -> WindowRequest:
    return WindowRequest(scope, START_WALL_MS + begins_s * 1000, START_WALL_MS + ends_s * 1000, "An", "thay switch")


def covered(world: World) -> list[bool]:
    return [world.views[name].in_maintenance for name in ("a/room", "b/room")]


def transitions(shelf: Shelf) -> list[tuple[State, str, int]]:
    return shelf.states("a/room")


async def run(*orders: WindowRequest) -> World:
    world = World(lambda _, at_ms: Reason.TIMEOUT if 200_000 <= at_ms < 400_000 else Reason.OK)
    await world.begin(inventory([ROOM, OTHER]))
    for order in orders:
        await world.engine.maintenances.order(order)
    return world


@pytest.mark.parametrize("scope", ["site:a", "target:a/room"])
async def test_a_window_begins_and_ends_without_any_probe(scope: str) -> None:
    world = await run(wanted(scope, 100, 110))

    await world.go(99)
    assert covered(world) == [False, False]
    probes = world.views["a/room"].probes
    await world.go(3)
    assert covered(world) == [True, False]
    await world.go(9)
    assert covered(world) == [False, False]
    assert world.views["a/room"].probes - probes <= 1


async def test_states_and_evidence_are_the_same_with_and_without() -> None:
    plain, overlaid = await run(), await run(wanted("all", 150, 450))
    for world in (plain, overlaid):
        await world.go(600)

    assert transitions(overlaid.shelf) == transitions(plain.shelf)
    assert [state for state, _, _ in transitions(plain.shelf)][-2:] == [State.DOWN, State.UP]
    assert overlaid.probed == plain.probed


async def test_a_window_entered_after_its_start_covers_nobody() -> None:
    world = await run()
    await world.go(10)
    booked = await world.engine.maintenances.order(wanted("all", 5, 500))
    await world.go(5)

    assert [window.retroactive for window in booked.windows] == [True]
    assert covered(world) == [False, False]


async def test_a_cancelled_window_ends_at_once() -> None:
    world = await run(wanted("all", 10, 500))
    await world.go(20)
    assert covered(world) == [True, True]

    booked = await world.engine.maintenances.order(CancelMaintenance("m1", "An", "xong sớm"))
    await world.go(2)

    assert covered(world) == [False, False]
    assert booked.id == "m1"
    assert (await world.engine.maintenances.order(ListOnly())).windows == booked.windows


async def test_a_unit_covers_the_sites_below_it_also_after_a_reload() -> None:
    units = (Unit("huyen", "Huyện", "district"), Unit("xa", "Xã", "commune", "huyen"))
    moved = replace(inventory([replace(ROOM, unit="xa"), OTHER]), units=units)
    world = World(lambda *_: Reason.OK)
    await world.begin(moved)
    await world.engine.maintenances.order(wanted("unit:huyen", 1, 500))
    await world.go(3)
    assert covered(world) == [True, False]

    await world.engine.reload(replace(moved, targets=(ROOM, OTHER)))
    assert covered(world) == [False, False]


async def test_windows_of_the_ledger_hold_from_the_start() -> None:
    known = Maintenance("m1", "all", START_WALL_MS - 5_000, START_WALL_MS + 5_000, START_WALL_MS - 9_000, "An", "x")
    world = World(lambda *_: Reason.OK, RestoredState({}, {}, (dated_by_wall_clock(known),)))
    await world.begin(inventory([ROOM, OTHER]))

    assert covered(world) == [True, True]


async def test_what_covers_nobody_is_refused_and_writes_nothing() -> None:
    world = await run()
    rows = len(world.shelf.rows)
    with pytest.raises(LedgerError, match="no target is covered by site 'nowhere'"):
        await world.engine.maintenances.order(wanted("site:nowhere", 10, 20))

    assert len(world.shelf.rows) == rows


async def test_a_row_that_the_disk_refuses_is_not_booked_later() -> None:
    world = await run()
    world.shelf.broken = True
    with pytest.raises(LedgerError):
        await world.engine.maintenances.order(wanted("all", 10, 20))
    world.shelf.broken = False
    await world.go(15)

    assert covered(world) == [False, False]
    assert [row for row in world.shelf.rows if isinstance(row, Maintenance)] == []


async def test_an_agent_that_could_not_read_its_past_says_what_to_do() -> None:
    world = World(lambda *_: Reason.OK, RestoredState({}, {}, None))
    await world.begin(inventory([target("s/room")]))

    with pytest.raises(LedgerError, match="Mend the disk, restart the agent") as refused:
        await world.engine.maintenances.order(ListOnly())

    assert "what had been booked before could not be read" in str(refused.value)
    assert [row for row in world.shelf.rows if isinstance(row, Maintenance)] == []


async def test_who_joins_the_scope_of_a_window_under_way_is_not_covered_by_it() -> None:
    """Neither a site that moves into the unit nor a target that is added; who was there before stays covered."""
    units = (Unit("xa-a", "Xã A", "commune"), Unit("xa-b", "Xã B", "commune"))
    before = replace(inventory([replace(ROOM, unit="xa-b"), replace(OTHER, unit="xa-a")]), units=units)
    world = World(lambda *_: Reason.OK)
    await world.begin(before)
    await world.engine.maintenances.order(wanted("unit:xa-b", 1, 500))
    await world.go(3)
    assert covered(world) == [True, False]

    added = replace(target("c/room"), unit="xa-b")
    await world.engine.reload(replace(before, targets=(replace(ROOM, unit="xa-b"), replace(OTHER, unit="xa-b"), added)))
    await world.go(3)

    assert covered(world) == [True, False]
    assert world.views["c/room"].in_maintenance is False


async def test_who_joined_while_the_agent_was_off_is_not_covered_by_a_window_under_way() -> None:
    known = Maintenance("m1", "all", START_WALL_MS - 5_000, START_WALL_MS + 5_000, START_WALL_MS - 9_000, "An", "x")
    asked: list[int] = []

    def scopes_at(wall_ms: int) -> dict[str, frozenset[str]]:
        asked.append(wall_ms)
        return {"a/room": frozenset({"all"})}

    world = World(lambda *_: Reason.OK, RestoredState({}, {}, (dated_by_wall_clock(known),), scopes_at=scopes_at))
    await world.begin(inventory([ROOM, OTHER]))

    assert covered(world) == [True, False]
    assert asked == [START_WALL_MS - 5_001]  # the last instant before it began
