"""State changes of one agent run as plain numbers: those of a whole country in a year fit into memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from agent.availability.intervals import Change
from agent.ledger.transitions import TRANSITIONS
from agent.model import State


class PackedChanges:
    """By target; they may be added in any order and come out in the order written."""

    def __init__(self) -> None:
        self._packed: dict[str, array[int]] = {}

    def add(self, target: str, seq: int, at_ms: int, confirmed_ms: int, kind: int) -> None:
        """kind: the place of state and cause in ``TRANSITIONS``."""
        packed = self._packed.get(target)
        if packed is None:
            packed = self._packed[target] = array("q")
        packed.extend((seq, at_ms, confirmed_ms, kind))

    def take(self, target: str) -> tuple[Change, ...]:
        """Those of a target, in the order written; they are kept no longer."""
        packed = self._packed.pop(target, None)
        if packed is None:
            return ()
        rows = list(_rows(packed))
        rows.sort()  # by seq: nearly always they are in order
        return tuple(Change(at_ms, *TRANSITIONS[kind], confirmed_ms, seq) for seq, at_ms, confirmed_ms, kind in rows)

    def newest_down(self) -> dict[str, int]:
        """The row that wrote DOWN last, by target; 0 of a target without any."""
        down = frozenset(place for place, (state, _) in enumerate(TRANSITIONS) if state is State.DOWN)
        return {
            target: max((seq for seq, _, _, kind in _rows(packed) if kind in down), default=0)
            for target, packed in self._packed.items()
        }


def _rows(packed: array[int]) -> Iterator[tuple[int, int, int, int]]:
    numbers = iter(packed)
    return zip(numbers, numbers, numbers, numbers, strict=True)
