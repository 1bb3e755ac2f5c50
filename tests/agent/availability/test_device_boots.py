"""Whether a device began to run anew: reboots, the wrap of a 32-bit uptime, drift, clocks that were set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.availability.device_boots import WRAP_MS, UptimeReading, began_anew

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("uptime_before", "passed", "uptime_after", "anew"),
    [
        (10 * DAY, MINUTE, 10 * DAY + MINUTE, False),
        (10 * DAY, MINUTE, 20 * SECOND, True),
        (30 * SECOND, 20 * SECOND, 5 * SECOND, True),  # twice within a minute
        (30 * SECOND, SECOND, 30 * SECOND - 500, False),  # answers that overtook each other
        (100 * SECOND, HOUR, 50 * MINUTE, True),  # nobody asked for an hour: it has run longer than before, and less
        (WRAP_MS - 30 * SECOND, MINUTE, 30 * SECOND, False),  # 497 days
        (WRAP_MS - 30 * SECOND, 10 * MINUTE, 30 * SECOND, True),  # it began anew long after the wrap
        (WRAP_MS - DAY, 400 * DAY, 399 * DAY, False),
        (WRAP_MS - DAY, MINUTE, MINUTE, True),
        (DAY, 2 * 497 * DAY, DAY + 2 * 497 * DAY - 2 * WRAP_MS, False),  # twice around
        (DAY, 400 * DAY, 400 * DAY + DAY - 3 * DAY, False),  # its clock is slow by three quarters of a percent
        (DAY, 100 * DAY, 90 * DAY, True),
        (DAY, -HOUR, DAY + MINUTE, False),  # our clock was set back
        (DAY, -HOUR, MINUTE, True),
        (0, 0, 0, False),
    ],
)
def test_began_anew(uptime_before: int, passed: int, uptime_after: int, anew: bool) -> None:
    assert began_anew(UptimeReading(5 * DAY, uptime_before), UptimeReading(5 * DAY + passed, uptime_after)) is anew


@given(st.integers(0, 2 * WRAP_MS), st.integers(0, 30 * DAY), st.integers(-30_000, 30_000))
def test_a_device_that_runs_on_never_begins_anew(uptime: int, passed: int, late: int) -> None:
    before = UptimeReading(0, uptime % WRAP_MS)
    after = UptimeReading(passed, (uptime + passed) % WRAP_MS + (late if passed >= 60_000 else 0))
    assert not began_anew(before, after)


@given(st.integers(3 * HOUR, WRAP_MS - 60 * DAY), st.integers(2 * MINUTE, 30 * DAY), st.floats(0, 0.9))
def test_a_reboot_is_seen(uptime: int, passed: int, share: float) -> None:
    assert began_anew(UptimeReading(0, uptime), UptimeReading(passed, int(passed * share)))
