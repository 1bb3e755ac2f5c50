"""States of a target to the figures of a report, in whole milliseconds. Rules and examples: docs/uptime.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from agent.availability.calendar import Calendar, Found, Successive
from agent.availability.figures import COVERAGE_THRESHOLD, WHOLE, Outage, Subject, Tally, TargetFigures
from agent.availability.intervals import Interval, cut
from agent.availability.maintenance import AppliedWindow
from agent.availability.spans import Span, SpanIndex, difference, intersection, union
from agent.model import State


@dataclass(frozen=True, slots=True)
class ReportTerms:
    """What a report is asked for: [start_ms, end_ms) as known at as_of_ms.

    weight: what degraded time is worth in availability. threshold: percent of coverage below which it is insufficient.
    """

    start_ms: int
    end_ms: int
    as_of_ms: int
    weight: Fraction = WHOLE
    threshold: Fraction = COVERAGE_THRESHOLD

    @property
    def until_ms(self) -> int:
        """Nothing is counted from here on: the end of the period or the report instant."""
        return min(self.end_ms, self.as_of_ms)


class Scoring:
    """Which instants of a report count under one calendar and one set of maintenance windows; shared by targets."""

    def __init__(
        self, terms: ReportTerms, calendar: Calendar | Successive | Found, windows: Sequence[AppliedWindow] = ()
    ) -> None:
        planned = union((window.start_ms, window.end_ms) for window in windows if window.excluded)
        counted = calendar.spans(terms.start_ms, terms.until_ms) if terms.start_ms < terms.until_ms else ()
        self.terms = terms
        self.counted = SpanIndex(counted)
        self.excluded = SpanIndex(intersection(counted, planned))
        self.counted_net = SpanIndex(difference(counted, planned))
        self.retroactive = tuple(
            window.id
            for window in windows
            if not window.excluded and window.start_ms < terms.end_ms and window.end_ms > terms.start_ms
        )


def account(
    subject: Subject,
    states: Sequence[Interval],
    scoring: Scoring,
    soft_failures: Iterable[int] = (),
    *,
    calendar: str = "always",
    resolution_ms: int = 0,
) -> TargetFigures:
    """The figures of one target. states: all that is known of it; soft_failures: starts of the short failure runs.

    ValueError if what was counted does not add up.
    """
    terms = scoring.terms
    return TargetFigures(
        subject,
        tally(states, scoring),
        calendar,
        tuple(_outages(states, scoring)),
        sum(scoring.counted_net.holds(at) for at in soft_failures),
        scoring.retroactive,
        tuple(clipped(states, terms.start_ms, terms.until_ms)),
        resolution_ms,
    )


def tally(states: Iterable[Interval], scoring: Scoring) -> Tally:
    """The sums: what counts, what maintenance takes of it, and the rest by state, each counted for itself."""
    by_state = dict.fromkeys(State, 0)
    stretches: list[Span] = []
    net = scoring.counted_net
    last_ms = before = 0
    for state in states:
        if not stretches or state.start_ms != last_ms:
            stretches.append((state.start_ms, state.end_ms))
            before = net.before(state.start_ms)
        last_ms, after = state.end_ms, net.before(state.end_ms)
        stretches[-1] = (stretches[-1][0], last_ms)
        by_state[state.state] += after - before
        before = after
    counted = sum(scoring.counted.within(start, end) for start, end in stretches)
    excluded = sum(scoring.excluded.within(start, end) for start, end in stretches)
    return Tally(
        counted,
        excluded,
        by_state[State.UNKNOWN],
        by_state[State.DOWN],
        by_state[State.DEGRADED],
        by_state[State.UP],
        scoring.terms.weight,
        scoring.terms.threshold,
    )


def _outages(states: Sequence[Interval], scoring: Scoring) -> Iterable[Outage]:
    """Longest stretches of DOWN with counted time; only what is shown of them ends at the period's edges."""
    for state in states:
        counted = scoring.counted_net.within(state.start_ms, state.end_ms) if state.state is State.DOWN else 0
        if counted:
            start, end = max(state.start_ms, scoring.terms.start_ms), min(state.end_ms, scoring.terms.until_ms)
            yield Outage(start, end, counted, state.confirmed_ms, state.cause, state.number)


def clipped(states: Iterable[Interval], start_ms: int, end_ms: int) -> Iterable[Interval]:
    """The parts of the states that lie in [start_ms, end_ms)."""
    for state in states:
        if start_ms <= state.start_ms < state.end_ms <= end_ms:
            yield state
        elif max(state.start_ms, start_ms) < min(state.end_ms, end_ms):
            yield cut(state, start_ms, end_ms)
