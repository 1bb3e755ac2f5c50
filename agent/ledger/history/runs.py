"""Typed questions to the ledger. A later row wins from its effective_at on; a later agent run wins over all before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.availability.spans import FOREVER
from agent.ledger.history.wallclock import SyncPoint, wall_map
from agent.ledger.queries import RowQueries
from agent.ledger.rows import AgentRun, AgentStop, Configured, ObserverAlias, Removed, StateChange, Watermark
from agent.model import Cause, State

_Walls = Mapping[int, Callable[[int], int]]


@dataclass(frozen=True, slots=True)
class LastKnown:
    """The last confirmed state of a target that was not UNKNOWN, in UTC, and the state at the head of the ledger.

    state is UNKNOWN only if nothing else was ever confirmed; then the instants are those of the head.
    """

    state: State
    cause: Cause
    effective_wall_ms: int
    confirmed_wall_ms: int
    head: State
    head_cause: Cause


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run of an agent: the row that began it, and its place."""

    seq: int
    row: AgentRun


def agent_runs(source: RowQueries) -> list[StoredRun]:
    """Every agent run, oldest first."""
    return [StoredRun(stored.seq, stored.row) for stored in source.only(AgentRun)]


def runs_of(source: RowQueries, observer: str, was: Sequence[str] = ()) -> list[StoredRun]:
    """The agent runs that are this observer's history, oldest first: also those under names that it had before.

    was: former names that the configuration gives and no row has recorded yet.
    """
    names = names_of(source, observer).union(was)
    return [run for run in agent_runs(source) if run.row.observer in names]


def names_of(source: RowQueries, observer: str) -> frozenset[str]:
    """The observer's name and, through the recorded aliases, those that it had before."""
    former: dict[str, set[str]] = {}
    for stored in source.only(ObserverAlias):
        former.setdefault(stored.row.observer, set()).add(stored.row.was)
    names: set[str] = set()
    waiting = [observer]
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting.extend(former.get(name, ()))
    return frozenset(names)


def last_installation(source: RowQueries) -> str:
    """Which installation wrote last; "" if no run ever said."""
    return next((run.row.installation for run in reversed(agent_runs(source)) if run.row.installation), "")


@dataclass(frozen=True, slots=True)
class RunClocks:
    """The clocks of agent runs, as far as they are known. walls: by seq of the run, boottime of its boot to UTC.

    A boot that was never synchronised is mapped by what its run saw at its start, between the known runs before and
    after it: a machine that starts in 1970 ends no configured interval before it began. Good for that, not evidence.
    synchronised: the boots whose clock was ever known; only those are evidence.
    """

    walls: _Walls
    synchronised: frozenset[str]


def clocks(source: RowQueries, runs: Sequence[StoredRun]) -> RunClocks:
    """The clocks of these runs, in one pass over the anchors."""
    known = {boot: wall_map(anchors) for boot, anchors in _anchors(source, runs).items() if anchors}
    ends = _ends(source)
    walls: dict[int, Callable[[int], int]] = {}
    least_ms = 0
    for place, run in enumerate(runs):
        later = (
            known[later_run.row.boot_id](later_run.row.start_ms)
            for later_run in runs[place:]
            if later_run.row.boot_id in known
        )
        walls[run.seq] = known.get(run.row.boot_id) or _between(run.row, least_ms, next(later, FOREVER))
        least_ms = walls[run.seq](ends.get(run.seq, run.row.start_ms))
    return RunClocks(walls, frozenset(known))


def _ends(source: RowQueries) -> dict[int, int]:
    """Where each run ended, by its seq."""
    rows = source.among(AgentStop, Watermark)
    return {stored.run: stored.row.at_ms for stored in rows if isinstance(stored.row, AgentStop | Watermark)}


def _between(row: AgentRun, least_ms: int, most_ms: int) -> Callable[[int], int]:
    wall = wall_map([SyncPoint(row.start_ms, row.wall_ms)])
    return lambda at_ms: min(max(wall(at_ms), least_ms), max(most_ms, least_ms))


def wall_maps(source: RowQueries, runs: Sequence[StoredRun]) -> _Walls:
    """By seq of the run: boottime of its boot to UTC, good for display."""
    return clocks(source, runs).walls


