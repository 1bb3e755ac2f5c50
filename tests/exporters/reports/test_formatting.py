from __future__ import annotations

from fractions import Fraction

import pytest

from agent.availability.figures import Figure, Status
from agent.availability.instants import iso_utc
from exporters.reports import formatting
from exporters.reports.cells import Duration, Instant, Ratio, Share
from tests.exporters.reports.sample import MONTH, ZONE, at


@pytest.mark.parametrize(
    ("figure", "vi", "number"),
    [
        (Figure(MONTH - 1, MONTH), "99,9999 %", 0.999999),
        (Figure(MONTH, MONTH), "100,0000 %", 1.0),
        (Figure(999_995, 1_000_000), "99,9995 %", 0.999995),
        (Figure(0, 7), "0,0000 %", 0.0),
        (Figure(2, 3), "66,6666 %", 0.666666),
    ],
)
def test_a_percent_is_cut_and_whole_only_where_nothing_lacks(figure: Figure, vi: str, number: float) -> None:
    assert formatting.written(Share(figure), "vi", ZONE) == vi
    assert figure.truncated(6) == number


def test_a_ratio_is_below_one_even_for_a_millisecond_of_a_year_of_2000_targets() -> None:
    year = 2_000 * 366 * 86_400_000

    assert Figure(year - 1, year).ratio < 1
    assert formatting.written(Ratio(Figure(year - 1, year)), "en", ZONE) == "0.999999999999984"


@pytest.mark.parametrize(
    ("status", "vi", "en"),
    [
        (Status.INSUFFICIENT, "không đủ dữ liệu", "insufficient data"),
        (Status.NO_DATA, "không có dữ liệu", "no data"),
    ],
)
def test_where_the_data_do_not_suffice_it_says_so(status: Status, vi: str, en: str) -> None:
    assert formatting.written(Share(Figure(1, 2), status), "vi", ZONE) == vi
    assert formatting.written(Share(Figure(1, 2), status), "en", ZONE) == en


def test_lengths_and_instants_are_those_of_people() -> None:
    assert formatting.hours(0, "vi") == "0:00:00"
    assert formatting.hours(1, "vi") == "0:00:00,001"
    assert formatting.hours(100 * 3_600_000 + 61_000, "vi") == "100:01:01"
    assert formatting.written(Duration(59_001), "en", ZONE) == "0:00:59.001"
    assert formatting.written(Instant(at("2026-10-09 22:10:05")), "vi", ZONE) == "09/10/2026 22:10:05"
    assert formatting.written(Instant(at("2026-10-09 22:10:05.999")), "vi", ZONE) == "09/10/2026 22:10:05,999"


def test_an_instant_for_machines_is_utc_with_milliseconds() -> None:
    assert iso_utc(at("2026-10-01 00:00:00.007")) == "2026-09-30T17:00:00.007Z"


@pytest.mark.parametrize(
    ("number", "text"), [("99.5", "99.5"), ("99", "99"), ("0.05", "0.05"), ("1", "1"), ("100.000", "100")]
)
def test_a_decimal_stays_as_somebody_gave_it(number: str, text: str) -> None:
    assert formatting.exact(Fraction(number)) == text


@pytest.mark.parametrize(("ms", "year"), [(2**63 - 1, 9999), (253_402_300_800_000, 9999), (-(2**63), 1969)])
def test_an_instant_that_no_calendar_has_is_shown_as_the_nearest(ms: int, year: int) -> None:
    """A row written by hand may name it; the report says so rather than that there is none."""
    for zone in (ZONE, "Pacific/Kiritimati", "America/Los_Angeles"):
        assert formatting.local(ms, zone).year == year
    assert iso_utc(ms).startswith(str(year))
    assert str(year) in formatting.moment(ms, ZONE, "vi")
