"""Matching the rows of a new sheet to existing rows: history hangs on ids, so none may end unnoticed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.inventory.importing.current_rows import addresses
from agent.inventory.sheets.columns import plain
from agent.inventory.sources.yaml_writer import Row


@dataclass(frozen=True, slots=True)
class PossibleRename:
    """A row that may be a renamed site: of the same addresses under another name, or two that swapped theirs.

    index: in the sheet; id: which the row keeps if it is; before: the name, or the addresses, of that site until now.
    """

    index: int
    id: str
    before: str
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """For each row of the sheet (by index) the id that it has already, with what is in doubt left out."""

    ids: Mapping[int, str]
    doubts: tuple[PossibleRename, ...] = ()


def likeness(row: Row) -> tuple[str, str]:
    """The key by which rows without an id match: the unit (for a unit, its parent) and the name."""
    return row.get("unit", row.get("parent", "")), plain(row.get("name", ""))


def match(old: Sequence[Row], new: Sequence[Row], leaving: frozenset[str]) -> Matches:
    """The old row of each new one: by id, else by unit and name, by official code, by name and addresses.

    A unit that stood at the top is found by its name too: the sheet may know what is above it.
    leaving: ids of old rows that the sheet stands for, so that those it does not have are gone: only of these may one
    be a renamed one.
    """
    existing = {row["id"]: row for row in old}
    old = [*existing.values()]
    ids = {index: row["id"] for index, row in enumerate(new) if row.get("id") in existing}
    for key in (likeness, _code):
        _pair(old, new, ids, key)
    named = Counter(plain(row.get("name", "")) for row in new)
    top = [row for row in old if "level" in row and "parent" not in row and named[plain(row.get("name", ""))] == 1]
    _pair(top, new, ids, _name)
    missing_rows = [row for identity, row in existing.items() if identity in leaving - {*ids.values()}]
    unmatched = [(index, row) for index, row in enumerate(new) if index not in ids]
    renamed = {
        index: identity
        for index, identity in _with_same_addresses(old, unmatched)
        if identity in {row["id"] for row in missing_rows}
    }
    doubts: list[PossibleRename] = []
    for index, identity in renamed.items():
        if "id" not in new[index] and plain(new[index].get("name", "")) == plain(existing[identity].get("name", "")):
            ids[index] = identity  # the unit alone is another
        else:
            doubts.append(PossibleRename(index, identity, existing[identity].get("name", "")))
    doubts += _renumbered(missing_rows, new, ids, {doubt.id for doubt in doubts})
    doubts += _swapped(existing, new, ids)
    return Matches(ids, tuple(doubts))


def _code(row: Row) -> Hashable:
    return row.get("code") or None


def _name(row: Row) -> Hashable:
    return plain(row.get("name", "")) or None


def _pair(old: Iterable[Row], new: Sequence[Row], ids: dict[int, str], key: Callable[[Row], Hashable]) -> None:
    """Add those without an id that share a key with exactly one old row that is nobody's yet."""
    used = {*ids.values()}
    by_key: dict[Hashable, list[str]] = {}
    for row in old:
        if row["id"] not in used and key(row) is not None:
            by_key.setdefault(key(row), []).append(row["id"])
    for index, row in enumerate(new):
        candidates = by_key.get(key(row), []) if index not in ids and "id" not in row else []
        if len(candidates) == 1:
            ids[index] = candidates[0]


def _with_same_addresses(old: Sequence[Row], new: Iterable[tuple[int, Row]]) -> Iterable[tuple[int, str]]:
    """The new rows with more than half of the addresses of one old row; what several old rows have speaks for none."""
    owners: dict[tuple[str, str], set[str]] = {}
    sizes = {row["id"]: len(addresses(row)) for row in old}
    for row in old:
        for pair in addresses(row).items():
            owners.setdefault(pair, set()).add(row["id"])
    by_id: dict[str, list[int]] = {}
    for index, row in new:
        pairs = addresses(row).items()
        own = [next(iter(owners[pair])) for pair in pairs if len(owners.get(pair, ())) == 1]
        identity, count = Counter(own).most_common(1)[0] if own else ("", 0)
        if count * 2 > max(len(pairs), sizes.get(identity, 0)):
            by_id.setdefault(identity, []).append(index)
    return [(indices[0], identity) for identity, indices in by_id.items() if len(indices) == 1]


def _renumbered(
    missing_rows: Iterable[Row], new: Sequence[Row], ids: Mapping[int, str], doubted: set[str]
) -> Iterable[PossibleRename]:
    """Rows of the same unit and name for which the sheet writes another id."""
    by_key: dict[Hashable, list[Row]] = {}
    for row in missing_rows:
        by_key.setdefault(likeness(row), []).append(row)
    for index, row in enumerate(new):
        candidates = by_key.get(likeness(row), []) if index not in ids and "id" in row else []
        if len(candidates) == 1 and candidates[0]["id"] not in doubted:
            yield PossibleRename(index, candidates[0]["id"], candidates[0]["id"])


def _swapped(existing: Mapping[str, Row], new: Sequence[Row], ids: Mapping[int, str]) -> Iterable[PossibleRename]:
    """Rows that have changed addresses among themselves: either these moved, or the names did."""
    unwritten = {index: identity for index, identity in ids.items() if "id" not in new[index]}
    rows = [existing[identity] for identity in dict.fromkeys(unwritten.values())]
    likest = dict(_with_same_addresses(rows, ((index, new[index]) for index in unwritten)))
    moved = {index: identity for index, identity in likest.items() if identity != unwritten[index]}
    while True:  # whoever's addresses went nowhere, or came from nobody, is in no circle
        circle = {*moved.values()} & {unwritten[index] for index in moved}
        closed = {i: target_id for i, target_id in moved.items() if target_id in circle and unwritten[i] in circle}
        if len(closed) == len(moved):
            break
        moved = closed
    for index, identity in moved.items():
        yield PossibleRename(index, identity, existing[identity].get("name", ""), swapped=True)
