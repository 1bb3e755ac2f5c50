"""Instants in the API's documents."""

from __future__ import annotations

import pytest

from agent.availability.instants import iso_utc


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (1_764_500_000_250, "2025-11-30T10:53:20.250Z"),
        (2**63 - 1, "9999-12-30T00:00:00.000Z"),
        (-(2**63), "1969-12-31T00:00:00.000Z"),
    ],
)
def test_an_instant_that_no_calendar_has_is_shown_as_the_nearest(ms: int, said: str) -> None:
    """A window that a row written by hand names stops no list of windows."""
    assert iso_utc(ms) == said
