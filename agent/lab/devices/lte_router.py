"""A router on a mobile line that speaks as MikroTik's do (MIKROTIK-MIB); its indexes are others after each boot."""

from __future__ import annotations

from collections.abc import Iterable

from agent.clock import Clock
from agent.lab.devices.objects import Oid, SimulatedObject, Syntax, columns, integer, text
from agent.lab.devices.ports import WWAN, PortedDevice, PortPlan

_MIKROTIK: Oid = (1, 3, 6, 1, 4, 1, 14988, 1, 1)
_MODEMS: Oid = (*_MIKROTIK, 16, 1, 1)
_PROCESSORS: Oid = (1, 3, 6, 1, 2, 1, 25, 3, 3, 1, 2)  # hrProcessorLoad
_STORAGE: Oid = (1, 3, 6, 1, 2, 1, 25, 2, 3, 1)  # hrStorageEntry
_RAM: Oid = (1, 3, 6, 1, 2, 1, 25, 2, 1, 2)
_MODEM = "lte1"


class LteRouter(PortedDevice):
    """Two Ethernet ports of which one is used, and the modem."""

    description = "RouterOS wAP R LTE6"
    object_id = (1, 3, 6, 1, 4, 1, 14988, 1)
    plans = (
        PortPlan("ether1", "ether1", "Bộ chuyển mạch", 100, 350_000, 900_000),
        PortPlan("ether2", "ether2", "", 100, plugged=False),
        PortPlan(_MODEM, _MODEM, "", 300, 900_000, 350_000, kind=WWAN),
    )
    renumbers = True

    def __init__(self, name: str, clock: Clock) -> None:
        super().__init__(name, clock)
        self.rsrp = -84 - self.number % 12

    def own_objects(self) -> Iterable[SimulatedObject]:
        yield from super().own_objects()
        yield from self._health()
        yield from self._modem()
        yield text((*_MIKROTIK, 7, 3, 0), f"HE90{self.number:03}A7B")
        yield text((*_MIKROTIK, 7, 4, 0), "7.14.3")  # firmware of the board
        yield text((*_MIKROTIK, 7, 8, 0), "RBwAPR-2nD-LTE6")  # mtxrBoardName
        yield text((*_MIKROTIK, 4, 4, 0), "7.14.3")  # mtxrLicVersion
        yield integer((*_PROCESSORS, 1), lambda: 9 + int(self.clock.monotonic() / 30) % 7)
        yield from columns(
            _STORAGE,
            65_536,
            (2, Syntax.OID, _RAM),
            (3, Syntax.OCTETS, b"main memory"),
            (4, Syntax.INTEGER, 1024),
            (5, Syntax.INTEGER, 65_536),
            (6, Syntax.INTEGER, 33_000 + self.number),
        )

    def _health(self) -> Iterable[SimulatedObject]:
        yield integer((*_MIKROTIK, 3, 8, 0), 241)  # mtxrHlVoltage, tenths of a volt
        yield integer((*_MIKROTIK, 3, 10, 0), 410)  # mtxrHlTemperature, tenths of a degree
        gauges = ((13, b"voltage", 241, 3), (14, b"temperature", 41, 1))  # mtxrGaugeTable
        for index, name, value, unit in gauges:
            yield from columns(
                (*_MIKROTIK, 3, 100, 1),
                index,
                (2, Syntax.OCTETS, name),
                (3, Syntax.INTEGER, value),
                (4, Syntax.INTEGER, unit),
            )

    def _modem(self) -> Iterable[SimulatedObject]:
        yield from columns(
            _MODEMS,
            next(port.index for port in self.ports if port.plan.name == _MODEM),
            (2, Syntax.INTEGER, lambda: self.rsrp + 25),  # RSSI
            (3, Syntax.INTEGER, -9),  # RSRQ
            (4, Syntax.INTEGER, lambda: self.rsrp),
            (5, Syntax.INTEGER, 21_504_769),  # the cell
            (7, Syntax.INTEGER, 14),  # SINR
        )
