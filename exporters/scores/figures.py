"""Values of a score as machines read them: exact, with dots and ISO dates, bounded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from agent.availability.figures import Figure
from agent.scoring.measures import Quantity
from agent.scoring.values import MeasuredValue

MOST_EXACT_DIGITS = 1_000
"""Of a numerator or denominator: the exact mean of tens of thousands of shares has more, and says nobody anything."""

_MOST_BITS = 3_300  # a little less than that many digits


def exact_pair(value: MeasuredValue) -> tuple[str, str] | None:
    """Numerator and denominator as whole numbers, not reduced where both are whole; None where they are too long."""
    above, below = value.numerator, value.denominator
    if above.denominator == below.denominator == 1:
        pair = above.numerator, below.numerator
    else:
        pair = above.numerator * below.denominator, above.denominator * below.numerator
    if max(abs(number).bit_length() for number in pair) > _MOST_BITS:
        return None
    return str(pair[0]), str(pair[1])


def cut(numerator: Fraction, denominator: Fraction, decimals: int) -> str:
    """A share of a percent, cut after so many decimals; a share of nothing is 0."""
    above = numerator.numerator * denominator.denominator
    below = numerator.denominator * denominator.numerator
    units = 100 * 10**decimals * above // below if below else 0
    return f"{units // 10**decimals}.{units % 10**decimals:0{decimals}d}"


def percent_of(value: MeasuredValue) -> str | None:
    """Of a share, to four decimals of a percent, cut; None for what is none."""
    return cut(value.numerator, value.denominator, 4) if value.quantity is Quantity.SHARE else None


def day_of(value: MeasuredValue) -> str | None:
    """The day that a value of that kind is, in ISO."""
    return date.fromordinal(int(value.number)).isoformat() if value.quantity is Quantity.DATE else None


def plain(points: Decimal | None) -> str | None:
    """Points with all their digits and a dot."""
    return None if points is None else f"{points:f}"


def percent_4(figure: Figure | None) -> str | None:
    """A share of time, cut."""
    return None if figure is None else figure.percent(4)
