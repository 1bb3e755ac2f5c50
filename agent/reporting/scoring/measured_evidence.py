"""What the days of a period told of targets beside their states, by where each target counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from agent.availability.spans import Span
from agent.availability.zones import first_instant
from agent.ledger.history.measured_days import MeasuredTally, measured_days
from agent.ledger.queries import RowQueries
from agent.scoring.evidence import FeatureDays, MeasuredSpan, Placement


def measured_spans(
    source: RowQueries,
    observer: str,
    zone: str,
    period: tuple[date, date],
    placements: Callable[[str], Sequence[Placement]],
) -> Mapping[str, tuple[MeasuredSpan, ...]]:
    """By target one span for each of its placements; () of those without any row in the period.

    period: its first and its last day. A day is not divided: it counts where the target was when the day began.
    LedgerError where a row is not what the agent writes.
    """
    first, last = period
    tallies: dict[str, tuple[_PlacedTally, ...]] = {}
    edges = cache(lambda day: (first_instant(zone, day), first_instant(zone, day + timedelta(days=1))))
    for day in measured_days(source, observer, first, last):
        parts = tallies.get(day.target)
        if parts is None:
            parts = tuple(_PlacedTally(placement, first) for placement in placements(day.target))
            tallies[day.target] = parts
        if len(parts) == 1:
            parts[0].tally.add(day)
        elif (part := _part_of(parts, edges(day.day))) is not None:
            part.tally.add(day)
    return {target: tuple(part.span() for part in parts) for target, parts in tallies.items()}


class _PlacedTally:
    """The days of one placement."""

    __slots__ = ("placement", "tally")

    def __init__(self, placement: Placement, first: date) -> None:
        self.placement = placement
        self.tally = MeasuredTally(first)

    def span(self) -> MeasuredSpan:
        """All of them together."""
        period = self.tally.period
        features = (
            FeatureDays(fact.value, last.day, last.runs.yes, last.runs.no) for fact, last in period.last.items()
        )
        return MeasuredSpan(
            self.placement.start_ms,
            self.placement.end_ms,
            period.days,
            period.sums.first_byte,
            tuple(sorted(features, key=lambda days: days.feature)),
        )


def _part_of(parts: Sequence[_PlacedTally], day: Span) -> _PlacedTally | None:
    """The first placement with any of the day."""
    start_ms, end_ms = day
    return next((part for part in parts if part.placement.start_ms < end_ms and start_ms < part.placement.end_ms), None)
