"""The pure state step: runs of one target in, transitions out.

Rules are those of docs/availability.md (evidence, confirmation, back-dating, gaps); no clock, no I/O.
Events of one target come in the order of time, with one exception that the machine settles itself: a run that
started before an interruption (blind interval, expired grace) and ends after it still counts for its own start.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter

from agent.availability.precedence import foremost, superseded
from agent.availability.track import BlindEvent, CompletedRun, SoftRun, Step, Success, Track
from agent.model import Cause, Policy, State, Transition, UnknownCause, Verdict


def begin(target: str, at_ms: int, cause: UnknownCause) -> Step:
    """The target's first instant under this agent run: UNKNOWN(cause) until a run says more."""
    track = Track(target, State.UNKNOWN, cause, at_ms, sighted_ms=at_ms)
    return Step(track, (Transition(target, State.UNKNOWN, cause, at_ms, at_ms),))


def completed(track: Track, policy: Policy, run: CompletedRun) -> Step:
    """A run of the target has finished.

    A run that started inside a blind interval, or before the track began, changes nothing. One that comes later
    than interval + grace after the last opens a gap UNKNOWN(overload), whether or not ``expired`` was called.
    """
    if track.before is not None:
        return _completed_after_interruption(track, track.before, policy, run)
    if run.start_ms < track.sighted_ms:
        return Step(track)
    if track.last_start_ms is not None and run.start_ms > _deadline(track, track.last_start_ms, policy):
        lost, gap = _lose(track, track.last_start_ms, policy)
        step = _judge(lost, policy, run)
        return Step(step.track, gap + step.transitions, _soft(track))
    return _judge(track, policy, run)


def expires_at(track: Track, policy: Policy) -> int | None:
    """First instant at which ``expired`` will act if no run completes; None when nothing can expire."""
    return None if track.last_start_ms is None else _deadline(track, track.last_start_ms, policy) + 1


def expired(track: Track, policy: Policy, now_ms: int) -> Step:
    """Time has passed: after last start + interval + grace the target is UNKNOWN(overload) from last start + interval.

    Does nothing before, nor a second time. confirmed_at is the end of the grace.
    """
    last = track.last_start_ms
    if last is None or now_ms <= _deadline(track, last, policy):
        return Step(track)
    lost, gap = _lose(track, last, policy)
    return Step(replace(lost, before=replace(track, policy=_governing(track, policy)), written=gap), gap)


def blinded(track: Track, policy: Policy, at_ms: int, cause: UnknownCause) -> Step:
    """A blind interval begins: UNKNOWN(cause) from at_ms, and runs that start from then on are no evidence.

    Intervals may overlap, also two of one cause: each wants its own ``cleared``. The cause shown is the first of
    those open in the order of UnknownCause. The soft failure of an interrupted run is told by the next step that
    ends the interruption, because a probe still under way may belong to it.
    """
    event = BlindEvent(at_ms, cause, policy)
    if track.events:
        return _still_blind(track, (*track.blind, cause), event)
    grace_end_ms = grace_ran_out_at(track)
    if track.before is not None and grace_end_ms is not None and at_ms <= grace_end_ms:
        step = blinded(track.before, policy, at_ms, cause)
        return replace(step, transitions=corrections(track.before, track.written, step.transitions, at_ms))
    if track.failures and track.first_ms >= at_ms and track.state is not State.DOWN:
        track = replace(track, failures=0)  # a back-dated blind interval: the series began inside, it is no evidence
    last, lost = track.last_start_ms, track
    gap: tuple[Transition, ...] = ()
    if last is not None and at_ms > _deadline(track, last, policy):
        lost, gap = _lose(track, last, policy)
    dark, transitions = _unknown(lost, cause, at_ms, at_ms)
    written = gap + transitions
    return Step(replace(dark, blind=(cause,), before=track, events=(event,), written=written), written)


