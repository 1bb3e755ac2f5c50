"""The engine against scripted worlds: what becomes DOWN, what UNKNOWN, since when, and at what pace."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from random import Random

import pytest
from structlog.testing import capture_logs

from agent.ledger.rows import BlindEnd, BlindStart, Removed, SoftFailure
from agent.model import Policy, Reason, Role, State
from tests.agent.engine.world import POLICY, World, inventory, path, target

UPLINK = ("a/uplink",)
ROOMS = [f"site-{n}/room" for n in range(20)]


def starts(world: World, name: str) -> list[int]:
    return [at for at, who in world.probed if who == name]


async def test_all_up_after_one_interval_and_probed_once_an_interval() -> None:
    world = World(lambda *_: Reason.OK)
    await world.begin(inventory([target(name) for name in ROOMS]))

    await world.go(600)

    assert {view.state for view in world.views.values()} == {State.UP}
    for name in ROOMS:
        gaps = [b - a for a, b in pairwise(starts(world, name))]
        assert set(gaps) == {60_000}


async def test_outage_is_back_dated_to_the_first_failed_start_and_confirmed_fast() -> None:
    world = World(lambda _, now: Reason.TIMEOUT if 120_000 <= now < 300_000 else Reason.OK)
    await world.begin(inventory([target("a/room")]))

    await world.go(420)

    first = next(at for at in starts(world, "a/room") if at >= 120_000)
    back = next(at for at in starts(world, "a/room") if at >= 300_000)
    down, up = world.shelf.states("a/room")[2:]
    assert down == (State.DOWN, "timeout", first + world.start_ms)
    assert up[0] is State.UP
    assert up[2] == back + world.start_ms
    confirming = [at for at in starts(world, "a/room") if first <= at < first + 30_000]
    assert len(confirming) == 3, "two fast re-probes confirm"
    assert confirming[2] - first <= 2 * (5_000 + 100)


async def test_the_log_tells_changes_and_not_that_all_is_well() -> None:
    world = World(lambda who, now: Reason.TIMEOUT if who == ROOMS[0] and now > 120_000 else Reason.OK)
    await world.begin(inventory([target(name) for name in ROOMS]))

    with capture_logs() as lines:
        await world.go(300)

    told = [(line["target"], line["state"]) for line in lines if line["log_level"] == "info"]
    assert told == [(ROOMS[0], "down")]


async def test_one_lost_run_is_a_soft_failure_only() -> None:
    failed: list[int] = []

    def truth(_: str, now: int) -> Reason:
        if now > 120_000 and not failed:
            failed.append(now)
            return Reason.TIMEOUT
        return Reason.OK

    world = World(truth)
    await world.begin(inventory([target("a/room")]))
    await world.go(300)

    assert world.downs() == []
    assert [row.failures for row in world.shelf.rows if isinstance(row, SoftFailure)] == [1]


async def test_lost_path_makes_what_lies_behind_unknown_and_never_down() -> None:
    cut = range(300_000, 900_000)
    world = World(lambda _, now: Reason.TIMEOUT if now in cut else Reason.OK)
    targets = [target(name, paths=("wan",)) for name in ROOMS]
    await world.begin(inventory(targets, [path("wan", "one", "two")]))

    await world.go(800)
    assert world.downs() == []
    assert {view.state for view in world.views.values()} == {State.UNKNOWN}
    assert world.paths["wan"].up is False
    (lost,) = [row for row in world.shelf.rows if isinstance(row, BlindStart)]
    assert 300_000 <= lost.at_ms - world.start_ms <= 300_000 + 2 * 60_000

    await world.go(300)
    assert {view.state for view in world.views.values()} == {State.UP}
    assert world.downs() == []
    (back,) = [row for row in world.shelf.rows if isinstance(row, BlindEnd)]
    assert back.at_ms - world.start_ms <= 900_000 + 60_000
    assert all(
        view.state_seconds[State.UNKNOWN] <= 60 + (back.at_ms - lost.at_ms) / 1000 + 75 for view in world.views.values()
    )


async def test_without_anchors_the_same_cut_is_called_down() -> None:
    """Negative control of the test above: it is the path that keeps the targets from being called DOWN."""
    cut = range(300_000, 900_000)
    world = World(lambda _, now: Reason.TIMEOUT if now in cut else Reason.OK)
    await world.begin(inventory([target(name) for name in ROOMS]))

    await world.go(800)

    assert sorted(world.downs()) == sorted(ROOMS)


async def test_everything_behind_a_working_path_dies_and_is_all_found() -> None:
    names = [f"site-{n}/room" for n in range(500)]
    world = World(lambda who, now: Reason.OK if who.startswith("path:") or now < 120_000 else Reason.TIMEOUT)
    targets = [target(name, paths=("wan",)) for name in names]
    await world.begin(inventory(targets, [path("wan", "one", "two")]))

    await world.go(120)
    confirmation = 3 * 5
    await world.go(60 + confirmation + 5)

    assert sorted(world.downs()) == sorted(names)
    assert {view.state for view in world.views.values()} == {State.DOWN}


async def test_dead_anchors_alone_blind_nobody() -> None:
    world = World(lambda who, _: Reason.TIMEOUT if who.startswith("path:") else Reason.OK)
    targets = [target(name, paths=("wan",)) for name in ROOMS]
    await world.begin(inventory(targets, [path("wan", "one", "two")]))

    await world.go(600)

    assert {view.state for view in world.views.values()} == {State.UP}
    assert world.paths["wan"].silent_but_passing


async def test_one_dead_room_waits_for_nobody_when_the_path_works() -> None:
    world = World(lambda who, now: Reason.TIMEOUT if who == ROOMS[3] and now > 120_000 else Reason.OK)
    targets = [target(name, paths=("wan",)) for name in ROOMS]
    await world.begin(inventory(targets, [path("wan", "one", "two")]))

    await world.go(300)

    assert world.downs() == [ROOMS[3]]
    down = next(row for row in world.shelf.states(ROOMS[3]) if row[0] is State.DOWN)
    view = world.views[ROOMS[3]]
    assert view.confirmed_wall_ms - view.since_wall_ms <= 3 * 5_000 + 200
    assert down[2] - world.start_ms <= 180_000


async def test_gateway_that_filters_ping_mutes_nobody_and_the_room_behind_has_its_own_outage() -> None:
    def truth(who: str, now: int) -> Reason:
        if who == "a/uplink":
            return Reason.TIMEOUT
        return Reason.TIMEOUT if now > 400_000 else Reason.OK

    world = World(truth)
    targets = [target("a/uplink", role=Role.UPLINK), target("a/room", parents=("a/uplink",))]
    await world.begin(inventory(targets))

    await world.go(390)
    assert world.state("a/uplink") is State.DOWN
    assert world.views["a/uplink"].silent_but_passing
    assert world.views["a/room"].state is State.UP
    assert world.views["a/room"].upstream is None

    await world.go(150)
    assert world.downs() == ["a/uplink", "a/room"]
    assert world.views["a/room"].upstream is None, (
        "the gateway passed traffic since it went silent: it explains nothing"
    )


async def test_cut_site_names_the_uplink_as_upstream_and_commits_it_first() -> None:
    world = World(lambda _, now: Reason.TIMEOUT if now > 200_000 else Reason.OK)
    targets = [dataclasses.replace(target("a/uplink", role=Role.UPLINK), name="The line")]
    targets += [target(f"a/{n}", parents=("a/uplink",)) for n in ("switch", "room")]
    targets += [target("a/camera", parents=("a/room",))]
    await world.begin(inventory(targets))

    await world.go(400)

    assert world.downs()[0] == "a/uplink"
    assert {view.state for view in world.views.values()} == {State.DOWN}
    behind = [view for name, view in world.views.items() if name != "a/uplink"]
    assert {(view.upstream, view.upstream_name) for view in behind} == {("a/uplink", "The line")}
    assert all(row[1] == "timeout" for name in ("a/room", "a/camera") for row in world.shelf.states(name)[2:])


@pytest.mark.parametrize(
    "reason", [Reason.NO_RESOURCES, Reason.NO_SOURCE_ADDRESS, Reason.NO_ROUTE, Reason.NOT_PERMITTED]
)
async def test_local_faults_are_unknown_and_end_within_one_interval(reason: Reason) -> None:
    world = World(lambda _, now: reason if 120_000 <= now < 360_000 else Reason.OK)
    await world.begin(inventory([target(name) for name in ROOMS]))

    await world.go(300)
    assert {(view.state, view.cause.value) for view in world.views.values()} == {(State.UNKNOWN, "local_error")}
    await world.go(125)

    assert world.downs() == []
    assert {view.state for view in world.views.values()} == {State.UP}
    assert world.engine.stats.rounds.local_errors[reason] == 20 * 4


async def test_a_stall_gives_unknown_and_no_burst() -> None:
    world = World(lambda *_: Reason.OK)
    await world.begin(inventory([target(name) for name in ROOMS]))
    await world.go(120)
    before = len(world.probed)

    world.stall(600)
    await world.go(0.1)
    assert len(world.probed) - before <= len(ROOMS) * 0.75, "only what is late by less than half an interval"
    await world.go(60)

    assert world.downs() == []
    for name in ROOMS:
        after = [at for at in starts(world, name) if at > 600_000]
        assert len(after) in (1, 2)
        assert (State.UNKNOWN, "overload") in [row[:2] for row in world.shelf.states(name)]
    assert world.engine.stats.rounds.missed > 0


@pytest.mark.parametrize("asleep", [91, 600, 3_600.123, 40 * 86_400])
async def test_a_suspended_machine_knows_nothing_of_that_time(asleep: float) -> None:
    world = World(lambda *_: Reason.OK)
    await world.begin(inventory([target(name) for name in ROOMS]))
    await world.go(120)

    world.clock.suspend(asleep)
    await world.go(90)

    assert world.downs() == []
    for name in ROOMS:
        last, first = next(pair for pair in pairwise(starts(world, name)) if pair[1] > 120_000)
        unknown, up = (row[2] - world.start_ms for row in world.shelf.states(name)[-2:])
        assert (unknown, up) == (last + 60_000, first)
        assert [row[1] for row in world.shelf.states(name)] == ["not_yet", "ok", "overload", "ok"]


async def test_wall_clock_steps_do_not_touch_the_pace() -> None:
    world = World(lambda *_: Reason.OK)
    await world.begin(inventory([target(name) for name in ROOMS]))

    for step in (1, -1, 3_600, -3_600, 31_536_000, -31_536_000, -1_795_000_000, 3_000_000_000):
        await world.go(90)
        world.clock.step_wall(step)
    await world.go(90)

    for name in ROOMS:
        times = starts(world, name)
        assert {b - a for a, b in pairwise(times)} == {60_000}
    assert {view.state for view in world.views.values()} == {State.UP}
    assert [row[1] for row in world.shelf.states(ROOMS[0])] == ["not_yet", "ok"]


async def test_slow_probe_overruns_are_counted_and_never_doubled() -> None:
    fast = dataclasses.replace(POLICY, interval_ms=1_000, timeout_ms=5_000, grace_ms=20_000)
    world = World(lambda *_: Reason.OK)
    world.took_ms = lambda _: 3_500
    await world.begin(inventory([target("a/room", policy=fast)]))

    await world.go(60)

    assert world.engine.stats.rounds.overruns > 30
    assert world.state("a/room") is State.UP


async def test_reprobes_keep_their_budget_in_a_national_outage() -> None:
    names = [f"site-{n}/room" for n in range(1000)]
    world = World(lambda _, now: Reason.OK if now < 60_000 else Reason.REFUSED)
    await world.begin(inventory([target(name) for name in names], budget=20))

    await world.go(60)
    before = len(world.probed)
    await world.go(60)

    extra = len(world.probed) - before - 1000
    assert extra <= 20 * 60 + 20
    assert world.engine.stats.rounds.reprobes_deferred > 0
    await world.go(180)
    assert {view.state for view in world.views.values()} == {State.DOWN}


async def test_reload_keeps_unchanged_states_and_swaps_the_rest() -> None:
    world = World(lambda who, _: Reason.REFUSED if who == "a/room" else Reason.OK)
    await world.begin(inventory([target("a/room"), target("b/room"), target("c/room")]))
    await world.go(120)
    rows = len(world.shelf.rows)

    moved = dataclasses.replace(target("c/room"), address="elsewhere")
    await world.engine.reload(inventory([target("a/room"), moved, target("d/room")]))

    assert world.state("a/room") is State.DOWN
    assert world.state("c/room") is State.UNKNOWN
    assert "b/room" not in world.views
    new = world.shelf.rows[rows:]
    assert [row.target for row in new if isinstance(row, Removed)] == ["b/room", "c/room"]
    await world.go(120)
    assert world.state("a/room") is State.DOWN
    assert len([row for row in world.shelf.states("a/room") if row[0] is State.DOWN]) == 1


async def test_nothing_is_shown_before_it_is_committed() -> None:
    world = World(lambda _, now: Reason.OK if now < 120_000 else Reason.REFUSED)
    await world.begin(inventory([target("a/room")]))
    await world.go(100)

    world.shelf.broken = True
    await world.go(200)
    assert world.state("a/room") is State.UP
    assert not world.commit_queue.writable
    assert world.engine.problems() == ("the ledger takes no rows",)

    world.shelf.broken = False
    await world.go(1)
    assert world.state("a/room") is State.DOWN
    assert world.commit_queue.writable
    assert world.engine.problems() == ()


async def test_lost_path_takes_no_explanation_back() -> None:
    """A commune is cut, then the monitor loses its own way: what explained the room goes on explaining it."""

    def truth(who: str, now: int) -> Reason:
        return Reason.TIMEOUT if now > (200_000 if who.startswith("a/") else 500_000) else Reason.OK

    world = World(truth)
    behind = [target("a/uplink", role=Role.UPLINK, paths=("wan",)), target("a/room", parents=UPLINK, paths=("wan",))]
    other = target("b/room", paths=("wan",))
    await world.begin(inventory([*behind, other], [path("wan", "one", "two")]))

    await world.go(400)
    assert (world.state("a/room"), world.views["a/room"].upstream) == (State.DOWN, "a/uplink")
    await world.go(300)
    assert [world.state(name) for name in ("a/uplink", "a/room", "b/room")] == [State.UNKNOWN] * 3
    assert (world.views["a/room"].last_known_up, world.views["a/room"].upstream) == (False, "a/uplink")


async def test_state_seconds_never_decrease_and_lag_by_a_bounded_time() -> None:
    def truth(who: str, now: int) -> Reason:
        bad = (hash(who) // 7 + now // 170_000) % 3 == 0
        return Reason.TIMEOUT if bad else Reason.OK

    world = World(truth)
    targets = [target(name, paths=("wan",)) for name in ROOMS]
    await world.begin(inventory(targets, [path("wan", "one", "two")]))
    before = dict.fromkeys(ROOMS, (0.0,) * 4)

    for _ in range(40):
        await world.go(45)
        for name in ROOMS:
            seconds = world.views[name].state_seconds
            assert all(b >= a for a, b in zip(before[name], seconds, strict=True))
            assert 0 <= world.now_ms / 1000 - sum(seconds) <= 200
            before[name] = seconds


async def test_path_policy_is_the_anchors_own() -> None:
    quick = Policy(15_000, 1_000, 7_500, 2, 1, 1_000)
    world = World(lambda _, now: Reason.TIMEOUT if now > 100_000 else Reason.OK)
    targets = [target(name, paths=("wan",)) for name in ROOMS]
    await world.begin(inventory(targets, [path("wan", "one", "two", policy=quick)]))

    await world.go(160)

    assert world.downs() == []
    assert world.paths["wan"].up is False


@pytest.mark.parametrize("seed", range(60))
async def test_cuts_at_any_moment_give_no_false_down_and_true_ones_are_found(seed: int) -> None:
    """Random cuts of the monitor's path, and one room that really dies in between."""
    random = Random(seed)
    begin = random.randrange(70_000, 140_000)
    cut = range(begin, begin + random.randrange(15_000, 150_000))
    dead_from = cut.stop + random.randrange(20_000, 60_000)
    victim = ROOMS[seed % len(ROOMS)]

    def truth(who: str, now: int) -> Reason:
        if now in cut or (who == victim and now >= dead_from):
            return Reason.TIMEOUT
        return Reason.OK

    world = World(truth)
    targets = [target(name, paths=("wan",)) for name in ROOMS]
    await world.begin(inventory(targets, [path("wan", "one", "two")]))

    await world.go((dead_from + 60_000 + 60_000) / 1000)

    assert world.downs() == [victim]
    others = {view.state for name, view in world.views.items() if name != victim}
    assert others == {State.UP}
