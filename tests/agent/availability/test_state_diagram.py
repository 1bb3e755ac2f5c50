"""The table beside the state diagram in docs/availability.md names what the state step can do, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from agent.availability import machine
from agent.availability.track import CompletedRun, Step, Track
from agent.model import Policy, Reason, State, UnknownCause, Verdict

PAGE = Path(__file__).parents[3] / "docs/availability.md"
RUNS = {
    "success": ((Verdict.OK, Reason.OK), (Verdict.DEGRADED, Reason.HIGH_RTT)),
    "failure": ((Verdict.FAILED, Reason.TIMEOUT),),
    "local error": ((Verdict.LOCAL_ERROR, Reason.NO_ROUTE),),
}
BLIND = (UnknownCause.CLOCK, UnknownCause.MONITOR_NET)
Change = tuple[str, str, str]


def documented() -> set[Change]:
    """Every combination of the rows of the table: from, event, to."""
    section = PAGE.read_text("utf-8").partition("## The states as a diagram")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([A-Z, ]+) \| ([a-z, ]+) \| ([A-Z, ]+) \|", section, re.MULTILINE)
    return {
        (before, event, after)
        for row in rows
        for before in row[0].split(", ")
        for event in row[1].split(", ")
        for after in row[2].split(", ")
    }


def story(seed: int) -> set[Change]:
    """What one random story does: runs in time or none, blind intervals, and runs that end after an interruption."""
    rng = Random(seed)
    policy = Policy(60_000, 5_000, 30_000, rng.choice((1, 2, 3)), rng.choice((1, 2)), 5_000)
    now, track = 0, machine.begin("t", 0, UnknownCause.AGENT_OFF).track
    changes: set[Change] = set()

    def take(event: str, step: Step) -> Track:
        before, after = track, step.track
        if (before.state, before.cause) != (after.state, after.cause):
            changes.add((before.state.name, event, after.state.name))
        return after

    for _ in range(60):
        started_ms, now = now + 1, now + rng.choice((5_000, 60_000, 85_000, 200_000))
        if rng.random() < 0.8:
            track = take("grace over", machine.expired(track, policy, now))
        kind = rng.choice((*RUNS, *RUNS, "blind start", "blind end", "late run"))
        if kind in RUNS:
            track = take("grace over", machine.expired(track, policy, now))
            track = take(kind, machine.completed(track, policy, CompletedRun(now, 100, *rng.choice(RUNS[kind]))))
        elif kind == "blind start":
            track = take(kind, machine.blinded(track, policy, now, rng.choice(BLIND)))
        elif kind == "blind end" and track.blind:
            track = take(kind, machine.cleared(track, now, rng.choice(track.blind)))
        elif kind == "late run" and track.before is not None and started_ms > (track.before.last_start_ms or 0):
            late = CompletedRun(started_ms, now - started_ms, *rng.choice(RUNS[rng.choice(tuple(RUNS))]))
            track = take(kind, machine.completed(track, policy, late))
    return changes


def test_the_table_names_every_change_of_state_and_no_other() -> None:
    assert set().union(*map(story, range(500))) == documented()


def test_the_states_are_those_of_the_model() -> None:
    assert {state for before, _, after in documented() for state in (before, after)} == {state.name for state in State}
