"""A PC whose SNMP service is switched on: HOST-RESOURCES-MIB (RFC 2790) and its one port."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from agent.lab.devices.objects import Oid, SimulatedObject, Syntax, columns, integer, ticks
from agent.lab.devices.ports import PortedDevice, PortPlan

_HOST: Oid = (1, 3, 6, 1, 2, 1, 25)


class _Storage(NamedTuple):
    """A row of hrStorageTable: the last number of its type, its name, bytes a unit, units there are and units used."""

    kind: int
    name: bytes
    unit: int
    size: int
    used: int

    def row(self, index: int) -> Iterable[SimulatedObject]:
        return columns(
            (*_HOST, 2, 3, 1),
            index,
            (2, Syntax.OID, (*_HOST, 2, 1, self.kind)),
            (3, Syntax.OCTETS, self.name),
            (4, Syntax.INTEGER, self.unit),
            (5, Syntax.INTEGER, self.size),
            (6, Syntax.INTEGER, self.used),
        )


_DISK = _Storage(4, b"C:\\ Label:  Serial Number 5c1e", 4096, 31_000_000, 17_400_000)
_MEMORY = _Storage(2, b"Physical Memory", 65_536, 131_072, 68_000)


class SimulatedPc(PortedDevice):
    """A Windows PC with two processors."""

    description = (
        "Hardware: Intel64 Family 6 Model 94 - Software: Windows Version 6.3 (Build 19045 Multiprocessor Free)"
    )
    object_id = (1, 3, 6, 1, 4, 1, 311, 1, 1, 3, 1, 1)
    plans = (PortPlan("ethernet_32769", "Intel(R) Ethernet Connection I219-LM", "", 1000, 28_000, 6_000),)

    def own_objects(self) -> Iterable[SimulatedObject]:
        yield from super().own_objects()
        yield ticks((*_HOST, 1, 1, 0), self.uptime_ticks)
        yield from _DISK.row(1)
        yield from _MEMORY.row(2)
        for index in (4, 5):
            yield integer((*_HOST, 3, 3, 1, 2, index), lambda: 6 + int(self.clock.monotonic() / 20) % 12)
