"""T54: f[a, b) + f[b, c) = f[a, c), term by term, for any a < b < c: months, clock changes, new years, calendars."""

from __future__ import annotations

import os
from dataclasses import astuple
from datetime import datetime
from itertools import combinations, pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from agent.availability.accounting import ReportTerms, Scoring, tally
from agent.availability.calendar import Always, Calendar, Season, Weekday, Weekly, Windows
from agent.availability.figures import pooled
from agent.availability.intervals import Interval
from agent.availability.maintenance import AppliedWindow
from agent.model import Cause, Reason, State, UnknownCause

soak = pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")
DAY = 86_400_000
CAUSES: dict[State, Cause] = {State.UNKNOWN: UnknownCause.OVERLOAD, State.DOWN: Reason.TIMEOUT}
HOURS = dict.fromkeys(Weekday, ((DAY * 7 // 24, DAY * 11 // 24), (DAY * 13 // 24, DAY)))
PLACES = tuple(
    (zone, int(datetime(*day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000)
    for zone, day in (
        ("Asia/Ho_Chi_Minh", (2026, 12, 30)),
        ("Asia/Ho_Chi_Minh", (2026, 10, 31)),
        ("Europe/Berlin", (2026, 3, 28)),
        ("Europe/Berlin", (2026, 10, 24)),
        ("Asia/Almaty", (2024, 2, 28)),
        ("America/Sao_Paulo", (2017, 10, 14)),
    )
)


def story(rng: Random, start: int) -> list[Interval]:
    """Five days, with gaps where the target is not configured."""
    edges = sorted({start + rng.randrange(5 * DAY) for _ in range(rng.randrange(2, 30))})
    spans = [span for span in pairwise(edges) if rng.random() < 0.9]
    states = [rng.choice(list(State)) for _ in spans]
    return [Interval(*span, state, CAUSES.get(state, Reason.OK)) for span, state in zip(spans, states, strict=True)]


def calendar(rng: Random, zone: str, start: int) -> Calendar:
    spans = tuple((at, at + rng.randrange(1, DAY)) for at in (start + rng.randrange(5 * DAY) for _ in range(4)))
    return rng.choice((Always(), Windows(spans), Weekly(zone, (Season((1, 1), (12, 31), HOURS),))))


def instant(rng: Random, found: list[Interval], start: int) -> int:
    """Often where something begins, one millisecond beside it, or midnight."""
    edges = [one.start_ms for one in found] or [start]
    near = rng.choice(edges) + rng.choice((-1, 0, 0, 1))
    return rng.choice((near, start + rng.randrange(5) * DAY, start + rng.randrange(5 * DAY)))


def differing(cases: int) -> tuple[int, int]:
    """How many cases were tried, and how many did not add up."""
    rng, tried, wrong = Random(54), 0, 0
    while tried < cases:
        zone, start = rng.choice(PLACES)
        found, counts = story(rng, start), calendar(rng, zone, start)
        booked = [
            AppliedWindow(f"m{n}", at, at + rng.randrange(1, DAY), excluded=rng.choice((-1, 0)) < 0)
            for n, at in enumerate(start + rng.randrange(5 * DAY) for _ in range(rng.randrange(4)))
        ]
        known: dict[tuple[int, int], tuple[int, ...]] = {}

        def sums(one: int, two: int, known: dict[tuple[int, int], tuple[int, ...]] = known) -> tuple[int, ...]:
            if (one, two) not in known:
                counted = tally(found, Scoring(ReportTerms(one, two, start + 4 * DAY), counts, booked))  # noqa: B023
                known[one, two] = astuple(pooled([counted]))[:6]
            return known[one, two]

        for a, b, c in combinations(sorted({instant(rng, found, start) for _ in range(12)}), 3):
            tried += 1
            wrong += tuple(map(sum, zip(sums(a, b), sums(b, c), strict=True))) != sums(a, c)
    return tried, wrong


def test_two_parts_add_up_to_the_whole() -> None:
    assert differing(20_000)[1] == 0


@pytest.mark.soak
@pytest.mark.timeout(3600)
@soak
def test_a_million_times_two_parts_add_up_to_the_whole() -> None:
    tried, wrong = differing(1_000_000)
    print(f"T54: {tried:,} times f[a, b) + f[b, c) = f[a, c): {wrong} differences")
    assert wrong == 0
