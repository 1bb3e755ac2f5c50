"""Stories for single rules. Unless a story says otherwise: interval 60 s, grace 30 s (half the interval), DOWN after 3
failures, UP after 1 success, each probe takes 1 s. So a probe at t vouches to t+60 and bridges to t+90."""

from __future__ import annotations

from tests.oracle.tales import S, Tale, anchor, blind, outage, probes, run, span, states, tale
from tests.oracle.worked_report import REPORT


def said(name: str, story: str, line: str, **given: object) -> Tale:
    """A tale about states alone; the report ends where the line ends."""
    return tale(name, story, float(line.rsplit(maxsplit=1)[-1]), {"states": states(line)}, **given)


def two(how: str, end: float, again: float, watermark: float | None = None) -> dict[str, object]:
    """A second run in the same boot."""
    return {"agent_runs": [run("b", 0, end, how, watermark), run("b", again)]}


EVIDENCE = (
    said("R1 probe in the instant of a blind start", "0o 60f", "0 up 60 dns 100", blind=[blind(60, 70, "dns")]),
    said("R1 probe in the instant of a blind end", "0o 60o 70o", "0 up 60 dns 70 up 100", blind=[blind(60, 70, "dns")]),
    said(
        "R1 probe in the instant of removal",
        "0o 60f",
        "0 up 60 - 70",
        configured=[span(0, 60)],
        policy={"fail_after": 1},
    ),
    said("R1 probe in the instant of being added", "60o", "60 up 100", configured=[span(60, None)]),
    said("R2 grace exactly reached", "0o 90o", "0 up 150"),
    said("R2 grace missed by 1 ms", "0o 90.001o", "0 up 60 overload 90.001 up 150"),
    said("R2 no grace, punctual", "0o 60o", "0 up 120", policy={"grace_ms": 0}),
    said("R2 no grace, 1 ms late", "0o 60.001o", "0 up 60 overload 60.001 up 100", policy={"grace_ms": 0}),
    said("R2 the timeout as grace", "0o 110o", "0 up 120", policy={"timeout_ms": 50 * S}),
    said("R2 half an odd interval, rounded down", "0o 90.001o", "0 up 150", policy={"interval_ms": 60_001}),
    said(
        "R2 half an odd interval and 1 ms",
        "0o 90.002o",
        "0 up 60.001 overload 90.002 up 150",
        policy={"interval_ms": 60_001},
    ),
    said("R2 fast probes vouch for the whole interval", "0o 60f 65f 70f 160o", "0 up 60 down 160 up 200"),
    said("R3 stop within grace", "0o", "0 up 90 agent_off 120", agent_runs=[run("b", 0, 90)]),
    said("R3 stop beyond grace", "0o", "0 up 60 overload 91 agent_off 120", agent_runs=[run("b", 0, 91)]),
    said("R3 blind within grace", "0o", "0 up 90 dns 120", blind=[blind(90, 120, "dns")]),
    said("R3 blind beyond grace", "0o", "0 up 60 overload 91 dns 120", blind=[blind(91, 120, "dns")]),
    said("R3 removal beyond grace", "0o", "0 up 60 overload 91 - 120", configured=[span(0, 91)]),
    said("R3 report within grace", "0o", "0 up 90"),
    said("R3 report beyond grace", "0o", "0 up 60 overload 91"),
    said(
        "R5 a short blind time between punctual probes",
        "0o 60o",
        "0 up 10 dns 60 up 100",
        blind=[blind(10, 11, "dns")],
    ),
    said(
        "R6 the state before a gap is not resumed",
        "0f 60f 120f 300f 360f 420o",
        "0 down 180 overload 300 not_yet 420 up 450",
    ),
    said(
        "R6 confirmed anew, from the first probe after the gap",
        "0f 60f 120f 300f 360f 420f",
        "0 down 180 overload 300 down 480",
    ),
    tale(
        "R7 short runs change nothing",
        "0f 60f 120f 180o 240f 300o 360o",
        400,
        {"states": states("0 down 300 up 400"), "outages": [outage(0, 300, 300, 121)], "soft_failures": 0},
        policy={"recover_after": 2},
    ),
    tale(
        "R7 a second confirmed run in one outage",
        "0f 60f 120f 180o 240f 300f 360f 420o 480o",
        500,
        {"outages": [outage(0, 420, 420, 121)]},
        policy={"recover_after": 2},
    ),
    said("R8 UP is back-dated too", "0f 60o 120o", "0 not_yet 60 up 180", policy={"recover_after": 2}),
    said("R9 success is not damped", "0o 60d 120o 180d", "0 up 60 degraded 120 up 180 degraded 240"),
    said("R9 an unconfirmed failure keeps DEGRADED", "0o 60d 120f 180o", "0 up 60 degraded 180 up 240"),
    said(
        "R9 recovery keeps its own verdicts",
        "0f 60f 120f 180d 240o",
        "0 down 180 degraded 240 up 300",
        policy={"recover_after": 2},
    ),
    said("R10 local error", "0o 60e 120o", "0 up 60 local_error 120 up 150"),
    said("R10 local error and then nothing", "0o 60e", "0 up 60 local_error 120 overload 151"),
    said("R10 local error bridges to the grace", "0o 60e 150o", "0 up 60 local_error 150 up 200"),
    tale(
        "R10 inside DOWN",
        "0f 60f 120f 180e 240f 300f 360o",
        400,
        {"states": states("0 down 180 local_error 240 not_yet 360 up 400"), "soft_failures": 1},
    ),
    tale("R10 breaks an unconfirmed run", "0f 60f 120e 180f 240o", 300, {"down_ms": 0, "soft_failures": 2}),
    tale(
        "R11 confirmed at the end of the third",
        probes("0f 60f 120f", took=4321),
        180,
        {"outages": [outage(0, 180, 180, 124.321)]},
    ),
)

