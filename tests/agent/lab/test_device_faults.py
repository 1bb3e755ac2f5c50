"""Faults of devices in the running district: a pulled port, a reboot, a UPS on battery, a power cut, and their ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from pysnmp.proto.api import v2c

from agent.errors import LabError
from agent.lab.control_protocol import LabAction, LabCommand
from agent.lab.devices.device import SimulatedDevice
from agent.lab.devices.ports import PortedDevice
from agent.lab.devices.ups import SimulatedUps
from agent.lab.district import Ports, district
from agent.lab.listeners.snmp import COMMUNITY, SnmpListener
from agent.lab.phrases import describe
from agent.lab.running import RunningDistrict, opened
from tests.agent.lab.test_snmp_listener import UPTIME, asked

SITE = "ubnd-lang-cong"
DEVICES = ("gateway-01", "switch-01", "pc-01", "ups-01")


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[RunningDistrict]:
    async with opened(district(4, Ports.FREE), tmp_path) as lab:
        yield lab


def agent(running: RunningDistrict, name: str) -> SnmpListener:
    listener = running.listener(name)
    assert isinstance(listener, SnmpListener)
    return listener


def device(running: RunningDistrict, name: str) -> SimulatedDevice:
    return agent(running, name).device


async def answers(running: RunningDistrict, name: str, seconds: float = 1.0, community: str = COMMUNITY) -> bool:
    """Whether the place answers by SNMP."""
    place = running.district.find(name)[0]
    loop = asyncio.get_running_loop()
    came = loop.create_future()

    class Client(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, _addr: tuple[str, int]) -> None:
            came.set_result(data)

    transport, _ = await loop.create_datagram_endpoint(Client, remote_addr=(str(place.address), place.port))
    try:
        transport.sendto(asked(v2c.GetRequestPDU(), [UPTIME], community=community))
        await asyncio.wait_for(came, seconds)
    except TimeoutError:
        return False
    finally:
        transport.close()
    return True


async def fault(running: RunningDistrict, name: str) -> str:
    report = await running.execute(LabCommand(LabAction.STATUS))
    return next(host.fault for host in report.hosts if host.name == name)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


async def test_a_port_is_pulled_and_plugged(running: RunningDistrict) -> None:
    reply = await running.execute(LabCommand(LabAction.PULL_PORT, ("switch-01",), port="3"))
    assert [(host.name, host.fault, host.pulled) for host in reply.hosts] == [("switch-01", "pulled", ("Gi0/3",))]
    assert [describe(reply.hosts[0], language) for language in ("vi", "en")] == ["rút cáp cổng Gi0/3", "pulled: Gi0/3"]
    reply = await running.execute(LabCommand(LabAction.PLUG_PORT, ("switch-01",), port="Gi0/3"))
    assert reply.hosts[0].fault == ""
    await running.execute(LabCommand(LabAction.PULL_PORT, ("gateway-01",), port="ether1"))
    await running.execute(LabCommand(LabAction.RESTORE, ("all",)))
    assert await fault(running, "gateway-01") == ""


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (LabCommand(LabAction.PULL_PORT, ("switch-01",), port="25"), "Gi0/24"),
        (LabCommand(LabAction.PULL_PORT, ("room-01",), port="1"), "a device with ports"),
        (LabCommand(LabAction.ON_BATTERY, ("switch-01",)), "a UPS"),
        (LabCommand(LabAction.WEAR_BATTERY, ("ups-01",)), "ups-04"),
        (LabCommand(LabAction.REBOOT, ("switch-02",)), "every third commune"),
    ],
)
async def test_what_does_not_fit_is_refused_with_what_would(
    running: RunningDistrict, command: LabCommand, told: str
) -> None:
    with pytest.raises(LabError, match=told):
        await running.execute(command)


async def test_a_reboot_is_a_silence_and_a_new_uptime(running: RunningDistrict) -> None:
    switch = device(running, "switch-01")
    assert isinstance(switch, PortedDevice)
    await running.execute(LabCommand(LabAction.REBOOT, ("switch-01",), 0.1))
    assert await fault(running, "switch-01") == "reboot"
    assert not await answers(running, "switch-01", 0.01)
    assert switch.uptime_seconds() > 86_400
    await until(lambda: switch.boots == 2)
    assert await answers(running, "switch-01")
    assert (switch.uptime_seconds() < 5, await fault(running, "switch-01")) == (True, "")


async def test_a_ups_is_on_battery_until_it_is_low_and_its_mains_come_back(running: RunningDistrict) -> None:
    await running.execute(LabCommand(LabAction.ON_BATTERY, ("ups-01",), 600))
    reply = await running.execute(LabCommand(LabAction.STATUS))
    ups = next(host for host in reply.hosts if host.name == "ups-01")
    assert (ups.fault, ups.seconds) == ("on-battery", 600)
    assert describe(ups, "vi") == "đang dùng ắc quy (600 s)"
    await running.execute(LabCommand(LabAction.ON_BATTERY, ("ups-01",), 0.001))
    await asyncio.sleep(0.002)
    assert await fault(running, "ups-01") == "on-battery+battery-low"
    await running.execute(LabCommand(LabAction.ON_MAINS, ("ups-01",)))
    assert await fault(running, "ups-01") == ""
    await running.execute(LabCommand(LabAction.WEAR_BATTERY, ("ups-04",)))
    assert await fault(running, "ups-04") == "battery-worn"


async def test_a_power_cut_leaves_the_ups_first_and_begins_every_uptime_anew(running: RunningDistrict) -> None:
    await running.execute(LabCommand(LabAction.POWER_CUT, (SITE,), 0.2))
    assert (await fault(running, "ups-01"), await fault(running, "switch-01")) == ("on-battery", "on-supply")
    assert await answers(running, "switch-01")
    async with asyncio.timeout(5):
        while await fault(running, "room-01") != "power-cut":
            await asyncio.sleep(0.01)
    assert not any([await answers(running, name, 0.01) for name in DEVICES])
    assert await answers(running, "switch-04")
    await running.execute(LabCommand(LabAction.POWER_BACK, (SITE,)))
    assert all([await answers(running, name) for name in DEVICES])
    assert [device(running, name).uptime_seconds() < 5 for name in DEVICES] == [True] * 4
    assert {await fault(running, name) for name in (*DEVICES, "room-01")} == {""}


async def test_a_line_cut_leaves_the_devices_running(running: RunningDistrict) -> None:
    await running.execute(LabCommand(LabAction.CUT, (SITE,)))
    await running.execute(LabCommand(LabAction.RESTORE, (SITE,)))
    assert [device(running, name).boots for name in DEVICES] == [1] * 4


async def test_power_that_is_back_before_the_battery_is_empty_stops_nothing(running: RunningDistrict) -> None:
    await running.execute(LabCommand(LabAction.POWER_CUT, (SITE,), 0.1))
    await running.execute(LabCommand(LabAction.POWER_BACK, (SITE,)))
    await asyncio.sleep(0.15)
    assert {await fault(running, name) for name in DEVICES} == {""}
    assert [device(running, name).boots for name in DEVICES] == [1] * 4


async def test_without_a_ups_everything_is_silent_at_once(running: RunningDistrict) -> None:
    await running.execute(LabCommand(LabAction.POWER_CUT, ("ubnd-quang-yen",)))
    assert await fault(running, "room-02") == "power-cut"
    await running.execute(LabCommand(LabAction.POWER_BACK, ("ubnd-quang-yen",)))
    assert await fault(running, "room-02") == ""


async def test_another_community_is_met_with_silence_and_restored(running: RunningDistrict) -> None:
    await running.execute(LabCommand(LabAction.WRONG_COMMUNITY, ("switch-01",)))
    assert (await answers(running, "switch-01", 0.01), await fault(running, "switch-01")) == (False, "wrong-community")
    await running.execute(LabCommand(LabAction.RESTORE, ("switch-01",)))
    assert await answers(running, "switch-01")
    assert isinstance(device(running, "ups-01"), SimulatedUps)
