"""The value of one measure for one unit, with all that it rests on. Exact: whole numbers and fractions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from agent.availability.figures import Figure
from agent.scoring.measures import Quantity


class ValueStatus(StrEnum):
    """Whether there is a value to score."""

    KNOWN = "known"
    INSUFFICIENT = "insufficient"  # too little of the time, or of the members, is known
    NO_DATA = "no_data"  # nothing is on record of it in the period
    NOTHING_THERE = "nothing_there"  # the unit has nothing of what is measured
    NOT_GIVEN = "not_given"  # a person has yet to say it


class Origin(StrEnum):
    """Who says so. Only what was measured and declared is counted again by others from the ledger."""

    MEASURED = "measured"
    DECLARED = "declared"
    MANUAL = "manual"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Document:
    """What a person's word rests on: number of the document and its date; "" and None where that is not said."""

    number: str = ""
    dated: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """numerator of denominator (denominator 1 for what is no share); choice: the word, for CHOICE alone.

    A share may be above 1 as it was given. A DATE is the day's ordinal. calendar: the names of the calendars counted
    in. coverage: known time of counted time, None where no time is counted. excluded_ms: taken out by maintenance.
    members: how many targets, sites or units it was asked of. lacking: ids of members that failed the test or had
    outages, unsure: of those of which too little is known; both in order, and cut to MOST_NAMED. amended: what signed
    corrections make of it, beside the record.
    """

    status: ValueStatus
    quantity: Quantity
    source: Origin = Origin.MEASURED
    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(1)
    choice: str = ""
    calendar: str = ""
    coverage: Figure | None = None
    excluded_ms: int = 0
    members: int = 0
    lacking: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    amended: Figure | None = None
    document: Document | None = None

    @property
    def number(self) -> Fraction:
        """The exact value; a share of nothing is 0."""
        return self.numerator / self.denominator if self.denominator else Fraction(0)

    @property
    def scored_number(self) -> Fraction:
        """What a formula takes: the exact value, and of a share above 1 only 1."""
        return Fraction(1) if self.above_one else self.number

    @property
    def above_one(self) -> bool:
        """Whether it is a share of more than all there is."""
        return self.quantity is Quantity.SHARE and self.numerator > self.denominator


MOST_NAMED = 50
