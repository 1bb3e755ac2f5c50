"""Which of several statements about one instant holds: the later row, and the first cause in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from agent.model import UnknownCause

_RANK = {cause: rank for rank, cause in enumerate(UnknownCause)}
_Entry = TypeVar("_Entry")


def foremost(causes: Iterable[UnknownCause]) -> UnknownCause:
    """The cause that is shown where several hold at once: the first in the order of UnknownCause."""
    return min(causes, key=_RANK.__getitem__)


def superseded(entries: list[_Entry], at_ms: int, instant_of: Callable[[_Entry], int]) -> list[_Entry]:
    """The reader's rule: a later row wins from its instant on.

    Takes away from the end of the entries, which are in order, those that a row dated to at_ms replaces; returns them,
    the newest first.
    """
    replaced: list[_Entry] = []
    while entries and instant_of(entries[-1]) >= at_ms:
        replaced.append(entries.pop())
    return replaced
