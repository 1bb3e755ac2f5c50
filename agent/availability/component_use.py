"""On which of the last office days each part of a device was in use for an hour or more. Pure; no clock, no I/O.

Time is counted between two readings that both found the part in use, by the boottime between them: a step of the wall
clock moves the date, never a length. A day counts once the device itself was watched for an hour of it, so neither a
holiday of the agent nor a dark office pushes out what is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

HOUR_MS = 3_600_000
DAYS = 10
USED_DAYS = 3
MOST_BETWEEN_MS = 1_800_000
"""Readings farther apart say nothing of the time between them."""


class ComponentUse:
    """The memory of one device: the last DAYS office days on which it was watched, newest last."""

    __slots__ = ("_at_ms", "_day", "_days", "_found", "_in_use_ms", "_marks", "_watched_ms")

    def __init__(self) -> None:
        self._days: list[str] = []
        self._marks: dict[str, int] = {}  # by part: bit 0 is the newest day, bit 1 the one before ...
        self._day: str | None = None
        self._at_ms: int | None = None
        self._found: frozenset[str] = frozenset()
        self._watched_ms = 0
        self._in_use_ms: dict[str, int] = {}

    def restore(self, day: str, parts: Iterable[str]) -> None:
        """These parts were in use on that day; days in the order in which they were written."""
        self._enter(day)
        for part in parts:
            self._mark(day, part)

    def used(self, part: str) -> bool:
        """Whether it was in use on USED_DAYS of the days."""
        return self._marks.get(part, 0).bit_count() >= USED_DAYS

    def note(self, at_ms: int, day: str | None, in_use: Collection[str]) -> list[str]:
        """A reading at at_ms (boottime) of a local date, None where that is no office day; the parts of news.

        Those are the parts that have just been in use for an hour of this day.
        """
        passed_ms = 0 if self._at_ms is None else at_ms - self._at_ms
        both = self._found.intersection(in_use)
        self._at_ms, self._found = at_ms, frozenset(in_use)
        if day != self._day:
            self._day, self._watched_ms = day, 0
            self._in_use_ms.clear()
        if day is None or not 0 < passed_ms <= MOST_BETWEEN_MS:
            return []
        self._watched_ms += passed_ms
        for part in both:
            self._in_use_ms[part] = self._in_use_ms.get(part, 0) + passed_ms
        if self._watched_ms < HOUR_MS:
            return []
        self._enter(day)
        reached = (part for part in both if self._in_use_ms[part] >= HOUR_MS)
        return [part for part in reached if self._mark(day, part)]

    def _enter(self, day: str) -> None:
        if day in self._days:
            return
        self._days = [*self._days, day][-DAYS:]
        kept = (1 << DAYS) - 1
        self._marks = {part: left for part, marks in self._marks.items() if (left := marks << 1 & kept)}

    def _mark(self, day: str, part: str) -> bool:
        bit = 1 << (len(self._days) - 1 - self._days.index(day))
        before = self._marks.get(part, 0)
        self._marks[part] = before | bit
        return not before & bit
