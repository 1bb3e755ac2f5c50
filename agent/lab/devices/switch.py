"""A switch with 24 ports that speaks as a small Cisco Catalyst does."""

from __future__ import annotations

from collections.abc import Iterable

from agent.lab.devices.objects import Cell, Oid, SimulatedObject, Syntax, columns, gauge, integer, text, ticks
from agent.lab.devices.ports import PortedDevice, PortPlan

_ENTITY: Oid = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)  # entPhysicalEntry, RFC 4133
_SENSOR: Oid = (1, 3, 6, 1, 2, 1, 99, 1, 1, 1)  # entPhySensorEntry, RFC 3433
_BRIDGE: Oid = (1, 3, 6, 1, 2, 1, 17)  # RFC 4188
_CISCO: Oid = (1, 3, 6, 1, 4, 1, 9, 9)
_CHASSIS, _THERMOMETER = 1001, 1010
_FIRMWARE = "15.2(7)E8"
_USED = {
    1: ("", 900_000, 350_000),  # the uplink
    2: ("", 9_000, 45_000),
    3: ("Phòng họp", 240_000, 260_000),
    4: ("Một cửa", 30_000, 160_000),
    **dict.fromkeys(range(5, 10), ("", 6_000, 28_000)),
}
_LAST, _SWITCHED_OFF = 24, 24


def _plan(number: int) -> PortPlan:
    alias, received, sent = _USED.get(number, ("", 0, 0))
    return PortPlan(
        name=f"Gi0/{number}",
        description=f"GigabitEthernet0/{number}",
        alias=alias,
        bytes_in=received,
        bytes_out=sent,
        plugged=number in _USED,
        disabled=number == _SWITCHED_OFF,
    )


class SimulatedSwitch(PortedDevice):
    """Port 1 is the uplink, 3 and 4 have a description, 2 to 9 are in use, 24 is switched off, the others are empty."""

    description = f"Cisco IOS Software, C2960L Software (C2960L-UNIVERSALK9-M), Version {_FIRMWARE}"
    object_id = (1, 3, 6, 1, 4, 1, 9, 1, 2559)
    plans = tuple(map(_plan, range(1, _LAST + 1)))

    def own_objects(self) -> Iterable[SimulatedObject]:
        yield from super().own_objects()
        yield from self._entities()
        yield from self._bridge()
        yield gauge((*_CISCO, 109, 1, 1, 1, 1, 8, 1), 7 + self.number % 9)  # cpmCPUTotal5minRev
        yield text((*_CISCO, 48, 1, 1, 1, 2, 1), "Processor")  # ciscoMemoryPoolName, Used, Free
        yield gauge((*_CISCO, 48, 1, 1, 1, 5, 1), 61_000_000)
        yield gauge((*_CISCO, 48, 1, 1, 1, 6, 1), 82_000_000)

    def _entities(self) -> Iterable[SimulatedObject]:
        yield from columns(
            _ENTITY,
            _CHASSIS,
            *_named(b"C2960L-24TS-LL", 3),
            (8, Syntax.OCTETS, b"V02"),  # entPhysicalHardwareRev, SoftwareRev, SerialNum, MfgName, ModelName
            (10, Syntax.OCTETS, _FIRMWARE.encode()),
            (11, Syntax.OCTETS, f"FOC24{self.number:03}X1".encode()),
            (12, Syntax.OCTETS, b"Cisco Systems, Inc."),
            (13, Syntax.OCTETS, b"C2960L-24TS-LL"),
        )
        yield from columns(_ENTITY, _THERMOMETER, *_named(b"Board temperature", 8))
        yield from columns(
            _SENSOR,
            _THERMOMETER,
            (1, Syntax.INTEGER, 8),  # celsius
            (2, Syntax.INTEGER, 9),  # units
            (3, Syntax.INTEGER, 0),
            (4, Syntax.INTEGER, 38 + self.number % 8),
            (5, Syntax.INTEGER, 1),
        )

    def _bridge(self) -> Iterable[SimulatedObject]:
        yield integer((*_BRIDGE, 1, 2, 0), len(self.ports))  # dot1dBaseNumPorts
        yield ticks((*_BRIDGE, 2, 3, 0), self.uptime_ticks)  # dot1dStpTimeSinceTopologyChange
        yield SimulatedObject((*_BRIDGE, 2, 4, 0), Syntax.COUNTER32, self.boots)  # dot1dStpTopChanges
        for port in self.ports:
            yield integer((*_BRIDGE, 1, 4, 1, 2, port.index), port.index)  # dot1dBasePortIfIndex
            yield integer((*_BRIDGE, 2, 15, 1, 3, port.index), 5 if port.plan.plugged else 1)  # dot1dStpPortState


def _named(name: bytes, kind: int) -> tuple[Cell, ...]:
    """entPhysicalDescr, entPhysicalClass and entPhysicalName."""
    return (2, Syntax.OCTETS, name), (5, Syntax.INTEGER, kind), (7, Syntax.OCTETS, name)