def grace_ran_out_at(track: Track) -> int | None:
    """End of the grace that ran out, None if more happened since: a blind interval until then takes the gap back."""
    before = track.before
    if track.events or before is None or before.policy is None or before.last_start_ms is None:
        return None
    return before.last_start_ms + before.policy.interval_ms + before.policy.grace_ms


def cleared(track: Track, at_ms: int, cause: UnknownCause) -> Step:
    """One blind interval of that cause ends; the target stays UNKNOWN until the first run that starts from at_ms on.

    Where another interval is still open, its cause takes over. Without an open interval of the cause: nothing.
    """
    if cause not in track.blind:
        return Step(track)
    position = track.blind.index(cause)
    rest = track.blind[:position] + track.blind[position + 1 :]
    return _still_blind(track, rest, BlindEvent(at_ms, cause))


def ended(track: Track, policy: Policy, at_ms: int) -> Step:
    """Clean stop or removal at at_ms: the run in progress is dropped, the state holds to at_ms or ends as in a gap.

    That it is UNKNOWN (or not configured) from at_ms on, the ledger's own row of the stop or removal says.
    """
    soft = _soft(track)
    last = track.last_start_ms
    if last is not None and at_ms > _deadline(track, last, policy):
        lost, gap = _lose(track, last, policy)
        return Step(lost, gap, soft)
    return Step(_bare(track, track.state, track.cause, track.since_ms), (), soft)


def corrections(
    base: Track, written: Iterable[Transition], replayed: Iterable[Transition], confirmed_at_ms: int
) -> tuple[Transition, ...]:
    """What to write so that a reader who knows ``written`` since ``base`` arrives at ``replayed`` instead.

    For whoever goes back to an older track and replays events: written is what the steps gave the first time,
    replayed what they gave now. Where a written change must be unlearned, its instant is given the state before it,
    confirmed at confirmed_at_ms.
    """
    old, new = _timeline(base, written), _timeline(base, replayed)
    same = 0
    while same < min(len(old), len(new)) and _says(old[same]) == _says(new[same]):
        same += 1
    if same == len(old) or (same < len(new) and new[same].effective_at_ms <= old[same].effective_at_ms):
        return tuple(new[same:])
    holds = (new[same - 1].state, new[same - 1].cause) if same else (base.state, base.cause)
    return (Transition(base.target, *holds, old[same].effective_at_ms, confirmed_at_ms), *new[same:])


def _judge(track: Track, policy: Policy, run: CompletedRun) -> Step:
    """A run that is evidence and leaves no gap."""
    if run.verdict is Verdict.FAILED:
        return _failed(track, policy, run)
    soft = _soft(track) if track.failures else None
    if run.verdict is Verdict.LOCAL_ERROR:
        lost, transitions = _unknown(track, run.reason.unknown_cause, run.start_ms, run.start_ms + run.took_ms)
        return Step(replace(lost, policy=policy, last_start_ms=run.start_ms), transitions, soft)
    own = State.UP if run.verdict is Verdict.OK else State.DEGRADED
    if track.state is State.UP or track.state is State.DEGRADED:
        return _holds(track, policy, run, own, soft)
    return _recovering(track, policy, run, own, soft)


def _holds(track: Track, policy: Policy, run: CompletedRun, own: State, soft: SoftRun | None) -> Step:
    """A success of a target that works: UP and DEGRADED are not damped."""
    start = run.start_ms
    if own is track.state:
        same = Track(track.target, own, track.cause, track.since_ms, policy, start, 0, 1, start, run.reason)
        return Step(same, (), soft)
    changed = Track(track.target, own, run.reason, start, policy, start, 0, 1, start, run.reason)
    return Step(changed, (Transition(track.target, own, run.reason, start, start + run.took_ms),), soft)


