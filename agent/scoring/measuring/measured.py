"""The values of every criterion of a sheet for many units, out of evidence alone: pure, whoever counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from agent.scoring.evidence import Evidence, FactEvidence, GivenValue, TargetEvidence
from agent.scoring.formulas import ChoiceFormula, Formula, SumFormula
from agent.scoring.measures import (
    AgeMeasure,
    BooleanMeasure,
    Counted,
    CountMeasure,
    ExternalMeasure,
    FactMeasure,
    FactTest,
    ManualMeasure,
    Measure,
    QuantileMeasure,
    Quantity,
    ShareMeasure,
    UptimeMeasure,
)
from agent.scoring.measuring.ages import DeviceAges
from agent.scoring.measuring.areas import UnitTree, placements_by_unit
from agent.scoring.measuring.counters import (
    AgeCounter,
    BooleanCounter,
    Counter,
    OutageCounter,
    QuantileCounter,
    UptimeCounter,
)
from agent.scoring.measuring.given import given_value
from agent.scoring.measuring.members import fact_number
from agent.scoring.measuring.shares import Declared, TestedPlaces, TestedTargets
from agent.scoring.measuring.target_count import CountedTime, TargetCount
from agent.scoring.sheet import Criterion, ScoreSheet, WhenMissing
from agent.scoring.values import MeasuredValue, Origin, ValueStatus

Values = tuple[tuple[MeasuredValue, ...], ...]
"""By criterion, and of each criterion by measure, in the sheet's order."""


def measured(
    sheet: ScoreSheet, evidence: Evidence, units: Collection[str], targets: Iterable[TargetEvidence] | None = None
) -> Mapping[str, Values]:
    """The values of these units. targets: in the place of those of the evidence, each looked at once and not kept."""
    measuring = Measuring(sheet, evidence, units)
    for target in evidence.targets if targets is None else targets:
        measuring.add(target)
    return {unit: measuring.values(unit) for unit in units}


class Measuring:
    """Counts every measure of a sheet for many units; each target is added once, in any order."""

    def __init__(self, sheet: ScoreSheet, evidence: Evidence, units: Collection[str]) -> None:
        self._sheet = sheet
        self._units = frozenset(units)
        self._tree = UnitTree(evidence.units)
        self._time = CountedTime(evidence)
        self._facts: Mapping[tuple[str, str], FactEvidence] = {(fact.owner, fact.fact): fact for fact in evidence.facts}
        self._given: Mapping[tuple[str, int, str], GivenValue] = {
            (given.criterion, given.measure, given.unit): given for given in evidence.given
        }
        measures = dict.fromkeys(measure for criterion in sheet.criteria for measure in criterion.measures)
        ages = DeviceAges(evidence)
        counters = ((measure, counter_of(measure, self._tree, ages, evidence)) for measure in measures)
        self._counters: Mapping[Measure, Counter] = {
            measure: counter for measure, counter in counters if counter is not None
        }
        self._by_area = defaultdict(list)
        for counter in self._counters.values():
            self._by_area[counter.area].append(counter)

    def add(self, target: TargetEvidence) -> None:
        """One target with all its time."""
        counts: dict[tuple[object, ...], TargetCount] = {}
        for area, counters in self._by_area.items():
            for unit, placements in placements_by_unit(self._tree, area, target, self._units).items():
                count = counts.get(placements)
                if count is None:
                    count = counts[placements] = TargetCount(target, placements, self._time)
                for counter in counters:
                    counter.add(unit, count)

    def values(self, unit: str) -> Values:
        """Of all that was added."""
        values = {measure: counter.value(unit) for measure, counter in self._counters.items()}
        return tuple(
            tuple(self._value(unit, criterion, number, values) for number in range(len(criterion.measures)))
            for criterion in self._sheet.criteria
        )

    def _value(
        self, unit: str, criterion: Criterion, number: int, counted: Mapping[Measure, MeasuredValue]
    ) -> MeasuredValue:
        measure, given = criterion.measures[number], self._given.get((criterion.code, number, unit))
        if isinstance(measure, ManualMeasure | ExternalMeasure):
            return given_value(measure, given, _words(criterion.formula, number))
        value = self._declared(unit, measure) if isinstance(measure, FactMeasure) else counted[measure]
        if value.status is ValueStatus.KNOWN or criterion.when_missing is not WhenMissing.MANUAL or given is None:
            return value
        return given_value(measure, given, frozenset())

    def _declared(self, unit: str, measure: FactMeasure) -> MeasuredValue:
        fact = self._facts.get((f"unit:{unit}", measure.fact))
        number = None if fact is None or _quantity(fact) is not measure.quantity else fact_number(fact)
        if fact is None or number is None:
            return MeasuredValue(ValueStatus.NOT_GIVEN, measure.quantity, Origin.DECLARED)
        return MeasuredValue(
            ValueStatus.KNOWN, measure.quantity, Origin.DECLARED, numerator=number, document=fact.document
        )


def counter_of(measure: Measure, tree: UnitTree, ages: DeviceAges, evidence: Evidence) -> Counter | None:
    """A counter without anything in it; None for what a person says of the unit."""
    match measure:
        case UptimeMeasure():
            return UptimeCounter(measure)
        case BooleanMeasure():
            return BooleanCounter(measure)
        case QuantileMeasure():
            return QuantileCounter(measure)
        case AgeMeasure():
            return AgeCounter(measure, ages)
        case CountMeasure(of=Counted.OUTAGES):
            return OutageCounter(measure)
        case ShareMeasure() | CountMeasure():
            if isinstance(measure.test, FactTest):
                return Declared(measure, measure.test, tree, evidence)
            return TestedTargets(measure, ages) if measure.of is Counted.TARGETS else TestedPlaces(measure, tree, ages)
        case _:
            return None


def _words(formula: Formula, number: int) -> frozenset[str]:
    """The words that may be chosen for one measure of a formula."""
    part = formula.parts[number].formula if isinstance(formula, SumFormula) else formula
    return frozenset(part.shares) if isinstance(part, ChoiceFormula) else frozenset()


def _quantity(fact: FactEvidence) -> Quantity:
    return {"count": Quantity.COUNT, "date": Quantity.DATE}.get(fact.unit, Quantity.SHARE)
