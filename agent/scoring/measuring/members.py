"""What is gathered of one target, site or unit to tell whether it passes a test; and whether it does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from enum import Enum
from fractions import Fraction

from agent.availability.figures import COVERAGE_THRESHOLD, Figure, Status, Tally, pooled
from agent.scoring.evidence import FactEvidence, FeatureDays
from agent.scoring.measures import AgeTest, FactTest, Feature, FeatureTest, FirstByteTest, Test, UptimeTest
from agent.scoring.measuring.ages import DeviceAges
from agent.scoring.measuring.first_byte import quantile_ms
from agent.scoring.measuring.target_count import TargetCount

_WEB, _DNS = "http", "dns"
_PROBES_OF = dict.fromkeys(Feature, _WEB) | {Feature.DNSSEC: _DNS}


class Outcome(Enum):
    """Whether a member passes; UNSURE: too little is known. ABSENT: it cannot have what is asked for."""

    PASSED = "passed"
    FAILED = "failed"
    UNSURE = "unsure"
    ABSENT = "absent"


class Member(ABC):
    """One target, or several that stand for a site or a unit."""

    @abstractmethod
    def add(self, count: TargetCount) -> None:
        """One more target of it."""

    @abstractmethod
    def outcome(self) -> Outcome:
        """As recorded."""

    def amended(self) -> Outcome:
        """As signed corrections have it."""
        return self.outcome()


class UptimeMember(Member):
    """Passes with an availability of its targets, pooled, that is known well enough and high enough."""

    def __init__(self, test: UptimeTest, calendar: str) -> None:
        self._percent = test.at_least * 100
        self._calendar = calendar
        self._tallies: list[Tally] = []
        self._amended: list[Tally] = []

    def add(self, count: TargetCount) -> None:
        self._tallies.append(count.tally(self._calendar))
        self._amended.append(count.amended(self._calendar))

    def outcome(self) -> Outcome:
        return self._outcome(self._tallies)

    def amended(self) -> Outcome:
        return self._outcome(self._amended)

    def _outcome(self, tallies: Sequence[Tally]) -> Outcome:
        total = pooled_or_only(tallies)
        if total.status is not Status.OK or total.availability is None:
            return Outcome.UNSURE
        return passed(total.availability.reaches(self._percent))


class FeatureMember(Member):
    """Passes if each of its targets that can have the property had it in every run of its last day on record."""

    def __init__(self, feature: Feature) -> None:
        self._feature = feature
        self._outcomes: list[Outcome] = []

    def add(self, count: TargetCount) -> None:
        self._outcomes.append(feature_outcome(self._feature, count))

    def outcome(self) -> Outcome:
        return all_of(self._outcomes)


class FirstByteMember(Member):
    """Passes with that quantile of all first-byte times at or below the limit."""

    def __init__(self, test: FirstByteTest) -> None:
        self._test = test
        self.times = FirstByteTimes()

    def add(self, count: TargetCount) -> None:
        self.times.add(count)

    def outcome(self) -> Outcome:
        if self.times.absent:
            return Outcome.ABSENT
        if not self.times.sufficient:
            return Outcome.UNSURE
        return passed(quantile_ms(self.times.buckets, self._test.quantile) <= self._test.at_most_ms)


class AgeMember(Member):
    """Passes if each of its devices is young enough; one of unknown age fails once the ledger knows it for longer."""

    def __init__(self, test: AgeTest, ages: DeviceAges) -> None:
        self._test = test
        self._ages = ages
        self._outcomes: list[Outcome] = []

    def add(self, count: TargetCount) -> None:
        age = self._ages.of(count)
        if age is None:
            self._outcomes.append(Outcome.ABSENT)
        elif age.years is None:
            known = age.at_least_years > self._test.at_most_years
            self._outcomes.append(Outcome.FAILED if known else Outcome.UNSURE)
        else:
            self._outcomes.append(passed(age.years <= self._test.at_most_years))

    def outcome(self) -> Outcome:
        return all_of(self._outcomes)


class FirstByteTimes:
    """Times to the first byte of several targets, and whether enough of the days is on record."""

    def __init__(self) -> None:
        self.buckets: tuple[int, ...] = ()
        self.days = 0
        self.expected = 0
        self.targets = 0
        self.absent = True

    def add(self, count: TargetCount) -> None:
        """A target that never has a first byte counts for nothing, one of a web probe without any day as missing."""
        spans = count.measured()
        if not any(span.first_byte for span in spans) and count.target.probe != _WEB:
            return
        self.absent = False
        self.targets += 1
        self.days += sum(span.days for span in spans)
        self.expected += count.expected_days()
        for span in spans:
            self.buckets = added(self.buckets, span.first_byte)

    @property
    def coverage(self) -> Figure | None:
        """Days on record of days that are over."""
        return Figure(min(self.days, self.expected), self.expected) if self.expected else None

    @property
    def sufficient(self) -> bool:
        """Whether there are any, of days enough."""
        return any(self.buckets) and enough(self.coverage)


def feature_outcome(feature: Feature, count: TargetCount) -> Outcome:
    """Of one target: its last day on record decides. Nothing on record of a probe that tells such things is UNSURE."""
    spans = count.measured()
    answered: list[FeatureDays] = [days for span in spans for days in span.features if days.feature == feature]
    if not answered:
        silent = count.target.probe == _PROBES_OF[feature] and not any(span.days for span in spans)
        return Outcome.UNSURE if silent else Outcome.ABSENT
    days, expected = sum(span.days for span in spans), count.expected_days()
    if expected and not enough(Figure(min(days, expected), expected)):
        return Outcome.UNSURE
    last = max(answered, key=lambda days: days.last_day)
    return passed(last.yes > 0 and last.no == 0)


def fact_outcome(test: FactTest, fact: FactEvidence | None) -> Outcome:
    """Of one site or unit; nothing declared is UNSURE."""
    number = None if fact is None else fact_number(fact)
    if number is None:
        return Outcome.UNSURE
    return passed(number > 0 if test.at_least is None else number >= test.at_least)


def fact_number(fact: FactEvidence) -> Fraction | None:
    """True and false are 1 and 0, a date is its ordinal; None for what is no number."""
    try:
        if fact.unit == "none":
            return {"true": Fraction(1), "false": Fraction(0)}.get(fact.value)
        if fact.unit == "date":
            return Fraction(date.fromisoformat(fact.value).toordinal())
        return Fraction(fact.value)
    except (ValueError, ZeroDivisionError):
        return None


def member_of(test: Test, calendar: str, ages: DeviceAges) -> Member:
    """An empty one for a test that targets answer; a fact is asked of sites and units themselves."""
    match test:
        case UptimeTest():
            return UptimeMember(test, calendar)
        case FeatureTest():
            return FeatureMember(test.feature)
        case FirstByteTest():
            return FirstByteMember(test)
        case AgeTest():
            return AgeMember(test, ages)
        case FactTest():
            raise TypeError("a fact is declared of a site or a unit, not of targets")


def pooled_or_only(tallies: Sequence[Tally]) -> Tally:
    """All milliseconds in one sum."""
    return tallies[0] if len(tallies) == 1 else pooled(tallies)


def all_of(outcomes: Sequence[Outcome]) -> Outcome:
    """One that failed decides; else one that is unsure; ABSENT only where all are."""
    for decisive in (Outcome.FAILED, Outcome.UNSURE, Outcome.PASSED):
        if decisive in outcomes:
            return decisive
    return Outcome.ABSENT


def passed(does: bool) -> Outcome:
    """The outcome of a test that could be made."""
    return Outcome.PASSED if does else Outcome.FAILED


def enough(coverage: Figure | None) -> bool:
    """By the threshold of availability."""
    return coverage is not None and coverage.reaches(COVERAGE_THRESHOLD)


def added(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    """Bucket by bucket; () stands for none."""
    return tuple(map(int.__add__, left, right)) if left and right else left or right
