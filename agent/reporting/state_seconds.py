"""Uptime from sansang_target_state_seconds_total in a Prometheus-compatible store: shares of states, nothing finer.

The store knows neither calendars nor maintenance nor single outages, and the agent's off time not at all: whatever it
cannot vouch for is unknown. docs/reports.md says how far this may differ from the ledger, and why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from agent.availability.figures import Subject, Tally, TargetFigures
from agent.model import State
from agent.reporting.report import UptimeReport

METRIC = "sansang_target_state_seconds_total"
_KNOWN = ("up", "degraded", "down")
_STATES = frozenset(state.name.lower() for state in State)


@dataclass(frozen=True, slots=True)
class CounterSeries:
    """One target in one state: (Unix seconds, counter), in order."""

    target: str
    state: str
    samples: tuple[tuple[float, float], ...]


@dataclass(slots=True)
class _Counter:
    """The growth of one counter. first: time and value of its first sample."""

    first: tuple[float, float] | None = None
    last: float = 0.0
    grown: float = 0.0

    def add(self, at: float, value: float) -> None:
        """A value below the last one: the agent started again, from 0."""
        if self.first is None:
            self.first = at, value
        else:
            self.grown += value - self.last if value >= self.last else value
        self.last = value


@dataclass(slots=True)
class StateShares:
    """Sums of the samples in [start_ms, end_ms], added chunk by chunk; the samples themselves are not kept."""

    start_ms: int
    end_ms: int
    _counters: dict[str, dict[str, _Counter]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(_Counter))
    )

    def add(self, series: Iterable[CounterSeries]) -> None:
        """Add samples later than all earlier ones. ValueError if two agents report the same target at once."""
        keys: set[tuple[str, str]] = set()
        for entry in series:
            if (entry.target, entry.state) in keys:
                raise ValueError(f"two series tell of {entry.target!a} {entry.state!a}: the store has several agents")
            keys.add((entry.target, entry.state))
            if entry.state in _STATES:
                counter = self._counters[entry.target][entry.state]
                for at, value in entry.samples:
                    counter.add(at, value)

    def report(self, subjects: Mapping[str, Subject], as_of_ms: int, zone: str) -> UptimeReport:
        """Coverage against the whole period up to as_of_ms; a target that the store never saw is not in it."""
        whole_ms = max(0, min(self.end_ms, as_of_ms) - self.start_ms)
        targets = tuple(
            TargetFigures(subjects.get(target, Subject(target)), self._tally(counters, whole_ms))
            for target, counters in sorted(self._counters.items())
        )
        return UptimeReport(self.start_ms, self.end_ms, as_of_ms, zone, targets)

    def _tally(self, counters: Mapping[str, _Counter], whole_ms: int) -> Tally:
        began = self._began(counters)
        grown = {state: counters[state].grown for state in _KNOWN if state in counters}
        if began:
            grown = {state: grown[state] + _first(counters[state])[1] for state in grown}
        up, degraded, down = (round(grown.get(state, 0.0) * 1000) for state in _KNOWN)
        unknown = max(0, whole_ms - up - degraded - down)
        return Tally(up + degraded + down + unknown, 0, unknown, down, degraded, up)

    def _began(self, counters: Mapping[str, _Counter]) -> bool:
        """True if the agent started inside the period: then its first values count in full."""
        firsts = [_first(counter) for counter in counters.values()]
        return sum(value for _, value in firsts) <= min(at for at, _ in firsts) - self.start_ms / 1000


def _first(counter: _Counter) -> tuple[float, float]:
    return counter.first or (0.0, 0.0)
