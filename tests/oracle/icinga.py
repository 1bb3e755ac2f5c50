"""The situations of Icinga DB's tests of `get_sla_ok_percent`, with what our rules make of each, derived by hand.

Its events are changes of a hard state at an instant; here each is a probe in that instant that confirms at once (DOWN
after one failure), takes no time and vouches for a second. All of it lies within two seconds; the period is [1000,
2000) ms unless a vector says otherwise. U is time without evidence, M planned maintenance.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.oracle.tales import VERDICTS, Tale, blind, tale, window

SAME = "the same"


class Vector(NamedTuple):
    """`icinga`: percent as its test expects it; `why`: why ours differs."""

    tale: Tale
    icinga: str
    why: str


def percent(good: int, known: int, two: str, four: str) -> dict[str, Any]:
    return {"exact": [good, known], "percent_2": two, "percent_4": four}


def vector(name: str, said: str, icinga: str, expected: dict[str, Any], why: str = SAME, **given: Any) -> Vector:
    """`1000f 1100o`: a failed probe at 1000 ms, an ok one at 1100 ms."""
    ran = [["b", int(word[:-1]), 0, VERDICTS[word[-1]]] for word in said.split()]
    policy = {"interval_ms": 1000, "timeout_ms": 0, "fail_after": 1}
    period = given.pop("period", {"from": 1000, "to": 2000})
    told = tale(f"Icinga {name}", ran, 0, expected, policy=policy, period=period, **given)
    return Vector(told, icinga, why)


NO_DATA = {"availability": None, "coverage": percent(0, 1000, "0.00", "0.0000"), "status": "no_data"}
HALF_UNKNOWN = {  # 300 up, 200 down, 500 unknown
    "availability": percent(300, 500, "60.00", "60.0000"),
    "coverage": percent(500, 1000, "50.00", "50.0000"),
    "low": percent(300, 1000, "30.00", "30.0000"),
    "high": percent(800, 1000, "80.00", "80.0000"),
    "status": "insufficient",
}
FIFTH_UNKNOWN = {
    "availability": percent(800, 800, "100.00", "100.0000"),
    "coverage": percent(800, 1000, "80.00", "80.0000"),
    "low": percent(800, 1000, "80.00", "80.0000"),
    "high": percent(1000, 1000, "100.00", "100.0000"),
    "status": "insufficient",
}
NOTHING_SEEN = "nobody looked: no figure instead of a guess"
NOT_SEEN_BEFORE = "the time before the first probe is unknown; what came after says nothing of it"
NO_PART = "planned maintenance takes no part, on either side of the fraction"

VECTORS = (
    # no probe: U 1000
    vector("EmptyHistory", "", "100", NO_DATA, NOTHING_SEEN),
    # D 4 x 100
    vector(
        "MultipleStateChanges",
        "1000f 1100o 1300f 1400o 1600f 1700o 1900f",
        "60",
        {"availability": percent(600, 1000, "60.00", "60.0000"), "down_ms": 400},
    ),
    # D 23 + 142 + 7 + 266 = 438
    vector(
        "MultipleStateChangesDecimalsOddNumbers",
        "1000f 1023o 1100f 1242o 1300f 1307o 1400f 1666o",
        "56.2",
        {"availability": percent(562, 1000, "56.20", "56.2000"), "down_ms": 438},
    ),
    # 200 / 300 = 66.6666...
    vector(
        "MultipleStateChangesDecimalsFractionOneThird",
        "1000f 1100o",
        "66.6667",
        {"availability": percent(200, 300, "66.66", "66.6666")},
        "cut off, never rounded up",
        period={"from": 1000, "to": 1300},
    ),
    # 100 / 700 = 14.28571...
    vector(
        "MultipleStateChangesDecimalsFractionSeventhPart",
        "1000f 1600o",
        "14.2857",
        {"availability": percent(100, 700, "14.28", "14.2857")},
        period={"from": 1000, "to": 1700},
    ),
    # M [1100, 1300) and [1400, 1600) = 400; D [1300, 1400) = 100; P 500
    vector(
        "OverlappingDowntimesAndProblems",
        "1000o 1200f 1500o",
        "90",
        {"availability": percent(500, 600, "83.33", "83.3333"), "maintenance_ms": 400, "down_ms": 100},
        NO_PART,
        maintenance=[window("a", 1.1, 1.3, 0), window("b", 1.4, 1.6, 0)],
    ),
    # still failing in every probe since
    vector("CriticalBeforeInterval", "0f 1000f", "0", {"availability": percent(0, 1000, "0.00", "0.0000")}),
    # M [1000, 1800) = 800; D 200; nothing of the time that counts was up
    vector(
        "CriticalBeforeIntervalWithDowntime",
        "800f 1800f",
        "80",
        {"availability": percent(0, 200, "0.00", "0.0000"), "maintenance_ms": 800, "down_ms": 200},
        NO_PART,
        maintenance=[window("a", 0.6, 1.8, 0)],
    ),
    # M: the union [1000, 1400) and [1600, 2000) = 800; D 200
    vector(
        "CriticalBeforeIntervalWithOverlappingDowntimes",
        "800f 1800f",
        "80",
        {"availability": percent(0, 200, "0.00", "0.0000"), "maintenance_ms": 800, "down_ms": 200},
        NO_PART,
        maintenance=[
            window(name, start, end, 0)
            for name, start, end in (
                ("a", 0.6, 1),
                ("b", 0.8, 1.2),
                ("c", 1, 1.4),
                ("d", 1.6, 2),
                ("e", 1.8, 2.2),
            )
        ],
    ),
    # U 200, P 800
    vector("FallbackToPreviousState", "1200o", "80", FIFTH_UNKNOWN, NOT_SEEN_BEFORE),
    # the one probe is of the report instant
    vector("FallbackToCurrentState", "2000f", "0", NO_DATA, NOTHING_SEEN),
    # D 200, P 800: what was seen before holds
    vector(
        "PreferInitialStateFromBeforeOverLaterState",
        "800f 1200o",
        "80",
        {"availability": percent(800, 1000, "80.00", "80.0000"), "unknown_ms": 0},
    ),
    vector(
        "PreferInitialStateFromBeforeOverCurrentState",
        "800f 1800f 2000o",
        "0",
        {"availability": percent(0, 1000, "0.00", "0.0000"), "unknown_ms": 0},
    ),
    # U 200, P 800
    vector("PreferLaterStateOverCurrentState", "1200o 2000f", "80", FIFTH_UNKNOWN, NOT_SEEN_BEFORE),
    # U 500, D 200, P 300; and the coverage says that half is missing
    vector("InitialUnknownReducesTotalTime", "1500f 1700o", "60", HALF_UNKNOWN),
    # P 100, paused 500, P 200, D 200
    vector(
        "IntermediateUnknownReducesTotalTime",
        "1000o 1100f 1600o 1800f",
        "60",
        HALF_UNKNOWN,
        blind=[blind(1.1, 1.6, "paused")],
    ),
)

NO_PERIOD = (  # an error there and here
    vector("ZeroDuration", "1000o", "error", {}, period={"from": 1000, "to": 1000}),
    vector("NegativeDuration", "1000o", "error", {}, period={"from": 2000, "to": 1000}),
)
ICINGA = tuple(one.tale for one in VECTORS)
