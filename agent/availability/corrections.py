"""What signed corrections make of recorded states; the recorded ones stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.availability.intervals import Interval


def amended(states: Sequence[Interval], corrections: Iterable[Interval]) -> tuple[Interval, ...]:
    """The states with each correction laid over them, the later over the earlier, where the target was configured."""
    told = list(states)
    for correction in corrections:
        told = [piece for one in told for piece in _laid_over(one, correction)]
    return tuple(told)


def _laid_over(one: Interval, over: Interval) -> Iterable[Interval]:
    start, end = max(one.start_ms, over.start_ms), min(one.end_ms, over.end_ms)
    if start >= end:
        return [one]
    pieces = [
        Interval(one.start_ms, start, one.state, one.cause, one.confirmed_ms),
        Interval(start, end, over.state, over.cause, over.confirmed_ms),
        Interval(end, one.end_ms, one.state, one.cause, one.confirmed_ms),
    ]
    return [piece for piece in pieces if piece.start_ms < piece.end_ms]
