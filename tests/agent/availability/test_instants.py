"""Whatever a report prints as an instant can be typed again."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from agent.availability.instants import instant_of, iso_utc
from agent.errors import SansangError
from exporters.reports.formatting import moment

HANOI, BERLIN = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("Europe/Berlin")
AT = 1_796_137_205_250  # 2026-12-01T15:00:05.250Z


@pytest.mark.parametrize(
    "text",
    [
        "01/12/2026 22:00:05,250",
        "01/12/2026 22:00:05.250",
        "1/12/2026 22:00:05.25",
        "2026-12-01 22:00:05.250",
        "2026-12-01T22:00:05,250",
        "2026-12-01T15:00:05.250Z",
        "2026-12-01T15:00:05.250000+00:00",
        "2026-12-01T22:00:05.250+07:00",
        "2026-12-01 22:00:05.250+0700",
        " 01/12/2026 22:00:05,250 ",
    ],
)
def test_every_form_is_the_same_instant(text: str) -> None:
    assert instant_of(text, HANOI) == AT


@pytest.mark.parametrize("text", ["01/12/2026 22:00:05", "2026-12-01T15:00:05Z"])
def test_seconds_without_parts(text: str) -> None:
    assert instant_of(text, HANOI) == AT - 250


def test_minutes_alone() -> None:
    assert instant_of("01/12/2026 22:00", HANOI) == instant_of("2026-12-01 22:00", HANOI) == AT - 5_250


@pytest.mark.parametrize("at_ms", [AT, AT - 250, AT - 5_250, 0, 999])
def test_what_reports_print_comes_back(at_ms: int) -> None:
    printed = [iso_utc(at_ms), *(moment(at_ms, zone.key, say) for zone in (HANOI,) for say in ("vi", "en"))]

    assert {instant_of(text, HANOI) for text in printed} == {at_ms}


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-12-01", "22:00", "31/02/2026 22:00", "2026-13-01 22:00", "01/12/2026 24:00",
     "01/12/2026 22:00:60", "01/12/2026 22:00:05,", "2026-12-01T15:00:05.2500001Z", "2026-12-01T15:00:05+99:00",
     "٠١/12/2026 22:00"],
)  # fmt: skip
def test_what_is_no_time_is_none(text: str) -> None:
    assert instant_of(text, HANOI) is None


def test_a_time_that_the_clocks_skip_is_refused_and_of_two_it_is_the_first() -> None:
    with pytest.raises(SansangError, match="jump"):
        instant_of("29/03/2026 02:30:00", BERLIN)
    assert instant_of("25/10/2026 02:30", BERLIN) == instant_of("2026-10-25T02:30+02:00", BERLIN)
    assert instant_of("2026-10-25T02:30+01:00", BERLIN) == instant_of("2026-10-25T01:30Z", HANOI)


@pytest.mark.parametrize(
    "text",
    ["0001-01-01 00:00", "0000-01-01 00:00", "01/01/0001 00:00", "9999-12-31T23:59:59.999999-14:00",
     "9999-12-31 23:59", "0001-01-01T00:00+14:00", "2201-01-01 00:00", "1968-12-31 23:59"],
)  # fmt: skip
@pytest.mark.parametrize("zone", [HANOI, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12")])
def test_years_that_nobody_can_mean_are_refused_in_every_zone(text: str, zone: ZoneInfo) -> None:
    with pytest.raises(SansangError, match="the year lies outside 1970 to 2199"):
        instant_of(text, zone)
