"""The worked examples, with the numbers that the rules themselves give for them; rule by rule: worked_rules.py."""

from __future__ import annotations

from tests.oracle.tales import (
    HOUR,
    S,
    Tale,
    anchor,
    day_hours,
    every,
    outage,
    probes,
    run,
    span,
    states,
    tale,
    utc,
    weekly,
    window,
)

DAY = 86_400
HOURLY = {"interval_ms": HOUR * S, "fail_after": 1}
JUNE, JULY = utc("2026-06-01"), utc("2026-07-01")


def dates(start: str, end: str, zone: str) -> dict[str, str]:
    return {"from": start, "to": end, "zone": zone}


def june(step: int, failing: range, *, off: range = range(0)) -> str:
    """A probe every `step` seconds of June 2026, none in `off`."""
    seconds = (x for x in range(JUNE, JULY, step) if x not in off)
    return " ".join(f"{x}{'f' if x in failing else 'o'}" for x in seconds)


def figure(numerator: int, denominator: int, two: str, four: str) -> dict[str, object]:
    return {"exact": [numerator * S, denominator * S], "percent_2": two, "percent_4": four}


def w1() -> Tale:
    """2,592 s are two intervals of 1,296 s; 2,589,408 / 2,592,000 = 0.999 exactly."""
    begin = JUNE + 1000 * 1296
    return tale(
        "W1",
        june(1296, range(begin, begin + 2592)),
        0,
        {
            "availability": figure(2_589_408, 2_592_000, "99.90", "99.9000"),
            "coverage": figure(2_592_000, 2_592_000, "100.00", "100.0000"),
            "outages": [outage(begin, begin + 2592, 2592, begin + 1296 + 1)],
            "status": "ok",
        },
        period=dates("2026-06-01", "2026-07-01", "UTC"),
        policy={"interval_ms": 1296 * S, "fail_after": 2},
    )


def w2() -> Tale:
    """Known: 2,592,000 - 86,400 = 2,505,600; up: 2,505,600 - 3,600 = 2,502,000."""
    off = range(JUNE + 10 * DAY, JUNE + 11 * DAY)
    return tale(
        "W2",
        june(HOUR, range(JUNE, JUNE + 1), off=off),
        0,
        {
            "unknown_ms": 86_400_000,
            "down_ms": 3_600_000,
            "availability": figure(2_502_000, 2_505_600, "99.85", "99.8563"),
            "coverage": figure(2_505_600, 2_592_000, "96.66", "96.6666"),
            "low": figure(2_502_000, 2_592_000, "96.52", "96.5277"),
            "high": figure(2_588_400, 2_592_000, "99.86", "99.8611"),
            "status": "ok",
        },
        period=dates("2026-06-01", "2026-07-01", "UTC"),
        policy=HOURLY,
        agent_runs=[run("b", JUNE, off.start), run("b", off.stop)],
    )


def w5(month: str, begin: str, end: str) -> Tale:
    """23:50 to 00:10 in Kolkata is 18:20 to 18:40 UTC; midnight is 18:30 UTC."""
    midnight = utc("2026-01-31T18:30")
    said = f"{midnight - 1200}o {midnight - 600}f {midnight}f {midnight + 600}o"
    edges = (midnight - 600, midnight) if month == "January" else (midnight, midnight + 600)
    return tale(
        f"W5 {month}",
        said,
        0,
        {"down_ms": 600_000, "outages": [outage(*edges, 600, midnight + 1)]},
        period=dates(begin, end, "Asia/Kolkata"),
        as_of_utc_ms=(midnight + 1200) * S,  # January's own end would know only the first failure
        policy={"interval_ms": 600 * S, "fail_after": 2},
    )


def w6(start: str, end: str, begin: int, down: int, month: int) -> Tale:
    """Half-hourly probes; the outage lasts `down` true seconds from `begin`."""
    said = f"{begin - 1800}o {every(1800, begin, begin + down, 'f')} {begin + down}o"
    return tale(
        f"W6 {start}",
        said,
        0,
        {"down_ms": down * S, "scoring_ms": month * S},
        period=dates(start, end, "Europe/Berlin"),
        policy={"interval_ms": 1800 * S, "fail_after": 2},
    )


