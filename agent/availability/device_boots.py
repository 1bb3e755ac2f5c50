"""Whether a device began to run anew between two readings of its uptime. Pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

WRAP_MS = (1 << 32) * 10
"""sysUpTime counts hundredths of a second in 32 bits (RFC 3418): after 497 days it begins at 0 again by itself."""

_STEP_BACK_MS = 1_000  # answers that overtook each other, and agents that round
_SLACK_MS = 60_000
_DRIFT = 100  # a device's clock and ours differ by less than a hundredth


@dataclass(frozen=True, slots=True)
class UptimeReading:
    """What a device said at at_ms: that it had run for uptime_ms."""

    at_ms: int
    uptime_ms: int


def began_anew(before: UptimeReading, after: UptimeReading) -> bool:
    """True if its uptime went back, or is much less than the time since then allows, and not because it wrapped.

    Both readings on one clock. A clock that was set back between them shows only what went back.
    """
    passed_ms = max(0, after.at_ms - before.at_ms)
    slack_ms = _SLACK_MS + passed_ms // _DRIFT
    lacking_ms = before.uptime_ms + passed_ms - after.uptime_ms
    wraps = (lacking_ms + WRAP_MS // 2) // WRAP_MS
    if wraps > 0 and abs(lacking_ms - wraps * WRAP_MS) <= slack_ms:
        return False
    return after.uptime_ms < before.uptime_ms - _STEP_BACK_MS or lacking_ms > slack_ms
