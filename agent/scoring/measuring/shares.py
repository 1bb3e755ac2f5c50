"""Counters of members that pass a test: how many targets, sites or units, of how many."""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction

from agent.availability.figures import Figure
from agent.scoring.evidence import Evidence, FactEvidence, Placement
from agent.scoring.measures import Area, Counted, CountMeasure, FactTest, Quantity, ShareMeasure, UptimeTest
from agent.scoring.measuring.ages import DeviceAges
from agent.scoring.measuring.areas import UnitTree
from agent.scoring.measuring.counters import Counter, Pool
from agent.scoring.measuring.members import Member, Outcome, fact_outcome, member_of
from agent.scoring.measuring.names import FirstNames
from agent.scoring.measuring.target_count import TargetCount
from agent.scoring.values import MeasuredValue, Origin, ValueStatus


class Tests:
    """The outcomes of all members of one unit."""

    __slots__ = ("amended", "lacking", "members", "passed", "undecided", "unsure")

    def __init__(self) -> None:
        self.members = self.passed = self.amended = self.undecided = 0
        self.lacking, self.unsure = FirstNames(), FirstNames()

    def add(self, member: str, outcome: Outcome, amended: Outcome) -> None:
        """One more; what cannot have what is asked for is no member."""
        if outcome is Outcome.ABSENT:
            return
        self.members += 1
        self.passed += outcome is Outcome.PASSED
        self.amended += amended is Outcome.PASSED
        if outcome is Outcome.FAILED:
            self.lacking.add(member)
        elif outcome is Outcome.UNSURE:
            self.undecided += 1
            self.unsure.add(member)

    @property
    def status(self) -> ValueStatus:
        """One member that is unsure makes the whole insufficient."""
        if not self.members:
            return ValueStatus.NOTHING_THERE
        if not self.undecided:
            return ValueStatus.KNOWN
        return ValueStatus.NO_DATA if self.undecided == self.members else ValueStatus.INSUFFICIENT


class MemberCounter(Counter):
    """A share of members or their number."""

    source = Origin.MEASURED

    def __init__(self, measure: ShareMeasure | CountMeasure, area: Area) -> None:
        super().__init__(area)
        self._is_share = isinstance(measure, ShareMeasure)

    @abstractmethod
    def tests(self, unit: str) -> Tests:
        """The outcomes of its members."""

    def pool(self, unit: str) -> Pool | None:
        """The time that the outcomes rest on, where it is time."""
        del unit
        return None

    def value(self, unit: str) -> MeasuredValue:
        tests, pool = self.tests(unit), self.pool(unit)
        status = tests.status
        if not self._is_share and status is ValueStatus.NOTHING_THERE:
            status = ValueStatus.KNOWN  # a number of nothing is 0
        known = status is ValueStatus.KNOWN
        amended = tests.amended if known and tests.amended != tests.passed else None
        whole = tests.members if self._is_share and known else 1
        return MeasuredValue(
            status,
            Quantity.SHARE if self._is_share else Quantity.COUNT,
            self.source,
            numerator=Fraction(tests.passed if known else 0),
            denominator=Fraction(whole),
            calendar="" if pool is None else pool.calendar,
            coverage=None if pool is None else pool.sums.coverage,
            excluded_ms=0 if pool is None else pool.sums.maintenance_ms,
            members=tests.members,
            lacking=tests.lacking.names,
            unsure=tests.unsure.names,
            amended=None if amended is None else Figure(amended, whole),
        )


class TestedTargets(MemberCounter):
    """Members are targets, each decided when it comes."""

    def __init__(self, measure: ShareMeasure | CountMeasure, ages: DeviceAges) -> None:
        super().__init__(measure, measure.area)
        self._test = measure.test
        self._ages = ages
        self._tests: dict[str, Tests] = defaultdict(Tests)
        self._pools: dict[str, Pool] = defaultdict(Pool)

    def add(self, unit: str, count: TargetCount) -> None:
        if self._test is None:
            self._tests[unit].add(count.target.target, Outcome.PASSED, Outcome.PASSED)
            return
        member = member_of(self._test, self.area.calendar, self._ages)
        member.add(count)
        outcome = member.outcome()
        self._tests[unit].add(count.target.target, outcome, member.amended() if count.target.corrections else outcome)
        if isinstance(self._test, UptimeTest):
            self._pools[unit].add(count, self.area.calendar)

    def tests(self, unit: str) -> Tests:
        return self._tests.get(unit) or Tests()

    def pool(self, unit: str) -> Pool | None:
        return self._pools.get(unit)


