"""The states of every target in a period of UTC, in one pass over the rows: what reports are counted from.

The rules are those of docs/ledger.md; rows of agent runs outside the period are not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from agent.availability.intervals import BlindInterval, Change, Interval, RunRecord, intervals
from agent.availability.spans import FOREVER, Span, union
from agent.errors import LedgerError
from agent.explain.ledger_errors import RUNS_OVERLAP
from agent.ledger.codec import change_of
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.packed_changes import PackedChanges
from agent.ledger.history.runs import RunClocks, StoredRun, clocks, runs_of
from agent.ledger.queries import RowQueries, RunRows, StoredRow
from agent.ledger.rows import AgentStop, BlindEnd, BlindStart, Configured, Removed, Row, Watermark
from agent.ledger.transitions import WrittenState, transition_of
from agent.model import State, UnknownCause

_Wall = Callable[[int], int]
Wanted = Callable[[str], bool]
"""Whether a target is asked for."""

_RowsByRun = Mapping[int, Sequence[StoredRow[Row]]]


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Observer, period [start_ms, end_ms), and the instant up to which anything may be known; UTC milliseconds.

    alive: the newest heartbeat, for the run that has not ended. behind: the paths that a target lies behind at a row
    of the ledger, by target and seq.
    """

    observer: str
    start_ms: int
    end_ms: int
    as_of_ms: int
    alive: Heartbeat | None
    behind: Callable[[str, int], frozenset[str]]


@dataclass(frozen=True, slots=True)
class TargetHistory:
    """The states of one target (right inside the period only) and the starts of its soft failures.

    configured: all of it, wherever the period lies. policies: each row that set one, with its instant in UTC.
    """

    target: str
    states: tuple[Interval, ...]
    soft: tuple[int, ...]
    configured: tuple[Span, ...]
    policies: tuple[tuple[int, Configured], ...]


@dataclass(frozen=True, slots=True)
class _AgentSession:
    """One agent run with a known clock: where it lies in UTC and among the rows, and the cause of the time before."""

    rows: RunRows
    start_ms: int
    end_ms: int
    off: UnknownCause
    wall: _Wall
    boot_start_ms: int
    blinds: tuple[tuple[str, int, BlindInterval], ...]

    def pack(self, changes: PackedChanges, target: str, seq: int, body: str) -> WrittenState:
        """Keep a state change of this run, in UTC; what the row says."""
        row = transition_of(body)
        changes.add(target, seq, self.wall(row.effective_at_ms), self.wall(row.confirmed_at_ms), row.kind)
        return row

    def boottime(self, wall_ms: int) -> int:
        """The first instant of the run's boot that lies at wall_ms or later; the map only rises."""
        low, high = self.boot_start_ms, self.boot_start_ms + max(wall_ms - self.start_ms, 0) * 2 + 10_000
        while low < high:
            middle = (low + high) // 2
            if self.wall(middle) >= wall_ms:
                high = middle
            else:
                low = middle + 1
        return low


@dataclass(slots=True)
class _Configuration:
    """Where one target was configured, and under which policies."""

    spans: list[Span] = field(default_factory=list)
    opened: dict[int, int] = field(default_factory=dict)
    """By start of a span the row that opened it."""
    policies: list[tuple[int, Configured]] = field(default_factory=list)


def all_targets(_target: str) -> bool:
    """Every one is asked for."""
    return True


def target_histories(reader: RowQueries, query: HistoryQuery) -> tuple[TargetHistory, ...]:
    """Every target that was ever configured, by id. LedgerError for rows that contradict each other."""
    return tuple(each_target_history(reader, query))


def each_target_history(
    reader: RowQueries, query: HistoryQuery, *, soft_failures: bool = True, wanted: Wanted = all_targets
) -> Iterator[TargetHistory]:
    """The same one after another, for who keeps none of them: of a whole country they would fill the memory.

    soft_failures: whether they are read at all. wanted: which targets; asked at every row, so it must be quick.
    """
    runs = runs_of(reader, query.observer)
    rows = _rows_by_run(reader)
    known = clocks(reader, runs)
    sessions, after = _sessions(reader, runs, rows, known, query.alive)
    within = [session for session in sessions if session.start_ms < query.end_ms and session.end_ms > query.start_ms]
    after = next((session.off for session in sessions if session.start_ms >= query.end_ms), after)
    changes = [_changes(reader, session, query, wanted) for session in within]
    soft = _soft_failures(reader, within, query) if soft_failures else {}
    configurations = _configurations(runs, rows, known.walls)
    for target in sorted(filter(wanted, configurations)):
        configuration = configurations.pop(target)
        records = [
            _record(target, session, of_session.take(target), query)
            for session, of_session in zip(within, changes, strict=True)
        ]
        try:
            states = intervals(records, configuration.spans, min(query.end_ms, query.as_of_ms), after=after)
        except ValueError as error:
            raise LedgerError(RUNS_OVERLAP.filled(why=error)) from error
        yield TargetHistory(
            target,
            tuple(_numbered(states, configuration.opened)),
            tuple(soft.get(target, ())),
            union(configuration.spans),
            tuple(configuration.policies),
        )


