"""Stories for the rules of calendars, maintenance and the report."""

from __future__ import annotations

from typing import Any

from tests.oracle.tales import (
    HOUR,
    S,
    Tale,
    day_hours,
    outage,
    span,
    states,
    tale,
    weekly,
    window,
)

DAY = 86_400


def counted(name: str, hours: int, days: str, calendar: dict[str, Any] | None = None) -> Tale:
    """How many hours of a period count."""
    period = dict(zip(("zone", "from", "to"), days.split(), strict=True))
    more = {"calendar": calendar} if calendar else {}
    return tale(name, "", 0, {"scoring_ms": hours * HOUR * S}, period=period, **more)


def seasons(*rows: tuple[str, str, str, str]) -> dict[str, Any]:
    found = [{"from": first, "to": last, "hours": day_hours((opens, closes))} for first, last, opens, closes in rows]
    return {"kind": "weekly", "zone": "UTC", "seasons": found}


NIGHT = day_hours(("00:00", "04:00"))
BERLIN = weekly(NIGHT, "Europe/Berlin")
MONDAYS = day_hours(("08:00", "12:00"), days="mon")
WEDNESDAY = {"date": "2026-06-03", "like": "mon"}

CALENDARS = (
    counted("R40 midnight skipped", 23, "America/Sao_Paulo 2017-10-15 2017-10-16"),
    counted("R40 midnight twice", 25, "America/Havana 2026-11-01 2026-11-02"),
    counted("R41 skipped hours", 3, "Europe/Berlin 2026-03-29 2026-03-30", BERLIN),
    counted("R41 repeated hours", 5, "Europe/Berlin 2026-10-25 2026-10-26", BERLIN),
    # Monday 1 June is a holiday, Wednesday 3 June works like a Monday
    counted(
        "R42 working day and holiday",
        4,
        "UTC 2026-06-01 2026-06-08",
        weekly(MONDAYS, holidays=["2026-06-01"], working_days=[WEDNESDAY]),
    ),
    counted(
        "R42 a working day over a holiday",
        8,
        "UTC 2026-06-01 2026-06-08",
        weekly(MONDAYS, holidays=["2026-06-03"], working_days=[WEDNESDAY]),
    ),
    # 31 October 4 h, 1 November 2 h
    counted(
        "R43 both ends inclusive",
        6,
        "UTC 2026-10-31 2026-11-02",
        seasons(("04-01", "10-31", "08:00", "12:00"), ("11-01", "03-31", "08:00", "10:00")),
    ),
    counted("R43 over the new year", 4, "UTC 2026-12-31 2027-01-02", seasons(("11-01", "03-31", "08:00", "10:00"))),
    counted("R43 in no season", 0, "UTC 2026-06-01 2026-06-08", seasons(("11-01", "03-31", "08:00", "10:00"))),
    # 22:00-24:00 and 00:00-02:00, one day; 08-12 and 10-14 together are 6 h
    counted(
        "R44 over midnight", 4, "UTC 2026-06-01 2026-06-02", weekly(day_hours(("22:00", "24:00"), ("00:00", "02:00")))
    ),
    counted(
        "R44 overlapping hours",
        6,
        "UTC 2026-06-01 2026-06-02",
        weekly(day_hours(("08:00", "12:00"), ("10:00", "14:00"))),
    ),
    # Hanoi's Monday 08-12 is UTC's 01-05
    counted("R45 two zones", 4, "UTC 2026-06-01 2026-06-02", weekly(MONDAYS, "Asia/Ho_Chi_Minh")),
    counted("R45 the calendar's Monday is over", 0, "UTC 2026-06-02 2026-06-03", weekly(MONDAYS, "Asia/Ho_Chi_Minh")),
    tale(
        "meetings: the union of windows",
        "0o 60o",
        120,
        {"scoring_ms": 50_000},
        calendar={"kind": "windows", "windows": [span(10, 40), span(30, 60)]},
    ),
)

MAINTENANCE = (
    tale(
        "R50 recorded in the instant it begins",
        "0o 60o",
        120,
        {"maintenance_ms": 0, "retroactive": ["m"]},
        maintenance=[window("m", 30, 60, 30)],
    ),
    tale(
        "R50 recorded 1 ms before",
        "0o 60o",
        120,
        {"maintenance_ms": 30_000, "retroactive": []},
        maintenance=[window("m", 30, 60, 29.999)],
    ),
    tale(
        "R51 late, outside the calendar",
        "0o 60o",
        120,
        {"retroactive": ["m"], "scoring_ms": 10_000},
        maintenance=[window("m", 30, 60, 31)],
        calendar={"kind": "windows", "windows": [span(0, 10)]},
    ),
    tale(
        "R51 late, touching the period's end",
        "0o 60o",
        120,
        {"retroactive": []},
        maintenance=[window("m", 120, 150, 120)],
        as_of_utc_ms=200 * S,
    ),
    tale(
        "R52 recorded after the report instant",
        "0o 60o",
        120,
        {"retroactive": [], "maintenance_ms": 0},
        maintenance=[window("m", 30, 60, 120.001)],
    ),
    tale(
        "R52 recorded in the report instant",
        "0o 60o",
        120,
        {"retroactive": ["m"]},
        maintenance=[window("m", 30, 60, 120)],
    ),
    tale(
        "of another target",
        "0o 60o",
        120,
        {"retroactive": [], "maintenance_ms": 0},
        maintenance=[{**window("m", 30, 60, 0), "targets": ["u"]}],
    ),
    tale(
        "R53 confirms inside, splits nothing",
        "0o 60f 120f 180f 240o",
        300,
        {"maintenance_ms": 140_000, "down_ms": 40_000, "outages": [outage(60, 240, 40, 181)]},
        maintenance=[window("m", 70, 210, 0)],
    ),
)

