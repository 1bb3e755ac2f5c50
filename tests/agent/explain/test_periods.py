"""Periods as offices write them."""

from __future__ import annotations

from datetime import date

import pytest

from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.explain.periods import instants_in_words, period_in_words

ZONE = "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        ("2026-11", "Tháng 11/2026", "November 2026"),
        ("2026-03", "Tháng 3/2026", "March 2026"),
        ("2026-02", "Tháng 02/2026", "February 2026"),  # Decree 30/2020: 01 and 02, the others without nought
        ("2026-12", "Tháng 12/2026", "December 2026"),
        ("2026-Q1", "Quý I/2026", "Quarter I of 2026"),
        ("2026-Q4", "Quý IV/2026", "Quarter IV of 2026"),
        ("2026", "Năm 2026", "Year 2026"),
        ("2026-01-01..2026-06-30", "6 tháng đầu năm 2026", "First 6 months of 2026"),
        ("2026-01-01..2026-09-30", "9 tháng đầu năm 2026", "First 9 months of 2026"),
        ("2026-07-01..2026-12-31", "6 tháng cuối năm 2026", "Last 6 months of 2026"),
        ("2026-10-01..2026-10-31", "Tháng 10/2026", "October 2026"),
        ("2026-01-01..2026-12-31", "Năm 2026", "Year 2026"),
        ("2026-10-01..2026-10-15", "Từ ngày 01/10/2026 đến ngày 15/10/2026", "From 01/10/2026 to 15/10/2026"),
        ("2026-02-01..2026-04-30", "Từ ngày 01/02/2026 đến ngày 30/04/2026", "From 01/02/2026 to 30/04/2026"),
        ("2025-12-01..2026-01-31", "Từ ngày 01/12/2025 đến ngày 31/01/2026", "From 01/12/2025 to 31/01/2026"),
        ("2026-10-07..2026-10-07", "Ngày 07/10/2026", "07/10/2026"),
        ("2024-02-29..2024-02-29", "Ngày 29/02/2024", "29/02/2024"),
    ],
)
def test_a_period_has_the_name_that_offices_give_it(period: str, vi: str, en: str) -> None:
    first, after = period_of(period)

    assert period_in_words(first, after) == (vi, en)
    for zone in (ZONE, "Europe/Berlin", "America/Sao_Paulo"):
        assert instants_in_words(first_instant(zone, first), first_instant(zone, after), zone) == (vi, en)


def test_what_begins_or_ends_within_a_day_is_told_to_the_second() -> None:
    start = first_instant(ZONE, date(2026, 10, 1))
    end = first_instant(ZONE, date(2026, 11, 1))

    assert instants_in_words(start + 1000, end, ZONE).vi == "Từ 01/10/2026 00:00:01 đến trước 01/11/2026 00:00:00"
    assert (
        instants_in_words(start, end - 1, ZONE).en == "From 01/10/2026 00:00:00 until just before 31/10/2026 23:59:59"
    )
    assert instants_in_words(start, start, ZONE).vi.startswith("Từ 01/10/2026 00:00:00")


def test_a_month_of_another_zone_is_no_month_of_this_one() -> None:
    start, end = (first_instant("Europe/Berlin", date(2026, month, 1)) for month in (10, 11))

    assert instants_in_words(start, end, ZONE).vi == "Từ 01/10/2026 05:00:00 đến trước 01/11/2026 06:00:00"


@pytest.mark.parametrize("ms", [2**63 - 1, -(2**63)])
def test_instants_that_no_calendar_has_are_told_as_the_nearest(ms: int) -> None:
    assert instants_in_words(ms, ms, ZONE).en.startswith("From ")
