"""How many rows one device may write: a port that flaps, or a device that makes things up, must not fill the ledger."""

from __future__ import annotations

MOST_AT_ONCE = 128
"""All the 64 parts that matter may fail and come back."""

ONE_MORE_MS = 300_000
"""Then 12 an hour: at most 416 rows on the first day, 288 on each that follows."""


class RowBudget:
    """A token bucket in whole numbers."""

    __slots__ = ("_at_ms", "_left")

    def __init__(self, now_ms: int) -> None:
        self._left = MOST_AT_ONCE
        self._at_ms = now_ms

    def take(self, now_ms: int) -> bool:
        """Whether one more row may be written now."""
        gained = max(0, now_ms - self._at_ms) // ONE_MORE_MS
        self._left = min(MOST_AT_ONCE, self._left + gained)
        self._at_ms += gained * ONE_MORE_MS
        if self._left < 1:
            return False
        self._left -= 1
        return True
