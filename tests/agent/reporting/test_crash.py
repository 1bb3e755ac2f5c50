"""Invariant 6: a crash and restart move time only into U, by at most heartbeat + off time + one interval + grace (or
timeout, where that is longer)."""

from __future__ import annotations

import json
import os
from random import Random
from typing import Any

import pytest

from agent.reporting.replay import replay
from exporters.reports.replay_json import replay_json

HEARTBEAT_MS = 10_000
KEYS = ("scoring_ms", "unknown_ms", "down_ms", "degraded_ms", "up_ms")
soak = pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")
Sums = dict[str, int]


def story(rng: Random) -> dict[str, Any]:
    """One target, probed punctually for two hours, in moods of at least ten probes."""
    interval = rng.choice((15_000, 30_000, 60_000))
    policy = {
        "interval_ms": interval,
        "timeout_ms": 5_000,
        "grace_ms": rng.choice((0, 5_000, interval // 2)),
        "fail_after": rng.choice((1, 2, 3)),
        "recover_after": rng.choice((1, 2)),
    }
    probes, mood, left = [], "ok", 0
    for at in range(rng.randrange(interval), 7_200_000, interval):
        if not left:
            mood, left = rng.choice(("ok", "ok", "failed", "degraded")), rng.randrange(10, 60)
        left -= 1
        probes.append(["b", at, rng.choice((5, 20, 3_000)), mood])
    return {
        "version": 1,
        "period": {"from": 0, "to": 7_200_000},
        "agent_runs": [{"boot": "b", "start_ms": 0, "end": "running"}],
        "clock_anchors": [{"boot": "b", "at_ms": 0, "wall_utc_ms": 0, "synchronised": True}],
        "targets": [
            {"id": "t", "policy": policy, "configured": [{"start_utc_ms": 0, "end_utc_ms": None}], "probes": probes}
        ],
    }


def crashed(rng: Random, whole: dict[str, Any]) -> tuple[dict[str, Any], int] | None:
    """The same with a kill in it, and how much may become unknown; None where an unconfirmed run would touch it."""
    (target,) = whole["targets"]
    policy, probes = target["policy"], target["probes"]
    place = rng.randrange(8, len(probes) - 60)
    if len({verdict for *_, verdict in probes[place - 4 : place + 60]}) > 1:
        return None
    killed = probes[place][1] + rng.randrange(policy["interval_ms"])
    watermark, off = killed - rng.randrange(HEARTBEAT_MS), rng.choice((0, 1, 7_000, 90_000, rng.randrange(600_000)))
    runs = [
        {"boot": "b", "start_ms": 0, "end": "kill", "end_ms": killed, "watermark_ms": watermark},
        {"boot": "b", "start_ms": killed + off, "end": "running"},
    ]
    kept = [one for one in probes if one[1] + one[2] <= killed or one[1] >= killed + off]
    grace = max(policy["grace_ms"], policy["timeout_ms"])  # a probe under way at the heartbeat is no evidence (R12)
    bound = HEARTBEAT_MS + off + policy["interval_ms"] + grace
    return {**whole, "agent_runs": runs, "targets": [{**target, "probes": kept}]}, bound


def sums(document: dict[str, Any]) -> Sums:
    (target,) = replay_json(replay(json.dumps(document).encode(), "story.json"))["targets"]
    return {key: target[key] for key in KEYS}


def crashes(number: int) -> tuple[int, float]:
    """How many crashes were tried, and the largest share of its bound that one made unknown."""
    rng, tried, most = Random(6), 0, 0.0
    while tried < number:
        whole = story(rng)
        found = crashed(rng, whole)
        if found is None:
            continue
        tried += 1
        broken, bound = found
        before, after = sums(whole), sums(broken)
        lost = {key: before[key] - after[key] for key in KEYS}
        assert lost["scoring_ms"] == 0
        assert min(lost[key] for key in ("down_ms", "degraded_ms", "up_ms")) >= 0, (before, after)
        assert 0 <= -lost["unknown_ms"] <= bound, (before, after, bound)
        most = max(most, -lost["unknown_ms"] / bound)
    return tried, most


def test_a_crash_moves_time_only_into_unknown_and_not_more_than_it_may() -> None:
    assert crashes(150)[1] > 0.5  # the bound is not far from what happens


@pytest.mark.soak
@pytest.mark.timeout(1800)
@soak
def test_ten_thousand_crashes() -> None:
    tried, most = crashes(10_000)
    print(f"invariant 6: {tried:,} crashes, time only into UNKNOWN, at most {most:.0%} of the bound")
