"""What a criterion measures, as data: which figure of which targets, sites or units; nothing is counted here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from agent.availability.figures import Pooling
from agent.model import Selection
from agent.text import Text

UNNAMED = Text("", "")
EVERYTHING = Selection()


class Quantity(StrEnum):
    """What kind of number a measure gives."""

    SHARE = "share"  # numerator of denominator, 0 to 1
    COUNT = "count"
    SECONDS = "seconds"
    YEARS = "years"
    DATE = "date"
    CHOICE = "choice"  # one word of a closed list
    POINTS = "points"  # typed in as points


class Feature(StrEnum):
    """A property of a web or name service that a day's row of the ledger keeps as yes and no."""

    IPV6 = "ipv6"
    DNSSEC = "dnssec"
    HTTPS = "https"
    HSTS = "hsts"
    CERTIFICATE = "certificate"


class Counted(StrEnum):
    """What a share or a count is of."""

    TARGETS = "targets"
    SITES = "sites"
    UNITS = "units"
    OUTAGES = "outages"  # for a count alone


@dataclass(frozen=True, slots=True)
class Area:
    """Whose targets count for a scored unit: those of its own sites and of all units below it that fit.

    level: of the units whose sites count, "" for every level. calendar: counted in that one, "": each in its own.
    """

    selection: Selection = EVERYTHING
    level: str = ""
    calendar: str = ""


WHOLE_AREA = Area()


@dataclass(frozen=True, slots=True)
class UptimeTest:
    """Passed with an availability of at least that share; a site's and a unit's is that of its targets, pooled."""

    at_least: Fraction


@dataclass(frozen=True, slots=True)
class FeatureTest:
    """Passed by a target whose last day on record in the period had the property in every run that could tell."""

    feature: Feature


@dataclass(frozen=True, slots=True)
class FirstByteTest:
    """Passed with that quantile of the first-byte times at or below so many milliseconds."""

    quantile: Fraction
    at_most_ms: int


@dataclass(frozen=True, slots=True)
class AgeTest:
    """Passed by a device that was at most so many years old at the end of the period."""

    at_most_years: Fraction


@dataclass(frozen=True, slots=True)
class FactTest:
    """Passed by a site or unit of which that fact was declared at the end of the period: true, or at least so much."""

    fact: str
    at_least: Fraction | None = None


Test = UptimeTest | FeatureTest | FirstByteTest | AgeTest | FactTest


@dataclass(frozen=True, slots=True)
class UptimeMeasure:
    """The availability of all targets of the area together. SHARE."""

    area: Area = WHOLE_AREA
    pooling: Pooling = Pooling.POOLED


@dataclass(frozen=True, slots=True)
class ShareMeasure:
    """How many of the area's targets, sites or units pass the test, of how many. SHARE.

    A member of which too little is known to tell makes the whole value insufficient.
    """

    of: Counted
    test: Test
    area: Area = WHOLE_AREA


@dataclass(frozen=True, slots=True)
class CountMeasure:
    """How many of the area's targets, sites or units pass the test (all without one), or how many outages. COUNT."""

    of: Counted
    test: Test | None = None
    area: Area = WHOLE_AREA


@dataclass(frozen=True, slots=True)
class BooleanMeasure:
    """1 if every target of the area that can have it has the property, else 0. SHARE with the denominator 1."""

    feature: Feature
    area: Area = WHOLE_AREA


@dataclass(frozen=True, slots=True)
class QuantileMeasure:
    """The quantile of all first-byte times of the area: the upper bound of the bucket that it lies in. SECONDS."""

    quantile: Fraction
    area: Area = WHOLE_AREA


@dataclass(frozen=True, slots=True)
class AgeMeasure:
    """The mean age of the area's devices whose age is known, at the end of the period. YEARS."""

    area: Area = WHOLE_AREA


@dataclass(frozen=True, slots=True)
class FactMeasure:
    """What was declared of the unit itself at the end of the period. COUNT, SHARE (true: 1 of 1) or DATE."""

    fact: str
    quantity: Quantity = Quantity.SHARE


@dataclass(frozen=True, slots=True)
class ManualMeasure:
    """What the clerk fills in: a of b (SHARE), a number (COUNT), one of the formula's words (CHOICE), or POINTS.

    a, b: what the two are called.
    """

    quantity: Quantity = Quantity.POINTS
    a: Text = UNNAMED
    b: Text = UNNAMED


@dataclass(frozen=True, slots=True)
class ExternalMeasure:
    """A figure from elsewhere, typed in with its document and date; it cannot be computed again here.

    source: whose figure it is.
    """

    quantity: Quantity = Quantity.POINTS
    source: str = ""


Measured = UptimeMeasure | ShareMeasure | CountMeasure | BooleanMeasure | QuantileMeasure | AgeMeasure | FactMeasure
"""Those that the record of the agent answers."""

Given = ManualMeasure | ExternalMeasure
"""Those that a person answers."""

Measure = Measured | Given


def quantity_of(measure: Measure) -> Quantity:
    """What kind of number the measure gives."""
    match measure:
        case UptimeMeasure() | ShareMeasure() | BooleanMeasure():
            return Quantity.SHARE
        case CountMeasure():
            return Quantity.COUNT
        case QuantileMeasure():
            return Quantity.SECONDS
        case AgeMeasure():
            return Quantity.YEARS
        case FactMeasure() | ManualMeasure() | ExternalMeasure():
            return measure.quantity


def area_of(measure: Measure) -> Area | None:
    """The area that a measure looks at, if it does."""
    match measure:
        case UptimeMeasure() | ShareMeasure() | CountMeasure() | BooleanMeasure() | QuantileMeasure() | AgeMeasure():
            return measure.area
        case _:
            return None