def _recovering(track: Track, policy: Policy, run: CompletedRun, own: State, soft: SoftRun | None) -> Step:
    """A success of a target that is DOWN or UNKNOWN: recover_after of them, each with its own verdict, back-dated."""
    start, end = run.start_ms, run.start_ms + run.took_ms
    pending = (*track.pending, Success(start, own, run.reason))
    if len(pending) >= policy.recover_after:
        written = _timeline(track, (Transition(track.target, s.state, s.reason, s.start_ms, end) for s in pending))
        last = written[-1]
        up = Track(track.target, last.state, last.cause, last.effective_at_ms, policy, start, 0, 1, start, run.reason)
        return Step(up, tuple(written), soft)
    after, transitions = _not_yet(track, start, end)
    first = track.first_ms if track.pending else start
    now = track.target, after.state, after.cause, after.since_ms, policy
    waiting = Track(*now, start, 0, len(pending), first, run.reason, pending)
    return Step(waiting, transitions, soft)


def _failed(track: Track, policy: Policy, run: CompletedRun) -> Step:
    """A failure: the fail_after-th makes DOWN, back-dated to the first; shorter runs change nothing."""
    start, end = run.start_ms, run.start_ms + run.took_ms
    failures = track.failures + 1
    first = track.first_ms if track.failures else start
    if track.state is not State.DOWN and failures >= policy.fail_after:
        down = Track(track.target, State.DOWN, run.reason, first, policy, start, failures, 0, first, run.reason)
        return Step(down, (Transition(track.target, State.DOWN, run.reason, first, end),))
    after, transitions = _not_yet(track, start, end)
    now = track.target, after.state, after.cause, after.since_ms, policy
    waiting = Track(*now, start, failures, 0, first, run.reason)
    return Step(waiting, transitions)


def _not_yet(track: Track, start_ms: int, end_ms: int) -> tuple[Track, tuple[Transition, ...]]:
    """The first probe after an UNKNOWN takes its cause away; what it is instead, a whole run must say."""
    if track.state is not State.UNKNOWN:
        return track, ()
    return _unknown(track, UnknownCause.NOT_YET, start_ms, end_ms)


def _unknown(track: Track, cause: UnknownCause, at_ms: int, confirmed_ms: int) -> tuple[Track, tuple[Transition, ...]]:
    """UNKNOWN(cause) from at_ms with no evidence and no run; touching stretches of one cause are one."""
    if track.state is State.UNKNOWN and track.cause is cause:
        return _bare(track, track.state, cause, track.since_ms), ()
    lost = _bare(track, State.UNKNOWN, cause, at_ms)
    return lost, (Transition(track.target, State.UNKNOWN, cause, at_ms, confirmed_ms),)


def _bare(track: Track, state: State, cause: Cause, since_ms: int) -> Track:
    return Track(track.target, state, cause, since_ms, sighted_ms=track.sighted_ms)


def _lose(track: Track, last_ms: int, policy: Policy) -> tuple[Track, tuple[Transition, ...]]:
    """No run came within the grace: overload from the end of what the last one vouches for."""
    vouched_until = last_ms + _governing(track, policy).interval_ms
    return _unknown(track, UnknownCause.OVERLOAD, vouched_until, _deadline(track, last_ms, policy))


def _deadline(track: Track, last_ms: int, policy: Policy) -> int:
    governing = _governing(track, policy)
    return last_ms + governing.interval_ms + governing.grace_ms


def _governing(track: Track, policy: Policy) -> Policy:
    """The more patient of the policy of the last run and the present one: a reload must not invent a gap."""
    own = track.policy
    if own is None or own is policy or own.interval_ms + own.grace_ms <= policy.interval_ms + policy.grace_ms:
        return policy
    return own


def _soft(track: Track) -> SoftRun | None:
    """The run of failures that is broken off here, or was when the interruption began; failures while DOWN are none."""
    if track.failures:
        return None if track.state is State.DOWN else SoftRun(track.first_ms, track.failures, track.reason)
    return None if track.before is None else _soft(track.before)


