"""Whether a dark site had no power, or no line: told by whether its devices began anew meanwhile. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

SLACK_MS = 300_000
"""How far outside the darkness a device may have begun: the power fails up to a round before the first failed run, and
comes back some minutes before or after the first answer."""

HEARD_WITHIN_MS = 900_000
"""What devices say within this time after the end is evidence; one that is silent for longer says nothing."""


class OutageCause(StrEnum):
    """Why a whole site was down."""

    POWER = "power"
    LINE = "line"
    UNKNOWN = "unknown"


def outage_cause(start_ms: int, end_ms: int, begun_ms: Iterable[int], *, on_battery: bool) -> OutageCause:
    """The cause of a darkness in [start_ms, end_ms).

    begun_ms: when each device began to run that has told its uptime since, all on one clock. One that began within the
    darkness had no power; one that began before has run through it, and only the line can have failed. One that began
    later says nothing. Of both kinds, or of none: unknown, unless a UPS ran on its battery when it became dark
    (on_battery): then the power had failed, and what ran on hung on it.
    """
    if on_battery:
        return OutageCause.POWER
    begun = [at_ms for at_ms in begun_ms if at_ms <= end_ms + SLACK_MS]
    ran_on = [at_ms < start_ms - SLACK_MS for at_ms in begun]
    if not begun or len(set(ran_on)) > 1:
        return OutageCause.UNKNOWN
    return OutageCause.LINE if ran_on[0] else OutageCause.POWER
