"""Documents that must be refused: a valid scenario with one defect of the list of R66."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.oracle.scenarios import scenario

Defect = Callable[[dict[str, Any]], None]
ALL_YEAR = {"from": "01-01", "to": "12-31", "hours": {"mon": [["08:00", "12:00"]]}}


def invalid(seed: int) -> dict[str, Any]:
    return spoilt(seed, list(DEFECTS)[seed % len(DEFECTS)])


def spoilt(seed: int, defect: str) -> dict[str, Any]:
    document = deepcopy(scenario(seed))
    DEFECTS[defect](document)
    return document


def _weekly(**keys: Any) -> dict[str, Any]:
    return {"kind": "weekly", "zone": "Asia/Ho_Chi_Minh", "seasons": [ALL_YEAR], **keys}


def _put(*path: str, value: Any) -> Defect:
    """Sets a key; a list on the way means its first entry."""

    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for key in path[:-1]:
            place = place[key]
            place = place[0] if isinstance(place, list) else place
        place[path[-1]] = value

    return change


def _period_backwards(document: dict[str, Any]) -> None:
    document["period"] = {"from": 1_000, "to": 999, "zone": "UTC"}


def _overlapping_runs(document: dict[str, Any]) -> None:
    """One boot, so that it overlaps on the boot's own clock and in UTC."""
    document["agent_runs"] += [
        {"boot": "again", "start_ms": 0, "end_ms": 1000, "end": "stop"},
        {"boot": "again", "start_ms": 999, "end_ms": 2000, "end": "stop"},
    ]


def _overlapping_after_mapping(document: dict[str, Any]) -> None:
    """Disjoint on their own clocks, one second together in UTC, long before the rest."""
    for boot, wall in (("one", 0), ("two", 999)):
        document["agent_runs"].insert(0, {"boot": boot, "start_ms": 0, "end_ms": 1000, "end": "stop"})
        document["clock_anchors"].append({"boot": boot, "at_ms": 0, "wall_utc_ms": wall, "synchronised": True})


def _killed_run(watermark: int) -> Defect:
    run = {"boot": "killed", "start_ms": 100, "end_ms": 200, "end": "kill", "watermark_ms": watermark}
    return lambda document: document["agent_runs"].insert(0, run)


def _same_instant(document: dict[str, Any]) -> None:
    boot = document["agent_runs"][0]["boot"]
    document["targets"][0]["probes"] += [[boot, 777_777_777, 5, "ok"], [boot, 777_777_777, 6, "ok"]]


def _probe(document: dict[str, Any]) -> None:
    document["targets"][0]["probes"].append([document["agent_runs"][0]["boot"], 777_777_777, 5, "fine"])


def _blind(document: dict[str, Any]) -> None:
    document["targets"][0]["blind"] = [{"start_utc_ms": 1, "end_utc_ms": 2, "cause": "weather"}]


def _window(document: dict[str, Any]) -> None:
    document["maintenance"] = [{"id": "m", "start_utc_ms": 5, "end_utc_ms": 5, "recorded_utc_ms": 0}]


DEFECTS: dict[str, Defect] = {
    "period end before its start": _period_backwards,
    "period of no length": _put("period", value={"from": "2026-06-01", "to": "2026-06-01", "zone": "UTC"}),
    "overlapping agent runs": _overlapping_runs,
    "agent runs that overlap after mapping": _overlapping_after_mapping,
    "watermark before its run": _killed_run(99),
    "watermark after its run": _killed_run(201),
    "two probes in the same instant": _same_instant,
    "unknown verdict": _probe,
    "unknown cause": _blind,
    "unknown calendar kind": _put("calendar", value={"kind": "lunar"}),
    "maintenance of no length": _window,
    "weight above 1": _put("degraded_weight", value="1.01"),
    "weight below 0": _put("degraded_weight", value="-0.5"),
    "date in two seasons": _put(
        "calendar", value=_weekly(seasons=[ALL_YEAR, {"from": "12-31", "to": "12-31", "hours": {}}])
    ),
    "working day listed twice": _put(
        "calendar",
        value=_weekly(working_days=[{"date": "2026-08-22", "like": "mon"}, {"date": "2026-08-22", "like": "tue"}]),
    ),
    "hours that end before they begin": _put(
        "calendar", value=_weekly(seasons=[{**ALL_YEAR, "hours": {"mon": [["17:00", "08:00"]]}}])
    ),
    "hours of no length": _put(
        "calendar", value=_weekly(seasons=[{**ALL_YEAR, "hours": {"mon": [["08:00", "08:00"]]}}])
    ),
    "unknown key": _put("surprise", value=1),
    "unknown key of a policy": _put("targets", "policy", "patience", value=1),
    "unknown version": _put("version", value=2),
}
