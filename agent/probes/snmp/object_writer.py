"""An object set as the file that a configuration names: what object_file reads, one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from agent.probes.snmp.object_set import ObjectIndex, ObjectLookup, ObjectSet, ObjectType, SnmpObject
from agent.probes.snmp.values import decode_oid


def object_file(object_set: ObjectSet) -> str:
    """The YAML of a set of objects without meanings: their names, types, indexes, lookups and words of values."""
    return "\n".join([*_head(object_set), "objects:", *(f"  - {object_line(part)}" for part in object_set.objects), ""])


def _head(object_set: ObjectSet) -> Iterator[str]:
    yield f"name: {object_set.name}"
    if object_set.title:
        yield f"title: {_text(object_set.title)}"
    if object_set.identified_by:
        yield f"identified_by: [{', '.join(map(decode_oid, object_set.identified_by))}]"
    if object_set.complete:
        yield "complete: true"
    if object_set.verified_by:
        yield f"verified_by: {_text(object_set.verified_by)}"


def object_line(part: SnmpObject) -> str:
    """One object, as a mapping in one line."""
    pairs = [f"name: {part.name}", f"oid: {decode_oid(part.oid)}", f"type: {part.type.value}"]
    if part.indexes:
        pairs.append(f"indexes: [{', '.join(map(_index, part.indexes))}]")
    if part.lookups:
        pairs.append(f"lookups: [{', '.join(map(_lookup, part.lookups))}]")
    if part.values:
        pairs.append(f"values: {_words(part.values)}")
    if part.scale != 1.0:
        pairs.append(f"scale: {_number(part.scale)}")
    if part.offset:
        pairs.append(f"offset: {_number(part.offset)}")
    if part.source:
        pairs.append(f"source: {_text(part.source)}")
    if part.help:
        pairs.append(f"help: {_text(part.help)}")
    return "{" + ", ".join(pairs) + "}"


def _index(index: ObjectIndex) -> str:
    pairs = [f"name: {index.name}"]
    if index.type is not ObjectType.GAUGE:
        pairs.append(f"type: {index.type.value}")
    if index.fixed_size:
        pairs.append(f"fixed_size: {index.fixed_size}")
    if index.implied:
        pairs.append("implied: true")
    if index.values:
        pairs.append(f"values: {_words(index.values)}")
    return "{" + ", ".join(pairs) + "}"


def _lookup(lookup: ObjectLookup) -> str:
    pairs = [f"indexes: [{', '.join(lookup.indexes)}]"] if lookup.indexes else []
    pairs.append(f"label: {lookup.label}")
    if lookup.oid:
        pairs += [f"oid: {decode_oid(lookup.oid)}", f"type: {lookup.type.value}"]
    return "{" + ", ".join(pairs) + "}"


def _words(values: Mapping[int, str]) -> str:
    return "{" + ", ".join(f"{number}: {_text(word)}" for number, word in values.items()) + "}"


def _number(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    """A double-quoted YAML scalar; JSON's quoting is a part of YAML's."""
    return json.dumps(text, ensure_ascii=False)