def w8() -> Tale:
    friday, monday = utc("2026-06-05T17:30"), utc("2026-06-08T09:30")
    return tale(
        "W8",
        f"{friday - 1800}o {every(1800, friday, monday, 'f')} {monday}o",
        0,
        {"down_ms": 3_600_000, "outages": [outage(friday, monday, 3600, friday + 3601)], "soft_failures": 0},
        period=dates("2026-06-01", "2026-06-15", "UTC"),
        policy={"interval_ms": 1800 * S},
        calendar=weekly(day_hours(("09:00", "18:00"), days="mon tue wed thu fri")),
    )


def w9() -> Tale:
    return tale(
        "W9",
        " ".join(f"{x * HOUR}{'f' if x in (10, 11) else 'o'}" for x in range(24)),
        DAY,
        {
            "maintenance_ms": 7_200_000,
            "down_ms": 3_600_000,
            "outages": [outage(10 * HOUR, 12 * HOUR, HOUR, 10 * HOUR + 1)],
        },
        policy=HOURLY,
        maintenance=[window("a", 11 * HOUR, 12 * HOUR, 0), window("b", 11.5 * HOUR, 13 * HOUR, 0)],
    )


def w10() -> Tale:
    """M = 200 + 200; DOWN outside it is [1300, 1400); UP [1000, 1100) and [1600, 2000): 500 / 600."""
    said = [["b", x, 10, "failed" if 1200 <= x < 1500 else "ok"] for x in range(1000, 2000, 100)]
    return tale(
        "W10",
        said,
        0,
        {
            "maintenance_ms": 400,
            "down_ms": 100,
            "up_ms": 500,
            "availability": {"exact": [500, 600], "percent_2": "83.33", "percent_4": "83.3333"},
        },
        period={"from": 1000, "to": 2000},
        policy={"interval_ms": 100, "timeout_ms": 10},
        maintenance=[window("a", 1.1, 1.3, 0), window("b", 1.4, 1.6, 0)],
    )


def w11() -> Tale:
    """The last probe at 9:59:30; the agent vouches up to 10:00:00."""
    ten = 10 * HOUR
    return tale(
        "W11",
        [*probes(every(60, ten - 600 - 30, ten)), *probes("2o 62o", boot="c")],
        0,
        {"unknown_ms": 302_000, "states": states(f"{ten - 600} up {ten} agent_off {ten + 302} up {ten + 400}")},
        period={"from": (ten - 600) * S, "to": (ten + 400) * S},
        agent_runs=[run("b", 0, ten + 7, "kill", ten), run("c", 0)],
        clock_anchors=[anchor("b", 0, 0), anchor("c", 2, ten + 302)],
    )


def w12() -> Tale:
    """The boot is mapped by the anchor after the jump: its 0 s is 3,600 s."""
    return tale(
        "W12",
        every(60, 0, 600),
        0,
        {"up_ms": 600_000, "unknown_ms": 0, "states": states("3600 up 4200")},
        period={"from": 3600 * S, "to": 4200 * S},
        clock_anchors=[anchor("b", 0, 0), anchor("b", 600, 4200)],
    )


def w14() -> Tale:
    """A failed probe, and one second later a good one: 2,678,399 / 2,678,400 = 99.99996 %."""
    start, end = utc("2026-07-01"), utc("2026-08-01")
    said = every(HOUR, start, end).replace(f"{start + HOUR}o", f"{start + HOUR}f {start + HOUR + 1}o")
    return tale(
        "W14",
        said,
        0,
        {"down_ms": 1000, "availability": figure(2_678_399, 2_678_400, "99.99", "99.9999")},
        period=dates("2026-07-01", "2026-08-01", "UTC"),
        policy=HOURLY,
    )


