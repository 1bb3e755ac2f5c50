"""The unit that each stretch of a target's time counts under in a report: as it was, or in the units of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agent.availability.accounting import Scoring, clipped, tally
from agent.availability.figures import InForce, PlaceShare, Subject
from agent.availability.intervals import Interval
from agent.reporting.unit_grouping import UnitGrouping
from agent.scoring.evidence import UnitBasis


@dataclass(frozen=True, slots=True)
class PlacedStretch:
    """A target counts in the place of the subject in [start_ms, end_ms)."""

    start_ms: int
    end_ms: int
    subject: Subject

    @property
    def place(self) -> tuple[str, str, str]:
        """Unit, level and site."""
        return self.subject.unit, self.subject.level, self.subject.site


class UnitPlaces:
    """Places by one basis, with the names of one instant: the report's last."""

    def __init__(self, grouping: UnitGrouping, basis: UnitBasis, named_at_ms: int) -> None:
        self._grouping = grouping
        self._basis = basis
        self._named_at_ms = named_at_ms
        self._subjects: dict[tuple[Subject, str], Subject] = {}

    def subject(self, subject: Subject, in_force: Sequence[InForce]) -> Subject:
        """A target's names, and the unit of the last stretch in force; in the units of today, that of today."""
        if self._basis is not UnitBasis.AS_WAS:
            return self._in_unit(subject, self._grouping.today(subject.target))
        if not (in_force and self._grouping.has_changes):
            return subject
        *_, last = self.stretches(in_force[-1:])
        return replace(subject, unit=last.subject.unit, unit_name=last.subject.unit_name, level=last.subject.level)

    def stretches(self, in_force: Sequence[InForce]) -> Iterator[PlacedStretch]:
        """What was in force, parted where the unit changes by legal date."""
        for stretch in in_force:
            if not self._grouping.has_changes:
                yield PlacedStretch(stretch.start_ms, stretch.end_ms, stretch.subject)
                continue
            for span in self._grouping.target_spans(stretch.subject.target):
                start, end = max(span.start_ms, stretch.start_ms), min(span.end_ms, stretch.end_ms)
                if start < end:
                    yield PlacedStretch(start, end, self._in_unit(stretch.subject, span.unit))

    def shares(
        self, in_force: Sequence[InForce], states: Sequence[Interval], scoring: Scoring
    ) -> tuple[PlaceShare, ...]:
        """The share of each place, in the order of arrival; () where nobody asks, for all is in one place."""
        stretches = list(self.stretches(in_force))
        places = dict.fromkeys(stretch.place for stretch in stretches)
        if len(places) < 2 and self._basis is UnitBasis.AS_WAS:
            return ()
        return tuple(
            _share([stretch for stretch in stretches if stretch.place == place], states, scoring) for place in places
        )

    def _in_unit(self, subject: Subject, unit: str) -> Subject:
        """The subject in that unit, by the unit's name at the report's last instant."""
        if (subject, unit) not in self._subjects:
            facts = self._grouping.unit(unit, self._named_at_ms)
            self._subjects[subject, unit] = replace(subject, unit=unit, unit_name=facts.name, level=facts.level)
        return self._subjects[subject, unit]


def _share(stays: Sequence[PlacedStretch], states: Sequence[Interval], scoring: Scoring) -> PlaceShare:
    pieces = [piece for stay in stays for piece in clipped(states, stay.start_ms, stay.end_ms)]
    return PlaceShare(stays[-1].subject, tally(pieces, scoring))
