"""query_response of blackbox_exporter as a dialogue: its templates are those of Go's Regexp.Expand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from agent.inventory.blackbox.module import TranslatedModule, text
from agent.probes.options import parse_pattern
from agent.probes.patterns import group_numbers

_BYTES = re.compile("[\udc80-\udcff]")  # of !!binary, and no text


def take_dialogue(module: TranslatedModule, key: str, value: Any) -> None:
    """Each step that does something; what is said of steps alike is said once."""
    steps: list[dict[str, Any]] = []
    listed = module.listed(value, key)
    for index, step in enumerate(listed):
        given = dict(module.items(step, key, index))
        translated = _step(module, given, key, index)
        if translated:
            for part in translated:
                module.places["dialogue", len(steps), part] = (*module.trail, key, index, part)
            module.places["dialogue", len(steps)] = (*module.trail, key, index)
            steps.append(translated)
    if steps:
        module.options["dialogue"] = steps
    for part in ("expect", "expect_bytes", "starttls"):
        first = next((index for index, step in enumerate(listed) if isinstance(step, dict) and step.get(part)), -1)
        if first >= 0:
            module.note(f"blackbox_{part}", key, first, part)


def _step(module: TranslatedModule, given: Mapping[str, Any], key: str, index: int) -> dict[str, Any]:
    translated: dict[str, Any] = {}
    for name, part in given.items():
        if name in ("expect", "expect_bytes", "send") and _BYTES.search(text(part)):
            module.leave_out("blackbox_binary", key, index, name)
        if name == "expect" and part is not None:
            translated["expect"] = text(part)
        elif name == "expect_bytes" and text(part):
            translated["expect_bytes"] = text(part)
        elif name == "send" and text(part):
            translated["send"] = filled(text(part), given.get("expect"))
            if not translated["send"]:
                del translated["send"]
        elif name == "starttls" and module.flag(part, key, index, name):
            translated["starttls"] = True
        elif name == "labels" and part:
            module.note("blackbox_labels", key, index, name)
        elif name not in ("expect", "expect_bytes", "send", "starttls", "labels"):
            module.note("blackbox_unknown", key, index, name)
    return translated


def filled(template: str, expect: object) -> str:
    r"""The text of ours that sends the same: ``\1`` for a group, nothing for one that is not there.

    Without an expect in the same step nothing is filled in there.
    """
    if expect is None:
        return template.replace("\\", "\\\\")
    numbers = _numbers(text(expect))
    parts: list[str] = []
    while template:
        before, dollar, template = template.partition("$")
        parts.append(before.replace("\\", "\\\\"))
        if template.startswith("$"):
            parts.append("$")
            template = template[1:]
        elif dollar:
            name, after = _name(template)
            parts.append(_mark(numbers.get(name)) if name else "$")
            template = after if name else template
    return "".join(parts)


def _numbers(pattern: str) -> dict[str, int]:
    try:
        return group_numbers(parse_pattern(pattern))
    except ValueError:  # PydanticCustomError: said when the module is tried
        return {}


def _mark(number: int | None) -> str:
    if number is None:
        return ""
    return f"\\{number}" if number < 10 else f"\\g<{number}>"


def _name(rest: str) -> tuple[str, str]:
    """The longest name behind a dollar, with or without braces, and what follows; "" where there is none."""
    braced = rest.startswith("{")
    body = rest[braced:]
    length = next((index for index, sign in enumerate(body) if not _in_name(sign)), len(body))
    name, after = body[:length], body[length:]
    if braced and not after.startswith("}"):
        return "", rest
    return (name, after[braced:]) if name else ("", rest)


def _in_name(sign: str) -> bool:
    """A letter, a decimal digit or an underscore, as Go's unicode package has them."""
    return sign == "_" or unicodedata.category(sign)[0] == "L" or unicodedata.category(sign) == "Nd"
