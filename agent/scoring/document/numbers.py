"""Exact numbers as text, and as short as they go: 0.75, 1000, 2/3."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def exact_text(number: Fraction | Decimal) -> str:
    """A decimal where it ends, else numerator and denominator; with a dot, without an exponent."""
    value = Fraction(number)
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
