"""Sentences about parts of devices: which part of what is at fault, since when, and what to do about it."""

from __future__ import annotations

from datetime import datetime

from agent.characters import cleaned
from agent.explain.sentences.components import COMPONENTS, FAULT_ADVICE, FAULT_SENTENCES, SINCE
from agent.model import Component
from agent.text import Text

_MOST = 64  # characters of what a device says of itself
_DAY = Text("{time} ngày {day}", "{time} on {day}")


def device_text(text: str) -> str:
    """What a device or its administrator wrote, on one line, harmless and short."""
    text = cleaned(text).strip()
    return text if len(text) <= _MOST else f"{text[: _MOST - 3].rstrip()}..."


def component_name(component: Component) -> Text:
    """What the part is, its own name, and in brackets what people call it: ``Cổng Gi0/3 (Phòng họp)``."""
    own = component.id.partition(":")[2]
    unnamed = ("", own, component.kind.value)
    called = next((name for name in (component.name, component.text) if name not in unnamed), "")
    what = COMPONENTS[component.kind]
    name = f"{f' {device_text(own)}' if own else ''}{f' ({device_text(called)})' if called else ''}"
    return Text(*(f"{word[0].upper()}{word[1:]}{name}" for word in what))


def component_sentence(component: Component, device: str, since: Text | None = None) -> Text:
    """The fault of a part as a sentence without its full stop. ValueError for a part in order. device: by name."""
    if component.fault is None:
        raise ValueError(f"{component.id} is in order")
    sentence = FAULT_SENTENCES[component.fault].filled(part=component_name(component), device=device_text(device))
    sentence = Text(*(f"{words[0].upper()}{words[1:]}" for words in sentence))
    return sentence if since is None else SINCE.filled(sentence=sentence, instant=since)


def component_advice(component: Component) -> Text:
    """What to do first about its fault. ValueError for a part in order."""
    if component.fault is None:
        raise ValueError(f"{component.id} is in order")
    return FAULT_ADVICE[component.fault]


def since_text(since: datetime, now: datetime) -> Text:
    """The time, and the day where it is another; both instants in the zone of who reads."""
    time = f"{since:%H:%M}"
    if since.date() == now.astimezone(since.tzinfo).date():
        return Text(time, time)
    return _DAY.filled(time=time, day=f"{since:%d/%m/%Y}")


def device_name(target_name: str) -> str:
    """A target is called ``place: check``; in a sentence the device is the check at the place, however it is asked."""
    place, sign, check = without_protocol(target_name).partition(": ")
    return f"{check} {place}" if sign else place


def without_protocol(check_name: str) -> str:
    """The name of a device without what the inventory adds to the name of its derived check."""
    return check_name.removesuffix(" (SNMP)")
