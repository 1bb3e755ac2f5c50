"""The ports of a device: which interfaces are ports, their names, how they are, what runs through them. Pure.

A port is known by its ifName, which outlives the change of ifIndex that a reboot may bring.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from agent.probes.snmp.device_values import NAME_LENGTH, reduced, unique
from agent.probes.snmp.object_set import Meaning, SnmpObject
from agent.probes.snmp.reading import Column, number, text
from agent.probes.snmp.values import decode_oid

MOST_PORTS = 64
LEAST_PACKETS = 100.0
"""Packets a second below which broadcasts are no storm, whatever their share."""

COUNTER32 = 0x41
_WRAP = 1 << 32
_UP, _DOWN, _NOT_PRESENT, _LOWER_LAYER_DOWN = 1, 2, 6, 7
_FAILED = (_DOWN, _NOT_PRESENT, _LOWER_LAYER_DOWN)
_HALF, _FULL = 2, 3
_NO_CONNECTOR = 2
_MOST_SPEED = 1e13
_UNKNOWN_SPEEDS = (0, 2**32 - 1)
_WIRED = frozenset((6, 62, 69, 117, 7, 26, 56, 94, 96, 97, 169, 208, 220, 250))  # Ethernet, fibre, DSL, PON
_WITHOUT_CONNECTOR = frozenset((23, 71, 108, 166, 243, 244))  # ppp, ieee80211, pppMultilink, mpls, wwan: by their type
_LOOPBACK = 24
_INNER_KINDS = frozenset((1, 53, 131, 135, 136, 209))  # other, propVirtual, tunnel, l2vlan, l3ipvlan, bridge
_INNER = re.compile(
    r"(?:vlan|null|nu|lo|loopback|cpu|br|bridge|tunnel|stack|ipsec|vti|bvi|meth|inloopback)[-_ ]?\d*", re.IGNORECASE
)

Rates = Mapping[bytes, float]
"""By instance; where nothing certain can be said, no rate."""


@dataclass(frozen=True, slots=True)
class Port:
    """id: its ifName as a label may hold it. name: the inventory's name for it, else its id. text: its alias.

    device_name, description: its ifName and ifDescr, which the inventory may write as well.
    """

    suffix: bytes
    id: str
    name: str
    text: str
    named: bool
    device_name: str = ""
    description: str = ""

    def is_called(self, written: str) -> bool:
        """Whether the inventory means this port by what it wrote."""
        wanted = written.casefold()
        return any(wanted == own.casefold() for own in (self.device_name, self.description, self.id, self.text))


@dataclass(frozen=True, slots=True)
class PortState:
    """One port in one reading. up: None where it is neither surely up nor surely down. speed in bits a second."""

    port: Port
    up: bool | None
    disabled: bool
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of the ports by their meaning."""

    by_meaning: Mapping[Meaning, list[tuple[SnmpObject, Column]]]

    def number(self, meaning: Meaning, suffix: bytes) -> float | None:
        for item, column in self.by_meaning.get(meaning, ()):
            value = column.get(suffix)
            if value is not None and isinstance(value.content, int):
                return value.content * item.factor
        return None

    def text(self, meaning: Meaning, suffix: bytes) -> str:
        for _, column in self.by_meaning.get(meaning, ()):
            if found := text(column.get(suffix), 64):
                return found
        return ""


def _columns(objects: Iterable[SnmpObject], columns: Mapping[bytes, Column]) -> _Columns:
    found: dict[Meaning, list[tuple[SnmpObject, Column]]] = {}
    for item in objects:
        if item.means is not None and (column := columns.get(item.oid)):
            found.setdefault(item.means, []).append((item, column))
    return _Columns(found)


def ports_of(
    objects: Iterable[SnmpObject], columns: Mapping[bytes, Column], given: Mapping[str, str]
) -> tuple[Port, ...]:
    """The ports among the interfaces, those with a name first to stay when there are too many.

    given: the inventory's names, by what the device calls a port: its ifName, ifDescr, alias or id.
    """
    there = _columns(objects, columns)
    wanted = {written.casefold(): name for written, name in given.items()}
    suffixes: dict[bytes, None] = {}
    for meaning in (Meaning.PORT_OPER, Meaning.PORT_NAME, Meaning.PORT_DESCRIPTION):
        for _, column in there.by_meaning.get(meaning, ()):
            suffixes.update(dict.fromkeys(column))
    ports: list[Port] = []
    taken: set[str] = set()
    for suffix in suffixes:
        port = _port(there, suffix, wanted, taken)
        if port is not None:
            taken.add(port.id)
            ports.append(port)
    chosen = {port.id for port in sorted(ports, key=lambda port: not port.named)[:MOST_PORTS]}
    return tuple(_with_unique_names(port for port in ports if port.id in chosen))


def _port(there: _Columns, suffix: bytes, wanted: Mapping[str, str], taken: set[str]) -> Port | None:
    name = there.text(Meaning.PORT_NAME, suffix)
    description = there.text(Meaning.PORT_DESCRIPTION, suffix)
    alias = there.text(Meaning.PORT_ALIAS, suffix)
    if alias and alias.removesuffix(" Interface") in (name, description):
        alias = ""  # nobody gave it: some devices put their own name there
    short = reduced(name) or reduced(description) or decode_oid(b"\x2b" + suffix)[4:]
    spellings = [spelling.casefold() for spelling in (name, description, short, alias) if spelling]
    given = next((wanted[spelling] for spelling in spellings if spelling in wanted), None)
    named = given is not None or bool(alias)
    if given is None and not _is_port(there, suffix, name or description, named=named):
        return None
    port_id = unique(short, taken)
    return Port(suffix, port_id, (given or "")[:NAME_LENGTH] or port_id, alias, named, name, description)


