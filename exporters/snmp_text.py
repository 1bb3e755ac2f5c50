"""SNMP values and indexes of tables as text and numbers, as snmp_exporter writes them. Pure; no octet is trusted."""

from __future__ import annotations

import calendar
import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agent.characters import cleaned
from agent.probes.snmp.object_set import ObjectIndex, ObjectType
from agent.probes.snmp.values import Value, decode_oid

MOST_CHARACTERS = 255  # of a label value: a DisplayString has no more (RFC 2579)
_MANTISSA = 2**53  # a float holds whole numbers below it; snmp_exporter wraps 64-bit counters there too
_OBJECT_IDENTIFIER, _IP_ADDRESS, _OPAQUE, _COUNTER64 = 0x06, 0x40, 0x44, 0x46
_OPAQUE_FLOATS: Mapping[bytes, str] = {b"\x9f\x78\x04": ">f", b"\x9f\x79\x08": ">d"}
_BY_SUBTYPE: Mapping[ObjectType, Mapping[int, ObjectType]] = {
    ObjectType.INET_ADDRESS: {1: ObjectType.INET_ADDRESS_IPV4, 2: ObjectType.INET_ADDRESS_IPV6},
    ObjectType.INET_ADDRESS_MISSING_SIZE: {1: ObjectType.INET_ADDRESS_IPV4, 2: ObjectType.INET_ADDRESS_IPV6},
    ObjectType.LLDP_PORT_ID: {
        1: ObjectType.DISPLAY_STRING,
        2: ObjectType.DISPLAY_STRING,
        3: ObjectType.PHYS_ADDRESS_48,
        5: ObjectType.DISPLAY_STRING,
        7: ObjectType.DISPLAY_STRING,
    },
}
"""Types whose form the object before them tells (RFC 4001 section 4, LldpPortIdSubtype)."""


class IndexText(NamedTuple):
    """An index as text, the arcs that it took (those left out by the device are zeros), and the arcs after it."""

    text: str
    taken: tuple[int, ...]
    rest: tuple[int, ...]


def read_arcs(octets: bytes) -> tuple[int, ...]:
    """The arcs of the part of an OID that names an instance."""
    if max(octets, default=0) < 0x80:
        return tuple(octets)
    arcs, arc = [], 0
    for octet in octets:
        arc = arc << 7 | octet & 0x7F
        if octet < 0x80:
            arcs.append(arc)
            arc = 0
    return tuple(arcs)


def write_arcs(arcs: Sequence[int]) -> bytes:
    """The octets of arcs; what read_arcs undoes."""
    octets = bytearray()
    for arc in arcs:
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(arc & 0x7F | 0x80)
        octets += bytes(reversed(septets))
    return bytes(octets)


def index_text(arcs: tuple[int, ...], index: ObjectIndex) -> IndexText:
    """The next index of a row."""
    if index.type in _BY_SUBTYPE:
        return _index_by_subtype(arcs, index.type)
    if index.type is ObjectType.ENUM_AS_INFO:
        taken, rest = _split(arcs, 1)
        return IndexText(index.values.get(taken[0], str(taken[0])), taken, rest)
    return _plain_index(arcs, index.type, index.fixed_size, implied=index.implied)


def _index_by_subtype(arcs: tuple[int, ...], kind: ObjectType) -> IndexText:
    missing_size = kind is ObjectType.INET_ADDRESS_MISSING_SIZE
    before, after = _split(arcs, 1 if missing_size else 2)
    subtype = _BY_SUBTYPE[kind].get(before[0])
    if subtype is not None:
        text, taken, rest = _plain_index(after, subtype, before[1] if kind is ObjectType.LLDP_PORT_ID else 0)
        return IndexText(text, before + taken, rest)
    if missing_size:
        return _plain_index(arcs, ObjectType.OCTET_STRING, implied=True)
    return _plain_index(arcs, ObjectType.OCTET_STRING, before[1] + 2)


