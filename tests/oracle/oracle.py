"""An independent count of a replay document: for every elementary span between two instants that matter, ask by
definition what it is, and add. Slow on purpose, and sharing nothing with what it judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from tests.oracle.calendars import Calendar
from tests.oracle.changes import Changes, Told
from tests.oracle.evidence import Condition, Evidence
from tests.oracle.figures import figures
from tests.oracle.policies import Later
from tests.oracle.refusal import RefusedError, faults
from tests.oracle.rules import DEGRADED, DOWN, UNKNOWN, UP, Rules, Window
from tests.oracle.story import Story


class Piece(NamedTuple):
    """An elementary span: nothing changes inside it."""

    start: int
    end: int
    condition: Condition | None
    in_period: bool
    scoring: int
    excluded: int


def report(
    document: dict[str, Any],
    rules: Rules | None = None,
    later: Mapping[str, Later] | None = None,
    changes: Changes | None = None,
) -> dict[str, Any]:
    """The answer of `sansang uptime --replay` to this document. Raises RefusedError.

    later: by target, policies that a reload put in the place of the document's, and the UTC from which they hold.
    changes: calendars and scopes that came one after another, in place of the document's calendar and windows' targets.
    """
    found = faults(document, rules or Rules())
    if found:
        raise RefusedError(found)
    story = Story(document, rules or Rules(), later)
    return {
        "version": 1,
        "period": {"start_utc_ms": story.start, "end_utc_ms": story.end},
        "as_of_utc_ms": story.as_of,
        "targets": [Account(story, target, changes).answer() for target in document["targets"]],
    }


class Account:
    """One target's time."""

    def __init__(self, story: Story, target: dict[str, Any], changes: Changes | None = None) -> None:
        self.story = story
        self.rules = story.rules
        self.id = target["id"]
        self.told = Told(changes, self.id, self.rules) if changes else None
        windows = story.windows_of(self.id)
        windows = self.told.windows(windows) if self.told else windows
        self.windows = [window for window in windows if self.rules.known(window, story.as_of)]
        self.planned = [window for window in self.windows if self.rules.planned(window)]
        self.limit = self.rules.counted_until(story.end, story.as_of)
        self.evidence = Evidence(story, target)
        self.pieces = list(self._pieces())

    def _pieces(self) -> Iterator[Piece]:
        for start, end in pairwise(self._instants()):
            condition = self.evidence.at(start)
            inside = condition is not None and self._in_period(start)
            scoring = end - start if inside and self._calendar(start).counts(start) else 0
            excluded = self.rules.excluded(start, end, self._planned(start)) if scoring else 0
            yield Piece(start, end, condition, inside, scoring, excluded)

    def _instants(self) -> list[int]:
        """Every instant up to the report's at which anything may change."""
        last = max(self.limit, self.story.as_of)
        edges = {self.story.start, self.story.end, self.story.as_of, *self.evidence.edges()}
        edges.update(x for window in self.planned for x in (window.start, window.end))
        edges.update(self.told.edges() if self.told else ())
        for calendar in self._calendars():
            edges.update(calendar.edges(self.story.start, self.limit))
        return sorted(x for x in edges if x <= last)

    def _calendars(self) -> list[Calendar]:
        if self.told is None:
            return [self.story.calendar]
        return [Calendar(words.calendar, self.rules) for _, words in self.told.words]

    def _calendar(self, x: int) -> Calendar:
        return self.story.calendar if self.told is None else Calendar(self.told.at(x).calendar, self.rules)

    def _planned(self, x: int) -> list[Window]:
        told = self.told
        return self.planned if told is None else [one for one in self.planned if self.rules.in_scope(told, one, x)]

    def _in_period(self, x: int) -> bool:
        return self.rules.inside(x, self.story.start, self.limit)

    def answer(self) -> dict[str, Any]:
        sums = {state: self._counted(state) for state in (UNKNOWN, DOWN, DEGRADED, UP)}
        outages = self._outages()
        maintenance = sum(piece.excluded for piece in self.pieces)
        return {
            "target": self.id,
            "scoring_ms": sum(piece.scoring for piece in self.pieces),
            "maintenance_ms": maintenance,
            **{f"{state}_ms": sums[state] for state in sums},
            **figures(sums, maintenance, self.story),
            "outages": outages,
            "longest_outage_ms": max((outage["counted_ms"] for outage in outages), default=0),
            "soft_failures": sum(self._is_scored(x) for x in self.evidence.soft_failures()),
            "retroactive": [window.id for window in self.windows if self._is_retroactive(window)],
            "states": self._states(),
        }

    def _counted(self, state: str) -> int:
        mine = (piece for piece in self.pieces if piece.condition and piece.condition.state == state)
        return sum(piece.scoring - piece.excluded for piece in mine)

    def _is_scored(self, x: int) -> bool:
        return any(piece.start <= x < piece.end and piece.scoring > piece.excluded for piece in self.pieces)

    def _is_retroactive(self, window: Window) -> bool:
        return not self.rules.planned(window) and window.start < self.story.end and window.end > self.story.start

    def _outages(self) -> list[dict[str, Any]]:
        """Longest stretches of DOWN, wherever they begin; shown inside the period."""
        found = []
        for state, group in groupby(self.pieces, key=lambda piece: piece.condition and piece.condition.state):
            stretch = list(group)
            counted = sum(piece.scoring - piece.excluded for piece in stretch)
            if state == DOWN and stretch[0].condition and counted:
                start, end = max(stretch[0].start, self.story.start), min(stretch[-1].end, self.limit)
                found.append(
                    {
                        "start_utc_ms": start,
                        "end_utc_ms": end,
                        "counted_ms": self.rules.outage_counts(counted, stretch[-1].end - stretch[0].start),
                        "confirmed_utc_ms": stretch[0].condition.confirmed,
                    }
                )
        return found

    def _states(self) -> list[dict[str, Any]]:
        """Whatever calendar and maintenance; neighbours of the same state and cause are one."""
        return [
            {"start_utc_ms": stretch[0].start, "end_utc_ms": stretch[-1].end, "state": said[0], "cause": said[1]}
            for said, group in groupby(self.pieces, key=lambda piece: piece.in_period and (piece.condition or ())[:2])
            if said
            for stretch in (list(group),)
        ]
