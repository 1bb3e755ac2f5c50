"""The instants at which each target is due. Pure: instants in, due entries out; no timers, no clock.

A target's phase inside its interval is a hash of its id: targets spread evenly, and keep their place over restarts
and reloads.
Due instants lie on the boottime axis (k x interval + phase), so wall-clock steps cannot touch the pace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b


def phase_of(target_id: str, interval_ms: int) -> int:
    """Milliseconds into each interval at which this target is due; the same in every process."""
    digest = blake2b(target_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % interval_ms


@dataclass(frozen=True, slots=True)
class Due:
    """Entry number `index` was due at `due_ms`."""

    index: int
    due_ms: int


class Round:
    """All targets of one interval, walked in order of their phase."""

    __slots__ = ("_cycle", "_entries", "_position", "interval_ms", "missed", "reached_ms")

    def __init__(self, interval_ms: int, entries: Iterable[tuple[str, int]], now_ms: int) -> None:
        """entries: (target id, index). The first entries due are those after now_ms."""
        self.interval_ms = interval_ms
        self.missed = 0
        self.reached_ms = now_ms
        """Everything due until this instant has been handed out."""
        self._entries = sorted((phase_of(target, interval_ms), index) for target, index in entries)
        self._cycle = 0
        self._position = 0
        self._seek(now_ms)

    def _seek(self, now_ms: int) -> None:
        """Put the cursor on the first entry due after now_ms."""
        self._cycle, into = divmod(now_ms, self.interval_ms)
        self._position = next((i for i, (phase, _) in enumerate(self._entries) if phase > into), len(self._entries))
        self._wrap()

    def _wrap(self) -> None:
        if self._position >= len(self._entries):
            self._position = 0
            self._cycle += 1

    def due(self, now_ms: int, limit: int) -> Iterator[Due]:
        """Entries due by now, oldest first, at most `limit`.

        One that is late by more than half an interval is left out and counted in `missed`: after a stall each target is
        probed once, at its own phase, instead of all at once.
        """
        too_late_ms = now_ms - self.interval_ms // 2
        while limit > 0 and self._entries:
            phase, index = self._entries[self._position]
            due_ms = self._cycle * self.interval_ms + phase
            if due_ms > now_ms:
                self.reached_ms = now_ms
                return
            if due_ms < too_late_ms:
                self._skip_to(too_late_ms)
                continue
            self._position += 1
            self._wrap()
            limit -= 1
            self.reached_ms = due_ms
            yield Due(index, due_ms)

    def _skip_to(self, instant_ms: int) -> None:
        """Move the cursor past everything due before instant_ms, counting what is left out."""
        behind = self._cycle * len(self._entries) + self._position
        self._seek(instant_ms - 1)
        self.missed += self._cycle * len(self._entries) + self._position - behind


class RoundPlan:
    """Every round of one inventory; index = position of the target in the sequence it was built from."""

    __slots__ = ("_limit", "rounds")

    def __init__(
        self, targets: Sequence[tuple[str, int]], now_ms: int, tick_ms: int, before: RoundPlan | None = None
    ) -> None:
        """targets: (id, interval_ms) in index order. before: the plan this one replaces; goes on where that stood."""
        classes: dict[int, list[tuple[str, int]]] = {}
        for index, (target, interval_ms) in enumerate(targets):
            classes.setdefault(interval_ms, []).append((target, index))
        reached = {round_.interval_ms: round_.reached_ms for round_ in before.rounds} if before else {}
        self.rounds: list[Round] = [
            Round(interval_ms, entries, reached.get(interval_ms, now_ms))
            for interval_ms, entries in sorted(classes.items())
        ]
        per_tick = sum(tick_ms / interval_ms for _, interval_ms in targets)
        self._limit = max(64, int(4 * per_tick))  # after a stall: catch up at four times the pace, not in one burst

    def due(self, now_ms: int) -> Iterator[Due]:
        """What to start in this tick."""
        for round_ in self.rounds:
            yield from round_.due(now_ms, self._limit)

    @property
    def missed(self) -> int:
        """Entries left out after stalls, since this plan was made."""
        return sum(round_.missed for round_ in self.rounds)
