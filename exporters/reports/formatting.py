"""Figures and instants as text: dd/mm/yyyy and the local decimal mark for people, ISO for machines."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from agent.availability.figures import RATIO_DECIMALS, Figure, Status
from agent.availability.instants import utc_of
from exporters.reports.cells import INSUFFICIENT, NO_DATA, Cell, Duration, Instant, Points, PointsSum, Ratio, Share


def local(ms: int, zone: str) -> datetime:
    """The local time of an instant, without a zone because spreadsheets have none."""
    return utc_of(ms).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def hours(ms: int, language: str) -> str:
    """h:mm:ss; with milliseconds where it is no whole number of seconds, so that what is shown adds up."""
    whole = ms // 1000
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}{_part(ms, language)}"


def moment(ms: int, zone: str, language: str) -> str:
    """dd/mm/yyyy HH:MM:SS; with milliseconds where there are."""
    return f"{local(ms, zone):%d/%m/%Y %H:%M:%S}{_part(ms, language)}"


def day_of(ms: int, zone: str) -> str:
    """dd/mm/yyyy."""
    return f"{local(ms, zone):%d/%m/%Y}"


def _part(ms: int, language: str) -> str:
    return decimal(f".{ms % 1000:03d}", language) if ms % 1000 else ""


def decimal(text: str, language: str) -> str:
    """The number with the decimal mark of the language."""
    return text if language == "en" else text.replace(".", ",")


def exact(number: Fraction) -> str:
    """A decimal as somebody wrote it, with a dot; cut after 30 digits."""
    digits = next((digits for digits in range(30) if (number * 10**digits).denominator == 1), 30)
    whole = int(number * 10**digits)
    return f"{whole // 10**digits}.{whole % 10**digits:0{digits}d}" if digits else str(whole)


def percent_text(percent: Fraction | None, language: str) -> str:
    """A promised percent, as it was given; "" without one."""
    return "" if percent is None else f"{decimal(exact(percent), language)} %"


def written(cell: Cell, language: str, zone: str) -> str:
    """A cell as a person reads it."""
    match cell:
        case Share(figure, status, decimals):
            text = insufficient_text(figure, status, language)
            return text or f"{decimal(_of(figure).percent(decimals), language)} %"
        case Ratio(figure):
            return decimal(f"{figure.ratio:.{RATIO_DECIMALS}f}", language) if figure else NO_DATA.to(language)
        case Duration(ms):
            return hours(ms, language)
        case Instant(ms):
            return moment(ms, zone, language)
        case Points(number) | PointsSum(number):
            return decimal(f"{trimmed(number):f}", language)
        case _:
            return str(cell)


def trimmed(points: Decimal) -> Decimal:
    """Without noughts at the end that say nothing."""
    return points.quantize(Decimal(1)) if points == points.to_integral_value() else points.normalize()


def insufficient_text(figure: Figure | None, status: Status, language: str) -> str:
    """The text that replaces a missing or insufficient figure; "" if the figure itself is shown."""
    if figure is None or status is Status.NO_DATA:
        return NO_DATA.to(language)
    return INSUFFICIENT.to(language) if status is Status.INSUFFICIENT else ""


def _of(figure: Figure | None) -> Figure:
    if figure is None:
        raise ValueError("a share without a figure was to be written")
    return figure
