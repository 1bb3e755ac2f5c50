"""One counter for each measure of a sheet: it takes targets in any order, and gives the value of each scored unit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from agent.availability.figures import Figure, Pooling, Status, Tally, mean
from agent.scoring.measures import (
    AgeMeasure,
    Area,
    BooleanMeasure,
    CountMeasure,
    QuantileMeasure,
    Quantity,
    UptimeMeasure,
)
from agent.scoring.measuring.ages import DeviceAges
from agent.scoring.measuring.first_byte import quantile_ms
from agent.scoring.measuring.members import FirstByteTimes, Outcome, enough, feature_outcome
from agent.scoring.measuring.names import FirstNames
from agent.scoring.measuring.target_count import TargetCount
from agent.scoring.values import MeasuredValue, ValueStatus

STATUS_OF: Mapping[Status, ValueStatus] = {
    Status.OK: ValueStatus.KNOWN,
    Status.INSUFFICIENT: ValueStatus.INSUFFICIENT,
    Status.NO_DATA: ValueStatus.NO_DATA,
}


class Counter(ABC):
    """The value of one measure for many units."""

    def __init__(self, area: Area) -> None:
        self.area = area

    @abstractmethod
    def add(self, unit: str, count: TargetCount) -> None:
        """A target that counts for the unit, in the time in which it does; each comes once."""

    @abstractmethod
    def value(self, unit: str) -> MeasuredValue:
        """Of all that was added for it."""


class Pool:
    """Milliseconds of several targets in one sum, as recorded and as corrected, and which of them lack something."""

    __slots__ = ("_amended", "_last", "_sums", "calendars", "corrected", "lacking", "tallies", "targets", "unsure")

    def __init__(self) -> None:
        self._sums = self._amended = Tally().sums
        self._last = Tally()
        self.corrected = False
        self.targets = 0
        self.calendars: set[str] = set()
        self.lacking = FirstNames()
        self.unsure = FirstNames()
        self.tallies: list[Tally] = []

    def add(self, count: TargetCount, calendar: str, *, each: bool = False) -> None:
        """One more; each: its own tally is kept too."""
        tally, amended = count.tally(calendar), count.amended(calendar)
        self._last = tally
        self._sums, self._amended = _plus(self._sums, tally.sums), _plus(self._amended, amended.sums)
        self.corrected = self.corrected or amended is not tally
        self.targets += 1
        self.calendars.update(count.calendars(calendar))
        if tally.down_ms:
            self.lacking.add(count.target.target)
        if count.unsure(calendar):
            self.unsure.add(count.target.target)
        if each:
            self.tallies.append(tally)

    @property
    def sums(self) -> Tally:
        """As recorded."""
        return Tally(*self._sums, self._last.weight, self._last.threshold)

    @property
    def amended(self) -> Tally:
        """As signed corrections have it."""
        return Tally(*self._amended, self._last.weight, self._last.threshold)

    @property
    def calendar(self) -> str:
        """The names of the calendars counted in."""
        return ", ".join(sorted(self.calendars))


_Sums = tuple[int, int, int, int, int, int]


def _plus(left: _Sums, right: _Sums) -> _Sums:
    scoring, maintenance, unknown, down, degraded, up = map(int.__add__, left, right)
    return scoring, maintenance, unknown, down, degraded, up


class UptimeCounter(Counter):
    """Availability, pooled or as the mean of the targets'."""

    def __init__(self, measure: UptimeMeasure) -> None:
        super().__init__(measure.area)
        self._mean = measure.pooling is Pooling.MEAN
        self._pools: dict[str, Pool] = defaultdict(Pool)

    def add(self, unit: str, count: TargetCount) -> None:
        self._pools[unit].add(count, self.area.calendar, each=self._mean)

    def value(self, unit: str) -> MeasuredValue:
        pool = self._pools.get(unit)
        if pool is None:
            return MeasuredValue(ValueStatus.NOTHING_THERE, Quantity.SHARE)
        sums = pool.sums
        figure = mean([tally.availability for tally in pool.tallies]) if self._mean else sums.availability
        status = STATUS_OF[sums.status]
        known = figure is not None and status is ValueStatus.KNOWN
        return MeasuredValue(
            status,
            Quantity.SHARE,
            numerator=Fraction(figure.numerator) if figure is not None and known else Fraction(0),
            denominator=Fraction(figure.denominator) if figure is not None and known else Fraction(1),
            calendar=pool.calendar,
            coverage=sums.coverage,
            excluded_ms=sums.maintenance_ms,
            members=pool.targets,
            lacking=pool.lacking.names,
            unsure=pool.unsure.names,
            amended=pool.amended.availability if pool.corrected and not self._mean else None,
        )


