"""Single values of a YAML file written anew; all else of it, comments and order too, stays as it was."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from agent.inventory.findings import Trail
from agent.inventory.sheets.encoding import decode
from agent.inventory.sources.yaml_source import read_yaml
from agent.inventory.sources.yaml_writer import yaml_text

YamlValue = str | None
_MARK = "\ufeff"
_PLAIN = re.compile(r"[^\W\d_]\w*(?:[ -]\w+)*")  # words, that no core schema takes for anything else
_NO_TEXTS = frozenset(("null", "true", "false"))


@dataclass(slots=True)
class _MappingPlace:
    """Where a mapping's keys begin, and where its last value ends; offsets in the text."""

    flow: bool
    keys: list[tuple[int, int]] = field(default_factory=list)
    end: int = 0


@dataclass(slots=True)
class _Places:
    scalars: dict[Trail, ScalarEvent] = field(default_factory=dict)
    mappings: dict[Trail, _MappingPlace] = field(default_factory=dict)

    def read(self, event: Event, events: Iterator[Event], trail: Trail) -> int:
        """Note the node's places; the offset at which it ends."""
        if isinstance(event, ScalarEvent):
            self.scalars[trail] = event
        elif isinstance(event, MappingStartEvent):
            event = self._mapping(event, events, trail)
        elif isinstance(event, SequenceStartEvent):
            for place, item in enumerate(iter(lambda: next(events), None)):
                if isinstance(item, SequenceEndEvent):
                    event = item
                    break
                self.read(item, events, (*trail, place))
        return int(event.end_mark.index)

    def _mapping(self, start: MappingStartEvent, events: Iterator[Event], trail: Trail) -> Event:
        place = self.mappings[trail] = _MappingPlace(bool(start.flow_style))
        for key in events:
            if isinstance(key, MappingEndEvent):
                return key
            place.keys.append((key.start_mark.index, key.start_mark.column))
            place.end = self.read(next(events), events, (*trail, str(getattr(key, "value", ""))))
        return start


def edited_yaml(data: bytes, edits: Mapping[Trail, YamlValue]) -> str | None:
    """The file's text with these values; None where they cannot be put in without touching anything else.

    A key that is not there comes to its mapping. UTF-8 keeps its mark; UTF-16 becomes UTF-8.
    """
    text = _text_of(data)
    if text is None:
        return None
    mark, text = (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)
    try:
        pieces = sorted(_pieces(text, edits))
    except (YAMLError, KeyError, ValueError, StopIteration, RecursionError):
        return None
    done = text
    for start, end, new in reversed(pieces):
        done = done[:start] + new + done[end:]
    return mark + done if _is_as_meant(text, done, edits) else None


def _text_of(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None if data.startswith(codecs.BOM_UTF8) else decode(data)


def _pieces(text: str, edits: Mapping[Trail, YamlValue]) -> Iterator[tuple[int, int, str]]:
    """What is replaced by what, by offsets."""
    places = _Places()
    events = YAML(typ="safe", pure=True).parse(text)
    for event in events:
        if isinstance(event, DocumentStartEvent):
            places.read(next(events), events, ())
    line_end = "\r\n" if "\r\n" in text else "\n"
    for trail, value in edits.items():
        if (scalar := places.scalars.get(trail)) is not None:
            start, end = scalar.start_mark.index, scalar.end_mark.index
            yield (
                start,
                end,
                _scalar(value, plain=scalar.style in (None, "")) + text[start:end][len(text[start:end].rstrip()) :],
            )
            continue
        entry = f"{trail[-1]}: {_scalar(value, plain=True)}"
        place = places.mappings[trail[:-1]]
        if place.flow:
            yield place.end, place.end, f", {entry}"
        else:
            offset, column = place.keys[1 if len(place.keys) > 1 else 0]
            yield offset, offset, f"{entry}{line_end}{' ' * column}"


def _scalar(value: YamlValue, *, plain: bool) -> str:
    if value is None:
        return "null"
    is_plain = plain and _PLAIN.fullmatch(value) and value.lower() not in _NO_TEXTS
    written = yaml_text(value)
    return value if is_plain and written == f'"{value}"' else written


def _is_as_meant(before: str, after: str, edits: Mapping[Trail, YamlValue]) -> bool:
    """Whether the new text says what the old one said, but for the edits."""
    old, _ = read_yaml("", before)
    new, _ = read_yaml("", after)
    if old is None or new is None:
        return False
    wanted: Any = old.data()
    for trail, value in edits.items():
        node = wanted
        for step in trail[:-1]:
            node = node[step]
        node[trail[-1]] = value
    return bool(new.data() == wanted)
