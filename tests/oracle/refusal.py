"""What makes a replay document an error (R66 and the rules it names)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from tests.oracle.calendars import WEEKDAYS, in_season, time_of_day
from tests.oracle.clock import BootClocks
from tests.oracle.rules import CAUSES, FOREVER, Rules
from tests.oracle.story import period_of
from tests.oracle.zones import zone_of

KEYS = {
    "document": (
        {"version", "period", "agent_runs", "targets"},
        {"as_of_utc_ms", "coverage_threshold", "degraded_weight", "calendar", "clock_anchors", "maintenance"},
    ),
    "period": ({"from", "to"}, {"zone"}),
    "run": ({"boot", "start_ms", "end"}, {"end_ms", "watermark_ms"}),
    "anchor": ({"boot", "at_ms", "wall_utc_ms", "synchronised"}, set()),
    "window": ({"id", "start_utc_ms", "end_utc_ms", "recorded_utc_ms"}, {"targets"}),
    "target": ({"id", "policy", "configured", "probes"}, {"blind"}),
    "policy": ({"interval_ms", "timeout_ms", "fail_after", "recover_after"}, {"grace_ms"}),
    "configured": ({"start_utc_ms"}, {"end_utc_ms"}),
    "blind": ({"start_utc_ms", "end_utc_ms", "cause"}, set()),
    "always": ({"kind"}, set()),
    "windows": ({"kind", "windows"}, set()),
    "weekly": ({"kind", "zone", "seasons"}, {"holidays", "working_days"}),
    "season": ({"from", "to", "hours"}, set()),
    "working_day": ({"date", "like"}, set()),
}
VERDICTS = ("ok", "degraded", "failed", "local_error")
LEAP_YEAR = [date.fromordinal(date(2024, 1, 1).toordinal() + day) for day in range(366)]


class RefusedError(Exception):
    """The document is no valid story; `faults` says why."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def faults(document: dict[str, Any], rules: Rules) -> list[str]:
    """Keys first: what has the wrong shape is not looked into."""
    return list(_shape(document)) or list(_meaning(document, rules))


def _keys(kind: str, *rows: dict[str, Any]) -> Iterator[str]:
    needed, optional = KEYS[kind]
    for row in rows:
        wrong = (needed - row.keys()) | (row.keys() - needed - optional)
        if wrong:
            yield f"{kind}: {sorted(wrong)}"


def _shape(document: dict[str, Any]) -> Iterator[str]:
    yield from _keys("document", document)
    yield from _keys("period", document.get("period", {}))
    yield from _keys("run", *document.get("agent_runs", []))
    yield from _keys("anchor", *document.get("clock_anchors", []))
    yield from _keys("window", *document.get("maintenance", []))
    for target in document.get("targets", []):
        yield from _keys("target", target)
        yield from _keys("policy", target.get("policy", {}))
        yield from _keys("configured", *target.get("configured", []))
        yield from _keys("blind", *target.get("blind", []))
    yield from _calendar_shape(document.get("calendar") or {"kind": "always"})


def _calendar_shape(calendar: dict[str, Any]) -> Iterator[str]:
    if calendar.get("kind") not in {"always", "weekly", "windows"}:
        yield f"calendar kind {calendar.get('kind')}"
        return
    yield from _keys(calendar["kind"], calendar)
    yield from _keys("season", *calendar.get("seasons", []))
    yield from _keys("working_day", *calendar.get("working_days", []))


def _meaning(document: dict[str, Any], rules: Rules) -> Iterator[str]:
    yield from _report(document)
    yield from _calendar(document.get("calendar") or {"kind": "always"})
    clocks = BootClocks(document.get("clock_anchors", []), rules)
    yield from _runs(document["agent_runs"], clocks)
    for window in document.get("maintenance", []):
        if window["end_utc_ms"] <= window["start_utc_ms"]:
            yield f"window {window['id']} ends before it begins"
    for target in document["targets"]:
        yield from _target(target, clocks)


def _report(document: dict[str, Any]) -> Iterator[str]:
    if document["version"] != 1:
        yield f"version {document['version']}"
    if not re.fullmatch(r"\d+(\.\d+)?", document.get("degraded_weight", "1")):
        yield "degraded_weight is no decimal"
    elif not 0 <= Fraction(document.get("degraded_weight", "1")) <= 1:
        yield "degraded_weight outside 0..1"
    try:
        start, end = period_of(document["period"])
    except (ZoneInfoNotFoundError, ValueError, AssertionError) as error:
        yield f"period: {error}"
        return
    if end <= start:
        yield "period ends before it begins"


def _runs(rows: list[dict[str, Any]], clocks: BootClocks) -> Iterator[str]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        start, end = row["start_ms"], row.get("end_ms", FOREVER)
        if row["end"] not in {"stop", "kill", "running"} or ("end_ms" in row) == (row["end"] == "running"):
            yield f"run end {row['end']}"
        if (
            end < start
            or not start <= row.get("watermark_ms", start) <= end
            or ("watermark_ms" in row and row["end"] != "kill")
        ):
            yield f"run or watermark of boot {row['boot']}"
        known = clocks.knows(row["boot"])
        utc = [clocks.utc(row["boot"], at) if known else at for at in (start, end)]
        spans.setdefault("" if known else row["boot"], []).append((utc[0], utc[1]))
    for same_clock in spans.values():
        if any(later[0] < earlier[1] for earlier, later in pairwise(sorted(same_clock))):
            yield "agent runs overlap"


def _target(target: dict[str, Any], clocks: BootClocks) -> Iterator[str]:
    for row in target.get("blind", []):
        if row["cause"] not in CAUSES or row["end_utc_ms"] <= row["start_utc_ms"]:
            yield f"blind of {target['id']}: {row['cause']}"
    for row in target["configured"]:
        if row.get("end_utc_ms") is not None and row["end_utc_ms"] <= row["start_utc_ms"]:
            yield f"configured of {target['id']}"
    instants: Counter[tuple[str, int]] = Counter()
    for boot, start, took, verdict, *_ in target["probes"]:
        if verdict not in VERDICTS or took < 0:
            yield f"probe of {target['id']}: {verdict} {took}"
        known = clocks.knows(boot)
        instants["" if known else boot, clocks.utc(boot, start) if known else start] += 1
    if any(count > 1 for count in instants.values()):
        yield f"two probes of {target['id']} in the same instant"


def _calendar(calendar: dict[str, Any]) -> Iterator[str]:
    for row in calendar.get("windows", []):
        if row["end_utc_ms"] <= row["start_utc_ms"]:
            yield "calendar window ends before it begins"
    seasons = calendar.get("seasons", [])
    if any(in_season(one, day) and in_season(two, day) for one, two in combinations(seasons, 2) for day in LEAP_YEAR):
        yield "a date in two seasons"
    for season in seasons:
        yield from _hours(season["hours"])
    days = [row["date"] for row in calendar.get("working_days", [])]
    if len(set(days)) != len(days):
        yield "a working day twice"
    if any(row["like"] not in WEEKDAYS for row in calendar.get("working_days", [])):
        yield "a working day like no weekday"
    if calendar["kind"] == "weekly":
        try:
            zone_of(calendar["zone"])
        except (ZoneInfoNotFoundError, ValueError) as error:
            yield f"calendar: {error}"


def _hours(hours: dict[str, list[list[str]]]) -> Iterator[str]:
    for weekday, pairs in hours.items():
        if weekday not in WEEKDAYS:
            yield f"weekday {weekday}"
        for opens, closes in pairs:
            if time_of_day(closes) <= time_of_day(opens):
                yield f"hours {opens}-{closes}"
