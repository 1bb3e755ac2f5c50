"""What the runs of a local day told of a target beside its state: times to the first byte, and yes or no questions.

Sums of integers, so that parts of a day add up in any order to the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

FIRST_BYTE_BOUNDS_MS = (50, 100, 150, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000)
"""Upper bounds of the buckets, each included; one more bucket has all that took longer."""

BUCKETS = len(FIRST_BYTE_BOUNDS_MS) + 1


class BooleanFact(StrEnum):
    """A question that a run answers with yes or no, or not at all; docs/ledger.md says which probe answers which."""

    IPV6 = "ipv6"
    DNSSEC = "dnssec"
    HTTPS = "https"
    HSTS = "hsts"
    CERTIFICATE = "certificate"


def bucket_of(first_byte_seconds: float) -> int:
    """The bucket of a time to the first byte."""
    return bisect_left(FIRST_BYTE_BOUNDS_MS, first_byte_seconds * 1000)


class RunMeasured(NamedTuple):
    """What one run told: seconds to the first byte, questions answered, when the certificate ends (UTC seconds)."""

    first_byte_seconds: float | None = None
    answers: tuple[tuple[BooleanFact, bool], ...] = ()
    certificate_expiry: float | None = None


@dataclass(frozen=True, slots=True)
class YesNo:
    """How many runs answered a question with yes, and how many with no."""

    yes: int = 0
    no: int = 0

    def plus(self, other: YesNo) -> YesNo:
        """Both together."""
        return YesNo(self.yes + other.yes, self.no + other.no)


@dataclass(frozen=True, slots=True)
class Measured:
    """Sums over runs of one target.

    first_byte: successful runs by bucket; () where no run had one. facts: the questions that any run answered.
    certificate_days: the fewest whole days that a certificate was still valid for; negative once it had expired, None
    where none was seen.
    """

    first_byte: tuple[int, ...] = ()
    facts: Mapping[BooleanFact, YesNo] = field(default_factory=dict)
    certificate_days: int | None = None

    def plus(self, other: Measured) -> Measured:
        """Both together."""
        asked = [fact for fact in BooleanFact if fact in self.facts or fact in other.facts]
        days = [days for days in (self.certificate_days, other.certificate_days) if days is not None]
        return Measured(
            _added(self.first_byte, other.first_byte),
            {fact: self.facts.get(fact, _NEVER).plus(other.facts.get(fact, _NEVER)) for fact in asked},
            min(days, default=None),
        )


_NEVER = YesNo()


def _added(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(left, right, strict=True)) if left and right else left or right