def w15() -> Tale:
    """600 s of DOWN, seen every 20 s: 85,800 / 86,400, whatever the number of probes."""
    said = f"{every(60, 0, 6000)} {every(20, 6000, 6600, 'f')} {every(60, 6600, DAY)}"
    return tale("W15", said, DAY, {"availability": figure(85_800, 86_400, "99.30", "99.3055")})


def w16() -> tuple[Tale, Tale]:
    """Down for an hour while we look, or off for that hour: 82,800 / 86,400 or 82,800 / 82,800."""
    seen = " ".join(f"{x}{'f' if x // HOUR == 5 else 'o'}" for x in range(0, DAY, 600))
    unseen = " ".join(f"{x}o" for x in range(0, DAY, 600) if x // HOUR != 5)
    policy = {"interval_ms": 600 * S}
    return (
        tale("W16 on", seen, DAY, {"availability": figure(82_800, 86_400, "95.83", "95.8333")}, policy=policy),
        tale(
            "W16 off",
            unseen,
            DAY,
            {"unknown_ms": 3_600_000, "availability": figure(82_800, 82_800, "100.00", "100.0000")},
            policy=policy,
            agent_runs=[run("b", 0, 5 * HOUR), run("b", 6 * HOUR)],
        ),
    )


def w18() -> Tale:
    """9.9 s after a minute; the verdict comes 5 s later and belongs to the start."""
    said = [["b", 0, 20, "ok"], ["b", 59_900, 5000, "failed"], ["b", 119_900, 20, "ok"]]
    expected = {"down_ms": 60_000, "outages": [outage(59.9, 119.9, 60, 64.9)]}
    return tale("W18", said, 180, expected, policy={"fail_after": 1})


def w19(report: int, down: int) -> Tale:
    """DOWN since 60 s, seen by three probes; the report instant cuts it, a later report only adds."""
    return tale(
        f"W19 at {report}",
        "0o 60f 120f 180f 240f 300f",
        600,
        {"down_ms": down * S, "outages": [outage(60, 60 + down, down, 181)], "scoring_ms": report * S},
        as_of_utc_ms=report * S,
    )


WORKED = (
    w1(),
    w2(),
    tale(
        "W3",
        "0o 60f 120f 180f 240o",
        300,
        {"states": states("0 up 60 down 240 up 300"), "down_ms": 180_000, "outages": [outage(60, 240, 180, 181)]},
    ),
    tale("W4", "0o 60f 120o", 180, {"down_ms": 0, "soft_failures": 1, "outages": [], "states": states("0 up 180")}),
    w5("January", "2026-01-01", "2026-02-01"),
    w5("February", "2026-02-01", "2026-03-01"),
    w6("2026-03-01", "2026-04-01", utc("2026-03-29T00:30"), 3600, 2_674_800),
    w6("2026-10-01", "2026-11-01", utc("2026-10-24T23:30"), 10_800, 2_682_000),
    tale("W7", "", 0, {"scoring_ms": 2_509_200_000}, period=dates("2024-02-01", "2024-03-01", "Asia/Almaty")),
    w8(),
    w9(),
    w10(),
    w11(),
    w12(),
    tale(
        "W13 from 15 February",  # 28 days less 14: 14 days
        "",
        0,
        {"scoring_ms": 14 * DAY * S, "availability": None, "status": "no_data"},
        period=dates("2026-02-01", "2026-03-01", "UTC"),
        configured=[span(utc("2026-02-15"), None)],
    ),
    tale(
        "W13 empty",
        "",
        100,
        {"scoring_ms": 0, "availability": None, "coverage": None, "low": None, "high": None, "status": "no_data"},
        configured=[span(200, None)],
    ),
    w14(),
    w15(),
    *w16(),
    tale("W17", "0o 60o 120o", 180, {"down_ms": 0, "up_ms": 180_000}),  # what happened between them left no trace
    w18(),
    w19(200, 140),
    w19(350, 290),
    tale(
        "W20",
        "0o 60o 120o",
        180,
        {"maintenance_ms": 30_000, "retroactive": ["late"]},
        maintenance=[window("planned", 30, 60, 0), window("late", 90, 120, 91)],
    ),
)
