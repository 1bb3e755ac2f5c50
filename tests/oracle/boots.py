"""The life of an agent for a scenario: boots with their clocks, and the agent's runs in them."""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

from tests.oracle.clock import BootClocks
from tests.oracle.rules import Rules

ROUNDS = 40
DISAGREE = (0, 0, 0, 3, -40, 700, 1999, 2000, -2000, 2001, -2001, 3_600_000, -7_200_000)


class Place(NamedTuple):
    zone: str
    instant: int


class Life(NamedTuple):
    runs: list[dict[str, Any]]
    anchors: list[dict[str, Any]]
    longest: int  # no run has probes beyond this length
    clocks: BootClocks


def life(rng: Random, place: Place, step: int, size: int) -> Life:
    """Boot after boot; the story lies around the place's instant."""
    longest = step * ROUNDS * size
    now = place.instant - rng.choice((0, longest // 2, longest, longest * 2))
    runs: list[dict[str, Any]] = []
    anchors: list[dict[str, Any]] = []
    boots = rng.choice((1, 1, 2, 3))
    for number in range(1, boots + 1):
        mine = _runs(rng, f"b{number}", step, longest, last=number == boots)
        known = _anchors(rng, f"b{number}", mine, longest) if rng.random() < (0.85 if boots > 1 else 0.97) else []
        runs += mine
        if not known:
            anchors += rng.choice(([], [_anchor(f"b{number}", mine[0]["start_ms"], now, synchronised=False)]))
            now += longest
            continue
        now = _place(known, mine, now)
        anchors += known
        now += rng.choice((0, 0, 1, step, step * 3))
    return Life(runs, anchors, longest, BootClocks(anchors, Rules()))


def _place(known: list[dict[str, Any]], runs: list[dict[str, Any]], now: int) -> int:
    """Moves the boot's wall times so that its first run starts now; returns where its last one ends."""
    boot = runs[0]["boot"]
    shift = now - BootClocks(known, Rules()).utc(boot, runs[0]["start_ms"])
    for anchor in known:
        anchor["wall_utc_ms"] += shift
    return BootClocks(known, Rules()).utc(boot, runs[-1].get("end_ms", runs[-1]["start_ms"]))


def _runs(rng: Random, boot: str, step: int, longest: int, *, last: bool) -> list[dict[str, Any]]:
    at = rng.choice((0, 1, 12_345, 86_400_000))
    found: list[dict[str, Any]] = []
    for left in range(rng.choice((0, 0, 1, 2)), -1, -1):
        run: dict[str, Any] = {"boot": boot, "start_ms": at}
        end = at + rng.choice((longest, longest // 2, longest // 3, rng.randrange(longest), step * 4, step * 4 + 20))
        kind = "running" if last and not left and rng.random() < 0.6 else rng.choice(("stop", "kill"))
        found.append(run | _ending(rng, kind, at, end, step))
        at = end + rng.choice((0, 0, 1, 10_000, step, step * 2 + 1))
    return found


def _ending(rng: Random, kind: str, start: int, end: int, step: int) -> dict[str, Any]:
    if kind == "running":
        return {"end": kind}
    ending = {"end_ms": end, "end": kind}
    if kind == "kill" and rng.random() < 0.9:
        whole = start + (end - start) // step * step  # where a punctual probe may start, or end 20 ms later
        chosen = rng.choice((end, end - rng.randrange(10_000), whole, whole + 20, whole + 19, whole - step + 20, start))
        ending["watermark_ms"] = min(max(chosen, start), end)
    return ending


def _anchors(rng: Random, boot: str, runs: list[dict[str, Any]], longest: int) -> list[dict[str, Any]]:
    """At the start and now and then, agreeing, drifting, or after a step of the wall clock."""
    first, last = runs[0]["start_ms"], runs[-1].get("end_ms", runs[-1]["start_ms"] + longest)
    at, wall = first + rng.choice((0, 0, 1000)), 0
    found = [_anchor(boot, at, at + wall, synchronised=True)]
    for _ in range(rng.choice((0, 0, 1, 2, 4))):
        at += rng.randrange(60_000, max(60_001, last - first))
        wall += rng.choice(DISAGREE)
        found.append(_anchor(boot, at, at + wall, synchronised=rng.random() < 0.9))
    if not any(anchor["synchronised"] for anchor in found):
        found[0]["synchronised"] = True
    rng.shuffle(found)
    return found


def _anchor(boot: str, at: int, wall: int, *, synchronised: bool) -> dict[str, Any]:
    return {"boot": boot, "at_ms": at, "wall_utc_ms": wall, "synchronised": synchronised}
