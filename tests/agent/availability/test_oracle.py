"""Machine against oracle: thousands of random stories, every instant compared.

Events reach the machine as they would an agent: a run when it ends, blind edges and grace checks in between.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from agent.availability import machine
from agent.availability.intervals import Change, RunRecord, intervals
from agent.availability.track import CompletedRun, Step, Track
from agent.model import Policy, Reason, State, UnknownCause, Verdict
from tests.agent.availability import oracle
from tests.agent.availability.oracle import Darkness, Probe, Story

STORIES_PER_SEED = 500
_REASONS = {
    "ok": Reason.OK,
    "degraded": Reason.HIGH_RTT,
    "failed": Reason.TIMEOUT,
    "local_error": Reason.NO_ROUTE,
}
Event = tuple[int, int, str, object]  # instant, order within it, kind, what


def random_story(chance: random.Random) -> Story:
    interval = chance.choice([5, 8, 12])
    grace = chance.choice([0, 2, 4, 6])
    verdicts = chance.choice([["ok", "failed"], ["ok", "ok", "ok", "failed"], list(_REASONS), ["failed"] * 3 + ["ok"]])
    probes, at = [], chance.randrange(0, 10)
    while at < 110:
        took = chance.choice([0, 1, 1, 2, 4])
        probes.append(Probe(at, took, chance.choice(verdicts)))
        at += max(
            took + 1, chance.choice([2, 3, interval, interval, interval, interval + grace, interval + grace + 1, 25])
        )
    darks = []
    for _ in range(chance.choice([0, 0, 1, 1, 2, 3])):
        start = chance.randrange(1, 110)
        darks.append(Darkness(start, start + chance.choice([1, 2, 5, 15, 30]), chance.choice(oracle.PRECEDENCE)))
    fail_after, recover_after = chance.choice([1, 2, 3]), chance.choice([1, 1, 2, 3])
    return Story(interval, grace, fail_after, recover_after, tuple(probes), tuple(darks), chance.randrange(90, 130))


def events(story: Story, chance: random.Random) -> Iterator[Event]:
    """In the order of an agent: at one instant blind ends and starts first, then ends of runs, then grace checks."""
    told: list[Event] = [(run.start + run.took, 2, "run", run) for run in story.probes if run.start < story.end]
    for dark in story.darks:
        told += [(dark.end, 0, "clear", dark), (dark.start, 1, "blind", dark)]
    told += [(chance.randrange(story.end), 3, "expire", None) for _ in range(chance.choice([0, 5, 60]))]
    yield from sorted((one for one in told if one[0] <= story.end), key=lambda one: one[:2])


def play(story: Story, chance: random.Random) -> tuple[list[Change], list[tuple[int, int]]]:
    """Transitions as changes in the order written, and soft failures."""
    policy = Policy(story.interval, 1, story.grace, story.fail_after, story.recover_after, 1)
    changes: list[Change] = []
    softs: list[tuple[int, int]] = []

    def take(step: Step) -> Track:
        changes.extend(Change(t.effective_at_ms, t.state, t.cause, t.confirmed_at_ms) for t in step.transitions)
        if step.soft is not None:
            softs.append((step.soft.first_start_ms, step.soft.failures))
        return step.track

    track = take(machine.begin("t", 0, UnknownCause.NOT_YET))
    for at, _, kind, what in events(story, chance):
        if isinstance(what, Probe):
            reason = _REASONS[what.verdict]
            run = CompletedRun(what.start, what.took, Verdict(what.verdict), reason)
            track = take(machine.completed(track, policy, run))
        elif isinstance(what, Darkness):
            cause = UnknownCause(what.cause)
            begins = kind == "blind"
            track = take(machine.blinded(track, policy, at, cause) if begins else machine.cleared(track, at, cause))
        else:
            track = take(machine.expired(track, policy, at))
    take(machine.ended(track, policy, story.end))
    return changes, softs


def words(changes: list[Change], end: int) -> list[str]:
    """The reader's rule by brute force."""
    told = ["?"] * end
    for change in changes:
        word = change.cause.value if change.state is State.UNKNOWN else change.state.name.lower()
        told[change.at_ms : end] = [word] * max(0, end - change.at_ms)
    return told


@pytest.mark.parametrize("seed", range(8))
def test_machine_and_oracle_agree(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(STORIES_PER_SEED):
        story = random_story(chance)
        changes, softs = play(story, chance)
        assert words(changes, story.end) == oracle.states(story), story
        assert softs == oracle.soft_failures(story), story
        _check_intervals(story, changes)


def _check_intervals(story: Story, changes: list[Change]) -> None:
    found = intervals([RunRecord(0, story.end, tuple(changes))], [(0, story.end)], story.end)
    told = []
    for one in found:
        assert one.start_ms < one.end_ms
        word = one.cause.value if one.state is State.UNKNOWN else one.state.name.lower()
        told += [word] * (one.end_ms - one.start_ms)
    assert told == words(changes, story.end)


def test_the_oracle_is_not_blind() -> None:
    """A wrong rule is noticed: without back-dating the same stories disagree at once."""
    chance = random.Random(0)
    differing = 0
    for _ in range(100):
        story = random_story(chance)
        changes, _ = play(story, chance)
        late = [Change(min(one.confirmed_ms, story.end), one.state, one.cause, one.confirmed_ms) for one in changes]
        differing += words(late, story.end) != oracle.states(story)
    assert differing > 80
