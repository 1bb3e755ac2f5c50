"""Ids of members that are named beside a value: the first of them in order, however many there are."""

from __future__ import annotations

from agent.scoring.values import MOST_NAMED


class FirstNames:
    """Keeps the first in order; what comes when makes no difference."""

    __slots__ = ("_names",)

    def __init__(self) -> None:
        self._names: list[str] = []

    def add(self, name: str) -> None:
        """One more; each comes once."""
        self._names.append(name)
        if len(self._names) >= 2 * MOST_NAMED:
            self._names = sorted(self._names)[:MOST_NAMED]

    @property
    def names(self) -> tuple[str, ...]:
        """In order."""
        return tuple(sorted(self._names)[:MOST_NAMED])
