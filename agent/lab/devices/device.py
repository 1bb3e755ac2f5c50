"""What all simulated devices have in common: the system group, and a clock that begins anew at a reboot."""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from enum import StrEnum

from agent.clock import Clock
from agent.lab.devices.objects import Oid, SimulatedObject, Syntax, text, ticks

_SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)  # RFC 3418
_DAY = 86_400


class DeviceKind(StrEnum):
    """The kinds of device in the district."""

    SWITCH = "switch"
    LTE_ROUTER = "lte_router"
    UPS = "ups"  # RFC 1628
    APC_UPS = "apc_ups"  # PowerNet-MIB, with an indicator to replace the battery
    PC = "pc"


class SimulatedDevice(ABC):
    """One device. Its objects are worked out anew after a reboot: an index may be another one then."""

    description = ""
    object_id: Oid = ()

    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self.clock = clock
        self.number = zlib.crc32(name.encode()) % 1000  # so that no two are alike, and each is the same every time
        self.booted = clock.monotonic() - (12 + self.number % 60) * _DAY
        self.boots = 1
        self._objects: tuple[SimulatedObject, ...] = ()

    @property
    def objects(self) -> Sequence[SimulatedObject]:
        """Everything that it says, in the order of GETNEXT."""
        if not self._objects:
            self._objects = tuple(sorted((*self._system(), *self.own_objects()), key=lambda each: each.oid))
        return self._objects

    @abstractmethod
    def own_objects(self) -> Iterable[SimulatedObject]:
        """What it says beside the system group."""

    def uptime_seconds(self) -> float:
        return self.clock.monotonic() - self.booted

    def uptime_ticks(self) -> int:
        return round(self.uptime_seconds() * 100)

    def reboot(self) -> None:
        """Begin anew, now."""
        self.booted = self.clock.monotonic()
        self.boots += 1
        self._objects = ()

    def mend(self) -> None:
        """Undo every fault that it has."""
        self._objects = ()

    def _system(self) -> Iterable[SimulatedObject]:
        yield text((*_SYSTEM, 1, 0), self.description)
        yield SimulatedObject((*_SYSTEM, 2, 0), Syntax.OID, self.object_id)
        yield ticks((*_SYSTEM, 3, 0), self.uptime_ticks)
        yield text((*_SYSTEM, 4, 0), "")
        yield text((*_SYSTEM, 5, 0), self.name)
        yield text((*_SYSTEM, 6, 0), "Tủ mạng, tầng 1")
        yield SimulatedObject((*_SYSTEM, 7, 0), Syntax.INTEGER, 78)