FIGURES = (
    tale(
        "R60 touching configured spans are one",
        "0o 60f 120f 180f 240o",
        300,
        {"outages": [outage(60, 240, 180, 181)]},
        configured=[span(0, 100), span(100, None)],
    ),
    tale(
        "R60 report before the period",
        "0o 60o",
        0,
        {"scoring_ms": 0, "status": "no_data", "availability": None, "coverage": None, "states": []},
        period={"from": 60 * S, "to": 120 * S},
        as_of_utc_ms=60 * S,
    ),
    tale(
        "R61 the third failure unfinished",
        "0o 60f 120f 180f",
        180.999,
        {"down_ms": 0, "states": states("0 up 180.999")},
    ),
    tale("R61 the third failure finished", "0o 60f 120f 180f", 181, {"states": states("0 up 60 down 181")}),
    tale(
        "R62 confirmed after the period",
        "0o 60f 120f 180f",
        100,
        {"outages": [outage(60, 100, 40, 181)]},
        as_of_utc_ms=200 * S,
    ),
    tale(
        "R62 begun before the period",
        "0f 60f 120f 180f 240o",
        0,
        {"outages": [outage(200, 240, 40, 121)]},
        period={"from": 200 * S, "to": 300 * S},
    ),
    tale(
        "R63 UNKNOWN splits",
        "0f 60f 120f 180f 240f 300f 360o",
        400,
        {"outages": [outage(0, 130, 130, 121), outage(180, 360, 180, 301)], "longest_outage_ms": 180_000},
        blind=[{**span(130, 131), "cause": "dns"}],
    ),
    tale(
        "R63 removal splits",
        "0f 60f 120f 200f 260f 320f 380o",
        400,
        {"outages": [outage(0, 150, 150, 121), outage(200, 380, 180, 321)]},
        configured=[span(0, 150), span(200, None)],
    ),
    tale(
        "R63 not listed with no counted time",
        "0f 60f 120f 180o",
        240,
        {"outages": [], "down_ms": 0},
        calendar={"kind": "windows", "windows": [span(180, 240)]},
    ),
    tale(
        "R63 the longest by counted time",
        "0f 60f 120f 180o 240f 300f 360f 420f 480o",
        500,
        {"longest_outage_ms": 180_000, "down_ms": 210_000},
        maintenance=[window("m", 250, 460, 0)],
    ),
    tale(
        "R64 nothing known",
        "",
        100,
        {
            "availability": None,
            "status": "no_data",
            "coverage": {"exact": [0, 100_000], "percent_2": "0.00", "percent_4": "0.0000"},
            "low": {"exact": [0, 100_000], "percent_2": "0.00", "percent_4": "0.0000"},
            "high": {"exact": [100_000, 100_000], "percent_2": "100.00", "percent_4": "100.0000"},
        },
    ),
    # known 95 of 100 s: not under the threshold; 94.999 s: under it
    tale("R64 coverage at the threshold", "5o 65o", 100, {"status": "ok", "unknown_ms": 5000}),
    tale("R64 coverage under the threshold", "5.001o 65o", 100, {"status": "insufficient", "unknown_ms": 5001}),
    # 60 s up, 60 s degraded at 1/4: (4 * 60 + 60) / (4 * 120) = 62.5 %; 30 s unknown: 300 / 600 and (300 + 120) / 600
    tale(
        "R65 a weight",
        "30o 90d",
        150,
        {
            "availability": {"exact": [300_000, 480_000], "percent_2": "62.50", "percent_4": "62.5000"},
            "coverage": {"exact": [120_000, 150_000], "percent_2": "80.00", "percent_4": "80.0000"},
            "low": {"exact": [300_000, 600_000], "percent_2": "50.00", "percent_4": "50.0000"},
            "high": {"exact": [420_000, 600_000], "percent_2": "70.00", "percent_4": "70.0000"},
        },
        degraded_weight="0.25",
    ),
    # 299 / 300 known time: 99.6666..., cut and not rounded
    tale(
        "R65 truncated",
        "0o 60o 120o 180o 240f 241o",
        300,
        {"availability": {"exact": [299_000, 300_000], "percent_2": "99.66", "percent_4": "99.6666"}},
        policy={"fail_after": 1},
    ),
    tale(
        "coverage is of the time outside maintenance",
        "60o",
        120,
        {"coverage": {"exact": [60_000, 90_000], "percent_2": "66.66", "percent_4": "66.6666"}},
        maintenance=[window("m", 0, 30, -1)],
    ),
)

REPORT = (*CALENDARS, *MAINTENANCE, *FIGURES)