class TestedPlaces(MemberCounter):
    """Members are sites or units: each of the targets there that are asked for, together.

    A site is a member if it has such a target, a unit in any case: one without any is unsure.
    """

    def __init__(self, measure: ShareMeasure | CountMeasure, tree: UnitTree, ages: DeviceAges) -> None:
        super().__init__(measure, measure.area)
        self._test = measure.test
        self._of = measure.of
        self._tree = tree
        self._ages = ages
        self._members: dict[str, dict[str, Member | None]] = defaultdict(dict)
        self._pools: dict[str, Pool] = defaultdict(Pool)

    def add(self, unit: str, count: TargetCount) -> None:
        for place, part in self._parts(unit, count):
            members = self._members[unit]
            if self._test is None:
                members[place] = None
                continue
            member = members.get(place)
            if member is None:
                member = members[place] = member_of(self._test, self.area.calendar, self._ages)
            member.add(part)
        if isinstance(self._test, UptimeTest):
            self._pools[unit].add(count, self.area.calendar)

    def _parts(self, unit: str, count: TargetCount) -> Iterator[tuple[str, TargetCount]]:
        """The sites or units where the target counts, and what of it counts there; mostly it is one with all."""
        places: dict[str, list[Placement]] = {}
        for placement in count.placements:
            place = placement.site if self._of is Counted.SITES else self._member_unit(unit, placement.unit)
            if place:
                places.setdefault(place, []).append(placement)
        for place, placements in places.items():
            yield place, count if len(places) == 1 else count.within(placements)

    def _member_unit(self, unit: str, own: str) -> str:
        """The unit among the members that the target's own unit belongs to."""
        members = {member.id for member in self._tree.within(unit, self.area)}
        return next((above for above in self._tree.above(own) if above in members), "")

    def tests(self, unit: str) -> Tests:
        tests, members = Tests(), self._members.get(unit, {})
        names = list(members)
        if self._of is Counted.UNITS:
            names = [member.id for member in self._tree.within(unit, self.area)]
        for name in names:
            member = members.get(name)
            if member is not None:
                tests.add(name, member.outcome(), member.amended())
            else:
                outcome = Outcome.PASSED if self._test is None else Outcome.UNSURE
                tests.add(name, outcome, outcome)
        return tests

    def pool(self, unit: str) -> Pool | None:
        return self._pools.get(unit)


class Declared(MemberCounter):
    """Members are the units, sites or targets of the period's end, each with what was declared of it or its site."""

    source = Origin.DECLARED

    def __init__(
        self, measure: ShareMeasure | CountMeasure, test: FactTest, tree: UnitTree, evidence: Evidence
    ) -> None:
        super().__init__(measure, measure.area)
        self._test = test
        self._of = measure.of
        self._tree = tree
        self._at = max(evidence.terms.until_ms, evidence.terms.start_ms + 1) - 1
        self._facts: Mapping[str, FactEvidence] = {
            fact.owner: fact for fact in evidence.facts if fact.fact == test.fact
        }
        self._owners: dict[str, dict[str, str]] = defaultdict(dict)
        self._sites = self._sites_by_unit(evidence) if self._asks_every_site else {}

    @property
    def _asks_every_site(self) -> bool:
        """Whether sites without targets count as well."""
        chosen = self.area.selection
        return self._of is Counted.SITES and not (chosen.roles or chosen.targets or chosen.probes)

    def _sites_by_unit(self, evidence: Evidence) -> dict[str, list[str]]:
        sites: dict[str, list[str]] = defaultdict(list)
        for site, placements in evidence.sites.items():
            if self.area.selection.sites and site not in self.area.selection.sites:
                continue
            for placement in placements:
                if placement.start_ms <= self._at < placement.end_ms and self._tree.fits(placement.unit, self.area):
                    for unit in self._tree.above(placement.unit):
                        sites[unit].append(site)
        return sites

    def add(self, unit: str, count: TargetCount) -> None:
        if self._of is Counted.UNITS or self._asks_every_site:
            return
        for placement in count.placements:
            if placement.start_ms <= self._at < placement.end_ms:
                member = placement.site if self._of is Counted.SITES else count.target.target
                self._owners[unit][member] = f"site:{placement.site}"

    def tests(self, unit: str) -> Tests:
        tests = Tests()
        for member, owner in self._members(unit):
            outcome = fact_outcome(self._test, self._facts.get(owner))
            tests.add(member, outcome, outcome)
        return tests

    def _members(self, unit: str) -> Iterator[tuple[str, str]]:
        if self._of is Counted.UNITS:
            for member in self._tree.within(unit, self.area):
                if any(start <= self._at < end for start, end in member.spans):
                    yield member.id, f"unit:{member.id}"
        elif self._asks_every_site:
            yield from ((site, f"site:{site}") for site in self._sites.get(unit, ()))
        else:
            yield from self._owners.get(unit, {}).items()
