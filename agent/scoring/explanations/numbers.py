"""Numbers of a score as people read them: decimal comma and dots in Vietnamese, a percent that is cut, never raised."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from agent.availability.figures import Figure
from agent.scoring.measures import Quantity
from agent.text import Text

MOST_DIGITS = 15
"""Of a number that is written out; a longer numerator or denominator says nobody anything."""

_EXACT_DECIMALS = 6
_CUT_DECIMALS = 2
_CUT = "…"
_UNITS = {
    Quantity.SECONDS: Text(" giây", " seconds"),
    Quantity.YEARS: Text(" năm", " years"),
    Quantity.POINTS: Text(" điểm", " points"),
}


def localised(text: str, language: str) -> str:
    """A number with point and commas in the marks of the language."""
    return text if language == "en" else text.translate(_MARKS)


_MARKS = str.maketrans(".,", ",.")


def whole_text(number: int, language: str) -> str:
    """1.234 in Vietnamese, 1,234 in English."""
    return localised(f"{number:,}", language)


def points_text(points: Decimal, language: str) -> str:
    """Points without digits that say nothing: 20, 12,5; 744,213."""
    return exact_text(Fraction(points), language)


def exact_text(number: Fraction, language: str) -> str:
    """The number itself where six decimals hold it, else cut after two with an ellipsis."""
    if number.denominator == 1:
        return localised(f"{number.numerator:,}", language)
    for decimals in range(1, _EXACT_DECIMALS + 1):
        scaled = number * 10**decimals
        if scaled.denominator == 1:
            return localised(_decimal(int(scaled), decimals), language)
    return localised(_decimal(int(number * 10**_CUT_DECIMALS), _CUT_DECIMALS), language) + _CUT


def _decimal(units: int, decimals: int) -> str:
    sign, units = ("-" if units < 0 else ""), abs(units)
    whole, part = divmod(units, 10**decimals)
    return f"{sign}{whole:,}" + (f".{part:0{decimals}d}" if decimals else "")


def cut_percent(numerator: Fraction, denominator: Fraction, language: str) -> str:
    """``90,90%``: two decimals, cut; a share of nothing is 0."""
    above, below = _whole_share(numerator, denominator)
    units = above * 10**4 // below
    return localised(f"{units // 100:,}.{units % 100:02d}%", language)


def house_percent(numerator: Fraction, denominator: Fraction, language: str) -> str:
    """``99,6%``: one decimal, rounded half up as offices do, yet 100% is only what lacks nothing; ``50%``."""
    above, below = _whole_share(numerator, denominator)
    units = (2 * above * 1000 + below) // (2 * below)
    if above < below:
        units = min(units, 999)
    text = f"{units // 10:,}.{units % 10}" if units % 10 else f"{units // 10:,}"
    return localised(text, language) + "%"


def _whole_share(numerator: Fraction, denominator: Fraction) -> tuple[int, int]:
    if not denominator:
        return 0, 1
    return numerator.numerator * denominator.denominator, numerator.denominator * denominator.numerator


def percent_text(share: Fraction, language: str) -> str:
    """A bound or a share of the maximum: ``99%``, ``12,5%``."""
    return exact_text(share * 100, language) + "%"


def figure_text(figure: Figure, language: str) -> str:
    """A share of time, cut after two decimals of a percent."""
    return localised(figure.percent(), language) + "%"


def is_short(number: Fraction) -> bool:
    """Whether it is a whole number that a person would read."""
    return number.denominator == 1 and abs(number.numerator) < 10**MOST_DIGITS


def amount_text(number: Fraction, quantity: Quantity, language: str) -> str:
    """A value or a bound with its unit: ``95%``, ``0,3 giây``, ``4 năm``, ``01/03/2026``."""
    if quantity is Quantity.SHARE:
        return percent_text(number, language)
    if quantity is Quantity.DATE:
        return day_text(date.fromordinal(int(number)))
    unit = _UNITS.get(quantity)
    return exact_text(number, language) + (unit.to(language) if unit else "")


def day_text(day: date) -> str:
    """dd/mm/yyyy in either language: papers are dated so."""
    return f"{day:%d/%m/%Y}"


def time_text(ms: int, language: str) -> str:
    """Hours, minutes and seconds; milliseconds where there are."""
    seconds = ms // 1000
    part = localised(f".{ms % 1000:03d}", language) if ms % 1000 else ""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{part}"
