"""What a stop leaves in the ledger, and what the next agent knows from it."""

from __future__ import annotations

from agent.engine.upkeep.restored_state import RestoredState
from agent.ledger.rows import AgentStop, Configured, EvidenceEnd
from agent.model import Reason, Role, State
from tests.agent.engine.test_engine import ROOMS, UPLINK, starts
from tests.agent.engine.world import World, inventory, target


async def test_restart_knows_the_last_state_and_books_the_gap_as_unknown() -> None:
    first = World(lambda *_: Reason.REFUSED)
    plan = inventory([target("a/room"), target("b/room")])
    await first.begin(plan)
    configured = {row.target: row for row in first.shelf.rows if isinstance(row, Configured)}

    world = World(lambda *_: Reason.OK, RestoredState({"a/room": False}, configured))
    await world.begin(plan)

    view = world.views["a/room"]
    assert (view.state, view.cause.value, view.last_known_up) == (State.UNKNOWN, "agent_off", False)
    assert world.configured() == []
    await world.go(120)
    assert world.views["a/room"].last_known_up is True


async def test_restart_takes_no_explanation_back() -> None:
    cut = {"a/uplink": False, "a/room": False}
    world = World(lambda _, now: Reason.TIMEOUT if now < 300_000 else Reason.OK, RestoredState(cut, {}))
    await world.begin(inventory([target("a/uplink", role=Role.UPLINK), target("a/room", parents=UPLINK)]))

    room = world.views["a/room"]
    assert (room.state, room.last_known_up, room.upstream) == (State.UNKNOWN, False, "a/uplink")
    await world.go(200)
    room = world.views["a/room"]
    assert (room.state, room.upstream) == (State.DOWN, "a/uplink")
    await world.go(200)
    room = world.views["a/room"]
    assert (room.state, room.last_known_up, room.upstream) == (State.UP, True, None)


async def test_restart_in_front_of_a_gateway_that_filters_ping_finds_it_passing_again() -> None:
    filters = RestoredState({"a/uplink": False, "a/room": True}, {})
    world = World(lambda who, _: Reason.TIMEOUT if who == "a/uplink" else Reason.OK, filters)
    await world.begin(inventory([target("a/uplink", role=Role.UPLINK), target("a/room", parents=UPLINK)]))
    assert not world.views["a/uplink"].silent_but_passing

    await world.go(61)

    uplink = world.views["a/uplink"]
    assert (uplink.last_known_up, uplink.silent_but_passing) == (False, True)
    assert world.views["a/room"].upstream is None


async def test_clean_stop_says_where_the_evidence_ends() -> None:
    world = World(lambda *_: Reason.OK)
    await world.begin(inventory([target(name) for name in ROOMS]))
    await world.go(120)

    await world.engine.stop()

    ends = {row.target: row.start_ms for row in world.shelf.rows if isinstance(row, EvidenceEnd)}
    assert ends == {name: starts(world, name)[-1] + world.start_ms for name in ROOMS}
    assert isinstance(world.shelf.rows[-1], AgentStop)
