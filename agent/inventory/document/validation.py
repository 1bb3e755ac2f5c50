"""Pydantic's errors in our own words, placed in the file. No value of a secret field is ever repeated."""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from agent.explain.system_errors import in_vietnamese
from agent.inventory.findings import FilePosition, Finding, SourceFile, Trail, closest, missing, unknown
from agent.inventory.messages.document import MESSAGES
from agent.inventory.messages.message import Value
from agent.text import Text

_TYPE_MESSAGES = {
    "string_type": "not_text",
    "int_type": "not_integer",
    "int_parsing": "not_integer",
    "int_from_float": "not_integer",
    "int_parsing_size": "not_integer",
    "float_type": "not_number",
    "float_parsing": "not_number",
    "finite_number": "not_number",
    "bool_type": "not_boolean",
    "bool_parsing": "not_boolean",
    "dataclass_type": "not_mapping",
    "dict_type": "not_mapping",
    "mapping_type": "not_mapping",
    "tuple_type": "not_list",
    "list_type": "not_list",
    "frozen_set_type": "not_list",
    "set_type": "not_list",
    "none_required": "not_null",
}
_BOUNDS = {
    "greater_than_equal": ("too_small", ">= ", "ge"),
    "greater_than": ("too_small", "> ", "gt"),
    "less_than_equal": ("too_large", "<= ", "le"),
    "less_than": ("too_large", "< ", "lt"),
    "too_short": ("too_short", "", "min_length"),
    "too_long": ("too_long", "", "max_length"),
}
_OTHER = "giá trị không đúng dạng"
_NOTHING: Any = object()
_DURATION = re.compile(r"[0-9.]+(ms|s|m|h|d)")
_UNKNOWN_KEYS = ("unexpected_keyword_argument", "extra_forbidden")


def findings_of(
    error: ValidationError, source: SourceFile, trail: Trail, model: type, data: object
) -> Iterator[Finding]:
    """Every error of one validated part, each place once."""
    paths: set[str] = set()
    for detail in error.errors(include_url=False):
        steps = _real_steps(detail["loc"], data, missing=detail["type"] == "missing")
        unknown_key = detail["type"] in _UNKNOWN_KEYS
        allowed = allowed_keys(model, steps[:-1]) if unknown_key else ()
        finding = _finding(detail, source, (*trail, *steps), allowed)
        if finding.place.path not in paths:  # the branches of a union all complain about one value
            paths.add(finding.place.path)
            yield finding


def _real_steps(loc: tuple[int | str, ...], data: object, *, missing: bool) -> Trail:
    """The steps that exist in the data: pydantic puts names of union branches and functions among them."""
    steps: list[int | str] = []
    for step in loc:
        child = _NOTHING
        if isinstance(data, dict):
            child = data.get(step, _NOTHING)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            child = data[step]
        if child is not _NOTHING:
            data = child
            steps.append(step)
    return (*steps, loc[-1]) if missing else tuple(steps)


def _finding(detail: ErrorDetails, source: SourceFile, trail: Trail, allowed: tuple[str, ...]) -> Finding:
    kind = detail["type"]
    context = {key: value if isinstance(value, Text) else str(value) for key, value in detail.get("ctx", {}).items()}
    if kind in _UNKNOWN_KEYS:
        return unknown(source.place(trail, key=True), "unknown_key", {"key": str(trail[-1])}, str(trail[-1]), allowed)
    if kind == "missing":
        return missing(source, trail[:-1], str(trail[-1]))
    place = source.place(trail)
    if kind in _TYPE_MESSAGES:
        return Finding(place, _TYPE_MESSAGES[kind])
    if kind in _BOUNDS:
        return _bound(place, detail, *_BOUNDS[kind])
    if kind in ("enum", "literal_error"):
        return _choice(place, detail, str(context["expected"]))
    if kind in MESSAGES:
        return Finding(place, kind, _with_detail(context))
    return Finding(place, "invalid", {"detail": Text(_OTHER, str(context.get("error", detail["msg"])))})


def _with_detail(context: Mapping[str, Value]) -> Mapping[str, Value]:
    """The values of a file that cannot be used: the system's reason in both languages."""
    detail = context.get("detail")
    return {**context, "detail": Text(in_vietnamese(detail), detail)} if isinstance(detail, str) else context


def _bound(place: FilePosition, detail: ErrorDetails, message: str, sign: str, key: str) -> Finding:
    """A value over its limit; the limit of a duration is in seconds and says so."""
    written = str(detail["input"])
    unit = "s" if _DURATION.fullmatch(written) else ""
    return Finding(place, message, {"value": written[:40], "limit": f"{sign}{detail['ctx'][key]:g}{unit}"})


def _choice(place: FilePosition, detail: ErrorDetails, expected: str) -> Finding:
    """A word outside a closed set; pydantic lists the set as ``'a', 'b' or 'c'``."""
    words = [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(",")]
    value = detail["input"]
    if not isinstance(value, str | int | float):
        return Finding(place, "choice", {"value": "..", "choices": ", ".join(words)})
    close = closest(str(value), words)
    values = {"value": str(value)[:40], "choices": ", ".join(words), "close": close or ""}
    return Finding(place, "choice_close" if close else "choice", values)


def allowed_keys(model: type, steps: Trail) -> tuple[str, ...]:
    """The keys that may stand in the part of ``model`` that the steps lead to."""
    current: list[type] = [model]
    for step in steps:
        if isinstance(step, int):
            continue  # the elements of a list: _dataclasses_in has looked through it already
        current = [part for owner in current for part in _field_types(owner, step)]
    return tuple(key for owner in current for key in keys_of(owner))


@cache
def keys_of(model: type) -> tuple[str, ...]:
    """The keys of a dataclass as they stand in the file."""
    return tuple(_alias(model, field.name) for field in dataclasses.fields(model))


def _alias(model: type, name: str) -> str:
    """The key of a field: its alias where it has one (``except`` is a Python word)."""
    hint = get_type_hints(model, include_extras=True)[name]
    metadata = getattr(hint, "__metadata__", ())
    return next((item.alias for item in metadata if isinstance(item, FieldInfo) and item.alias), name)


def _field_types(owner: type, key: str) -> list[type]:
    hints = get_type_hints(owner)
    name = next((name for name in hints if name == key), None)
    return _dataclasses_in(hints[name]) if name else []


def _dataclasses_in(hint: Any) -> list[type]:
    """The dataclasses inside a type: through Optional, unions, tuples and mappings."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return [hint]
    if get_origin(hint) in (Union, types.UnionType, tuple, list, dict):
        return [dataclass for part in get_args(hint) for dataclass in _dataclasses_in(part)]
    return []