def _rows_by_run(reader: RowQueries) -> _RowsByRun:
    rows: dict[int, list[StoredRow[Row]]] = defaultdict(list)
    for stored in reader.few_of_runs():
        rows[stored.run].append(stored)
    return rows


def _numbered(states: Iterable[Interval], opened: Mapping[int, int]) -> Iterator[Interval]:
    """A stretch of DOWN that removal split off is begun by the row that configured the target again."""
    for state in states:
        if state.state is State.DOWN and not state.number:
            yield replace(state, number=opened.get(state.start_ms, 0))
        else:
            yield state


def _sessions(
    reader: RowQueries, runs: Sequence[StoredRun], rows: _RowsByRun, known: RunClocks, alive: Heartbeat | None
) -> tuple[list[_AgentSession], UnknownCause]:
    """Runs whose boot was ever synchronised, and the cause of the time after the last; around another it is clock."""
    sessions: list[_AgentSession] = []
    off = UnknownCause.AGENT_OFF
    for run, following in pairwise([*runs, None]):
        assert run is not None  # noqa: S101 - only the last of the pairs has none
        if run.row.boot_id not in known.synchronised:
            off = UnknownCause.CLOCK
            continue
        of_run = RunRows(run.seq, FOREVER if following is None else following.seq)
        wall, end = known.walls[run.seq], _end(reader, run, of_run, rows.get(run.seq, ()), alive)
        blinds = tuple(_blinds(rows.get(run.seq, ()), wall, end))
        sessions.append(_AgentSession(of_run, wall(run.row.start_ms), wall(end), off, wall, run.row.start_ms, blinds))
        off = UnknownCause.AGENT_OFF
    return sessions, off


def _end(
    reader: RowQueries, run: StoredRun, of_run: RunRows, rows: Iterable[StoredRow[Row]], alive: Heartbeat | None
) -> int:
    """The clean stop; else the later of the last heartbeat and the last committed row."""
    instants = [run.row.start_ms]
    closed = False
    for stored in rows:
        if isinstance(stored.row, AgentStop):
            return stored.row.at_ms
        if isinstance(stored.row, Watermark | BlindStart | BlindEnd | Configured | Removed):
            instants.append(stored.row.at_ms)
            closed = closed or isinstance(stored.row, Watermark)
    instants += [change_of(body).committed_at_ms for _, _, _, body in reader.last_change(of_run)]
    instants += [at_ms for _, at_ms, _, _ in reader.last_anchor(of_run)]
    if not closed and alive is not None and alive.boot_id == run.row.boot_id and alive.seq >= run.seq:
        instants.append(alive.at_ms)
    return max(instants)


def _blinds(rows: Iterable[StoredRow[Row]], wall: _Wall, end_ms: int) -> Iterator[tuple[str, int, BlindInterval]]:
    """Scope, seq and extent; one that never ended lasts as long as the run."""
    started: dict[tuple[str, UnknownCause], tuple[int, int]] = {}
    for stored in rows:
        row = stored.row
        if isinstance(row, BlindStart):
            started[row.scope, row.cause] = stored.seq, row.at_ms
        elif isinstance(row, BlindEnd) and (row.scope, row.cause) in started:
            seq, start = started.pop((row.scope, row.cause))
            yield row.scope, seq, BlindInterval(wall(start), wall(row.at_ms), row.cause)
    for (scope, cause), (seq, start) in started.items():
        yield scope, seq, BlindInterval(wall(start), wall(end_ms), cause)


def _record(target: str, session: _AgentSession, changes: tuple[Change, ...], query: HistoryQuery) -> RunRecord:
    end = min(session.end_ms, max(query.as_of_ms, session.start_ms))
    blinds = tuple(
        blind
        for scope, seq, blind in session.blinds
        if blind.start_ms < blind.end_ms and (scope in ("", target) or scope in query.behind(target, seq))
    )
    return RunRecord(session.start_ms, end, changes, blinds, session.off)


