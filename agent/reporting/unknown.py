"""Unknown time of a report's targets, by cause."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agent.availability.figures import Report, TargetFigures
from agent.availability.intervals import Interval
from agent.ledger.history.breaks import GAPS, Break, BreakKind
from agent.model import Cause, State, UnknownCause


@dataclass(frozen=True, slots=True)
class Dropped:
    """A target's time that is unknown because this machine lost packets, between first_ms and last_ms (UTC)."""

    figures: TargetFigures
    times: int
    first_ms: int
    last_ms: int
    length_ms: int


def unknown_time(report: Report, breaks: Iterable[Break] = ()) -> Counter[Cause | BreakKind]:
    """Milliseconds by cause, of all targets together; time outside the calendars included.

    breaks: what lies behind the time in which no agent run vouches for anything.
    """
    lengths: Counter[Cause | BreakKind] = Counter()
    gaps = _gaps(breaks)
    for target in report.targets:
        for state in target.states:
            if state.state is State.UNKNOWN:
                for cause, length_ms in _parts(state, gaps):
                    lengths[cause] += length_ms
    return lengths


def dropped(report: Report) -> tuple[Dropped, ...]:
    """The targets that lost time by packets that were lost here, the most first: nobody gains by a flood unseen."""
    losses = []
    for target in report.targets:
        spans = [state for state in target.states if state.cause is UnknownCause.DROPS]
        if spans:
            length_ms = sum(span.end_ms - span.start_ms for span in spans)
            losses.append(Dropped(target, len(spans), spans[0].start_ms, spans[-1].end_ms, length_ms))
    return tuple(sorted(losses, key=lambda loss: (-loss.length_ms, loss.figures.target)))


def _gaps(breaks: Iterable[Break]) -> list[tuple[int, BreakKind]]:
    """The start of each gap with its weightiest cause, in order."""
    causes: dict[int, BreakKind] = {}
    for break_ in breaks:
        if break_.kind in GAPS:
            known = causes.get(break_.start_ms, break_.kind)
            causes[break_.start_ms] = min(known, break_.kind, key=GAPS.index)
    return sorted(causes.items())


def _parts(state: Interval, gaps: list[tuple[int, BreakKind]]) -> Iterator[tuple[Cause | BreakKind, int]]:
    """The state's time by cause; unvouched time belongs to the gap before it, up to the next gap."""
    if state.cause is not UnknownCause.AGENT_OFF or not gaps:
        yield state.cause, state.end_ms - state.start_ms
        return
    starts = [start for start, _ in gaps]
    place, at_ms = max(bisect_right(starts, state.start_ms) - 1, 0), state.start_ms
    while at_ms < state.end_ms:
        following = starts[place + 1] if place + 1 < len(starts) else state.end_ms
        end_ms = min(max(following, at_ms), state.end_ms)
        yield gaps[place][1], end_ms - at_ms
        at_ms, place = end_ms, place + 1
