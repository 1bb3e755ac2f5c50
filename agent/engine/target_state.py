"""Where each target and anchor stands while the agent runs. Mutable, owned by the event loop, never handed out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from agent.availability.precedence import superseded
from agent.availability.track import CompletedRun, Track
from agent.engine.snapshot import LastRun
from agent.model import Cause, Path, ReasonCode, State, Target

NEVER = -1


@dataclass(slots=True, eq=False)
class ProbeState:
    """What targets and anchors share: one run at a time, and how the last ones went."""

    target: Target
    running_since_ms: int | None = None
    check_running: bool = False  # `sansang check` has the lane: a round that comes due is run right after
    deferred_round_ms: int | None = None
    last_start_ms: int = NEVER  # start of the newest completed run
    last_success_ms: int = NEVER
    last_failure_ms: int = NEVER
    failing_since_ms: int | None = None  # start of the first of the failures in a row
    failures_in_row: int = 0

    def note(self, run: CompletedRun, *, success: bool, failure: bool) -> None:
        """Take one completed run into account; a local error breaks the series."""
        self.last_start_ms = run.start_ms
        if success:
            self.last_success_ms = run.start_ms
        if not failure:
            self.failing_since_ms = None
            self.failures_in_row = 0
            return
        self.last_failure_ms = run.start_ms
        self.failures_in_row += 1
        if self.failing_since_ms is None:
            self.failing_since_ms = run.start_ms


@dataclass(slots=True, eq=False)
class AnchorState(ProbeState):
    """An address by which a path is judged; it has no state of its own."""


@dataclass(frozen=True, slots=True)
class CommittedState:
    """The head of the ledger for one target: what every gauge shows."""

    state: State
    cause: Cause
    since_ms: int
    confirmed_ms: int


@dataclass(slots=True, eq=False)
class TargetState(ProbeState):
    """One target: its track (all steps taken), what is committed (shown), and its counters."""

    track: Track = None  # type: ignore[assignment]  # always given; dataclass inheritance wants a default
    committed: CommittedState = None  # type: ignore[assignment]
    parents: tuple[TargetState, ...] = ()
    children: list[TargetState] = field(default_factory=list)
    paths: tuple[PathState, ...] = ()
    blind_scopes: set[str] = field(default_factory=set)
    soft_down_runs: list[CompletedRun] = field(default_factory=list)
    decide_by_ms: int | None = None
    last_downstream_success_ms: int = NEVER  # newest answer of anything that lies behind this target
    last_known_up: bool | None = None
    down_since_ms: int = 0  # when the last known outage began; 0 when that was before this start
    in_maintenance: bool = False
    last_run: LastRun | None = None
    probes: int = 0
    failures: int = 0
    local_errors: int = 0
    failure_reasons: dict[ReasonCode, int] = field(default_factory=dict)
    uncommitted: deque[int] = field(default_factory=deque)  # instants from which changes in the journal hold
    accounted_until_ms: int = 0
    pending_changes: list[tuple[int, State]] = field(
        default_factory=list
    )  # committed changes since accounted_until_ms, as a reader sees them
    state_ms: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def record_change(self, at_ms: int, state: State) -> None:
        """A change was committed: it holds from at_ms on, over everything told before. What is booked stays."""
        at_ms = max(at_ms, self.accounted_until_ms)
        superseded(self.pending_changes, at_ms, itemgetter(0))
        self.pending_changes.append((at_ms, state))

    def accumulate(self, until_ms: int) -> None:
        """Add the time up to that instant to the seconds of the states told."""
        while self.accounted_until_ms < until_ms:
            end_ms = min(self.pending_changes[1][0], until_ms) if len(self.pending_changes) > 1 else until_ms
            self.state_ms[self.pending_changes[0][1]] += end_ms - self.accounted_until_ms
            self.accounted_until_ms = end_ms
            if len(self.pending_changes) > 1 and self.pending_changes[1][0] <= end_ms:
                self.pending_changes.pop(0)

    @property
    def confirmed_down(self) -> bool:
        """DOWN beyond doubt."""
        return self.track.state is State.DOWN

    @property
    def unconfirmed(self) -> bool:
        """Failing, and not yet called DOWN."""
        return self.failing_since_ms is not None and not self.confirmed_down

    def ancestors(self) -> Iterator[TargetState]:
        """Everything this one is reached through, nearest first, each once."""
        return _outward(self.parents, lambda slot: slot.parents)

    def descendants(self) -> Iterator[TargetState]:
        """Everything reached through this one, each once."""
        return _outward(self.children, lambda slot: slot.children)


def _outward(
    nearest: Iterable[TargetState], beyond: Callable[[TargetState], Iterable[TargetState]]
) -> Iterator[TargetState]:
    """These, then those beyond them and so on, each once."""
    seen: set[int] = set()
    queue = list(nearest)
    while queue:
        slot = queue.pop(0)
        if id(slot) not in seen:
            seen.add(id(slot))
            yield slot
            queue.extend(beyond(slot))


@dataclass(frozen=True, slots=True)
class PathFlap:
    """All anchors of a path failed, but recovered before that counted as a loss; nothing behind answered meanwhile."""

    begin_ms: int
    end_ms: int


@dataclass(slots=True, eq=False)
class PathState:
    """One path: its anchors, what lies behind, and since when it is lost (None: not lost)."""

    path: Path
    anchors: Sequence[AnchorState]
    targets_behind: list[TargetState] = field(default_factory=list)
    lost_since_ms: int | None = None
    changed_ms: int = 0
    last_success_behind_ms: int = NEVER  # newest start of a successful run behind
    last_failure_ms: int = NEVER
    flap: PathFlap | None = None
