"""The simulated devices: what they say changes with time and with their faults."""

from __future__ import annotations

from agent.lab.devices.device import SimulatedDevice
from agent.lab.devices.lte_router import LteRouter
from agent.lab.devices.objects import Content, Oid
from agent.lab.devices.switch import SimulatedSwitch
from agent.lab.devices.ups import ApcUps, StandardUps
from tests.clock import TravellingClock

UPTIME: Oid = (1, 3, 6, 1, 2, 1, 1, 3, 0)
STATE: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1, 8)
CHANGED: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1, 9)
RECEIVED: Oid = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6)
NAME: Oid = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1)
UPS: Oid = (1, 3, 6, 1, 2, 1, 33, 1)
APC: Oid = (1, 3, 6, 1, 4, 1, 318, 1, 1, 1)


def said(device: SimulatedDevice, oid: Oid) -> Content | None:
    content = next(each.content for each in device.objects if each.oid == oid)
    return content() if callable(content) else content


def number(device: SimulatedDevice, oid: Oid) -> int:
    value = said(device, oid)
    assert isinstance(value, int)
    return value


def test_counters_grow_and_stand_still_on_a_pulled_port() -> None:
    clock = TravellingClock()
    switch = SimulatedSwitch("switch-01", clock)
    first = number(switch, (*RECEIVED, 3))
    clock.advance(10)
    second = number(switch, (*RECEIVED, 3))
    assert 1_000_000 < second - first < 4_000_000
    port = switch.port("3")
    assert port is switch.port("Gi0/3")
    assert port is not None
    port.plug(plugged=False)
    clock.advance(10)
    assert (number(switch, (*RECEIVED, 3)), said(switch, (*STATE, 3)), switch.pulled) == (second, 2, ("Gi0/3",))
    assert number(switch, UPTIME) - number(switch, (*CHANGED, 3)) == 1000
    switch.mend()
    clock.advance(10)
    assert number(switch, (*RECEIVED, 3)) > second
    assert (said(switch, (*STATE, 3)), switch.pulled) == (1, ())


def test_there_are_empty_ports_and_one_that_is_switched_off() -> None:
    switch = SimulatedSwitch("switch-01", TravellingClock())
    assert [said(switch, (*STATE, port)) for port in (1, 9, 10, 24)] == [1, 1, 2, 2]
    assert [said(switch, (*STATE[:-1], 7, port)) for port in (1, 10, 24)] == [1, 1, 2]
    assert switch.port("25") is None


def test_a_reboot_begins_anew_and_a_router_numbers_its_ports_anew() -> None:
    clock = TravellingClock()
    router = LteRouter("gateway-01", clock)
    assert said(router, (*NAME, 1)) == b"ether1"
    assert number(router, UPTIME) > 12 * 86_400 * 100
    router.reboot()
    clock.advance(5)
    assert (number(router, UPTIME), said(router, (*NAME, 4))) == (500, b"ether1")
    assert number(router, (*RECEIVED, 4)) < 10_000_000
    router.reboot()
    assert said(router, (*NAME, 1)) == b"ether1"


def test_a_battery_empties_and_is_low_at_the_end() -> None:
    clock = TravellingClock()
    ups = StandardUps("ups-01", clock)
    assert [said(ups, (*UPS, *end)) for end in ((2, 1, 0), (2, 4, 0), (4, 1, 0), (6, 1, 0))] == [2, 100, 3, 0]
    ups.on_battery(600)
    clock.advance(300)
    assert [said(ups, (*UPS, *end)) for end in ((2, 1, 0), (2, 2, 0), (2, 3, 0), (2, 4, 0))] == [2, 300, 5, 50]
    assert [said(ups, (*UPS, 6, 2, 1, 2, alarm)) for alarm in (2, 3)] == [(*UPS, 6, 3, 2), None]
    clock.advance(200)
    assert [said(ups, (*UPS, *end)) for end in ((2, 1, 0), (4, 1, 0), (6, 1, 0))] == [3, 5, 3]
    clock.advance(200)
    assert [said(ups, (*UPS, *end)) for end in ((2, 1, 0), (2, 4, 0), (4, 1, 0))] == [4, 0, 2]
    ups.on_mains()
    assert [said(ups, (*UPS, *end)) for end in ((2, 1, 0), (4, 1, 0), (6, 1, 0))] == [2, 3, 0]


def test_an_apc_says_the_same_in_its_own_numbers() -> None:
    clock = TravellingClock()
    ups = ApcUps("ups-04", clock)
    assert [said(ups, (*APC, *end)) for end in ((4, 1, 1, 0), (2, 1, 1, 0), (2, 2, 4, 0))] == [2, 2, 1]
    ups.on_battery(100)
    ups.battery_worn = True
    clock.advance(90)
    assert [said(ups, (*APC, *end)) for end in ((4, 1, 1, 0), (2, 1, 1, 0), (2, 2, 4, 0))] == [3, 3, 2]
    assert (said(ups, (*APC, 2, 2, 1, 0)), said(ups, (*APC, 2, 2, 3, 0))) == (10, 1000)