OFF = (
    said(
        "R12 ended exactly at the watermark", "0o 60d", "0 up 60 degraded 61 agent_off 90", **two("kill", 80, 200, 61)
    ),
    said(
        "R12 ended after the watermark, before the kill",
        "0o 60d",
        "0 up 60.999 agent_off 90",
        **two("kill", 80, 200, 60.999),
    ),
    said("R13 no watermark", "0o 60o", "0 agent_off 100", **two("kill", 80, 200)),
    tale(
        "R14 a stop drops an unconfirmed run",
        "0o 60f 120f 200f 260o",
        300,
        {"states": states("0 up 130 agent_off 200 not_yet 260 up 300"), "soft_failures": 2},
        **two("stop", 130, 190),
    ),
    tale(
        "R15 no run reaches across 0 ms",
        "0o 60f 120f 150f 210f 270o",
        300,
        {"states": states("0 up 130 agent_off 150 not_yet 270 up 300"), "down_ms": 0, "soft_failures": 2},
        **two("stop", 130, 130),
    ),
    said("R16 unfinished at the stop", "0o 60d", "0 up 60.999 agent_off 90", **two("stop", 60.999, 200)),
    said(
        "R16 finished in the instant of the stop", "0o 60d", "0 up 60 degraded 61 agent_off 90", **two("stop", 61, 200)
    ),
    said(
        "R17 configured while off",
        "100o",
        "10 agent_off 100 up 120",
        agent_runs=[run("b", 50)],
        configured=[span(10, None)],
    ),
    said("R17 added while running", "100o", "10 not_yet 100 up 120", configured=[span(10, None)]),
    said(
        "R17 added with the start",
        "100o",
        "50 not_yet 100 up 120",
        agent_runs=[run("b", 50)],
        configured=[span(50, None)],
    ),
    said(
        "R17 added in a blind time",
        "100o",
        "10 dns 100 up 120",
        configured=[span(10, None)],
        blind=[blind(5, 20, "dns")],
    ),
    said(
        "R17 started in a blind time",
        "100o",
        "0 agent_off 50 dns 100 up 120",
        agent_runs=[run("b", 50)],
        blind=[blind(5, 70, "dns")],
    ),
    said(
        "R19 to the first probe that starts at or after the end",
        "0o 60o 119.999o 180o",
        "0 up 50 dns 180 up 200",
        blind=[blind(50, 120, "dns")],
    ),
    tale(
        "R20 no soft failures inside; started before and ended inside counts",
        [["b", 0, 20, "ok"], ["b", 49_999, 1000, "degraded"], ["b", 60_000, 20, "failed"], ["b", 120_000, 20, "ok"]],
        160,
        {"states": states("0 up 49.999 degraded 50 dns 120 up 160"), "soft_failures": 0},
        blind=[blind(50, 100, "dns")],
    ),
    said(
        "R21 off before blind, and blind by rank",
        "0o 200o",
        "0 up 10 not_yet 20 overload 30 local_error 40 dns 50 monitor_net 55 agent_off "
        "60 paused 70 disk 80 clock 200 up 210",
        agent_runs=[run("b", 0, 55), run("b", 60)],
        blind=[
            blind(start, 90, cause)
            for start, cause in zip(
                (10, 20, 30, 40, 50, 57, 70, 80),
                ("not_yet", "overload", "local_error", "dns", "monitor_net", "paused", "disk", "clock"),
                strict=True,
            )
        ],
    ),
    said(
        "R22 one entry for one cause",
        "0o 100o",
        "0 up 10 dns 100 up 110",
        blind=[blind(10, 20, "dns"), blind(20, 30, "dns")],
    ),
)

