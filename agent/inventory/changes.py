"""What a new sheet changes: rows added, removed and changed field by field. Pure; import_.py shows and applies it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Row = Mapping[str, str]

_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row: what it was and what it becomes; "" where there was or is nothing."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that stays, with the fields that do not."""

    id: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between two lists of rows, each in the order of its list."""

    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def difference(before: Iterable[Row], after: Iterable[Row]) -> Changes:
    """Rows are the same when their ids are."""
    old = {row["id"]: row for row in before}
    new = {row["id"]: row for row in after}
    pairs = [(identity, _fields(old[identity], row)) for identity, row in new.items() if identity in old]
    return Changes(
        added=tuple(row for identity, row in new.items() if identity not in old),
        removed=tuple(row for identity, row in old.items() if identity not in new),
        changed=tuple(Changed(identity, fields) for identity, fields in pairs if fields),
    )


def _fields(before: Row, after: Row) -> tuple[Field, ...]:
    keys = [*after, *(key for key in before if key not in after)]
    pairs = ((key, before.get(key, ""), after.get(key, "")) for key in keys)
    return tuple(Field(key, old, new) for key, old, new in pairs if old != new)


def as_yaml(kind: str, rows: Iterable[Row]) -> str:
    """An included file with these rows, one a line (JSON is YAML 1.2); every value as text."""
    lines = [f"  - {{{', '.join(f'{key}: {_quoted(value)}' for key, value in row.items())}}}" for row in rows]
    return f"{kind}:\n" + "".join(f"{line}\n" for line in lines) if lines else f"{kind}: []\n"


def section_as_yaml(sections: Mapping[str, object]) -> str:
    """Other sections of such a file, one a line."""
    return "".join(f"{key}: {_quoted(value)}\n" for key, value in sections.items())


def modules_as_yaml(modules: Mapping[str, object]) -> str:
    """An included file with these modules, one a line."""
    lines = "".join(f"  {_quoted(name)}: {_quoted(options)}\n" for name, options in modules.items())
    return f"modules:\n{lines}" if lines else "modules: {}\n"


def _quoted(value: object) -> str:
    """JSON, with what YAML would read as a line end or refuse escaped, and what reading would compose (NFC)."""
    text = json.dumps(value, ensure_ascii=False)
    if not unicodedata.is_normalized("NFC", text):
        return json.dumps(value)
    return _UNPRINTED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
