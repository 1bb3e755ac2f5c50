"""Each kind of device with its class."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agent.clock import Clock
from agent.lab.devices.device import DeviceKind, SimulatedDevice
from agent.lab.devices.lte_router import LteRouter
from agent.lab.devices.pc import SimulatedPc
from agent.lab.devices.switch import SimulatedSwitch
from agent.lab.devices.ups import ApcUps, StandardUps

DEVICES: Mapping[DeviceKind, Callable[[str, Clock], SimulatedDevice]] = {
    DeviceKind.SWITCH: SimulatedSwitch,
    DeviceKind.LTE_ROUTER: LteRouter,
    DeviceKind.UPS: StandardUps,
    DeviceKind.APC_UPS: ApcUps,
    DeviceKind.PC: SimulatedPc,
}
