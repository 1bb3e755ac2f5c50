"""What a simulated device says over SNMP: one object instance, and the groups that every device has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

Oid = tuple[int, ...]
Content = int | bytes | Oid
Live = Callable[[], Content | None]


class Syntax(StrEnum):
    """The types of RFC 2578 section 7.1 that the devices use."""

    INTEGER = "integer"
    OCTETS = "octets"
    OID = "oid"
    COUNTER32 = "counter32"
    GAUGE32 = "gauge32"
    TIME_TICKS = "time_ticks"
    COUNTER64 = "counter64"


@dataclass(frozen=True, slots=True)
class SimulatedObject:
    """One object instance. content is called where the value lives; None then means that it is not there now."""

    oid: Oid
    syntax: Syntax
    content: Content | Live


Cell = tuple[int, Syntax, Content | Live]
"""One cell of a row: the number of its column, its syntax, its value."""


def integer(oid: Oid, value: int | Live) -> SimulatedObject:
    return SimulatedObject(oid, Syntax.INTEGER, value)


def gauge(oid: Oid, value: int | Live) -> SimulatedObject:
    return SimulatedObject(oid, Syntax.GAUGE32, value)


def ticks(oid: Oid, hundredths: int | Live) -> SimulatedObject:
    return SimulatedObject(oid, Syntax.TIME_TICKS, hundredths)


def text(oid: Oid, value: str) -> SimulatedObject:
    return SimulatedObject(oid, Syntax.OCTETS, value.encode())


def columns(entry: Oid, index: int, *cells: Cell) -> Iterator[SimulatedObject]:
    """One row of a conceptual table."""
    for column, syntax, content in cells:
        yield SimulatedObject((*entry, column, index), syntax, content)
