"""A dark site, and what its devices tell of the cause: power cut, line cut, both kinds of evidence, restarts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from agent.availability.outage_cause import OutageCause
from agent.engine.upkeep.restored_state import RestoredState
from agent.model import Component, ComponentFault, ComponentKind, DeviceReport, Reason, Role, State
from tests.agent.engine.devices.test_components import skip
from tests.agent.engine.world import World, inventory, target

MINUTE, DAY = 60_000, 86_400_000
SWITCH, UPS = "a/switch-snmp", "a/ups-snmp"
TARGETS = [
    target("a/uplink", role=Role.UPLINK),
    target("a/room"),
    target("a/portal", role=Role.PORTAL),
    target(SWITCH, role=Role.DEVICE, probe="asks"),
    target(UPS, role=Role.DEVICE, probe="asks"),
    target("b/room"),
]
PLAN = inventory(TARGETS)
ON_BATTERY = Component("power", ComponentKind.POWER, ComponentFault.ON_BATTERY)


@dataclass
class Place:
    """Site a: dark from the 10th to the 20th minute; each device runs from its begin on, as of the end."""

    begins: Mapping[str, int | None]
    parts: tuple[Component, ...] = ()
    silent: frozenset[str] = field(default_factory=frozenset)

    def truth(self, who: str, at_ms: int) -> Reason:
        away = who.startswith("a/") and who != "a/portal" and 10 * MINUTE <= at_ms < 20 * MINUTE
        return Reason.TIMEOUT if away or (who in self.silent and at_ms >= 10 * MINUTE) else Reason.OK

    def report(self, who: str, at_ms: int) -> DeviceReport | None:
        if self.truth(who, at_ms) is not Reason.OK or who not in self.begins:
            return None
        anew = self.begins[who]
        began = anew if anew is not None and at_ms >= 20 * MINUTE else -30 * DAY
        return DeviceReport(at_ms - began, None, self.parts if at_ms < 20 * MINUTE and who == UPS else ())


def world_of(place: Place, known: RestoredState | None = None) -> World:
    world = World(place.truth, known)
    world.devices = place.report
    return world


@pytest.mark.parametrize(
    ("place", "cause"),
    [
        (Place({SWITCH: 19 * MINUTE, UPS: 18 * MINUTE}), OutageCause.POWER),
        (Place({SWITCH: None, UPS: None}), OutageCause.LINE),
        (Place({SWITCH: 19 * MINUTE, UPS: None}), OutageCause.UNKNOWN),
        (Place({SWITCH: 19 * MINUTE, UPS: None}, (ON_BATTERY,)), OutageCause.POWER),
        (Place({SWITCH: 19 * MINUTE, UPS: None}, (), frozenset((UPS,))), OutageCause.POWER),
        (Place({SWITCH: None, UPS: None}, (), frozenset((SWITCH, UPS))), OutageCause.UNKNOWN),
    ],
)
async def test_the_cause_is_told_when_the_site_is_back(place: Place, cause: OutageCause) -> None:
    world = world_of(place)
    await world.begin(PLAN)
    await skip(world, 15)
    dark = world.outages["a"]
    assert (dark.end_wall_ms, dark.cause, world.state("a/portal")) == (None, None, State.UP)
    assert dark.start_wall_ms == max(world.views[name].since_wall_ms for name in ("a/uplink", "a/room", SWITCH, UPS))

    await skip(world, 9)
    assert (world.outages["a"].cause is None) is bool(place.silent)  # it is not heard yet
    await skip(world, 14)
    over = world.outages["a"]
    assert (over.cause, over.start_wall_ms) == (cause, dark.start_wall_ms)
    works = [at for name in ("a/uplink", "a/room", SWITCH, UPS) for state, _, at in world.shelf.states(name) if state]
    began_wall_ms = world.clock.wall_ms() - world.clock.boottime_ms()
    assert over.end_wall_ms == began_wall_ms + min(at for at in works if began_wall_ms + at > over.start_wall_ms)
    assert world.engine.site_outages() == (over,)


async def test_a_site_with_one_target_alive_is_not_dark() -> None:
    place = Place({SWITCH: None, UPS: None})
    world = world_of(place)
    world.truth = lambda who, at_ms: Reason.OK if who == "a/room" else place.truth(who, at_ms)
    await world.begin(PLAN)
    await skip(world, 25)
    assert world.outages == {}


async def test_a_site_without_devices_is_not_watched() -> None:
    world = World(lambda *_: Reason.TIMEOUT)
    await world.begin(inventory([one for one in TARGETS if one.probe == "fake"]))
    await skip(world, 10)
    assert (world.outages, world.state("a/room")) == ({}, State.DOWN)


async def test_a_restart_in_the_dark_keeps_its_begin() -> None:
    place = Place({SWITCH: 19 * MINUTE, UPS: 18 * MINUTE})
    first = world_of(place)
    await first.begin(PLAN)
    await skip(first, 15)
    start = first.outages["a"].start_wall_ms
    names = [one.id for one in TARGETS]
    down = {name: first.views[name].since_wall_ms for name in names if first.state(name) is State.DOWN}
    known = RestoredState({name: name not in down for name in names}, {}, down_since_wall_ms=down)

    second = World(lambda who, at_ms: place.truth(who, at_ms + 15 * MINUTE), known, clock=first.clock)
    second.devices = lambda who, at_ms: place.report(who, at_ms + 15 * MINUTE)
    await second.begin(PLAN)
    await skip(second, 10)
    assert (second.outages["a"].cause, second.outages["a"].start_wall_ms) == (OutageCause.POWER, start)


async def test_a_reload_in_the_dark_keeps_it_and_a_second_cut_is_another() -> None:
    place = Place({SWITCH: 19 * MINUTE, UPS: 18 * MINUTE})
    world = world_of(place)
    await world.begin(PLAN)
    await skip(world, 15)
    await world.engine.reload(inventory(TARGETS[:-1]))
    await skip(world, 10)
    first = world.outages["a"]
    assert first.cause is OutageCause.POWER
    world.truth = lambda who, _: Reason.OK if who == "a/portal" else Reason.TIMEOUT
    await skip(world, 5)
    assert (world.outages["a"].end_wall_ms, world.outages["a"].cause) == (None, None)
    assert world.outages["a"].start_wall_ms > (first.end_wall_ms or 0)
