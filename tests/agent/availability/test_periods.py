"""A period is told at once, or refused in a sentence, whatever somebody writes."""

from __future__ import annotations

from datetime import date

import pytest

from agent.availability.periods import period_of
from agent.errors import SansangError
from tests.agent.availability.extremes import EXTREMES


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-10-01..2026-10-15", date(2026, 10, 1), date(2026, 10, 16)),
        ("2024-02-29..2024-02-29", date(2024, 2, 29), date(2024, 3, 1)),
        ("1970", date(1970, 1, 1), date(1971, 1, 1)),
        ("2199", date(2199, 1, 1), date(2200, 1, 1)),
        ("2199-12-31..2199-12-31", date(2199, 12, 31), date(2200, 1, 1)),
        ("2000-01-01..2049-12-31", date(2000, 1, 1), date(2050, 1, 1)),
    ],
)
def test_first_day_and_the_day_after_the_last(text: str, first: date, after: date) -> None:
    assert period_of(text) == (first, after)


@pytest.mark.parametrize("text", EXTREMES)
def test_what_nobody_can_mean_is_a_sentence(text: str) -> None:
    with pytest.raises(SansangError) as told:
        period_of(text)

    said = str(told.value)
    assert len(said) < 300
    assert said.isprintable()
    assert "right would be" in said or "ask for one year after another" in said


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-Q5", "10/2026", "2026-10-02..2026-10-01", "..", "2026-02-30..2026-03-01"]
)
def test_what_is_no_period_is_said(text: str) -> None:
    with pytest.raises(SansangError, match=r"right would be 2026-10, 2026-Q4"):
        period_of(text)