def _is_port(there: _Columns, suffix: bytes, name: str, *, named: bool) -> bool:
    kind = there.number(Meaning.PORT_TYPE, suffix)
    if kind == _LOOPBACK or kind in _INNER_KINDS:
        return False
    if named or kind in _WITHOUT_CONNECTOR:
        return True
    if there.number(Meaning.PORT_CONNECTOR, suffix) == _NO_CONNECTOR or _INNER.fullmatch(name):
        return False
    return kind is None or kind in _WIRED


def _with_unique_names(ports: Iterable[Port]) -> Iterable[Port]:
    taken: set[str] = set()
    for port in ports:
        name = unique(port.name, taken)
        taken.add(name)
        yield port if name == port.name else replace(port, name=name)


def port_states(
    ports: Iterable[Port], objects: Iterable[SnmpObject], columns: Mapping[bytes, Column]
) -> tuple[PortState, ...]:
    """How each port is. One that the device tells no state of, such as a pulled module, is not there."""
    there = _columns((item for item in objects if item.means in _STATE_MEANINGS), columns)
    states = []
    for port in ports:
        oper = there.number(Meaning.PORT_OPER, port.suffix)
        if oper is None:
            continue
        disabled = there.number(Meaning.PORT_ADMIN, port.suffix) == _DOWN
        up = True if oper == _UP else False if oper in _FAILED else None
        states.append(PortState(port, up, disabled, _speed(there, port.suffix) if up else None))
    return tuple(states)


_STATE_MEANINGS = (Meaning.PORT_OPER, Meaning.PORT_ADMIN, Meaning.PORT_SPEED)


def _speed(there: _Columns, suffix: bytes) -> float | None:
    """ifHighSpeed, else ifSpeed, which says 4294967295 where it has no room for the number."""
    for item, column in there.by_meaning.get(Meaning.PORT_SPEED, ()):
        value = number(column.get(suffix))
        if value is not None and value not in _UNKNOWN_SPEEDS and 0 < value * item.factor < _MOST_SPEED:
            return value * item.factor
    return None


def full_duplex(
    ports: Iterable[Port], objects: Iterable[SnmpObject], columns: Mapping[bytes, Column]
) -> dict[bytes, float]:
    """1 for full, 0 for half duplex, by instance."""
    there = _columns((item for item in objects if item.means is Meaning.PORT_DUPLEX), columns)
    found = {port.suffix: there.number(Meaning.PORT_DUPLEX, port.suffix) for port in ports}
    return {suffix: float(mode == _FULL) for suffix, mode in found.items() if mode in (_HALF, _FULL)}


def rates(
    meaning: Meaning,
    objects: Iterable[SnmpObject],
    columns: Mapping[bytes, Column],
    before: Mapping[bytes, Column],
    seconds: float,
) -> dict[bytes, float]:
    """How fast the counters of a meaning grew, those of one instance added up; none where one of them went back."""
    if seconds <= 0:
        return {}
    sums: dict[bytes, float] = {}
    spoilt: set[bytes] = set()
    for item in objects:
        if item.means is not meaning:
            continue
        old = before.get(item.oid, {})
        for suffix, value in columns.get(item.oid, {}).items():
            known = old.get(suffix)
            if known is None or not isinstance(value.content, int) or not isinstance(known.content, int):
                continue
            grown = value.content - known.content
            if grown < 0 and value.tag == COUNTER32 and known.content > _WRAP // 2 > value.content:
                grown += _WRAP
            if grown < 0 or value.tag != known.tag:
                spoilt.add(suffix)
            else:
                sums[suffix] = sums.get(suffix, 0.0) + grown / seconds
    return {suffix: rate for suffix, rate in sums.items() if suffix not in spoilt}


def utilisation(
    states: Iterable[PortState], received: Rates, sent: Rates, most_seconds: float | None
) -> dict[bytes, float]:
    """The share of its speed that the busier direction of a port uses. Octets a second in, out.

    What is more than the port can carry is no share: a counter was set back. most_seconds: since the reading before, if
    the octets are counted in 32 bits; a port that can go round in that time has no share, for it may have.
    """
    shares: dict[bytes, float] = {}
    for state in states:
        if state.speed is None or (most_seconds is not None and state.speed / 8 * most_seconds >= _WRAP):
            continue
        busier = max((rate[state.port.suffix] for rate in (received, sent) if state.port.suffix in rate), default=None)
        if busier is not None and busier * 8 <= state.speed * 1.05:
            shares[state.port.suffix] = min(1.0, busier * 8 / state.speed)
    return shares


def broadcast_share(packets: Rates, broadcasts: Rates) -> dict[bytes, float]:
    """The share of broadcasts in what ports received; 0 where little came."""
    shares: dict[bytes, float] = {}
    for suffix, rate in broadcasts.items():
        if suffix in packets:
            total = packets[suffix] + rate
            shares[suffix] = rate / total if total >= LEAST_PACKETS else 0.0
    return shares
