"""How old devices are at the end of a period, or now where it is not over."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from agent.availability.zones import date_of, offsets
from agent.scoring.evidence import Evidence
from agent.scoring.measuring.target_count import TargetCount

_DAYS_OF_FOUR_YEARS = 1461


class DeviceAge:
    """In years of 365.25 days. years: None where the device does not say when it was made."""

    __slots__ = ("at_least_years", "years")

    def __init__(self, made_on: date | None, first_seen: date, at: date) -> None:
        self.years = None if made_on is None else years(made_on, at)
        self.at_least_years = years(first_seen, at)


class DeviceAges:
    """By one day and one zone for all devices."""

    def __init__(self, evidence: Evidence) -> None:
        self._zone = evidence.zone
        self._at = self._date(max(evidence.terms.until_ms, evidence.terms.start_ms + 1) - 1)

    def of(self, count: TargetCount) -> DeviceAge | None:
        """None for a target that tells of no device, or whose time there ended before the end of its time."""
        device, states = count.target.device, count.target.states
        if device is None or not states or count.spans[-1][1] < states[-1].end_ms:
            return None
        return DeviceAge(device.made_on, self._date(device.first_seen_ms), self._at)

    def _date(self, at_ms: int) -> date:
        return date_of(at_ms + offsets(self._zone, at_ms, at_ms + 1)[0].offset_ms)


def years(start: date, end: date) -> Fraction:
    """Years of 365.25 days."""
    return Fraction(4 * (end - start).days, _DAYS_OF_FOUR_YEARS)
