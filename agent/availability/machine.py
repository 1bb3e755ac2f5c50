"""The pure state step: runs of one target in, transitions out.

Rules are those of docs/availability.md (evidence, confirmation, back-dating, gaps); no clock, no I/O.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Cause, Reason, State, Transition, Verdict


@dataclass(frozen=True, slots=True)
class CompletedRun:
    """One finished probe run, as far as the state is concerned."""

    start_ms: int
    took_ms: int
    verdict: Verdict
    reason: Reason


@dataclass(frozen=True, slots=True)
class SoftRun:
    """A run of failures that ended without DOWN."""

    first_start_ms: int
    failures: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Step:
    """What one event did: the new track, transitions oldest first, and a soft failure if one ended here."""

    track: Track
    transitions: tuple[Transition, ...] = ()
    soft: SoftRun | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """Where one target stands between two events."""

    target: str
    state: State
    cause: Cause
    since_ms: int
