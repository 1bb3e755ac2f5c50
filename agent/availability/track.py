"""What the state step goes from and to: the track of one target, and the events that move it on."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Cause, Policy, Reason, ReasonCode, State, Transition, UnknownCause, Verdict


@dataclass(frozen=True, slots=True)
class CompletedRun:
    """One finished probe run, as far as the state is concerned."""

    start_ms: int
    took_ms: int
    verdict: Verdict
    reason: ReasonCode


@dataclass(frozen=True, slots=True)
class SoftRun:
    """A run of failures that ended without DOWN; cause is the reason of its last failure."""

    first_start_ms: int
    failures: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Step:
    """What one event did: the new track, transitions in the order to write them, a soft failure if one ended here.

    Transitions are those that a reader needs to arrive at the new track: a later one wins from its
    ``effective_at_ms`` on. A few may repeat a state to overwrite an earlier row.
    """

    track: Track
    transitions: tuple[Transition, ...] = ()
    soft: SoftRun | None = None


@dataclass(frozen=True, slots=True)
class Success:
    """A success of a recovery that is not confirmed yet."""

    start_ms: int
    state: State
    reason: ReasonCode


@dataclass(frozen=True, slots=True)
class BlindEvent:
    """A blind interval began or ended. policy: the one in force when it began; None of one that ends."""

    at_ms: int
    cause: UnknownCause
    policy: Policy | None = None

    @property
    def begins(self) -> bool:
        """Whether an interval began here."""
        return self.policy is not None


@dataclass(frozen=True, slots=True)
class Track:
    """All that is known of one target between two events. The first four fields are for everybody.

    policy: the one the newest run was judged by. last_start_ms: start of the newest evidence, None when nothing
    vouches for the target. failures, successes, first_ms, reason: the run in progress (number of either class, start
    of its first probe, its newest reason); pending: successes still to be back-dated. blind: causes of the blind
    intervals now open; sighted_ms: when the track began, runs that start earlier are no evidence.
    before, events, written: the track as it stood before the present interruption, the blind intervals since, and
    the transitions that those gave.
    """

    target: str
    state: State
    cause: Cause
    since_ms: int
    policy: Policy | None = None
    last_start_ms: int | None = None
    failures: int = 0
    successes: int = 0
    first_ms: int = 0
    reason: ReasonCode = Reason.OK
    pending: tuple[Success, ...] = ()
    blind: tuple[UnknownCause, ...] = ()
    sighted_ms: int = 0
    before: Track | None = None
    events: tuple[BlindEvent, ...] = ()
    written: tuple[Transition, ...] = ()
