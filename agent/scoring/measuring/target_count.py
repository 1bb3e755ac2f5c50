"""What one target counts in some of its time, by the rules of docs/uptime.md; each figure is made when it is asked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import timedelta

from agent.availability.accounting import Scoring, clipped, tally
from agent.availability.calendar import Calendar, Found, Successive
from agent.availability.calendar_document import parse_calendar
from agent.availability.figures import Status, Tally
from agent.availability.intervals import Interval, overlaid
from agent.availability.maintenance import AppliedWindow
from agent.availability.spans import Span, intersection, union
from agent.availability.zones import DAY_MS, date_of, first_instant
from agent.model import State
from agent.scoring.evidence import Evidence, MeasuredSpan, Placement, TargetEvidence

_Hours = tuple[tuple[Span, str], ...]
_MOST_SCORINGS = 256


class CountedTime:
    """Which instants count, by calendars and maintenance; made once for all targets that share both."""

    def __init__(self, evidence: Evidence) -> None:
        self._terms = evidence.terms
        self._zone = evidence.zone
        self._bodies = evidence.calendars
        self._names = {digest: name for name, digest in evidence.provenance.calendars}
        self._calendars: dict[str, Calendar] = {}
        self._counted: dict[_Hours, Found] = {}
        self._scorings: dict[tuple[_Hours, tuple[AppliedWindow, ...]], Scoring] = {}
        self._days: list[int] = []

    def scoring(self, hours: _Hours, windows: tuple[AppliedWindow, ...]) -> Scoring:
        """What counts in these hours without these windows."""
        key = hours, windows
        if key not in self._scorings:
            if len(self._scorings) >= _MOST_SCORINGS:
                del self._scorings[next(iter(self._scorings))]  # the oldest: targets of one unit come together
            self._scorings[key] = Scoring(self._terms, self._counted_in(hours), windows)
        return self._scorings[key]

    def _counted_in(self, hours: _Hours) -> Found:
        """What counts but for maintenance: found once, as every unit has windows of its own."""
        if hours not in self._counted:
            calendar = Successive(tuple((span, self._calendar(digest)) for span, digest in hours))
            self._counted[hours] = Found(calendar.spans(self._terms.start_ms, self._terms.until_ms))
        return self._counted[hours]

    def name(self, digest: str) -> str:
        """What the calendar is called; "" where nobody says."""
        return self._names.get(digest, "")

    def whole_days(self, spans: Sequence[Span]) -> int:
        """How many local days of the period that are over touch the spans."""
        edges = self._edges()
        days: set[int] = set()
        for start, end in spans:
            days.update(range(max(bisect_right(edges, start) - 1, 0), min(bisect_left(edges, end), len(edges) - 1)))
        return len(days)

    def _calendar(self, digest: str) -> Calendar:
        if digest not in self._calendars:
            self._calendars[digest] = parse_calendar(self._bodies[digest])
        return self._calendars[digest]

    def _edges(self) -> list[int]:
        """The beginning of each local day of the period, and of the one after the last that is over."""
        if not self._days:
            day = date_of(self._terms.start_ms + DAY_MS // 2)  # east and west of Greenwich it is this date or the next
            while first_instant(self._zone, day) > self._terms.start_ms:
                day -= timedelta(days=1)
            while (edge := first_instant(self._zone, day)) <= self._terms.until_ms:
                self._days.append(edge)
                day += timedelta(days=1)
        return self._days


class TargetCount:
    """One target in some of its placements."""

    def __init__(self, target: TargetEvidence, placements: Sequence[Placement], time: CountedTime) -> None:
        self.target = target
        self.placements = placements
        self.spans = union((placement.start_ms, placement.end_ms) for placement in placements)
        self._time = time
        self._tallies: dict[str, Tally] = {}
        self._amended: dict[str, Tally] = {}
        self._outages: dict[str, int] = {}
        self._unsure: dict[str, bool] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._scorings: dict[str, Scoring] = {}

    def within(self, placements: Sequence[Placement]) -> TargetCount:
        """The same target in fewer of them."""
        return TargetCount(self.target, placements, self._time)

    def tally(self, calendar: str) -> Tally:
        """As recorded, in the calendar of that name, "" its own."""
        if calendar not in self._tallies:
            self._tallies[calendar] = tally(self._within(self.target.states), self._scoring(calendar))
        return self._tallies[calendar]

    def amended(self, calendar: str) -> Tally:
        """As signed corrections have it."""
        if not self.target.corrections:
            return self.tally(calendar)
        if calendar not in self._amended:
            corrected = overlaid(self.target.states, self.target.corrections)
            self._amended[calendar] = tally(self._within(corrected), self._scoring(calendar))
        return self._amended[calendar]

    def unsure(self, calendar: str) -> bool:
        """Whether too little is known of it, as recorded."""
        if calendar not in self._unsure:
            self._unsure[calendar] = self.tally(calendar).status is not Status.OK
        return self._unsure[calendar]

    def outages(self, calendar: str) -> int:
        """How many with counted time."""
        if calendar not in self._outages:
            counted = self._scoring(calendar).counted_net
            down = (state for state in self._within(self.target.states) if state.state is State.DOWN)
            self._outages[calendar] = sum(counted.within(state.start_ms, state.end_ms) > 0 for state in down)
        return self._outages[calendar]

    def calendars(self, calendar: str) -> tuple[str, ...]:
        """The names of those counted in."""
        if calendar:
            return (calendar,)
        if calendar not in self._names:
            counted = (digest for span, digest in self._hours("") if intersection([span], self.spans))
            self._names[calendar] = tuple(self._time.name(digest) for digest in counted)
        return self._names[calendar]

    def measured(self) -> tuple[MeasuredSpan, ...]:
        """What was measured in these spans."""
        return tuple(
            span for span in self.target.measured if any(start <= span.start_ms < end for start, end in self.spans)
        )

    def expected_days(self) -> int:
        """The days that are over in which it was configured."""
        states = union((state.start_ms, state.end_ms) for state in self._within(self.target.states))
        return self._time.whole_days(states)

    def _within(self, states: Sequence[Interval]) -> Sequence[Interval]:
        if not states or (self.spans[0][0] <= states[0].start_ms and self.spans[0][1] >= states[-1].end_ms):
            return states
        return [piece for start, end in self.spans for piece in clipped(states, start, end)]

    def _hours(self, calendar: str) -> _Hours:
        return self.target.hours[calendar]

    def _scoring(self, calendar: str) -> Scoring:
        if calendar not in self._scorings:
            self._scorings[calendar] = self._time.scoring(self._hours(calendar), self.target.windows)
        return self._scorings[calendar]
