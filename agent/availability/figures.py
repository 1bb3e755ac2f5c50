"""The figures of an uptime report: whole milliseconds and exact fractions; a percent is made last, by truncation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import gcd

from agent.availability.fraction_sums import sum_of_fractions
from agent.availability.intervals import Interval
from agent.availability.outage_cause import OutageCause
from agent.model import Cause, Policy

WHOLE = Fraction(1)
COVERAGE_THRESHOLD = Fraction(95)
RATIO_DECIMALS = 15


class Status(StrEnum):
    """Whether a target's figures may be relied on."""

    OK = "ok"
    INSUFFICIENT = "insufficient"  # coverage is below the threshold
    NO_DATA = "no_data"  # nothing is known of the counted time


class Pooling(StrEnum):
    """How several targets make one figure; the two are never mixed."""

    POOLED = "pooled"  # all their milliseconds in one sum
    MEAN = "mean"  # the mean of their availabilities, each target weighing the same


@dataclass(frozen=True, slots=True)
class Figure:
    """A share of time, not reduced; the denominator is above 0."""

    numerator: int
    denominator: int

    def percent(self, decimals: int = 2) -> str:
        """Truncated, never rounded up: 99.995 is "99.99", and "100.00" is only what lacks nothing."""
        whole = self.numerator * 100 * 10**decimals // self.denominator
        return f"{whole // 10**decimals}.{whole % 10**decimals:0{decimals}d}"

    def truncated(self, decimals: int) -> float:
        """The nearest number to the share cut after so many decimals: 1.0 only where nothing lacks."""
        scale: int = 10**decimals
        return self.numerator * scale // self.denominator / scale

    @property
    def ratio(self) -> float:
        """The share to as many digits as a spreadsheet keeps."""
        return self.truncated(RATIO_DECIMALS)

    def reaches(self, percent: Fraction) -> bool:
        """Whether the share is at least that many percent, by whole numbers."""
        return 100 * self.numerator * percent.denominator >= percent.numerator * self.denominator


def status_of(availability: Figure | None, coverage: Figure | None, threshold: Fraction) -> Status:
    """Whether an availability of so much coverage may be relied on; threshold: percent of it that suffice."""
    if availability is None or coverage is None:
        return Status.NO_DATA
    return Status.OK if coverage.reaches(threshold) else Status.INSUFFICIENT


@dataclass(frozen=True, slots=True)
class Tally:
    """Counted milliseconds of one target (or pooled of several) and the figures that follow from them.

    scoring is period, configured time and calendar together; maintenance was planned in time; the other four share
    the rest. weight is what degraded time is worth in availability and its bounds, threshold the percent of coverage
    below which the figures do not suffice. ValueError if the sums do not add up to scoring: it is a fault of ours.
    """

    scoring_ms: int = 0
    maintenance_ms: int = 0
    unknown_ms: int = 0
    down_ms: int = 0
    degraded_ms: int = 0
    up_ms: int = 0
    weight: Fraction = WHOLE
    threshold: Fraction = COVERAGE_THRESHOLD

    def __post_init__(self) -> None:
        _, *parts = self.sums
        if min(parts) < 0 or sum(parts) != self.scoring_ms:
            raise ValueError(f"the parts {parts} of an uptime report do not add up to {self.scoring_ms}")

    @property
    def sums(self) -> tuple[int, int, int, int, int, int]:
        """S, M, U, D, G, P: the first is the sum of the others."""
        return (self.scoring_ms, self.maintenance_ms, self.unknown_ms, self.down_ms, self.degraded_ms, self.up_ms)

    @property
    def figures(self) -> tuple[Figure | None, Figure | None, Figure | None, Figure | None]:
        """Availability, coverage, low and high bound."""
        return self.availability, self.coverage, self.low, self.high

    @property
    def known_ms(self) -> int:
        """Counted time whose state is known."""
        return self.up_ms + self.degraded_ms + self.down_ms

    @property
    def availability(self) -> Figure | None:
        """Working time in the known time."""
        return self._share(self._working, self.known_ms, self.weight.denominator)

    @property
    def coverage(self) -> Figure | None:
        """Known time in the counted time."""
        return self._share(self.known_ms, self.known_ms + self.unknown_ms, 1)

    @property
    def low(self) -> Figure | None:
        """Availability if it had worked in none of the unknown time."""
        return self._share(self._working, self.known_ms + self.unknown_ms, self.weight.denominator)

    @property
    def high(self) -> Figure | None:
        """Availability if it had worked in all of the unknown time."""
        scale = self.weight.denominator
        return self._share(self._working + self.unknown_ms * scale, self.known_ms + self.unknown_ms, scale)

    @property
    def status(self) -> Status:
        """NO_DATA exactly where availability does not exist."""
        return status_of(self.availability, self.coverage, self.threshold)

    @property
    def _working(self) -> int:
        return self.up_ms * self.weight.denominator + self.degraded_ms * self.weight.numerator

    @staticmethod
    def _share(part: int, whole_ms: int, scale: int) -> Figure | None:
        return Figure(part, whole_ms * scale) if whole_ms else None


