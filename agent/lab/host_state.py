"""What is wrong with one host of the running district."""

from __future__ import annotations

from dataclasses import dataclass

from agent.lab.control_protocol import HostStatus
from agent.lab.devices.device import SimulatedDevice
from agent.lab.devices.ports import PortedDevice
from agent.lab.devices.ups import SimulatedUps
from agent.lab.district import LabHost
from agent.lab.listeners.base import Listener, Misbehaviour
from agent.lab.listeners.snmp import SnmpListener


@dataclass(slots=True)
class HostState:
    """The state of a host; its misbehaviour is kept by the listener, a part's fault by the device."""

    host: LabHost
    listener: Listener | None
    withdrawn: bool = False
    failed: bool = False
    powerless: bool = False
    on_supply: bool = False  # without mains, on the battery of its site's UPS
    rebooting: bool = False
    busy: bool = False
    expired: bool = False

    @property
    def device(self) -> SimulatedDevice | None:
        return self.listener.device if isinstance(self.listener, SnmpListener) else None

    @property
    def is_gone(self) -> bool:
        """Whether its address has to be silent."""
        return self.failed or self.powerless or self.rebooting

    @property
    def fault(self) -> str:
        misbehaviour = self.listener.misbehaviour if self.listener is not None else Misbehaviour.NONE
        also = {
            "fail": self.failed,
            "power-cut": self.powerless,
            "on-supply": self.on_supply,
            "reboot": self.rebooting,
            "busy": self.busy,
            "expired": self.expired,
            "wrong-community": isinstance(self.listener, SnmpListener) and self.listener.credential_changed,
            "pulled": bool(self._pulled()),
            **self._supply(),
            str(misbehaviour): misbehaviour is not Misbehaviour.NONE,
        }
        return "+".join(name for name, holds in also.items() if holds)

    def status(self) -> HostStatus:
        host = self.host
        place = (host.name, host.target, host.site, str(host.address), host.service, host.port)
        return HostStatus(*place, self.fault, self._seconds(), self._pulled())

    def _seconds(self) -> float | None:
        if self.listener is not None and self.listener.misbehaviour is Misbehaviour.SLOW:
            return self.listener.slow_seconds
        on_battery = isinstance(self.device, SimulatedUps) and self.device.discharge is not None
        return (
            float(round(self.device.seconds_left())) if on_battery and isinstance(self.device, SimulatedUps) else None
        )

    def _pulled(self) -> tuple[str, ...]:
        return self.device.pulled if isinstance(self.device, PortedDevice) else ()

    def _supply(self) -> dict[str, bool]:
        if not isinstance(self.device, SimulatedUps):
            return {}
        return {
            "on-battery": self.device.discharge is not None,
            "battery-low": self.device.battery_low(),
            "battery-worn": self.device.battery_worn,
        }
