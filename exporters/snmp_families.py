"""A reading of a device as metric families: names, types and labels as snmp_exporter gives them. Pure.

Columns hold the octets that came, and labels are made here, when somebody asks: a run in the rounds does not pay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from agent.probes.snmp.object_set import ObjectIndex, ObjectLookup, ObjectType, SnmpObject
from agent.probes.snmp.reading import Reading
from agent.probes.snmp.values import Value, decode_oid, encode_oid
from exporters.metric import Kind
from exporters.samples import label_set, number
from exporters.snmp_text import (
    date_seconds,
    index_text,
    is_subtyped,
    read_arcs,
    subtyped,
    value_number,
    value_text,
    write_arcs,
)

MOST_SAMPLES = 20_000
"""Of one reading: a device with ten thousand rows in a table is broken, or wants to break somebody."""

_NUMBERS = (ObjectType.GAUGE, ObjectType.COUNTER, ObjectType.FLOAT, ObjectType.DOUBLE, ObjectType.DATE_AND_TIME)
_SUFFIXES = {
    ObjectType.ENUM_AS_INFO: " (EnumAsInfo)",
    ObjectType.ENUM_AS_STATE_SET: " (EnumAsStateSet)",
    ObjectType.BITS: " (Bits)",
}


@dataclass(slots=True)
class SnmpFamily:
    """A family: lines are the values by the text of their labels, so that no series stands twice."""

    kind: Kind
    help: str
    lines: dict[str, str] = field(default_factory=dict)


def families(
    reading: Reading, surroundings: Mapping[str, str] | None = None, most: int = MOST_SAMPLES
) -> dict[str, SnmpFamily]:
    """By name. surroundings are labels that every series gets besides; most: samples, what is beyond is left out."""
    shown: dict[str, SnmpFamily] = {}
    rows = _TableLabels(reading, surroundings or {})
    left = most
    for scanned in reading.objects:
        column = reading.columns.get(scanned.oid)
        if not column or left <= 0:
            continue
        labels = rows.labels(scanned)
        lines = _numbers(scanned, column, labels, left) if scanned.type in _NUMBERS else None
        if lines is None:
            lines = _worded(scanned, column, labels, left, reading)
        left -= len(lines)
        _add(shown, scanned, lines)
    return shown


def _add(shown: dict[str, SnmpFamily], scanned: SnmpObject, lines: dict[str, str]) -> None:
    """The first of two series with the same labels stays."""
    name = f"{scanned.name}_info" if scanned.type is ObjectType.ENUM_AS_INFO else scanned.name
    family = shown.get(name)
    if family is None:
        kind = Kind.COUNTER if scanned.type is ObjectType.COUNTER else Kind.GAUGE
        shown[name] = SnmpFamily(kind, scanned.help + _SUFFIXES.get(scanned.type, ""), lines)
    else:
        family.lines = lines | family.lines


def _numbers(scanned: SnmpObject, column: Mapping[bytes, Value], labels: _RowLabels, most: int) -> dict[str, str]:
    """The hot path: one text of labels a row, shared by all columns of a table."""
    lines: dict[str, str] = {}
    scaled = scanned.scale != 1 or scanned.offset != 0
    read = date_seconds if scanned.type is ObjectType.DATE_AND_TIME else value_number
    for instance, value in column.items():
        sample = read(value)
        if sample is None:
            continue
        if scaled:
            sample = sample * scanned.scale + scanned.offset
        lines.setdefault(labels.text(instance), str(sample) if isinstance(sample, int) else number(sample))
        if len(lines) >= most:
            break
    return lines


def _worded(
    scanned: SnmpObject, column: Mapping[bytes, Value], labels: _RowLabels, most: int, reading: Reading
) -> dict[str, str]:
    """Series whose value is 0 or 1, with what the device says as a label."""
    lines: dict[str, str] = {}
    before = reading.columns.get(_object_before(scanned.oid), {}) if is_subtyped(scanned.type) else {}
    for instance, value in column.items():
        pairs = labels.pairs(instance)
        for word, sample in _words(scanned, value, before.get(instance)):
            named = pairs if scanned.name in pairs and scanned.type not in _SUFFIXES else {**pairs, scanned.name: word}
            lines.setdefault(label_set(named), sample)
        if len(lines) >= most:
            break
    return lines


def _words(scanned: SnmpObject, value: Value, subtype: Value | None) -> Iterator[tuple[str, str]]:
    if scanned.type is ObjectType.BITS:
        octets = value.content if isinstance(value.content, bytes) else b""
        for bit, word in scanned.values.items():
            yield word, "1" if bit // 8 < len(octets) and octets[bit // 8] & 128 >> bit % 8 else "0"
        return
    if scanned.type not in _SUFFIXES:
        yield value_text(value, subtyped(scanned.type, subtype)), "1"
        return
    state = value_number(value)
    if not isinstance(state, int):
        return
    yield scanned.values.get(state, str(state)), "1"
    if scanned.type is ObjectType.ENUM_AS_STATE_SET:
        yield from ((word, "0") for other, word in scanned.values.items() if other != state)


def _object_before(oid: bytes) -> bytes:
    """The object whose last arc is one less: the address type of an address."""
    head, _, last = decode_oid(oid).rpartition(".")
    return encode_oid(f"{head}.{max(0, int(last) - 1)}")


class _TableLabels:
    """The labels of every table of a reading; columns with the same indexes and lookups share them."""

    def __init__(self, reading: Reading, surroundings: Mapping[str, str]) -> None:
        self._reading = reading
        self._surroundings = surroundings
        self._tables: list[_RowLabels] = []

    def labels(self, scanned: SnmpObject) -> _RowLabels:
        for table in self._tables:
            if table.indexes == scanned.indexes and table.lookups == scanned.lookups:
                return table
        table = _RowLabels(self._reading, self._surroundings, scanned.indexes, scanned.lookups)
        self._tables.append(table)
        return table


class _RowLabels:
    """The labels of the rows of one table, each made once."""

    def __init__(
        self,
        reading: Reading,
        surroundings: Mapping[str, str],
        indexes: tuple[ObjectIndex, ...],
        lookups: tuple[ObjectLookup, ...],
    ) -> None:
        self.indexes = indexes
        self.lookups = lookups
        self._columns = reading.columns
        self._surroundings = surroundings
        self._pairs: dict[bytes, dict[str, str]] = {}
        self._texts: dict[bytes, str] = {}

    def text(self, instance: bytes) -> str:
        text = self._texts.get(instance)
        if text is None:
            pairs = self.pairs(instance)
            text = self._texts[instance] = label_set(pairs) if pairs else ""
        return text

    def pairs(self, instance: bytes) -> dict[str, str]:
        pairs = self._pairs.get(instance)
        if pairs is None:
            pairs = self._pairs[instance] = self._made(instance)
        return pairs

    def _made(self, instance: bytes) -> dict[str, str]:
        labels: dict[str, str] = {}
        taken: dict[str, tuple[int, ...]] = {}
        arcs = read_arcs(instance) if self.indexes else ()
        for index in self.indexes:
            labels[index.name], taken[index.name], arcs = index_text(arcs, index)
        for lookup in self.lookups:
            if lookup.indexes:
                self._look_up(lookup, labels, taken)
            else:
                labels.pop(lookup.label, None)
        if not self._surroundings:
            return labels
        return {_renamed(name, self._surroundings): value for name, value in labels.items()} | dict(self._surroundings)

    def _look_up(self, lookup: ObjectLookup, labels: dict[str, str], taken: dict[str, tuple[int, ...]]) -> None:
        row = write_arcs([arc for name in lookup.indexes for arc in taken.get(name, ())])
        value = self._columns.get(lookup.oid, {}).get(row)
        labels[lookup.label] = "" if value is None else self._lookup_text(lookup, row, value)
        content = None if value is None else value.content
        taken[lookup.label] = (content,) if isinstance(content, int) and content >= 0 else ()

    def _lookup_text(self, lookup: ObjectLookup, row: bytes, value: Value) -> str:
        if not is_subtyped(lookup.type):
            return value_text(value, lookup.type)
        subtype = self._columns.get(_object_before(lookup.oid), {}).get(row)
        return value_text(value, subtyped(lookup.type, subtype))


def _renamed(name: str, surroundings: Mapping[str, str]) -> str:
    """Prometheus' own way out where a label of the device has the name of one of ours."""
    return f"exported_{name}" if name in surroundings else name