class OutageCounter(Counter):
    """How many outages had counted time; too much unknown time leaves the number open."""

    def __init__(self, measure: CountMeasure) -> None:
        super().__init__(measure.area)
        self._pools: dict[str, Pool] = defaultdict(Pool)
        self._outages: dict[str, int] = defaultdict(int)

    def add(self, unit: str, count: TargetCount) -> None:
        self._pools[unit].add(count, self.area.calendar)
        self._outages[unit] += count.outages(self.area.calendar)

    def value(self, unit: str) -> MeasuredValue:
        pool = self._pools.get(unit)
        if pool is None:
            return MeasuredValue(ValueStatus.NOTHING_THERE, Quantity.COUNT)
        sums = pool.sums
        status = STATUS_OF[sums.status]
        return MeasuredValue(
            status,
            Quantity.COUNT,
            numerator=Fraction(self._outages[unit] if status is ValueStatus.KNOWN else 0),
            calendar=pool.calendar,
            coverage=sums.coverage,
            excluded_ms=sums.maintenance_ms,
            members=pool.targets,
            lacking=pool.lacking.names,
            unsure=pool.unsure.names,
        )


class BooleanCounter(Counter):
    """Whether every target that can have a property has it."""

    def __init__(self, measure: BooleanMeasure) -> None:
        super().__init__(measure.area)
        self._feature = measure.feature
        self._members: dict[str, int] = defaultdict(int)
        self._names: dict[tuple[str, Outcome], FirstNames] = defaultdict(FirstNames)

    def add(self, unit: str, count: TargetCount) -> None:
        outcome = feature_outcome(self._feature, count)
        if outcome is not Outcome.ABSENT:
            self._members[unit] += 1
            self._names[unit, outcome].add(count.target.target)

    def value(self, unit: str) -> MeasuredValue:
        lacking, unsure = self._of(unit, Outcome.FAILED), self._of(unit, Outcome.UNSURE)
        members = self._members.get(unit, 0)
        if not members:
            return MeasuredValue(ValueStatus.NOTHING_THERE, Quantity.SHARE)
        if unsure:
            answered = (unit, Outcome.PASSED) in self._names or bool(lacking)
            status = ValueStatus.INSUFFICIENT if answered else ValueStatus.NO_DATA
        else:
            status = ValueStatus.KNOWN
        has = Fraction(int(status is ValueStatus.KNOWN and not lacking))
        return MeasuredValue(status, Quantity.SHARE, numerator=has, members=members, lacking=lacking, unsure=unsure)

    def _of(self, unit: str, outcome: Outcome) -> tuple[str, ...]:
        names = self._names.get((unit, outcome))
        return () if names is None else names.names


class QuantileCounter(Counter):
    """A quantile of all first-byte times."""

    def __init__(self, measure: QuantileMeasure) -> None:
        super().__init__(measure.area)
        self._quantile = measure.quantile
        self._times: dict[str, FirstByteTimes] = defaultdict(FirstByteTimes)

    def add(self, unit: str, count: TargetCount) -> None:
        self._times[unit].add(count)

    def value(self, unit: str) -> MeasuredValue:
        times = self._times.get(unit)
        if times is None or times.absent:
            return MeasuredValue(ValueStatus.NOTHING_THERE, Quantity.SECONDS)
        status = ValueStatus.KNOWN if times.sufficient else ValueStatus.INSUFFICIENT
        status = status if any(times.buckets) else ValueStatus.NO_DATA
        known = status is ValueStatus.KNOWN
        seconds = Fraction(quantile_ms(times.buckets, self._quantile), 1000) if known else Fraction(0)
        return MeasuredValue(
            status, Quantity.SECONDS, numerator=seconds, coverage=times.coverage, members=times.targets
        )


class AgeCounter(Counter):
    """The mean age of devices."""

    def __init__(self, measure: AgeMeasure, ages: DeviceAges) -> None:
        super().__init__(measure.area)
        self._ages = ages
        self._sums: dict[str, list[Fraction]] = defaultdict(list)
        self._unsure: dict[str, FirstNames] = defaultdict(FirstNames)
        self._devices: dict[str, int] = defaultdict(int)

    def add(self, unit: str, count: TargetCount) -> None:
        age = self._ages.of(count)
        if age is None:
            return
        self._devices[unit] += 1
        if age.years is None:
            self._unsure[unit].add(count.target.target)
        else:
            self._sums[unit].append(age.years)

    def value(self, unit: str) -> MeasuredValue:
        devices, ages = self._devices.get(unit, 0), self._sums.get(unit, [])
        if not devices:
            return MeasuredValue(ValueStatus.NOTHING_THERE, Quantity.YEARS)
        coverage = Figure(len(ages), devices)
        status = ValueStatus.KNOWN if enough(coverage) else ValueStatus.INSUFFICIENT
        status = status if ages else ValueStatus.NO_DATA
        age = sum(ages, Fraction(0)) / len(ages) if status is ValueStatus.KNOWN else Fraction(0)
        unsure = self._unsure[unit].names if unit in self._unsure else ()
        return MeasuredValue(status, Quantity.YEARS, numerator=age, coverage=coverage, members=devices, unsure=unsure)
