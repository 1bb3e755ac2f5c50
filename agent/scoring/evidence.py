"""All that the values of a score are counted from: data out of a ledger, or out of a package of it. No I/O.

From equal evidence follow equal scores, whoever counts, and wherever: that is what a package is verified by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from agent.availability.accounting import ReportTerms
from agent.availability.figures import Provenance
from agent.availability.intervals import Interval
from agent.availability.maintenance import AppliedWindow, BookedWindow
from agent.availability.spans import Span
from agent.model import State
from agent.scoring.values import Document


class UnitBasis(StrEnum):
    """Under which units figures of a period are grouped, when units changed since or within it."""

    AS_WAS = "as-was"  # under the units of then, by the legal dates
    TODAY = "today"  # everything under the unit of today that it belongs to, in one sum
    TODAY_MEAN = "today-mean"  # a unit of today has the mean of the indices of those that it was made of


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """A unit that existed in the period, as it was called at the period's end or its own.

    spans: of its existence, by the legal dates, inside the period. successors: what it is today, itself if it still is.
    """

    id: str
    name: str
    code: str
    level: str
    parent: str
    spans: tuple[Span, ...]
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a target counts in [start_ms, end_ms): by the legal dates of units, else as recorded."""

    start_ms: int
    end_ms: int
    unit: str
    site: str


@dataclass(frozen=True, slots=True)
class FeatureDays:
    """One property of one target: the last day that tells of it, and that day's runs with and without."""

    feature: str
    last_day: date
    yes: int
    no: int


@dataclass(frozen=True, slots=True)
class MeasuredSpan:
    """What the rows of measured days say of a target in [start_ms, end_ms), the time of one placement in the period.

    days: how many local days have a row. first_byte: runs by bucket, () where none had one.
    """

    start_ms: int
    end_ms: int
    days: int
    first_byte: tuple[int, ...] = ()
    features: tuple[FeatureDays, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceEvidence:
    """What dates a device: when it was made by its own word, None where it does not say, and when it was first seen."""

    made_on: date | None
    first_seen_ms: int


@dataclass(frozen=True, slots=True)
class TargetEvidence:
    """One target. states: all that is known of it in the period.

    hours: by the name of a calendar ("" is its own) which calendar, by hash, holds in which span of the period.
    windows: of maintenance, as they apply to it. corrections: as signed, in order. measured: one for each placement.
    beside: a device that is asked about itself, which counts in no figure of several targets unless it is asked for by
    its role or its id.
    """

    target: str
    name: str
    role: str
    probe: str
    placements: tuple[Placement, ...]
    states: tuple[Interval, ...]
    hours: Mapping[str, tuple[tuple[Span, str], ...]]
    windows: tuple[AppliedWindow, ...] = ()
    corrections: tuple[Interval, ...] = ()
    slo: Fraction | None = None
    measured: tuple[MeasuredSpan, ...] = ()
    device: DeviceEvidence | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class FactEvidence:
    """A fact declared for the end of the period; owner: ``unit:`` or ``site:`` and its id; value: as written."""

    owner: str
    fact: str
    value: str
    unit: str
    document: Document


@dataclass(frozen=True, slots=True)
class SignedCorrection:
    """A signed correction of a target of the evidence, for people: seq is its row, refers_to the one that it corrects.

    recorded_ms: when it was signed, UTC.
    """

    seq: int
    refers_to: int
    target: str
    start_ms: int
    end_ms: int
    state: State
    cause: str
    recorded_ms: int
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class GivenValue:
    """What a person filled in for one measure (its place among those of the criterion) of one unit.

    a, b: numerator and denominator; a alone for a number or points; b None then. choice: the word, for a choice.
    """

    criterion: str
    measure: int
    unit: str
    a: Fraction | None
    b: Fraction | None
    choice: str
    document: Document


@dataclass(frozen=True, slots=True)
class Evidence:
    """calendars: canonical documents by hash. site_names, by id. sites: where each counts when, also without targets.

    targets: () where only the values of a whole level were asked for, which are counted as they are read. basis: of
    the placements; for ``TODAY_MEAN`` they are as for ``AS_WAS``. booked, signed: maintenance and corrections of the
    period as people entered them, in that order; nothing is counted from these two.
    """

    terms: ReportTerms
    zone: str
    organisation: str
    observer: str
    units: tuple[UnitPeriod, ...]
    site_names: Mapping[str, str]
    targets: tuple[TargetEvidence, ...]
    calendars: Mapping[str, bytes]
    facts: tuple[FactEvidence, ...] = ()
    given: tuple[GivenValue, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)
    booked: tuple[BookedWindow, ...] = ()
    signed: tuple[SignedCorrection, ...] = ()
    basis: UnitBasis = UnitBasis.AS_WAS
    sites: Mapping[str, tuple[Placement, ...]] = field(default_factory=dict)