def _anchors(source: RowQueries, runs: Sequence[StoredRun]) -> dict[str, list[SyncPoint]]:
    """The synchronised ones of each boot."""
    boot_of = {run.seq: run.row.boot_id for run in runs}
    anchors: dict[str, list[SyncPoint]] = {run.row.boot_id: [] for run in runs}
    for run in runs:
        if run.row.synchronised:
            anchors[run.row.boot_id].append(SyncPoint(run.row.start_ms, run.row.wall_ms))
    for seq, at_ms, wall_ms in source.anchors():
        if seq in boot_of:
            anchors[boot_of[seq]].append(SyncPoint(at_ms, wall_ms))
    return anchors


def known_time(source: RowQueries, observer: str, boot_id: str, now_ms: int) -> tuple[int, int] | None:
    """UTC of the observer's first start with a known clock, and of a boottime of this boot; None if that is unknown."""
    runs = runs_of(source, observer)
    known = clocks(source, runs)
    walls = [(run.row, known.walls[run.seq]) for run in runs if run.row.boot_id in known.synchronised]
    now = [wall(now_ms) for row, wall in walls if row.boot_id == boot_id]
    return (min(wall(row.start_ms) for row, wall in walls), now[0]) if now else None


def past_time(source: RowQueries, boot_id: str, now_ms: int) -> int | None:
    """UTC that is past for certain: the end of the newest run with a known clock; in this boot, of its boottime now."""
    runs = agent_runs(source)
    known, ends = clocks(source, runs), _ends(source)
    for run in reversed(runs):
        if run.row.boot_id in known.synchronised:
            end_ms = now_ms if run.row.boot_id == boot_id else ends.get(run.seq, run.row.start_ms)
            return known.walls[run.seq](end_ms)
    return None


def last_known(source: RowQueries, observer: str, was: Sequence[str] = ()) -> dict[str, LastKnown]:
    """By target, for every target that this observer ever gave a state."""
    runs = runs_of(source, observer, was)
    maps = wall_maps(source, runs)
    by_target: dict[str, LastKnown] = {}
    for stored in source.newest_of_each_target():
        newest = stored.row
        if stored.run in maps and newest.state is not State.UNKNOWN:
            known: LastKnown | None = _in_utc(newest, maps[stored.run], newest)
        else:
            known = _last_known(_changes(source, newest.target, maps), maps)
        if known is not None:
            by_target[newest.target] = known
    return by_target


def configured(source: RowQueries, observer: str, was: Sequence[str] = ()) -> dict[str, Configured]:
    """The newest policy row of every target that this observer's ledger still counts as configured."""
    runs = {run.seq for run in runs_of(source, observer, was)}
    policies: dict[str, Configured] = {}
    for stored in source.among(Configured, Removed):
        if stored.run not in runs:
            continue
        if isinstance(stored.row, Configured):
            policies[stored.row.target] = stored.row
        elif isinstance(stored.row, Removed):
            policies.pop(stored.row.target, None)
    return policies


def _last_known(
    visible: Iterator[tuple[int, StateChange]], maps: Mapping[int, Callable[[int], int]]
) -> LastKnown | None:
    head: tuple[int, StateChange] | None = None
    for run, change in visible:
        head = head or (run, change)
        if change.state is not State.UNKNOWN:
            return _in_utc(change, maps[run], head[1])
    return None if head is None else _in_utc(head[1], maps[head[0]], head[1])


def _in_utc(change: StateChange, wall: Callable[[int], int], head: StateChange) -> LastKnown:
    return LastKnown(
        change.state,
        change.cause,
        wall(change.effective_at_ms),
        wall(change.confirmed_at_ms),
        head.state,
        head.cause,
    )


def _changes(
    source: RowQueries, target: str, maps: Mapping[int, Callable[[int], int]]
) -> Iterator[tuple[int, StateChange]]:
    """The target's changes that no later row overwrote, newest first, with their run."""
    below, page = FOREVER, 4
    run, earliest = -1, 0
    while True:
        rows = source.changes_of_target(target, below, page)
        for stored in rows:
            change = stored.row
            if stored.run not in maps:
                continue
            if stored.run == run and change.effective_at_ms >= earliest:
                continue
            run, earliest = stored.run, change.effective_at_ms
            yield stored.run, change
        if len(rows) < page:
            return
        below, page = rows[-1].seq, page * 4