def _still_blind(track: Track, blind: tuple[UnknownCause, ...], event: BlindEvent) -> Step:
    """One more or one fewer blind interval before any run has ended the interruption."""
    cause = foremost(blind or _ending_with(track, event))
    changed: tuple[Transition, ...] = ()
    since = track.since_ms
    if cause is not track.cause:
        since = event.at_ms
        changed = (Transition(track.target, State.UNKNOWN, cause, event.at_ms, event.at_ms),)
    events, written = (*track.events, event), track.written + changed
    return Step(replace(track, cause=cause, since_ms=since, blind=blind, events=events, written=written), changed)


def _ending_with(track: Track, event: BlindEvent) -> tuple[UnknownCause, ...]:
    """Causes of the blind intervals that end at one instant with the last of them: the first is what remains."""
    same = (other.cause for other in track.events if not other.begins and other.at_ms == event.at_ms)
    return (event.cause, *same)


def _completed_after_interruption(track: Track, before: Track, policy: Policy, run: CompletedRun) -> Step:
    """A run belongs where it started: before the interruption, between two blind intervals, or after it."""
    past = sum(event.at_ms <= run.start_ms for event in track.events)
    if past:
        then = track if past == len(track.events) else _again(before, track.events[:past]).track
        return Step(track) if then.blind else _completed_between(track, then, past, policy, run)
    if not track.events and _came_late(before, run):
        return _ends_interruption(track, policy, run)
    step = completed(before, policy, run)
    return Step(track) if step.track is before else _replayed(track, step, (), track.events, run)


def _came_late(before: Track, run: CompletedRun) -> bool:
    """After the grace that ran out: a policy that came later takes no gap back."""
    own = before.policy
    return own is not None and run.start_ms > (before.last_start_ms or 0) + own.interval_ms + own.grace_ms


def _completed_between(track: Track, then: Track, past: int, policy: Policy, run: CompletedRun) -> Step:
    step = _ends_interruption(then, policy, run)
    if then is track:
        return step
    return _replayed(track, step, then.written, track.events[past:], run)


def _ends_interruption(track: Track, policy: Policy, run: CompletedRun) -> Step:
    step = _judge(_bare(track, track.state, track.cause, track.since_ms), policy, run)
    return Step(step.track, step.transitions, _soft(track))


def _replayed(
    track: Track, step: Step, already: tuple[Transition, ...], rest: tuple[BlindEvent, ...], run: CompletedRun
) -> Step:
    """The step of an earlier instant, then the rest of the interruption once more."""
    again = _again(step.track, rest)
    base = track if track.before is None else track.before
    transitions = (*already, *step.transitions, *again.transitions)
    return Step(again.track, corrections(base, track.written, transitions, run.start_ms + run.took_ms), step.soft)


def _again(track: Track, events: Iterable[BlindEvent]) -> Step:
    transitions: tuple[Transition, ...] = ()
    for event in events:
        at_ms, cause, policy = event.at_ms, event.cause, event.policy
        step = cleared(track, at_ms, cause) if policy is None else blinded(track, policy, at_ms, cause)
        track, transitions = step.track, transitions + step.transitions
    return Step(track, transitions)


def _timeline(base: Track, transitions: Iterable[Transition]) -> list[Transition]:
    """The reader's rule: a later one wins from its effective_at on; what changes nothing is left out."""
    timeline: list[Transition] = []
    for transition in transitions:
        superseded(timeline, transition.effective_at_ms, attrgetter("effective_at_ms"))
        holds = (timeline[-1].state, timeline[-1].cause) if timeline else (base.state, base.cause)
        same_state = transition.state is holds[0] and (
            transition.state is not State.UNKNOWN or transition.cause is holds[1]
        )
        if not same_state or (not timeline and transition.effective_at_ms <= base.since_ms):
            timeline.append(transition)
    return timeline


def _says(transition: Transition) -> tuple[State, Cause, int]:
    return transition.state, transition.cause, transition.effective_at_ms
