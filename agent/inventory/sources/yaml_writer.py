"""Rows and modules as the text of an included file, one a line: JSON is YAML 1.2."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping

Row = Mapping[str, str]
"""The cells of a sheet or a list by key."""

_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def as_yaml(kind: str, rows: Iterable[Mapping[str, object]]) -> str:
    """An included file with these rows, one a line; every value as JSON."""
    lines = [f"  - {{{', '.join(f'{key}: {yaml_text(value)}' for key, value in row.items())}}}" for row in rows]
    return f"{kind}:\n" + "".join(f"{line}\n" for line in lines) if lines else f"{kind}: []\n"


def section_as_yaml(sections: Mapping[str, object]) -> str:
    """Other sections of such a file, one a line."""
    return "".join(f"{key}: {yaml_text(value)}\n" for key, value in sections.items())


def modules_as_yaml(modules: Mapping[str, object]) -> str:
    """An included file with these modules, one a line."""
    lines = "".join(f"  {yaml_text(name)}: {yaml_text(options)}\n" for name, options in modules.items())
    return f"modules:\n{lines}" if lines else "modules: {}\n"


def entries_as_yaml(entries: Mapping[str, object]) -> str:
    """A file of entries by name, one a line."""
    return "".join(f"{yaml_text(name)}: {yaml_text(entry)}\n" for name, entry in entries.items())


def yaml_text(value: object) -> str:
    """JSON, with what YAML would read as a line end or refuse escaped, and what reading would compose (NFC)."""
    text = json.dumps(value, ensure_ascii=False)
    if not unicodedata.is_normalized("NFC", text):
        return json.dumps(value)
    return _UNPRINTED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