@dataclass(frozen=True, slots=True)
class Outage:
    """DOWN in [start_ms, end_ms), clipped to period and report instant; confirmed_ms is never clipped.

    number: the row of the ledger that began it, the same in every report; 0 where there is no ledger. site_cause: why
    everything at the site was down with it; None where it was not, or nothing tells.
    """

    start_ms: int
    end_ms: int
    counted_ms: int
    confirmed_ms: int
    cause: Cause
    number: int = 0
    site_cause: OutageCause | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a target is called, for people; empty where nothing tells (a replay)."""

    target: str
    name: str = ""
    role: str = ""
    site: str = ""
    site_name: str = ""
    unit: str = ""
    unit_name: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class InForce:
    """What was in force for a target in [start_ms, end_ms), a stretch of the period in which it was configured.

    calendar: name and hash of what it says. slo: promised percent. From interval_ms on it is the policy that its runs
    were judged by; confirm_interval_ms is 0 where no inventory tells it. degraded: the limits of its module, by name.
    """

    start_ms: int
    end_ms: int
    subject: Subject
    calendar: str
    calendar_hash: str
    slo: Fraction | None
    interval_ms: int
    timeout_ms: int
    grace_ms: int
    fail_after: int
    recover_after: int
    confirm_interval_ms: int = 0
    degraded: tuple[tuple[str, float], ...] = ()

    @property
    def policy(self) -> Policy:
        """Where nothing tells how soon a failure is confirmed, by the next rounds."""
        again_ms = self.confirm_interval_ms or self.interval_ms
        rest = self.fail_after, self.recover_after, again_ms
        return Policy(self.interval_ms, self.timeout_ms, self.grace_ms, *rest)


@dataclass(frozen=True, slots=True)
class PlaceShare:
    """What of a target's time it spent in one place."""

    subject: Subject
    tally: Tally


@dataclass(frozen=True, slots=True)
class TargetFigures:
    """The account of one target; instants are UTC milliseconds.

    calendar: its name. outages: in order, those with counted time. retroactive: ids of windows recorded too late to
    exclude anything. states: all of them inside period, configured time and report instant. resolution_ms: what
    begins and ends between two probes is not seen; 0 where unknown. amended: beside the recorded tally, what
    signed-off corrections make of it; None where there are none. in_force: what held when, in order; empty for a
    replay. moved: its tally by unit, level and site, if it had more than one in the period; origins: the same in
    a report by the units of today, in which it counts as one. shortest_seen_ms:
    a shorter outage may not be seen (the worst that was in force), 0 where unknown. beside: it stands beside what is
    counted (a device that is asked about itself), and is in no figure of several targets.
    """

    subject: Subject
    tally: Tally
    calendar: str = "always"
    outages: tuple[Outage, ...] = ()
    soft_failures: int = 0
    retroactive: tuple[str, ...] = ()
    states: tuple[Interval, ...] = ()
    resolution_ms: int = 0
    amended: Tally | None = None
    in_force: tuple[InForce, ...] = ()
    moved: tuple[PlaceShare, ...] = ()
    origins: tuple[PlaceShare, ...] = ()
    shortest_seen_ms: int = 0
    beside: bool = False

    @property
    def parts(self) -> tuple[PlaceShare, ...]:
        """By place; together they are the tally."""
        return self.moved or (PlaceShare(self.subject, self.tally),)

    @property
    def slo(self) -> Fraction | None:
        """The one to reach: the strictest that was in force."""
        return max((policy.slo for policy in self.in_force if policy.slo is not None), default=None)

    @property
    def target(self) -> str:
        """The target's id."""
        return self.subject.target

    @property
    def longest_outage_ms(self) -> int:
        """The greatest counted time of one outage."""
        return max((outage.counted_ms for outage in self.outages), default=0)