def _changes(reader: RowQueries, session: _AgentSession, query: HistoryQuery, wanted: Wanted) -> PackedChanges:
    """What a run wrote about each target."""
    changes = PackedChanges()
    start, end = session.boottime(query.start_ms), session.boottime(query.end_ms)
    for seq, _, target, body in reader.changes_between(session.rows, start, end):
        if wanted(target):
            session.pack(changes, target, seq, body)
    if start > session.boot_start_ms:
        _carry_in(reader, session, start, changes, wanted)
    if session.end_ms > query.end_ms:
        _add_overwritten(reader, session, end, changes)
    return changes


def _soft_failures(
    reader: RowQueries, sessions: Sequence[_AgentSession], query: HistoryQuery
) -> Mapping[str, Sequence[int]]:
    """The starts of soft failures by target."""
    soft: dict[str, list[int]] = defaultdict(list)
    for session in sessions:
        start, end = session.boottime(query.start_ms), session.boottime(query.end_ms)
        for _, at_ms, target, _ in reader.soft_failures_between(session.rows, start, end):
            soft[target].append(session.wall(at_ms))
    return soft


def _carry_in(
    reader: RowQueries, session: _AgentSession, start_ms: int, changes: PackedChanges, wanted: Wanted
) -> None:
    """Before the period, of each target only what holds where it begins; of one that is DOWN there, everything."""
    for seq, _, target, body in reader.newest_change_of_each_before(session.rows, start_ms):
        if wanted(target) and session.pack(changes, target, seq, body).state is State.DOWN:
            for earlier, _, _, earlier_body in reader.changes_of_target_before(session.rows, target, start_ms):
                if earlier != seq:
                    session.pack(changes, target, earlier, earlier_body)


def _add_overwritten(reader: RowQueries, session: _AgentSession, end_ms: int, changes: PackedChanges) -> None:
    """After the period, what an outage inside it was written over: it has their number, in every report."""
    down = changes.newest_down()
    newest = max(down.values(), default=0)
    for seq, _, target, body in reader.changes_from(session.rows, end_ms, newest):
        if seq < down.get(target, 0):
            session.pack(changes, target, seq, body)


def _configurations(
    runs: Iterable[StoredRun], rows: _RowsByRun, walls: Mapping[int, _Wall]
) -> dict[str, _Configuration]:
    configurations: dict[str, _Configuration] = defaultdict(_Configuration)
    open_since: dict[str, int] = {}
    for run in runs:
        for stored in rows.get(run.seq, ()):
            row = stored.row
            if isinstance(row, Configured):
                at_ms = walls[run.seq](row.at_ms)
                if row.target not in open_since:
                    open_since[row.target] = at_ms
                    configurations[row.target].opened[at_ms] = stored.seq
                configurations[row.target].policies.append((at_ms, row))
            elif isinstance(row, Removed) and row.target in open_since:
                configurations[row.target].spans.append((open_since.pop(row.target), walls[run.seq](row.at_ms)))
    for target, since in open_since.items():
        configurations[target].spans.append((since, FOREVER))
    return dict(configurations)


@dataclass(frozen=True, slots=True)
class RunExtent:
    """One agent run in UTC: what it vouches for, and how it ended.

    stopped: cleanly. closed: a row says that it ended, killed or not. synchronised: its clock was known at some time.
    """

    run: StoredRun
    start_ms: int
    end_ms: int
    stopped: bool
    closed: bool
    synchronised: bool


def run_extents(
    reader: RowQueries, runs: Sequence[StoredRun], known: RunClocks, alive: Heartbeat | None
) -> list[RunExtent]:
    """Each run with its extent; one whose clock was never known as well as that can be told."""
    rows = _rows_by_run(reader)
    extents = []
    for run, following in pairwise([*runs, None]):
        assert run is not None  # noqa: S101 - only the last of the pairs has none
        of_run = RunRows(run.seq, FOREVER if following is None else following.seq)
        ends = [stored.row for stored in rows.get(run.seq, ()) if isinstance(stored.row, AgentStop | Watermark)]
        stopped = any(isinstance(row, AgentStop) for row in ends)
        wall = known.walls[run.seq]
        end_ms = wall(_end(reader, run, of_run, rows.get(run.seq, ()), alive))
        synchronised = run.row.boot_id in known.synchronised
        extents.append(RunExtent(run, wall(run.row.start_ms), end_ms, stopped, bool(ends), synchronised))
    return extents
