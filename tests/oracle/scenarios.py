"""Random but valid replay documents that seek the corners: equal edges, exact grace, steps, crashes, odd midnights.

The same seed gives the same document on every machine."""

from __future__ import annotations

from itertools import count
from random import Random
from typing import Any

from tests.oracle.boots import Life, Place, life
from tests.oracle.refusal import faults
from tests.oracle.rules import CAUSES, FOREVER, Rules
from tests.oracle.settings import Corners, calendar, period

HOUR = 3_600_000
STEPS = (60_000, 300_000, 1_800_000, HOUR, 20_001)
REASONS = ("timeout", "refused", "unreachable")
PLACES = (  # a zone and an instant near which something happens to its clocks, or nothing
    Place("Asia/Ho_Chi_Minh", 1_780_246_800_000),  # 1 June 2026
    Place("Europe/Berlin", 1_774_746_000_000),  # 29 March 2026, 02:00 to 03:00
    Place("Europe/Berlin", 1_792_890_000_000),  # 25 October 2026, 03:00 to 02:00
    Place("Asia/Almaty", 1_709_229_600_000),  # 1 March 2024, 00:00 to 29 February 23:00
    Place("America/Sao_Paulo", 1_508_036_400_000),  # 15 October 2017, no midnight
    Place("America/Sao_Paulo", 1_518_919_200_000),  # 18 February 2018, 23 o'clock twice
    Place("Asia/Beirut", 1_774_735_200_000),  # 29 March 2026, no midnight
    Place("America/Havana", 1_793_509_200_000),  # 1 November 2026, midnight twice
    Place("Asia/Ho_Chi_Minh", 1_798_736_400_000),  # the new year of 2027
)


def scenario(seed: int, size: int = 1) -> dict[str, Any]:
    """A valid document; `size` multiplies the rounds of probes."""
    for attempt in count():
        document = _draw(Random(f"{seed}/{attempt}"), size)
        if not faults(document, Rules()):
            return document
    raise AssertionError


def _draw(rng: Random, size: int) -> dict[str, Any]:
    place = rng.choice(PLACES)
    step = rng.choice(STEPS)
    lived = life(rng, place, step, size)
    targets = [Drawn(rng, lived, step, f"t{number}").target() for number in range(1, rng.choice((1, 1, 2, 3)) + 1)]
    corners = Corners(rng, lived, targets, place)
    for target in targets:
        target["configured"] = _configured(rng, corners)
        target["blind"] = _blind(rng, corners)
    document: dict[str, Any] = {
        "version": 1,
        "period": period(rng, corners),
        "agent_runs": lived.runs,
        "clock_anchors": lived.anchors,
        "targets": targets,
    }
    optional = {
        "as_of_utc_ms": rng.choice((None, None, None, corners.pick(), corners.last(), corners.last())),
        "coverage_threshold": rng.choice((None, "95", "50", "99.9", "100", "0")),
        "degraded_weight": rng.choice((None, None, "0", "0.5", "0.75", "1", "0.333")),
        "calendar": calendar(rng, corners),
        "maintenance": _maintenance(rng, corners, targets),
    }
    return document | {key: value for key, value in optional.items() if value is not None}


def _configured(rng: Random, corners: Corners) -> list[dict[str, Any]]:
    """From before everything; added in the middle; removed; removed and added again, at once or later."""
    kind = rng.choice((*["always"] * 6, "added", "removed", "again", "touching", "overlapping"))
    early = corners.first() - rng.choice((0, 1, HOUR))
    one, two = corners.pair()
    return {
        "always": [_span(early, None)],
        "added": [_span(one, None)],
        "removed": [_span(early, two)],
        "again": [_span(early, one), _span(two, None)],
        "touching": [_span(one, two), _span(two, None)],
        "overlapping": [_span(one, two), _span(two - 1, two + HOUR)],
    }[kind if one > early else "always"]


def _span(start: int, end: int | None) -> dict[str, Any]:
    return {"start_utc_ms": start, "end_utc_ms": end}


def _blind(rng: Random, corners: Corners) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for _ in range(rng.choice((0, 0, 0, 1, 2, 4))):
        start, end = corners.pair() if rng.random() < 0.2 else corners.short()
        if found and rng.random() < 0.4:
            start = found[-1]["end_utc_ms"]  # touching
            end = start + rng.choice((1, 1000, HOUR))
        found.append({**_span(start, end), "cause": rng.choice(CAUSES)})
    return found


def _maintenance(rng: Random, corners: Corners, targets: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    windows = []
    for number in range(rng.choice((0, 0, 1, 2, 4))):
        start, end = corners.pair() if rng.random() < 0.5 else corners.short(HOUR)
        recorded = rng.choice((start - HOUR, start - 1, start, start + 1, corners.pick(), end + HOUR))
        window = {"id": f"m{number}", **_span(start, end), "recorded_utc_ms": recorded}
        chosen = rng.choice((None, [targets[0]["id"]], [targets[-1]["id"]], "absent"))
        windows.append(window if chosen == "absent" else {**window, "targets": chosen})
    return windows or None


class Drawn:
    """One target: a policy, and probes in every run of the agent."""

    def __init__(self, rng: Random, lived: Life, step: int, name: str) -> None:
        self.rng, self.lived, self.name = rng, lived, name
        self.interval = rng.choice((step, step, step * 2, step + 1))
        self.timeout = rng.choice((1000, 5000, self.interval))
        self.given = rng.choice((None, None, None, 0, 1, self.interval, 7000))
        self.grace = max(self.timeout, self.interval // 2) if self.given is None else self.given
        self.mood = "good"

    def target(self) -> dict[str, Any]:
        rng = self.rng
        policy: dict[str, Any] = {"interval_ms": self.interval, "timeout_ms": self.timeout}
        if self.given is not None or rng.random() < 0.5:
            policy["grace_ms"] = self.given
        policy["fail_after"] = rng.choice((1, 2, 3, 3, 3))
        policy["recover_after"] = rng.choice((1, 1, 2, 3))
        probes = [probe for run in self.lived.runs for probe in self._probes(run)]
        rng.shuffle(probes)
        return {"id": self.name, "policy": policy, "probes": probes}

    def _probes(self, run: dict[str, Any]) -> list[list[Any]]:
        end = min(run.get("end_ms", FOREVER), run["start_ms"] + self.lived.longest)
        at = run["start_ms"] + self.rng.choice((0, 0, 1, self.interval // 2, self.interval))
        found = []
        while at <= end:
            found.append(self._probe(run["boot"], at))
            at += self._wait()
        return found

    def _probe(self, boot: str, at: int) -> list[Any]:
        took = self.rng.choice((0, 20, self.rng.randrange(self.timeout + 1), self.timeout))
        verdict = self._verdict()
        reason = [self.rng.choice(REASONS)] if verdict == "failed" and self.rng.random() < 0.7 else []
        return [boot, at, took, verdict, *reason]

    def _verdict(self) -> str:
        rng = self.rng
        if rng.random() < 0.25:
            self.mood = rng.choice(("good", "good", "slow", "bad", "bad", "mixed"))
        if rng.random() < 0.02:
            return "local_error"
        return {"good": "ok", "slow": "degraded", "bad": "failed"}.get(self.mood) or rng.choice(
            ("ok", "degraded", "failed", "failed")
        )

    def _wait(self) -> int:
        """Punctual; fast again; early; late to the last allowed millisecond, by one more, by far."""
        rng = self.rng
        if rng.random() < 0.88:
            return self.interval
        limit = self.interval + self.grace
        return rng.choice((5000, self.interval // 2, self.interval + 1, limit, limit, limit + 1, limit * 3))