def counted_together(targets: Iterable[TargetFigures]) -> list[TargetFigures]:
    """Those that belong in figures of several targets."""
    return [target for target in targets if not target.beside]


@dataclass(frozen=True, slots=True)
class UnitIndex:
    """What a unit of then, as it was, gives to a unit of today: its targets that are there now, pooled."""

    id: str
    name: str
    targets: int
    pooled: Tally


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Targets of one site, unit, level or role together, or all of a report.

    pooled: all their milliseconds in one sum. mean: of the targets' availabilities, each target weighing the same,
    those without one left out; never mix the two. measured: how many targets have an availability. mean_coverage: of
    the targets' coverages, those in whose calendar nothing counts left out.
    """

    id: str
    name: str
    targets: int
    pooled: Tally
    mean: Figure | None
    measured: int = 0
    mean_coverage: Figure | None = None
    indices: tuple[UnitIndex, ...] = ()

    @property
    def mean_of_indices(self) -> Figure | None:
        """The ministry's figure of a merged unit: each unit that it was made of weighs the same."""
        return mean([index.pooled.availability for index in self.indices])

    def availability(self, pooling: Pooling) -> Figure | None:
        """The one figure of them all."""
        return self.pooled.availability if pooling is Pooling.POOLED else self.mean

    def coverage(self, pooling: Pooling) -> Figure | None:
        """How much is known of what that figure is made of, each target weighing in it as in the figure."""
        return self.pooled.coverage if pooling is Pooling.POOLED else self.mean_coverage

    def status(self, pooling: Pooling) -> Status:
        """Whether that figure may be relied on."""
        return status_of(self.availability(pooling), self.coverage(pooling), self.pooled.threshold)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a report was computed from, enough to compute it again; empty for a replay.

    first_seq, last_seq: rows of the ledger. head: hash of the last one. calendars: name and content hash of each
    calendar used. inventory: hash of the inventory in force at the end. versions: hash of each inventory that was in
    force, and where in the period, [start_ms, end_ms).
    """

    observer: str = ""
    first_seq: int = 0
    last_seq: int = 0
    head: str = ""
    version: str = ""
    tzdata: str = ""
    inventory: str = ""
    calendars: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, int, int], ...] = ()

    @property
    def anchor(self) -> str:
        """The last row and its hash, as ``ledger verify --anchor`` takes them; "" without a ledger."""
        return f"{self.last_seq}:{self.head}" if self.head else ""


@dataclass(frozen=True, slots=True)
class Report:
    """An uptime report: [start_ms, end_ms) as known at as_of_ms, all UTC milliseconds; zone is for showing them.

    by: what groups are of ("site", "unit", "level"); "target" where there are none. left_out: how many targets of the
    period were not asked for. unverified: what stands on every page of a report from a ledger that is not what was
    written; "" where all was verified.
    """

    start_ms: int
    end_ms: int
    as_of_ms: int
    zone: str
    targets: tuple[TargetFigures, ...]
    groups: tuple[GroupFigures, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)
    by: str = "target"
    left_out: int = 0
    unverified: str = ""


def pooled(tallies: Sequence[Tally]) -> Tally:
    """One sum of all milliseconds; weight and threshold are those of the first."""
    first = tallies[0] if tallies else Tally()
    scoring, maintenance, unknown, down, degraded, up = map(
        sum, zip(*(tally.sums for tally in (Tally(), *tallies)), strict=True)
    )
    return Tally(scoring, maintenance, unknown, down, degraded, up, first.weight, first.threshold)


def mean(figures: Sequence[Figure | None]) -> Figure | None:
    """The exact mean of the figures that exist."""
    shares = [(figure.numerator, figure.denominator) for figure in figures if figure is not None]
    if not shares:
        return None
    average, count = sum_of_fractions(shares), len(shares)
    common = gcd(average[0], count)
    return Figure(average[0] // common, average[1] * (count // common))
