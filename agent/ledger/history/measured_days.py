"""What the runs of each local day told of targets beside their states, out of the rows of the ledger."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.ledger.history.runs import runs_of
from agent.ledger.packed_sums import COUNTS, FACTS, measured_of, unpacked
from agent.ledger.queries import RowQueries
from agent.model.measured import BUCKETS, BooleanFact, Measured, YesNo


class MeasuredDay(NamedTuple):
    """What a row says of one target on one local day; others may say more of the same day: add them.

    counts, certificate_days: as of agent.ledger.packed_sums; ``measured`` has them as sums.
    """

    day: date
    target: str
    counts: array[int]
    certificate_days: int | None

    @property
    def measured(self) -> Measured:
        """The sums of the row."""
        return measured_of(self.counts, self.certificate_days)


class LastAnswer(NamedTuple):
    """The last day of a period on which a question was answered, and that day's runs."""

    day: date
    runs: YesNo


@dataclass(frozen=True, slots=True)
class TargetPeriod:
    """The days of a period of one target: all of them added, on how many there is anything, and the last answers."""

    sums: Measured
    days: int
    last: Mapping[BooleanFact, LastAnswer]


@dataclass(frozen=True, slots=True)
class MeasuredPeriod:
    """The days of a period together, by target.

    targets: those with anything in the period. measured_since: the oldest day of which the observer's ledger has any
    sums, whatever the period, None of none; before it nothing was counted.
    """

    targets: Mapping[str, TargetPeriod]
    measured_since: date | None

    @property
    def sums(self) -> Mapping[str, Measured]:
        """All days added, by target."""
        return {target: period.sums for target, period in self.targets.items()}

    @property
    def days(self) -> Mapping[str, int]:
        """On how many days there is anything, by target."""
        return {target: period.days for target, period in self.targets.items()}


class MeasuredTally:
    """Adds up days of one target, whatever their order, in two microseconds each. first: no day lies before it."""

    __slots__ = ("_certificate_days", "_days", "_first", "_newest", "_parts", "_some", "_sums")

    def __init__(self, first: date) -> None:
        self._first = first.toordinal()
        self._sums = array("Q", bytes(8 * COUNTS))
        self._some = 0  # what is not in the sums yet: all counts in one number, 32 bits each, which some parts fit into
        self._parts = 0
        self._days = 0  # a bit for each day
        self._newest: dict[int, tuple[date, int]] = {}  # by the set of questions answered: newest day, its counts
        self._certificate_days: int | None = None

    def add(self, day: MeasuredDay) -> None:
        """One more day, or a part of one."""
        counts, fewest = day.counts, day.certificate_days
        number = int.from_bytes(counts.tobytes(), sys.byteorder)
        self._some += number
        self._parts += 1
        if self._parts == _MOST_PARTS:
            self._fold()
        self._days |= 1 << (day.day.toordinal() - self._first)
        if fewest is not None and (self._certificate_days is None or fewest < self._certificate_days):
            self._certificate_days = fewest
        answered = 0
        for bit, at in _ANSWERS:
            if counts[at] or counts[at + 1]:
                answered |= bit
        newest, runs = self._newest.get(answered, (day.day, 0))
        if newest < day.day:
            self._newest[answered] = day.day, number
        elif newest == day.day:
            self._newest[answered] = day.day, _added(number, runs)

    @property
    def period(self) -> TargetPeriod:
        """All of it together."""
        self._fold()
        sums = measured_of(self._sums, self._certificate_days)
        return TargetPeriod(sums, self._days.bit_count(), dict(self._last()))

    def _fold(self) -> None:
        for place, count in enumerate(_counts(self._some)):
            self._sums[place] += count
        self._some = self._parts = 0

    def _last(self) -> Iterator[tuple[BooleanFact, LastAnswer]]:
        for fact, (bit, at) in zip(FACTS, _ANSWERS, strict=True):
            entries = [entry for questions, entry in self._newest.items() if questions & bit]
            newest = max((day for day, _ in entries), default=None)
            if newest is not None:
                parts = [_counts(runs) for day, runs in entries if day == newest]
                yes, no = (sum(counts[place] for counts in parts) for place in (at, at + 1))
                yield fact, LastAnswer(newest, YesNo(yes, no))


def measured_days(
    source: RowQueries, observer: str, first: date, last: date, targets: Container[str] | None = None
) -> Iterator[MeasuredDay]:
    """Every sum of an observer's local days from the first to the last, both included, in the order written.

    targets: whose; None: of all. As of a row: the questions to ``Reader.up_to``. One row is in memory at a time.
    LedgerError where a row is not what the agent writes.
    """
    runs = {run.seq for run in runs_of(source, observer)}
    for seq, run, day_text, body in source.measured_between(first.isoformat(), last.isoformat()):
        if run not in runs:
            continue
        day = _day(seq, day_text)
        try:
            for target, counts, certificate_days in unpacked(json.loads(body)["sums"]):
                if targets is None or target in targets:
                    yield MeasuredDay(day, target, counts, certificate_days)
        except (ValueError, KeyError, TypeError) as error:
            raise _unreadable(seq, error) from error


def measured_period(
    source: RowQueries, observer: str, first: date, last: date, targets: Container[str] | None = None
) -> MeasuredPeriod:
    """The days of the period together; parameters and errors as of ``measured_days``."""
    tallies: dict[str, MeasuredTally] = {}
    for day in measured_days(source, observer, first, last, targets):
        tally = tallies.get(day.target)
        if tally is None:
            tally = tallies[day.target] = MeasuredTally(first)
        tally.add(day)
    periods = {target: tally.period for target, tally in tallies.items()}
    return MeasuredPeriod(periods, measured_since(source, observer))


def measured_since(source: RowQueries, observer: str) -> date | None:
    """The oldest local day of which an observer's ledger has sums; None where it has none. LedgerError as above."""
    runs = {run.seq for run in runs_of(source, observer)}
    oldest = min((day for run, day in source.first_measured_days() if run in runs), default=None)
    return None if oldest is None else _day(0, oldest)


def _added(number: int, runs: int) -> int:
    """Count by count; where a made-up day has more than 32 bits hold, as many as they do."""
    sums = (min(a + b, _MOST_COUNT) for a, b in zip(_counts(number), _counts(runs), strict=True))
    return int.from_bytes(array("I", sums).tobytes(), sys.byteorder)


def _counts(number: int) -> Sequence[int]:
    return array("I", number.to_bytes(4 * COUNTS, sys.byteorder))


def _day(seq: int, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _unreadable(seq, error) from error


def _unreadable(seq: int, error: Exception) -> LedgerError:
    return LedgerError(ledger_errors.ROW_UNREADABLE.filled(kind=f"measured_sums {seq}", why=error))


_MOST_COUNT = (1 << 32) - 1
_MOST_PARTS = 256
"""Of one target that fit into 32 bits, of which no count is above ten million (agent.ledger.packed_sums)."""

_ANSWERS = tuple((1 << number, BUCKETS + 2 * number) for number in range(len(FACTS)))
