"""What is found out about a device, and the names that its parts go by. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agent.model import ComponentFault, ComponentKind
from agent.probes.snmp.object_set import SnmpObject
from agent.probes.snmp.reading import Column, number, text

MAX_PARTS = 64
NAME_LENGTH = 32
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9/._-]+")
_SEVERITY = (
    ComponentFault.POWER_OUT,
    ComponentFault.ON_BATTERY,
    ComponentFault.BATTERY_LOW,
    ComponentFault.BATTERY_REPLACE,
    ComponentFault.OVERLOADED,
    ComponentFault.OVERHEATED,
    ComponentFault.FAN_FAILED,
    ComponentFault.SUPPLY_FAILED,
)
"""Of several faults of one part the first is told."""


Named = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class PartState:
    """A fan, a supply, mains, a battery: its id and name, what the device calls it, and what is wrong with it."""

    id: str
    kind: ComponentKind
    name: str
    text: str
    fault: ComponentFault | None


@dataclass(slots=True)
class DeviceValues:
    """What was found; None, "" or empty where nothing was. Times in seconds, shares from 0 to 1."""

    uptime_ticks: int | None = None
    host_uptime_ticks: int | None = None
    engine_seconds: int | None = None
    engine_boots: int | None = None
    object_id: bytes = b""
    description: str = ""
    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    hardware: str = ""
    made_on: str = ""
    cpu: float | None = None
    memory: float | None = None
    temperatures: Named = ()
    runtime_seconds: float | None = None
    charge: float | None = None
    load: float | None = None
    receive_powers: Named = ()
    rsrp: float | None = None
    sinr: float | None = None
    supplies: Named = ()
    stp_changes: int | None = None
    battery_replace: bool | None = None
    parts: tuple[PartState, ...] = ()

    def fill(self, other: DeviceValues) -> None:
        """Take the other's measurements where there are none; of lists both."""
        for name in _FIELDS:
            if getattr(self, name) is None:
                setattr(self, name, getattr(other, name))
        for name in ("temperatures", "receive_powers", "supplies"):
            own, others = getattr(self, name), getattr(other, name)
            if others:
                setattr(self, name, unique_names((*own, *others)) if own else others)
        if other.parts:
            self.parts = joined(self.parts, other.parts)


_FIELDS = ("cpu", "memory", "runtime_seconds", "charge", "load", "rsrp", "sinr", "stp_changes", "battery_replace")


@dataclass(frozen=True, slots=True)
class ValueSource:
    """Where the values of one meaning are: the object, its column, and the names of the instances."""

    item: SnmpObject
    column: Column
    names: Column

    def numbers(self) -> Iterator[tuple[bytes, float]]:
        """Instance and value, times its factor, in the order of the instances; without those that say "none"."""
        for suffix, value in self.column.items():
            found = number(value)
            if found is not None and found not in self.item.absent:
                yield suffix, found * self.item.factor

    def name(self, suffix: bytes) -> str:
        return text(self.names.get(suffix), 64)

    def scalar(self) -> int | None:
        return number(next(iter(self.column.values()), None))

    def text(self) -> str:
        return next((found for value in self.column.values() if (found := text(value, 64))), "")


def joined(parts: tuple[PartState, ...], more: tuple[PartState, ...]) -> tuple[PartState, ...]:
    """All parts, each once, with the worst that is said of it."""
    by_id = {part.id: part for part in parts}
    for part in more:
        known = by_id.get(part.id)
        if known is None or _rank(part.fault) < _rank(known.fault):
            by_id[part.id] = part
    return tuple(by_id.values())[:MAX_PARTS]


def _rank(fault: ComponentFault | None) -> int:
    return _SEVERITY.index(fault) if fault in _SEVERITY else len(_SEVERITY)


def reduced(name: str) -> str:
    """A name as a label may hold it: ``[A-Za-z0-9/._-]``, at most 32 characters."""
    return _NOT_IN_NAMES.sub("-", name).strip("-")[:NAME_LENGTH].rstrip("-")


def unique_names(found: Iterable[tuple[str, float]]) -> Named:
    """Names as labels, each once, and their values."""
    names: dict[str, float] = {}
    for name, value in found:
        if len(names) >= MAX_PARTS:
            break
        names[unique(reduced(name) or "1", names)] = value
    return tuple(names.items())


def unique(name: str, taken: Iterable[str]) -> str:
    """The name, with a number where there is one like it already."""
    others = set(taken)
    count, candidate = 1, name
    while candidate in others:
        count += 1
        candidate = f"{name[: NAME_LENGTH - 1 - len(str(count))]}-{count}"
    return candidate
