"""The difference between two lists of rows: added, removed, changed field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agent.inventory.sources.yaml_writer import Row


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a row: what it was and what it becomes; "" where there was or is nothing."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that stays, with the fields that do not."""

    id: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class RowChanges:
    """The difference between two lists of rows, each in the order of its list."""

    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[ChangedRow, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def difference(before: Iterable[Row], after: Iterable[Row]) -> RowChanges:
    """Rows are the same when their ids are."""
    old = {row["id"]: row for row in before}
    new = {row["id"]: row for row in after}
    pairs = [(identity, _fields(old[identity], row)) for identity, row in new.items() if identity in old]
    return RowChanges(
        added=tuple(row for identity, row in new.items() if identity not in old),
        removed=tuple(row for identity, row in old.items() if identity not in new),
        changed=tuple(ChangedRow(identity, fields) for identity, fields in pairs if fields),
    )


def _fields(before: Row, after: Row) -> tuple[FieldChange, ...]:
    keys = [*after, *(key for key in before if key not in after)]
    pairs = ((key, before.get(key, ""), after.get(key, "")) for key in keys)
    return tuple(FieldChange(key, old, new) for key, old, new in pairs if old != new)
