"""A recorded life of one target, run by run, through the same state step as the agent's: to its states in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from agent.availability import machine
from agent.availability.intervals import BlindInterval, Change, Interval, RunRecord, intervals
from agent.availability.spans import Span, intersection, union
from agent.availability.track import CompletedRun, SoftRun, Step, Track
from agent.model import Policy, Transition, UnknownCause


@dataclass(frozen=True, slots=True)
class RunSpan:
    """One agent run in UTC: it vouches for [start_ms, end_ms). off: the cause of the time off before it."""

    start_ms: int
    end_ms: int
    off: UnknownCause = UnknownCause.AGENT_OFF


@dataclass(frozen=True, slots=True)
class RecordedHistory:
    """What is recorded of one target; all instants UTC milliseconds.

    runs: each agent run with the target's probe runs of its boot, in any order. after: the cause of the time after
    the last agent run. Nothing that became known after as_of_ms is used.
    """

    target: str
    policy: Policy
    runs: tuple[tuple[RunSpan, tuple[CompletedRun, ...]], ...]
    configured: tuple[Span, ...]
    blinds: tuple[BlindInterval, ...]
    as_of_ms: int
    after: UnknownCause = UnknownCause.AGENT_OFF


@dataclass(frozen=True, slots=True)
class Replayed:
    """The states of the target, and the failure runs that ended without DOWN."""

    states: tuple[Interval, ...]
    soft: tuple[SoftRun, ...]


def replay(story: RecordedHistory) -> Replayed:
    """The states of the story up to its as_of_ms. ValueError for agent runs that overlap."""
    watches: list[RunRecord] = []
    soft: list[SoftRun] = []
    for run, probes in story.runs:
        end = min(run.end_ms, max(story.as_of_ms, run.start_ms))
        steps = [step for life in _histories(story, run) for step in _steps(story, life, probes)]
        soft += [step.soft for step in steps if step.soft is not None]
        changes = tuple(_change(transition) for step in steps for transition in step.transitions)
        watches.append(RunRecord(run.start_ms, end, changes, story.blinds, run.off))
    return Replayed(intervals(watches, story.configured, story.as_of_ms, after=story.after), tuple(soft))


@dataclass(frozen=True, slots=True)
class _Life:
    """Where one agent run and one configured span meet: one track of the machine."""

    start_ms: int
    end_ms: int
    vouched_ms: int
    cause: UnknownCause


@dataclass(frozen=True, slots=True)
class _Event:
    """Something to tell the machine; blind edges go before a probe of the same instant, which lies inside."""

    at_ms: int
    rank: int
    step: partial[Step]


def _histories(story: RecordedHistory, run: RunSpan) -> Iterator[_Life]:
    for span in union(story.configured):
        for start, end in intersection([span], [(run.start_ms, run.end_ms)]):
            added = start == span[0]
            if start <= story.as_of_ms:
                yield _Life(start, end, run.end_ms, UnknownCause.NOT_YET if added else run.off)


def _steps(story: RecordedHistory, life: _Life, probes: Sequence[CompletedRun]) -> Iterator[Step]:
    step = machine.begin(story.target, life.start_ms, life.cause)
    yield step
    events = [*_probed(story, life, probes), *_blinded(story, life)]
    for event in sorted(events, key=lambda event: (event.at_ms, event.rank)):
        step = event.step(step.track)
        yield step
    if life.end_ms <= story.as_of_ms:
        yield machine.ended(step.track, story.policy, life.end_ms)
    elif _is_over(step.track, story):
        yield machine.ended(step.track, story.policy, story.as_of_ms)


def _is_over(track: Track, story: RecordedHistory) -> bool:
    """Whether the run in progress can no longer grow at the report instant: something hinders, or it is too late."""
    expires = machine.expires_at(track, story.policy)
    return track.before is not None or (expires is not None and expires <= story.as_of_ms)


def _probed(story: RecordedHistory, life: _Life, probes: Iterable[CompletedRun]) -> Iterator[_Event]:
    """Runs that are evidence: started here, and finished while the agent vouched and before the report."""
    known_ms = min(life.vouched_ms, story.as_of_ms)
    for probe in probes:
        if life.start_ms <= probe.start_ms < life.end_ms and probe.start_ms + probe.took_ms <= known_ms:
            yield _Event(probe.start_ms, 2, partial(machine.completed, policy=story.policy, run=probe))


def _blinded(story: RecordedHistory, life: _Life) -> Iterator[_Event]:
    for blind in story.blinds:
        start, end = max(blind.start_ms, life.start_ms), min(blind.end_ms, life.end_ms)
        if start < end and start <= story.as_of_ms:
            yield _Event(start, 0, partial(machine.blinded, policy=story.policy, at_ms=start, cause=blind.cause))
            if blind.end_ms < life.end_ms and blind.end_ms <= story.as_of_ms:
                yield _Event(end, 1, partial(machine.cleared, at_ms=end, cause=blind.cause))


def _change(transition: Transition) -> Change:
    return Change(transition.effective_at_ms, transition.state, transition.cause, transition.confirmed_at_ms)
