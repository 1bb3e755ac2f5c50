"""Ports of simulated devices: ifTable, ifXTable (RFC 2863) and the duplex state (RFC 3635), with counters that grow."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agent.clock import Clock
from agent.lab.devices.device import SimulatedDevice
from agent.lab.devices.objects import Cell, Oid, SimulatedObject, Syntax, columns, integer

_INTERFACES: Oid = (1, 3, 6, 1, 2, 1, 2)
_ENTRY: Oid = (*_INTERFACES, 2, 1)
_EXTENSIONS: Oid = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
_ETHER_LIKE: Oid = (1, 3, 6, 1, 2, 1, 10, 7, 2, 1)
_UP, _DOWN = 1, 2
_TRUE, _FALSE = 1, 2  # TruthValue, RFC 2579
_FULL_DUPLEX = 3
_WAVE_SECONDS = 600.0
_PACKET_BYTES = 700
_MULTICAST_PERCENT, _BROADCAST_PERCENT = 2, 1
ETHERNET, WWAN = 6, 243  # ifType of IANAifType-MIB


@dataclass(frozen=True, slots=True)
class PortPlan:
    """How a port is made and used: bytes a second in and out on average."""

    name: str
    description: str
    alias: str = ""
    megabits: int = 1000
    bytes_in: int = 0
    bytes_out: int = 0
    plugged: bool = True
    disabled: bool = False
    kind: int = ETHERNET


class SimulatedPort:
    """A port of a device, which counts while it is up."""

    def __init__(self, plan: PortPlan, index: int, device: SimulatedDevice) -> None:
        self.plan = plan
        self.index = index
        self._device = device
        self.plugged = plan.plugged
        self._counted = 0.0  # seconds up before the last change
        self._changed = device.booted

    @property
    def up(self) -> bool:
        return self.plugged and not self.plan.disabled

    def plug(self, *, plugged: bool) -> None:
        """Put the cable in or pull it out."""
        if plugged != self.plugged:
            self._counted = self._up_seconds()
            self.plugged = plugged
            self._changed = self._device.clock.monotonic()

    def begin_anew(self, index: int) -> None:
        """As after a reboot of the device."""
        self.index = index
        self._counted = 0.0
        self._changed = self._device.booted

    def objects(self) -> Iterable[SimulatedObject]:
        """Its rows in the three tables."""
        yield from columns(_ENTRY, self.index, *self._interface())
        yield from columns(_EXTENSIONS, self.index, *self._extension())
        if self.plan.kind == ETHERNET:
            yield from columns(_ETHER_LIKE, self.index, (19, Syntax.INTEGER, self._duplex))

    def _up_seconds(self) -> float:
        return self._counted + (self._device.clock.monotonic() - self._changed if self.up else 0.0)

    def _counter(self, per_second: float, bits: int = 64) -> Callable[[], int]:
        """A counter of a load that goes up and down within ten minutes, and never back."""

        def value() -> int:
            seconds = self._up_seconds()
            turn = 2 * math.pi / _WAVE_SECONDS
            return int(per_second * (seconds + 0.5 / turn * (1 - math.cos(turn * seconds)))) % (1 << bits)

        return value

    def _interface(self) -> Sequence[Cell]:
        plan = self.plan
        return [
            (1, Syntax.INTEGER, self.index),
            (2, Syntax.OCTETS, plan.description.encode()),
            (3, Syntax.INTEGER, plan.kind),
            (4, Syntax.INTEGER, 1500),
            (5, Syntax.GAUGE32, lambda: min(plan.megabits * 1_000_000, (1 << 32) - 1) if self.up else 0),
            (6, Syntax.OCTETS, bytes((2, 0, 0x5E, *self._device.number.to_bytes(2, "big"), self.index % 256))),
            (7, Syntax.INTEGER, _DOWN if plan.disabled else _UP),
            (8, Syntax.INTEGER, lambda: _UP if self.up else _DOWN),
            (9, Syntax.TIME_TICKS, lambda: max(0, round((self._changed - self._device.booted) * 100))),
            (10, Syntax.COUNTER32, self._counter(plan.bytes_in, 32)),
            (11, Syntax.COUNTER32, self._counter(plan.bytes_in / _PACKET_BYTES, 32)),
            (13, Syntax.COUNTER32, 0),
            (14, Syntax.COUNTER32, 0),
            (15, Syntax.COUNTER32, 0),
            (16, Syntax.COUNTER32, self._counter(plan.bytes_out, 32)),
            (17, Syntax.COUNTER32, self._counter(plan.bytes_out / _PACKET_BYTES, 32)),
            (19, Syntax.COUNTER32, 0),
            (20, Syntax.COUNTER32, 0),
            (21, Syntax.GAUGE32, 0),
            (22, Syntax.OID, (0, 0)),
        ]

    def _extension(self) -> Sequence[Cell]:
        plan = self.plan
        received, sent = plan.bytes_in / _PACKET_BYTES, plan.bytes_out / _PACKET_BYTES
        multicast, broadcast = _MULTICAST_PERCENT / 100, _BROADCAST_PERCENT / 100
        return [
            (1, Syntax.OCTETS, plan.name.encode()),
            (2, Syntax.COUNTER32, self._counter(received * multicast, 32)),
            (3, Syntax.COUNTER32, self._counter(received * broadcast, 32)),
            (4, Syntax.COUNTER32, self._counter(sent * multicast, 32)),
            (5, Syntax.COUNTER32, self._counter(sent * broadcast, 32)),
            (6, Syntax.COUNTER64, self._counter(plan.bytes_in)),
            (7, Syntax.COUNTER64, self._counter(received)),
            (8, Syntax.COUNTER64, self._counter(received * multicast)),
            (9, Syntax.COUNTER64, self._counter(received * broadcast)),
            (10, Syntax.COUNTER64, self._counter(plan.bytes_out)),
            (11, Syntax.COUNTER64, self._counter(sent)),
            (12, Syntax.COUNTER64, self._counter(sent * multicast)),
            (13, Syntax.COUNTER64, self._counter(sent * broadcast)),
            (14, Syntax.INTEGER, 1),
            (15, Syntax.GAUGE32, lambda: plan.megabits if self.up else 0),
            (16, Syntax.INTEGER, _FALSE),
            (17, Syntax.INTEGER, _TRUE),
            (18, Syntax.OCTETS, plan.alias.encode()),
            (19, Syntax.TIME_TICKS, 0),
        ]

    def _duplex(self) -> int:
        return _FULL_DUPLEX if self.up else 1


class PortedDevice(SimulatedDevice):
    """A device with ports; where renumbers is set, each boot gives them other indexes."""

    plans: Sequence[PortPlan] = ()
    renumbers = False

    def __init__(self, name: str, clock: Clock) -> None:
        super().__init__(name, clock)
        self.ports = [SimulatedPort(plan, index, self) for index, plan in enumerate(self.plans, self._first_index)]

    def own_objects(self) -> Iterable[SimulatedObject]:
        yield integer((*_INTERFACES, 1, 0), len(self.ports))
        for port in self.ports:
            yield from port.objects()

    def port(self, name: str) -> SimulatedPort | None:
        """The port of this name, or the one with this number at the end of its name."""
        exact = [port for port in self.ports if port.plan.name == name]
        ends = [port for port in self.ports if re.sub(r"^.*\D", "", port.plan.name) == name]
        found = exact or ends
        return found[0] if len(found) == 1 else None

    @property
    def pulled(self) -> tuple[str, ...]:
        """The names of the ports whose cable was pulled."""
        return tuple(port.plan.name for port in self.ports if port.plan.plugged and not port.plugged)

    def reboot(self) -> None:
        super().reboot()
        for index, port in enumerate(self.ports, self._first_index):
            port.begin_anew(index)

    def mend(self) -> None:
        for port in self.ports:
            port.plug(plugged=port.plan.plugged)

    @property
    def _first_index(self) -> int:
        return 1 if self.boots % 2 or not self.renumbers else 1 + len(self.plans)