SOFT = (
    tale("R23 ended by success", "0o 60f 120f 180o 240f 300o", 330, {"soft_failures": 2}),
    tale("R23 ended by a gap", "0o 60f 300o", 330, {"soft_failures": 1}),
    tale("R23 ended by blindness", "0o 60f", 150, {"soft_failures": 1}, blind=[blind(100, 101, "dns")]),
    tale("R23 ended by removal", "0o 60f", 150, {"soft_failures": 1}, configured=[span(0, 100)]),
    tale("R23 right after UNKNOWN", "60f 120o", 150, {"soft_failures": 1}),
    tale("R24 may still grow", "0o 60f", 150, {"soft_failures": 0}),
    tale("R24 can grow no more", "0o 60f", 151, {"soft_failures": 1}),
    tale(
        "R25 begins before the period",
        "0o 60f 120f 180o",
        0,
        {"soft_failures": 0},
        period={"from": 60 * S + 1, "to": 200 * S},
    ),
    tale(
        "R25 begins with the period",
        "0o 60f 120f 180o",
        0,
        {"soft_failures": 1},
        period={"from": 60 * S, "to": 200 * S},
    ),
)

CLOCK = (
    # 100 s of the boot are 101 s of the wall: 33.333 s are floor(33,333 * 101,000 / 100,000) = 33,666 ms
    said(
        "R30 between two anchors",
        "33.333o",
        "0 agent_off 33.666 up 50",
        clock_anchors=[anchor("b", 0, 0), anchor("b", 100, 101)],
        agent_runs=[run("b", 33.333)],
    ),
    said(
        "R30 outside, 1 for 1",
        "200o",
        "0 agent_off 201 up 210",
        clock_anchors=[anchor("b", 0, 0), anchor("b", 100, 101)],
        agent_runs=[run("b", 200)],
    ),
    # exactly 2,000 ms in 100 s: 50 s are 51 s
    said(
        "R31 no step at 2,000 ms",
        "50o",
        "0 agent_off 51 up 60",
        clock_anchors=[anchor("b", 0, 0), anchor("b", 100, 102)],
        agent_runs=[run("b", 50)],
    ),
    # 2,001 ms: only the second anchor holds: 50 s are 52.001 s
    said(
        "R31 a step at 2,001 ms",
        "50o",
        "0 agent_off 52.001 up 60",
        clock_anchors=[anchor("b", 0, 0), anchor("b", 100, 102.001)],
        agent_runs=[run("b", 50)],
    ),
    # in 1 s the wall stands still: 1,000 ms apart, but it does not rise: 0.5 s is 10 - 0.5 = 9.5 s
    said(
        "R31 a wall that does not rise",
        "0.5o",
        "0 agent_off 9.5 up 20",
        clock_anchors=[anchor("b", 0, 10), anchor("b", 1, 10)],
        agent_runs=[run("b", 0.5)],
    ),
    tale(
        "R32 a probe's end is mapped",
        [["b", 0, 50_000, "failed"]],
        200,
        {"outages": [outage(0, 90, 90, 51)]},
        policy={"fail_after": 1},
        agent_runs=[run("b", 0, 89)],
        clock_anchors=[anchor("b", 0, 0), anchor("b", 50, 51), anchor("b", 100, 101)],
    ),
    said(
        "R34 a boot that was never synchronised",
        "0o 60o 200o",
        "0 up 70 clock 200 up 210",
        agent_runs=[run("b", 0, 70), run("x", 0, 50), run("b", 190)],
        clock_anchors=[anchor("b", 0, 0), anchor("x", 0, 100, synchronised=False)],
    ),
    tale(
        "R35 anchors after the report",
        "50o",
        60,
        {"states": states("0 agent_off 51 up 60")},
        clock_anchors=[anchor("b", 0, 0), anchor("b", 100, 102)],
        agent_runs=[run("b", 50)],
    ),
)

RULES = (*EVIDENCE, *OFF, *SOFT, *CLOCK, *REPORT)
