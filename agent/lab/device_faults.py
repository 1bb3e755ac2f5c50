"""Faults of simulated devices: which device each fits, and how it is given and taken away."""

from __future__ import annotations

from agent.characters import quoted
from agent.errors import LabError
from agent.lab.control_protocol import LabAction, LabCommand
from agent.lab.devices.device import SimulatedDevice
from agent.lab.devices.ports import PortedDevice
from agent.lab.devices.ups import ApcUps, SimulatedUps
from agent.text import Text

_NO_PORT = Text("{host} không có cổng {port}; các cổng: {ports}", "{host} has no port {port}; its ports: {ports}")
_NO_UPS = Text("chỉ bộ lưu điện (ups-01) mới có ắc quy", "only a UPS (ups-01) has a battery")
_NO_DEVICE = Text(
    "chỉ thiết bị trả lời SNMP: bộ chuyển mạch, bộ định tuyến, máy trạm, bộ lưu điện của cứ ba xã một",
    "only devices that speak SNMP: the switch, router, PC and UPS of every third commune",
)
_NO_PORTS = Text("chỉ thiết bị có cổng mạng (switch-01)", "only a device with ports (switch-01)")
_OF_PORTS = (LabAction.PULL_PORT, LabAction.PLUG_PORT)
_OF_SUPPLIES = (LabAction.ON_BATTERY, LabAction.ON_MAINS, LabAction.WEAR_BATTERY)
DEVICE_ACTIONS = frozenset((*_OF_PORTS, *_OF_SUPPLIES, LabAction.REBOOT, LabAction.WRONG_COMMUNITY))
WHO_CAN = {
    **dict.fromkeys(_OF_PORTS, _NO_PORTS),
    **dict.fromkeys(_OF_SUPPLIES, _NO_UPS),
    LabAction.WEAR_BATTERY: Text(
        "chỉ bộ lưu điện APC (ups-04) mới báo ắc quy cần thay", "only an APC (ups-04) says that its battery is worn"
    ),
    LabAction.REBOOT: _NO_DEVICE,
    LabAction.WRONG_COMMUNITY: _NO_DEVICE,
}
"""What can have each of these faults."""


def fits(command: LabCommand, device: SimulatedDevice) -> bool:
    """Whether the device can have the fault; LabError for a port that it does not have."""
    if command.action in _OF_PORTS:
        if isinstance(device, PortedDevice) and device.port(command.port) is None:
            ports = ", ".join(port.plan.name for port in device.ports)
            raise LabError(_NO_PORT.filled(host=device.name, port=quoted(command.port), ports=ports))
        return isinstance(device, PortedDevice)
    if command.action is LabAction.WEAR_BATTERY:
        return isinstance(device, ApcUps)
    return command.action not in _OF_SUPPLIES or isinstance(device, SimulatedUps)


def give_fault(command: LabCommand, device: SimulatedDevice) -> None:
    """Give a device that it fits the fault, or take it away."""
    if isinstance(device, PortedDevice) and (port := device.port(command.port)) is not None:
        port.plug(plugged=command.action is LabAction.PLUG_PORT)
    elif isinstance(device, SimulatedUps) and command.action is LabAction.ON_BATTERY:
        device.on_battery(command.lasts)
    elif isinstance(device, SimulatedUps) and command.action is LabAction.ON_MAINS:
        device.on_mains()
    elif isinstance(device, SimulatedUps) and command.action is LabAction.WEAR_BATTERY:
        device.battery_worn = True
