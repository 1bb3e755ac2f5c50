"""Serialises values for generated files: the same value gives the same bytes, and the head says how it was built."""

from __future__ import annotations

import hashlib
import io
import json
import re
from typing import Any

from ruamel.yaml import YAML

_HEAD = "Written by `sansang build` ({}): change sansang.yml and build again. Edited by hand, it is left alone."
_HEADED = re.compile(r"[^\n]*`sansang build` \(([0-9a-f]{16})\)[^\n]*\n")


def as_json(value: Any) -> str:
    """JSON indented by one, keys in their given order, Vietnamese unescaped, a newline at the end."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def as_yaml(value: Any) -> str:
    """YAML in block style, keys in their given order, long lines unbroken."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(value, out)
    return headed(out.getvalue(), "# ")


def headed(text: str, before: str, after: str = "") -> str:
    """The text below a comment that says how it was built, with a digest of the text; before and after delimit it."""
    return f"{before}{_HEAD.format(_digest(text))}{after}\n{text}"


def is_as_built(text: str) -> bool:
    """True if the text is unchanged since a build wrote it; always true for JSON, which has no comments."""
    if text.startswith("{\n"):
        return True
    head = _HEADED.match(text)
    return head is not None and head[1] == _digest(text[head.end() :])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