def _plain_index(arcs: tuple[int, ...], kind: ObjectType, size: int = 0, *, implied: bool = False) -> IndexText:
    if kind in _FIXED:
        taken, rest = _split(arcs, _FIXED[kind])
        return IndexText(_text(bytes(arc & 0xFF for arc in taken), kind), taken, rest)
    if kind not in (ObjectType.DISPLAY_STRING, ObjectType.OCTET_STRING):
        taken, rest = _split(arcs, 1)
        return IndexText(str(taken[0]), taken, rest)
    head: tuple[int, ...] = ()
    size = len(arcs) if implied else size
    if size == 0:
        head, arcs = _split(arcs, 1)
        size = head[0]
    taken, rest = arcs[:size], arcs[size:]
    return IndexText(_text(bytes(arc & 0xFF for arc in taken), kind), head + taken, rest)


_FIXED: Mapping[ObjectType, int] = {
    ObjectType.PHYS_ADDRESS_48: 6,
    ObjectType.INET_ADDRESS_IPV4: 4,
    ObjectType.INET_ADDRESS_IPV6: 16,
}


def _split(arcs: tuple[int, ...], count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """So many arcs, and the rest; some routers leave zeros at the end out."""
    return (arcs + (0,) * count)[:count], arcs[count:]


def value_text(value: Value, kind: ObjectType) -> str:
    """A value as a label shows it."""
    content = value.content
    if isinstance(content, int):
        return str(content)
    if value.tag == _OBJECT_IDENTIFIER:
        return decode_oid(content)
    if value.tag == _IP_ADDRESS:
        return ".".join(map(str, content))
    if value.tag == _OPAQUE:
        return str(value_number(value))
    return _text(content, kind)


def subtyped(kind: ObjectType, subtype: Value | None) -> ObjectType:
    """The type of a value whose form the object before it tells."""
    if kind not in _BY_SUBTYPE:
        return kind
    number = None if subtype is None else subtype.content
    if not isinstance(number, int):
        return ObjectType.OCTET_STRING
    return _BY_SUBTYPE[kind].get(number, ObjectType.OCTET_STRING)


def is_subtyped(kind: ObjectType) -> bool:
    """Whether the object before this one tells its form."""
    return kind in _BY_SUBTYPE


def _text(octets: bytes, kind: ObjectType) -> str:
    if kind is ObjectType.DISPLAY_STRING:
        return display_text(octets)
    if kind is ObjectType.PHYS_ADDRESS_48:
        return octets[:6].ljust(6, b"\0").hex(":").upper()
    if kind is ObjectType.INET_ADDRESS_IPV4:
        return ".".join(map(str, octets[:4].ljust(4, b"\0")))
    if kind is ObjectType.INET_ADDRESS_IPV6:
        return octets[:16].ljust(16, b"\0").hex(":", 2).upper()
    return f"0x{octets[:MOST_CHARACTERS].hex().upper()}" if octets else ""


def display_text(octets: bytes) -> str:
    """What a device calls something, made harmless: one line, no controls; bytes that are no UTF-8 as U+FFFD."""
    return cleaned(octets.rstrip(b"\0").decode("utf-8", "replace")[:MOST_CHARACTERS])


def value_number(value: Value) -> int | float | None:
    """A value as a sample; None for what is no number."""
    content = value.content
    if isinstance(content, int):
        return content % _MANTISSA if value.tag == _COUNTER64 else content
    if value.tag == _OPAQUE and (form := _OPAQUE_FLOATS.get(content[:3])) and len(content) == 3 + content[2]:
        return float(struct.unpack(form, content[3:])[0])
    return None


def date_seconds(value: Value) -> int | None:
    """The Unix time of a DateAndTime (RFC 2579): UTC where it names no zone; None for what is no date."""
    octets = value.content
    if isinstance(octets, int) or len(octets) not in (8, 11):
        return None
    year, month, day, hour, minute, second = struct.unpack(">HBBBBB", octets[:7])
    zone = 0
    if len(octets) == 11:
        if octets[8] not in b"+-" or octets[9] > 24 or octets[10] > 60:
            return None
        zone = (octets[9] * 60 + octets[10]) * (-60 if octets[8] == ord("-") else 60)
    try:
        return calendar.timegm((year, month, day, hour, minute, second)) - zone
    except (ValueError, OverflowError):
        return None
