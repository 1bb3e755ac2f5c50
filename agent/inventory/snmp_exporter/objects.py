"""The metrics of one module of snmp_exporter as objects of an own set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from agent.characters import NOT_IN_TEXTS
from agent.inventory.blackbox.module import TranslatedModule, text, whole
from agent.inventory.findings import Step
from agent.probes.snmp.object_file import MAX_OBJECTS
from agent.probes.snmp.object_set import ObjectIndex, ObjectLookup, ObjectType, SnmpObject
from agent.probes.snmp.values import encode_oid

MAX_HELP = 500
_MAX_INDEXES = 16
_MAX_NUMBER = 10**10
_WORD = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]{0,199}")
_TYPES: Mapping[str, ObjectType] = {word.value: word for word in ObjectType}
_INDEX_TYPES: Mapping[str, ObjectType] = {
    **_TYPES, "Integer": ObjectType.GAUGE, "Integer32": ObjectType.GAUGE,
}  # fmt: skip
_METRIC_KEYS = (
    "name", "oid", "type", "help", "indexes", "lookups", "enum_values", "scale", "offset", "regex_extracts",
    "datetime_pattern", "display_hint",
)  # fmt: skip
_INDEX_KEYS = ("labelname", "type", "fixed_size", "implied", "enum_values")
_LOOKUP_KEYS = ("labels", "labelname", "oid", "type", "enum_values", "display_hint")


class _UnusableError(Exception):
    """The metric has no counterpart, because of what stands there."""

    def __init__(self, message: str, *steps: Step) -> None:
        super().__init__(message)
        self.message = message
        self.steps = steps


def take_objects(module: TranslatedModule, metrics: object) -> Iterator[SnmpObject]:
    """The metrics that have a counterpart; the others are named."""
    seen: set[str] = set()
    for number, metric in enumerate(metrics if isinstance(metrics, list) else []):
        try:
            taken = _object(module, metric, ("metrics", number))
        except _UnusableError as error:
            module.note(error.message, "metrics", number, *error.steps)
            continue
        if taken.name in seen:
            module.note("snmp_exporter_twice", "metrics", number, "name")
            continue
        seen.add(taken.name)
        yield taken


def read_oid(value: object) -> bytes:
    """BER content octets, also of ``.1.3.6``. Raises ValueError."""
    return encode_oid(text(value) if not isinstance(value, list | dict) else "")


def _object(module: TranslatedModule, metric: object, steps: tuple[Step, ...]) -> SnmpObject:
    if not isinstance(metric, dict):
        raise _UnusableError("snmp_exporter_form")
    for key in ("regex_extracts", "datetime_pattern"):
        if metric.get(key):
            raise _UnusableError(f"snmp_exporter_{key}", key)
    _say_unknown(module, metric, _METRIC_KEYS, steps)
    if metric.get("display_hint"):
        module.note("snmp_exporter_display_hint", *steps, "display_hint")
    scale, offset = _number(metric, "scale"), _number(metric, "offset")
    return SnmpObject(
        name=_word(metric, "name"),
        oid=_oid(metric, "oid"),
        type=_type(metric, "type", _TYPES),
        help=_help(module, metric.get("help"), steps),
        indexes=tuple(_index(module, *row, steps) for row in _rows(metric, "indexes")),
        lookups=tuple(_lookup(module, *row, steps) for row in _rows(metric, "lookups")),
        values=_values(module, metric, steps),
        scale=scale or 1.0,
        offset=offset,
    )


def _index(module: TranslatedModule, number: int, index: Mapping[str, Any], steps: tuple[Step, ...]) -> ObjectIndex:
    inside: tuple[Step, ...] = ("indexes", number)
    _say_unknown(module, index, _INDEX_KEYS, (*steps, *inside))
    size = whole(index.get("fixed_size"))
    if size is None or not 0 <= size <= 255:
        raise _UnusableError("snmp_exporter_value", *inside, "fixed_size")
    return ObjectIndex(
        _word(index, "labelname", inside),
        _type(index, "type", _INDEX_TYPES, inside),
        size,
        module.flag(index.get("implied"), *steps, *inside, "implied"),
        _values(module, index, steps, inside),
    )


def _lookup(module: TranslatedModule, number: int, lookup: Mapping[str, Any], steps: tuple[Step, ...]) -> ObjectLookup:
    inside: tuple[Step, ...] = ("lookups", number)
    _say_unknown(module, lookup, _LOOKUP_KEYS, (*steps, *inside))
    for key in ("enum_values", "display_hint"):
        if lookup.get(key):
            module.note(f"snmp_exporter_{key}", *steps, *inside, key)
    labels = lookup.get("labels")
    names = tuple(map(text, labels)) if isinstance(labels, list) else ()
    if len(names) > _MAX_INDEXES or not all(_WORD.fullmatch(name) for name in names):
        raise _UnusableError("snmp_exporter_value", *inside, "labels")
    label = _word(lookup, "labelname", inside)
    if not text(lookup.get("oid")):
        return ObjectLookup(names, label)
    kind = _type(lookup, "type", _TYPES, inside) if lookup.get("type") else ObjectType.DISPLAY_STRING
    return ObjectLookup(names, label, _oid(lookup, "oid", inside), kind)


def _rows(metric: Mapping[str, Any], key: str) -> list[tuple[int, Mapping[str, Any]]]:
    rows = metric.get(key)
    if rows is None:
        return []
    if not isinstance(rows, list) or len(rows) > _MAX_INDEXES or not all(isinstance(row, dict) for row in rows):
        raise _UnusableError("snmp_exporter_value", key)
    return list(enumerate(rows))


def _say_unknown(
    module: TranslatedModule, given: Mapping[str, Any], known: tuple[str, ...], steps: tuple[Step, ...]
) -> None:
    for key in given:
        if key not in known:
            module.note("snmp_exporter_unknown", *steps, key)


def _word(given: Mapping[str, Any], key: str, inside: tuple[Step, ...] = ()) -> str:
    word = text(given.get(key))
    if isinstance(given.get(key), list | dict) or not _WORD.fullmatch(word):
        raise _UnusableError("snmp_exporter_value", *inside, key)
    return word


def _oid(given: Mapping[str, Any], key: str, inside: tuple[Step, ...] = ()) -> bytes:
    try:
        return read_oid(given.get(key))
    except ValueError as error:
        raise _UnusableError("snmp_exporter_oid", *inside, key) from error


def _type(
    given: Mapping[str, Any], key: str, words: Mapping[str, ObjectType], inside: tuple[Step, ...] = ()
) -> ObjectType:
    kind = None if isinstance(given.get(key), list | dict) else words.get(text(given.get(key)))
    if kind is None:
        raise _UnusableError("snmp_exporter_type", *inside, key)
    return kind


def _number(metric: Mapping[str, Any], key: str) -> float:
    """A factor or a distance that an object file can hold: ten digits before the point and ten behind it."""
    written = metric.get(key)
    if written is None:
        return 0.0
    try:
        number = float(text(written))
        fits = abs(number) < _MAX_NUMBER and float(f"{number:.10f}") == number
    except (ValueError, OverflowError):
        fits = False
    if not fits:
        raise _UnusableError("snmp_exporter_value", key)
    return number


def _values(
    module: TranslatedModule, given: Mapping[str, Any], steps: tuple[Step, ...], inside: tuple[Step, ...] = ()
) -> Mapping[int, str]:
    """The words of an enumeration."""
    words = given.get("enum_values")
    if words is None:
        return {}
    if not isinstance(words, dict):
        raise _UnusableError("snmp_exporter_value", *inside, "enum_values")
    if len(words) > MAX_OBJECTS:
        module.note("snmp_exporter_words", *steps, *inside, "enum_values", limit=str(MAX_OBJECTS))
        return {}
    numbers = {number: _clean(word) for key, word in words.items() if (number := whole(key)) is not None}
    far = any(abs(number) >= _MAX_NUMBER for number in numbers)
    if len(numbers) < len(words) or far or any(map(_too_long, numbers.values())):
        raise _UnusableError("snmp_exporter_value", *inside, "enum_values")
    return numbers


def _help(module: TranslatedModule, given: object, steps: tuple[Step, ...]) -> str:
    words = _clean(given)
    if not _too_long(words):
        return words
    module.note("snmp_exporter_help", *steps, "help", most=str(MAX_HELP))
    return words[:MAX_HELP]


def _too_long(words: str) -> bool:
    return len(words) > MAX_HELP


def _clean(given: object) -> str:
    """One line of text."""
    return " ".join(NOT_IN_TEXTS.sub(" ", "" if isinstance(given, list | dict) else text(given)).split())
