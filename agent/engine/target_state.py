"""The state of each target, anchor and path. Mutable, owned by the event loop, never handed out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from agent.availability.machine import begin
from agent.availability.track import CompletedRun, Track
from agent.engine.accounting import StateAccounting
from agent.engine.devices.device_state import DeviceState
from agent.engine.snapshot import LastRun
from agent.model import Cause, Path, Policy, ProbeResult, ReasonCode, State, Target, UnknownCause, Verdict

NEVER = -1


@dataclass(slots=True, eq=False)
class ProbeState:
    """What targets and anchors share: one run at a time, and how the last runs went."""

    target: Target
    running_since_ms: int | None = None
    check_running: bool = False  # `sansang check` probes it: a round that comes due is run right after
    deferred_round_ms: int | None = None
    last_start_ms: int = NEVER  # start of the newest completed run
    last_success_ms: int = NEVER
    last_failure_ms: int = NEVER
    failing_since_ms: int | None = None  # start of the first of the failures in a row
    failures_in_row: int = 0

    @property
    def id(self) -> str:
        """The id of its target."""
        return self.target.id

    @property
    def policy(self) -> Policy:
        """The policy of its target."""
        return self.target.policy

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
    """The newest state of one target in the ledger: what every gauge shows."""

    state: State
    cause: Cause
    since_ms: int
    confirmed_ms: int


@dataclass(slots=True, eq=False)
class SoftDown:
    """Failed runs that reach fail_after, but wait for the verdict on what the target is reached through."""

    runs: list[CompletedRun]
    decide_by_ms: int


@dataclass(slots=True, eq=False)
class RunCounters:
    """Runs of one target since the agent started."""

    probes: int = 0
    failures: int = 0
    local_errors: int = 0
    failure_reasons: dict[ReasonCode, int] = field(default_factory=dict)
    last_run: LastRun | None = None

    def count(self, start_wall_ms: int, result: ProbeResult) -> None:
        """Count one more run."""
        self.last_run = LastRun(start_wall_ms, result)
        self.probes += 1
        if result.verdict is Verdict.FAILED:
            self.failures += 1
            self.failure_reasons[result.reason] = self.failure_reasons.get(result.reason, 0) + 1
        elif result.verdict is Verdict.LOCAL_ERROR:
            self.local_errors += 1


@dataclass(slots=True, eq=False)
class TargetState(ProbeState):
    """One target: its track (all steps taken), what is committed of it, and what it is reached through.

    blind_scopes: lost paths before it, and "" while the ledger takes nothing; uncommitted: instants from which changes
    that wait for their commit hold; last_downstream_success_ms: newest success of anything that lies behind it;
    down_since_ms: begin of its last known outage, 0 when that was before this start.
    """

    track: Track = field(kw_only=True)
    committed: CommittedState = field(kw_only=True)
    accounting: StateAccounting = field(kw_only=True)
    counters: RunCounters = field(default_factory=RunCounters)
    parents: tuple[TargetState, ...] = ()
    children: list[TargetState] = field(default_factory=list)
    paths: tuple[PathState, ...] = ()
    blind_scopes: set[str] = field(default_factory=set)
    soft_down: SoftDown | None = None
    uncommitted: deque[int] = field(default_factory=deque)
    last_downstream_success_ms: int = NEVER
    last_known_up: bool | None = None
    down_since_ms: int = 0
    in_maintenance: bool = False
    device: DeviceState | None = None  # of a target whose probe asks devices about themselves
    pings: tuple[TargetState, ...] = ()  # on the same host, of such a target

    @classmethod
    def new(cls, target: Target, now_ms: int, cause: UnknownCause, last_known_up: bool | None = None) -> TargetState:
        """A target of which nothing is known yet, for this cause."""
        track = begin(target.id, now_ms, cause).track
        committed = CommittedState(track.state, track.cause, now_ms, now_ms)
        accounting = StateAccounting(now_ms, track.state)
        return cls(target, track=track, committed=committed, accounting=accounting, last_known_up=last_known_up)

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
        return _outward(self.parents, lambda target: target.parents)

    def descendants(self) -> Iterator[TargetState]:
        """Everything reached through this one, each once."""
        return _outward(self.children, lambda target: target.children)


def _outward(
    nearest: Iterable[TargetState], beyond: Callable[[TargetState], Iterable[TargetState]]
) -> Iterator[TargetState]:
    """These, then those beyond them and so on, each once."""
    visited: set[int] = set()
    queue = list(nearest)
    while queue:
        target = queue.pop(0)
        if id(target) not in visited:
            visited.add(id(target))
            yield target
            queue.extend(beyond(target))


@dataclass(frozen=True, slots=True)
class PathFlap:
    """All anchors of a path failed, but recovered before that counted as a loss; nothing behind answered meanwhile."""

    begin_ms: int
    end_ms: int


@dataclass(slots=True, eq=False)
class PathState:
    """One path: its anchors, what lies behind, and since when it is lost (None: not lost).

    last_success_behind_ms: newest start of a successful run of a target behind; last_failure_ms: of a failed one.
    """

    path: Path
    anchors: Sequence[AnchorState]
    targets_behind: list[TargetState] = field(default_factory=list)
    lost_since_ms: int | None = None
    changed_ms: int = 0
    last_success_behind_ms: int = NEVER
    last_failure_ms: int = NEVER
    flap: PathFlap | None = None
