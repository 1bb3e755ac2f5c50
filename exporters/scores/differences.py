"""Where one file differs from another: line and text, cell of a workbook, or byte; within bounds, for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest

from agent.characters import quoted
from agent.scoring.package.archive import parts_at
from agent.text import Text

MOST_OF_FILE = 3
"""Lines of one file that are shown."""

_BEFORE, _AFTER = 40, 60  # characters around the first one that differs
_TEXTS = (".csv", ".json", ".yml", ".txt")
_LINE = Text("dòng {line}", "line {line}")
_BYTE = Text("byte {at}", "byte {at}")
_CELL = Text("{part}, ô {cell}", "{part}, cell {cell}")
_PART = Text("{part}, byte {at}", "{part}, byte {at}")
_MISSING = Text("thiếu tệp", "the file is missing")
_SURPLUS = Text("tệp không thuộc gói", "the file does not belong to the package")
_CELL_NAME = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"')


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a file is not what it should be: what it says there, and what should stand there; "" where nothing does."""

    file: str
    place: Text
    says: str = ""
    follows: str = ""


def difference(file: str, found: bytes | None, follows: bytes | None) -> Iterator[Difference]:
    """Nothing for equal content; else the first places of the file at which it differs."""
    if found == follows:
        return
    if found is None:
        yield Difference(file, _MISSING)
    elif follows is None:
        yield Difference(file, _SURPLUS)
    elif file.endswith(_TEXTS):
        yield from _of_text(file, found, follows)
    else:
        yield Difference(file, _place(found, follows))


def _of_text(file: str, found: bytes, follows: bytes) -> Iterator[Difference]:
    is_there, should_be = found.split(b"\n"), follows.split(b"\n")
    most = MOST_OF_FILE if len(is_there) == len(should_be) else 1  # behind a line more or less every one differs
    pairs = enumerate(zip_longest(is_there, should_be, fillvalue=b""), 1)
    differing = ((number, pair) for number, pair in pairs if pair[0] != pair[1])
    shown = list(islice(differing, most))
    yield from (Difference(file, _LINE.filled(line=number), *_around(*pair)) for number, pair in shown)
    if not shown:  # an empty line more at the end of one of them
        yield Difference(file, _BYTE.filled(at=min(len(found), len(follows))))


def _around(says: bytes, follows: bytes) -> tuple[str, str]:
    """Both from a little before their first difference."""
    at = _first(says, follows)
    start = max(0, at - _BEFORE)
    first, second = (line[start : at + _AFTER].decode("utf-8", "replace").strip() for line in (says, follows))
    return quoted(first), quoted(second)


def _first(one: bytes, other: bytes) -> int:
    """The place of the first byte that differs."""
    low, high = 0, min(len(one), len(other))
    while low < high:  # the longest common beginning, by halves: comparing slices is fast, a loop over bytes is not
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _place(found: bytes, follows: bytes) -> Text:
    """In a workbook the part and the cell, as the right one has them."""
    at = _first(found, follows)
    for name, start, end in parts_at(follows):
        if start <= at < end:
            cells = _CELL_NAME.findall(follows, start, at + 1)
            if cells and name.startswith("xl/worksheets/"):
                return _CELL.filled(part=name, cell=cells[-1].decode())
            return _PART.filled(part=name, at=at - start)
    return _BYTE.filled(at=at)
