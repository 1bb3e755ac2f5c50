"""Under which unit a site is grouped when: changes of units by law, over what the inventories recorded. Pure.

The legal date decides the grouping alone. What counts of the time (calendar, SLO, maintenance) stays as recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from agent.availability.spans import BEGINNING, FOREVER


@dataclass(frozen=True, slots=True)
class UnitSpan:
    """A site belongs to the unit in [start_ms, end_ms) of UTC."""

    start_ms: int
    end_ms: int
    unit: str


@dataclass(frozen=True, slots=True)
class LegalMove:
    """Sites pass from source to destination at at_ms, the beginning of the legal date.

    known_ms: from when on the inventories in force have the change; FOREVER: none of those that are looked at. sites:
    those that are named. whole: the source ended, so that all that it had goes.
    """

    at_ms: int
    known_ms: int
    source: str
    destination: str
    sites: frozenset[str] = frozenset()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What a unit is called and where it stands; "" for what is not said."""

    id: str
    name: str = ""
    code: str = ""
    parent: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class LegalFacts:
    """From at_ms on a unit has other facts; before, as far as it is known, the old ones. By key: name, code, parent."""

    at_ms: int
    known_ms: int
    unit: str
    new: Mapping[str, str]
    old: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LegalEnd:
    """The unit is no more from at_ms on; successors are the units that its parts went to."""

    at_ms: int
    unit: str
    successors: tuple[str, ...] = ()


class LegalMoves:
    """All moves that are known, by date; of those on one date the first comes first."""

    def __init__(self, moves: Iterable[LegalMove]) -> None:
        self._moves = sorted(moves, key=lambda move: move.at_ms)
        self._of_unit: dict[str, list[int]] = defaultdict(list)
        self._of_site: dict[str, list[int]] = defaultdict(list)
        for place, move in enumerate(self._moves):
            for unit in {move.source, move.destination}:
                self._of_unit[unit].append(place)
            for site in move.sites:
                self._of_site[site].append(place)

    def about(self, site: str, recorded: Sequence[UnitSpan]) -> list[LegalMove]:
        """Those that can matter to the site: of the units that it was in, and of all that these lead to."""
        places = set(self._of_site.get(site, ()))
        waiting = {span.unit for span in recorded} | {unit for place in places for unit in self._units(place)}
        seen: set[str] = set()
        while waiting:
            unit = waiting.pop()
            seen.add(unit)
            places.update(self._of_unit.get(unit, ()))
            waiting |= {other for place in self._of_unit.get(unit, ()) for other in self._units(place)} - seen
        return [self._moves[place] for place in sorted(places)]

    def _units(self, place: int) -> tuple[str, str]:
        return self._moves[place].source, self._moves[place].destination


def grouped(site: str, recorded: Sequence[UnitSpan], moves: LegalMoves) -> tuple[UnitSpan, ...]:
    """The units of a site, by legal date where a change has one; together they are the recorded time, no instant twice.

    A move that no change explains keeps the instant at which it was recorded.
    """
    concerned = moves.about(site, recorded)
    if not concerned:
        return _joined(recorded)
    dates = {at for move in concerned for at in (move.at_ms, move.known_ms)}
    pieces = (piece for span in recorded for piece in _cut(span, dates))
    return _joined([replace(piece, unit=_unit_at(site, piece, recorded, concerned)) for piece in pieces])


def _cut(span: UnitSpan, dates: Iterable[int]) -> Iterator[UnitSpan]:
    edges = sorted({span.start_ms, span.end_ms, *(at for at in dates if span.start_ms < at < span.end_ms)})
    return (UnitSpan(start, end, span.unit) for start, end in pairwise(edges))


def _unit_at(site: str, piece: UnitSpan, recorded: Sequence[UnitSpan], ordered: Sequence[LegalMove]) -> str:
    """What was recorded, less the moves that were not in force yet, plus those in force that nobody had recorded."""
    unit, at_ms = piece.unit, piece.start_ms
    before = [span.unit for span in recorded if span.start_ms <= at_ms]
    after = [span.unit for span in recorded if span.end_ms > at_ms]
    for move in reversed(ordered):
        came = site in move.sites or _came_from(before, move)
        if move.at_ms > at_ms and unit == move.destination and came and move.source not in after:
            unit = move.source
    for move in ordered:
        goes = move.whole or (site in move.sites and (at_ms < move.known_ms or move.destination in after))
        if move.at_ms <= at_ms and unit == move.source and goes:
            unit = move.destination
    return unit


def _came_from(before: Sequence[str], move: LegalMove) -> bool:
    """Whether the inventories show the site passing as the change says."""
    return any(pair == (move.source, move.destination) for pair in pairwise(before))


def _joined(spans: Iterable[UnitSpan]) -> tuple[UnitSpan, ...]:
    joined: list[UnitSpan] = []
    for span in spans:
        if joined and joined[-1].unit == span.unit:
            joined[-1] = replace(joined[-1], end_ms=span.end_ms)
        else:
            joined.append(span)
    return tuple(joined)


def facts_at(recorded: UnitFacts, changes: Iterable[LegalFacts], at_ms: int) -> UnitFacts:
    """The facts of a unit at an instant; recorded: those that the inventory of that instant has."""
    ordered = sorted((change for change in changes if change.unit == recorded.id), key=lambda change: change.at_ms)
    facts = recorded
    for change in reversed(ordered):
        if change.at_ms > at_ms >= change.known_ms:
            facts = replace(facts, **change.old)
    for change in ordered:
        if change.at_ms <= at_ms < change.known_ms:
            facts = replace(facts, **change.new)
    return facts


def existence(unit: str, founded: Iterable[tuple[str, int]], ends: Iterable[LegalEnd]) -> tuple[int, int]:
    """[start_ms, end_ms) in which the unit exists by law; BEGINNING and FOREVER where no change says."""
    start = max((at_ms for name, at_ms in founded if name == unit), default=BEGINNING)
    end = min((end.at_ms for end in ends if end.unit == unit), default=FOREVER)
    return start, end


def successors(unit: str, ends: Sequence[LegalEnd], at_ms: int) -> tuple[str, ...]:
    """The units of at_ms that stand in a unit's place, itself if it is there; () if it went without one."""
    ended = {end.unit: end.successors for end in ends if end.at_ms <= at_ms}
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [unit]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in ended:
            waiting.extend(reversed(ended[name]))
        else:
            found[name] = None
    return tuple(found)
