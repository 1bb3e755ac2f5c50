"""Parts of devices in the engine's life: the state they give, the rows they leave, and what is shown of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from agent.availability.calendar import Season, Weekday, Weekly
from agent.engine.devices.row_budget import MOST_AT_ONCE
from agent.engine.snapshot import ComponentView
from agent.inventory.entities import Inventory
from agent.ledger.rows import ComponentChange, ComponentsUsed, DeviceSeen
from agent.model import (
    Component,
    ComponentFault,
    ComponentKind,
    DeviceIdentity,
    DeviceReport,
    Policy,
    Reason,
    Role,
    Selection,
    State,
)
from tests.agent.engine.world import World, inventory, target
from tests.clock import TravellingClock

SWITCH = "a/switch-snmp"
ROUND = 60.0
SLOW = Policy(600_000, 5_000, 30_000, 3, 1, 5_000)


def port(name: str, *, down: bool = False, **more: object) -> Component:
    fault = ComponentFault.PORT_DOWN if down else None
    return replace(Component(f"port:{name}", ComponentKind.PORT, fault, name, operational=not down), **more)  # type: ignore[arg-type]


def switch(**changes: object) -> Inventory:
    return inventory([target(SWITCH, role=Role.DEVICE, probe="asks", address="192.0.2.2", **changes)])


@dataclass
class Device:
    """What the switch says of itself from now on."""

    parts: list[Component] = field(default_factory=list)
    began_ms: int = -10_000_000
    identity: DeviceIdentity | None = None

    def report(self, _: str, at_ms: int) -> DeviceReport:
        return DeviceReport(at_ms - self.began_ms, self.identity, tuple(self.parts))


def world_of(device: Device, truth: Callable[[str, int], Reason] = lambda *_: Reason.OK) -> World:
    world = World(truth)
    world.devices = device.report
    return world


def changes(world: World) -> list[tuple[str, str]]:
    return [(row.component, row.fault) for row in world.shelf.rows if isinstance(row, ComponentChange)]


def shown(world: World) -> dict[str, ComponentView]:
    return {view.component.id: view for view in world.views[SWITCH].components}


async def test_a_named_port_that_goes_down_degrades_its_switch_and_comes_back() -> None:
    device = Device([port("Gi0/3", named=True, text="Phòng họp"), port("Gi0/4")])
    world = world_of(device)
    await world.begin(switch())
    await world.go(2 * ROUND)
    assert (world.state(SWITCH), changes(world)) == (State.UP, [])
    assert not shown(world)["port:Gi0/3"].failed

    device.parts = [port("Gi0/3", named=True, text="Phòng họp", down=True), port("Gi0/4", down=True)]
    await world.go(ROUND)
    view = world.views[SWITCH]
    assert (view.state, view.cause) == (State.DEGRADED, Reason.COMPONENT_FAILED)
    assert view.last_run is not None
    assert view.last_run.result.detail == "Gi0/3 (Phòng họp): port_down"
    assert changes(world) == [("port:Gi0/3", "port_down")]
    failed = shown(world)["port:Gi0/3"]
    assert (failed.failed, failed.since_wall_ms) == (True, view.since_wall_ms)
    assert not shown(world)["port:Gi0/4"].failed

    device.parts = [port("Gi0/3", named=True, text="Phòng họp"), port("Gi0/4")]
    await world.go(ROUND)
    assert world.state(SWITCH) is State.UP
    assert changes(world) == [("port:Gi0/3", "port_down"), ("port:Gi0/3", "")]
    assert (shown(world)["port:Gi0/3"].failed, shown(world)["port:Gi0/3"].since_wall_ms) == (
        False, world.views[SWITCH].since_wall_ms,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("component", "fails"),
    [
        (port("1", down=True), False),  # an empty port
        (port("1", down=True, named=True, disabled=True), False),
        (port("1", down=True, named=True), True),
        (Component("power", ComponentKind.POWER, ComponentFault.ON_BATTERY), True),
        (Component("battery", ComponentKind.BATTERY, ComponentFault.BATTERY_REPLACE), True),
        (Component("consumable:toner", ComponentKind.CONSUMABLE, ComponentFault.BATTERY_LOW, named=True), False),
    ],
)
async def test_which_parts_make_degraded(component: Component, fails: bool) -> None:
    world = world_of(Device([component]))
    await world.begin(switch())
    await world.go(2 * ROUND)
    assert world.state(SWITCH) is (State.DEGRADED if fails else State.UP)
    assert bool(changes(world)) is fails


async def test_another_fault_keeps_its_own_reason_and_a_failed_run_says_nothing_of_parts() -> None:
    device = Device([port("1", named=True)])
    reasons = {0: Reason.SLOW, 1: Reason.REFUSED}
    world = world_of(device, lambda _, at_ms: reasons[at_ms >= 120_000])
    await world.begin(switch())
    device.parts = [port("1", named=True, down=True)]
    await world.go(2 * ROUND)
    assert world.views[SWITCH].cause is Reason.SLOW
    assert changes(world) == [("port:1", "port_down")]

    device.parts = [port("1", named=True)]
    await world.go(5 * ROUND)
    assert world.state(SWITCH) is State.DOWN
    assert changes(world) == [("port:1", "port_down")]
    assert shown(world)["port:1"].failed


async def test_a_part_that_is_named_no_more_is_no_fault_for_ever() -> None:
    device = Device([port("1", named=True, down=True), port("2", named=True)])
    world = world_of(device)
    await world.begin(switch())
    await world.go(ROUND)
    device.parts = [port("2", named=True)]  # its ifName changed, or the module was pulled
    await world.go(2 * ROUND)
    assert (world.state(SWITCH), shown(world)["port:1"].failed) == (State.DEGRADED, True)
    await world.go(2 * ROUND)
    assert (world.state(SWITCH), "port:1" in shown(world)) == (State.UP, False)
    assert changes(world) == [("port:1", "port_down"), ("port:1", "")]


async def test_one_answer_without_a_part_is_no_change() -> None:
    device = Device([port("1", named=True, down=True)])
    world = world_of(device)
    await world.begin(switch())
    await world.go(ROUND)
    whole, device.parts = device.parts, []
    await world.go(ROUND)
    device.parts = whole
    await world.go(3 * ROUND)
    assert (world.state(SWITCH), changes(world)) == (State.DEGRADED, [("port:1", "port_down")])


async def test_a_port_that_loses_its_name_matters_no_more() -> None:
    device = Device([port("1", named=True, down=True)])
    world = world_of(device)
    await world.begin(switch())
    await world.go(ROUND)
    device.parts = [port("1", down=True)]
    await world.go(ROUND)
    assert (world.state(SWITCH), changes(world)) == (State.UP, [("port:1", "port_down"), ("port:1", "")])


async def test_a_flapping_port_does_not_fill_the_ledger() -> None:
    device = Device([port(str(number), named=True) for number in range(8)])
    world = world_of(device)
    world.devices = lambda who, at_ms: replace(
        device.report(who, at_ms),
        components=tuple(replace(part, fault=ComponentFault.PORT_DOWN if at_ms // 60_000 % 2 else None)
                         for part in device.parts),
    )  # fmt: skip
    await world.begin(switch())
    await skip(world, 60)
    assert len(changes(world)) <= MOST_AT_ONCE + 12
    device.parts, world.devices = [port(str(number), named=True) for number in range(8)], device.report
    await skip(world, 60)
    assert not any(view.failed for view in shown(world).values())  # the truth is reached once there is room
    assert world.state(SWITCH) is State.UP


async def test_nothing_is_shown_before_the_ledger_has_it() -> None:
    device = Device([port("1", named=True, down=True)])
    world = world_of(device)
    await world.begin(switch())
    world.shelf.broken = True
    await world.go(2 * ROUND)
    assert not shown(world) or not shown(world)["port:1"].failed
    world.shelf.broken = False
    await world.go(1)
    assert shown(world)["port:1"].failed
    assert changes(world) == [("port:1", "port_down")]


async def test_a_check_is_judged_by_the_same_knowledge_and_writes_nothing() -> None:
    device = Device([port("1", named=True)])
    world = world_of(device)
    await world.begin(switch())
    await world.go(ROUND)
    rows = len(world.shelf.rows)
    device.parts = [port("1", named=True, down=True)]
    _, found = world.engine.check(Selection())
    waiting = asyncio.ensure_future(anext(found))
    for _ in range(3):
        await asyncio.sleep(0)
    await world.go(1)
    assert (await waiting).result.reason is Reason.COMPONENT_FAILED
    assert len(world.shelf.rows) == rows


HOURS = dict.fromkeys(list(Weekday)[:5], ((0, 86400000),))
OFFICE = Weekly("Asia/Ho_Chi_Minh", (Season((1, 1), (12, 31), HOURS),))


async def test_a_port_in_use_on_three_office_days_matters() -> None:
    """From a Monday on: in use for an hour and ten minutes a day; asked every ten minutes."""
    clock = TravellingClock()
    clock.advance(86_400)  # Monday, 08:00 in Hanoi
    device = Device([port("1"), port("2", down=True)])
    world = World(lambda *_: Reason.OK, clock=clock)
    world.devices = device.report
    await world.begin(replace(switch(policy=SLOW), calendars={"always": OFFICE, "office": OFFICE}))
    for number in range(3):
        device.parts = [port("1"), port("2", down=True)]
        await skip(world, 80)
        device.parts = [port("1", down=True), port("2", down=True)]
        await skip(world, 40)
        assert world.state(SWITCH) is (State.DEGRADED if number == 2 else State.UP), number
        clock.advance(79_200)
    assert changes(world) == [("port:1", "port_down")]
    await world.engine.stop()
    used = [(row.day, row.components) for row in world.shelf.rows if isinstance(row, ComponentsUsed)]
    monday = date(2026, 3, 2)
    assert used == [((monday + timedelta(days=number)).isoformat(), "port:1") for number in range(3)]


async def skip(world: World, minutes: int) -> None:
    """Time in which the agent only asks: a few ticks every 20 s do."""
    for _ in range(3 * minutes):
        world.clock.advance(19.5)
        await world.go(0.5)


async def test_what_a_device_says_of_itself_is_written_once_and_when_it_changes() -> None:
    device = Device(identity=DeviceIdentity("Cisco", "C2960", "FOC1", "15.2"))
    world = world_of(device)
    await world.begin(switch())
    await world.go(10 * ROUND)
    assert [(row.model, row.firmware) for row in seen(world)] == [("C2960", "15.2")]
    view = world.views[SWITCH]
    assert view.device_identity == device.identity
    began = world.clock.wall_ms() - world.now_ms + device.began_ms
    assert view.booted_wall_ms == began

    device.identity = None  # not asked in every run
    await world.go(3 * ROUND)
    device.identity = DeviceIdentity("Cisco", "C2960", "FOC1", "15.4")
    await world.go(2 * ROUND)
    assert [row.firmware for row in seen(world)] == ["15.2", "15.4"]
    assert world.views[SWITCH].booted_wall_ms == began

    device.began_ms = world.now_ms
    await world.go(2 * ROUND)
    assert len(seen(world)) == 3
    assert world.views[SWITCH].booted_wall_ms == world.clock.wall_ms() - world.now_ms + device.began_ms


async def test_the_boot_of_a_device_is_shown_without_jitter_and_follows_a_clock_that_is_set() -> None:
    device = Device()
    world = world_of(device)
    world.devices = lambda who, at_ms: replace(device.report(who, at_ms), uptime_ms=at_ms + 9_000_000 + at_ms % 700)
    await world.begin(switch())
    boots = set()
    for _ in range(20):
        await world.go(ROUND)
        boots.add(world.views[SWITCH].booted_wall_ms)
    assert len(boots) == 1
    world.clock.step_wall(3_600)
    await world.go(ROUND)
    assert world.views[SWITCH].booted_wall_ms == boots.pop() + 3_600_000  # type: ignore[operator]


def seen(world: World) -> list[DeviceSeen]:
    return [row for row in world.shelf.rows if isinstance(row, DeviceSeen)]
