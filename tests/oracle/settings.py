"""What a scenario's report is asked for: period, calendar, and the instants where things meet."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.oracle.boots import Life, Place
from tests.oracle.calendars import WEEKDAYS
from tests.oracle.rules import FOREVER
from tests.oracle.zones import offset_at, wall_clock

HOUR = 3_600_000
OTHER_ZONES = ("UTC", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh")


class Corners:
    """Instants where something happens, to let other things happen in the same millisecond."""

    def __init__(self, rng: Random, lived: Life, targets: list[dict[str, Any]], place: Place) -> None:
        self.rng, self.place = rng, place
        found = {place.instant}
        for run in lived.runs:
            ends = [run[key] for key in ("start_ms", "end_ms", "watermark_ms") if key in run]
            found.update(lived.clocks.utc(run["boot"], at) for at in ends if lived.clocks.knows(run["boot"]))
        for target in targets:
            for boot, start, took, *_ in target["probes"]:
                if lived.clocks.knows(boot):
                    later = start + target["policy"]["interval_ms"]
                    grace = target["policy"].get("grace_ms") or 0
                    found.update(lived.clocks.utc(boot, at) for at in (start, start + took, later, later + grace))
        self.instants = sorted(x for x in found if x < FOREVER)

    def pick(self) -> int:
        return self.rng.choice(self.instants) + self.rng.choice((0, 0, 0, 1, -1, self.rng.randrange(-HOUR, HOUR)))

    def pair(self) -> tuple[int, int]:
        one, two = sorted((self.pick(), self.pick()))
        return one, max(two, one + 1)

    def short(self, at_most: int = 300_000) -> tuple[int, int]:
        start = self.pick()
        return start, start + self.rng.choice((1, 2, 1000, 30_000, self.rng.randrange(1, at_most)))

    def first(self) -> int:
        return self.instants[0]

    def last(self) -> int:
        return self.instants[-1] + self.rng.choice((0, 1, HOUR))

    def day(self, zone: str) -> date:
        """A local date near an instant where something happens."""
        x = self.rng.choice((self.place.instant, self.pick()))
        return wall_clock(x, offset_at(zone, x))[0]


def period(rng: Random, corners: Corners) -> dict[str, Any]:
    zone = rng.choice((corners.place.zone, corners.place.zone, *OTHER_ZONES))
    if rng.random() < 0.4:
        before, length = rng.choice(((0, 1), (0, 1), (0, 2), (0, 7), (1, 1), (1, 2), (6, 7), (15, 31)))
        start = corners.day(zone) - timedelta(days=before)
        end = start + timedelta(days=length)
        return {"from": start.isoformat(), "to": end.isoformat(), "zone": zone}
    one, two = corners.pair()
    span = rng.choice(((one, two), (corners.first(), corners.last()), (corners.first() - HOUR, corners.last())))
    return {"from": span[0], "to": span[1], "zone": zone}


def calendar(rng: Random, corners: Corners) -> dict[str, Any] | None:
    kind = rng.choice((None, None, "always", "weekly", "weekly", "weekly", "windows"))
    if kind == "weekly":
        return _weekly(rng, corners)
    if kind == "windows":
        pairs = [corners.pair() for _ in range(rng.choice((1, 2, 4, 4)))]
        return {"kind": kind, "windows": [{"start_utc_ms": start, "end_utc_ms": end} for start, end in pairs]}
    return {"kind": kind} if kind else None


def _weekly(rng: Random, corners: Corners) -> dict[str, Any]:
    zone = rng.choice((corners.place.zone, corners.place.zone, corners.place.zone, *OTHER_ZONES))
    day = corners.day(zone)
    found: dict[str, Any] = {"kind": "weekly", "zone": zone, "seasons": _seasons(rng, corners, day, zone)}
    if rng.random() < 0.5:
        found["holidays"] = sorted({(corners.day(zone) + timedelta(days=rng.choice((0, 0, 1)))).isoformat()})
    if rng.random() < 0.5:
        days = {corners.day(zone).isoformat() for _ in range(2)}
        found["working_days"] = [{"date": text, "like": rng.choice(WEEKDAYS)} for text in sorted(days)]
    return found


def _seasons(rng: Random, corners: Corners, day: date, zone: str) -> list[dict[str, Any]]:
    """The whole year; two halves, one over the new year; or one that changes on a day of the story."""
    before = f"{day - timedelta(days=1):%m-%d}"
    cuts = rng.choice(
        (
            [("01-01", "12-31")],
            [("04-01", "10-31"), ("11-01", "03-31")],
            [(f"{day:%m-%d}", before)],
            [(f"{day:%m-%d}", f"{day:%m-%d}")],
            [("12-15", before)] if before < "12-15" else [("12-15", "01-15")],
        )
    )
    return [{"from": first, "to": last, "hours": _hours(rng, corners, zone)} for first, last in cuts]


def _hours(rng: Random, corners: Corners, zone: str) -> dict[str, list[list[str]]]:
    days = WEEKDAYS if rng.random() < 0.8 else rng.sample(WEEKDAYS, 4)
    return {weekday: _day_hours(rng, corners, zone) for weekday in days}


def _day_hours(rng: Random, corners: Corners, zone: str) -> list[list[str]]:
    """Office hours, the night hours in which clocks change, the minutes of the story; some overlap or touch."""
    x = corners.pick()
    minute = wall_clock(x, offset_at(zone, x))[1] // 60_000
    near = [
        [max(minute - rng.randrange(1, reach), 0), min(minute + rng.randrange(1, reach), 24 * 60)]
        for reach in (90, 90, 300, 900)
    ]
    usual = [[420, 690], [810, 1020], [480, 1440], [0, 150], [0, 60], [90, 180], [150, 1380], [1380, 1440]]
    rows = [rng.choice(near), *rng.sample([*usual, *near], rng.choice((0, 1, 1, 2)))]
    return [[_clock(opens), _clock(closes)] for opens, closes in rows if opens < closes]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
