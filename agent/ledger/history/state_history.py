"""The states of every target in a stretch of UTC, in one pass over the rows: what a report is counted from.

The rules are those of docs/ledger.md; rows of agent runs outside the stretch are not read.
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
from agent.ledger.history.runs import BootClocks, StoredRun, clocks, runs_of
from agent.ledger.reader import Reader, StoredRow
from agent.ledger.rows import AgentStop, BlindEnd, BlindStart, Configured, Removed, Watermark
from agent.ledger.schema import of_kinds
from agent.model import State, UnknownCause

_OF_RUN = "seq > ? AND seq < ? AND run = ?"
_FEW = of_kinds("agent_stop", "watermark", "blind_start", "blind_end", "configured", "removed")


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Whose eyes, [start_ms, end_ms), and the instant up to which anything may be known; UTC milliseconds.

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
    """One target: its states (right inside the stretch only) and starts of its soft failures.

    configured: all of it, wherever the stretch lies. policies: each row that set one, with its instant in UTC.
    """

    target: str
    states: tuple[Interval, ...]
    soft: tuple[int, ...]
    configured: tuple[Span, ...]
    policies: tuple[tuple[int, Configured], ...]


@dataclass(frozen=True, slots=True)
class _AgentSession:
    """One agent run with a known clock: where it lies in UTC and among the rows, and the cause of the time before."""

    seq: int
    next_seq: int
    start_ms: int
    end_ms: int
    off: UnknownCause
    wall: Callable[[int], int]
    boot_start_ms: int
    blinds: tuple[tuple[str, int, BlindInterval], ...]

    @property
    def rows(self) -> tuple[int, int, int]:
        """What fills in _OF_RUN."""
        return self.seq, self.next_seq, self.seq


@dataclass(slots=True)
class _Configuration:
    """Where one target was configured, and under which policies."""

    spans: list[Span] = field(default_factory=list)
    opened: dict[int, int] = field(default_factory=dict)
    """By start of a span the row that opened it."""
    policies: list[tuple[int, Configured]] = field(default_factory=list)


def target_histories(reader: Reader, asked: HistoryQuery) -> tuple[TargetHistory, ...]:
    """Every target that was ever configured, by id. LedgerError for rows that contradict each other."""
    runs = runs_of(reader, asked.observer)
    rows: dict[int, list[StoredRow]] = defaultdict(list)
    for stored in reader.select(_FEW):
        rows[stored.run].append(stored)
    known = clocks(reader, runs)
    eras, after = _eras(reader, runs, rows, known, asked)
    seen = [era for era in eras if era.start_ms < asked.end_ms and era.end_ms > asked.start_ms]
    said, soft = _changes_by_session(reader, seen, asked)
    found = []
    for target, told in sorted(_configured(runs, rows, known.walls).items()):
        watches = [_watch(target, era, told_by.get(target, ()), asked) for era, told_by in zip(seen, said, strict=True)]
        try:
            states = intervals(watches, told.spans, min(asked.end_ms, asked.as_of_ms), after=_later(eras, asked, after))
        except ValueError as error:
            raise LedgerError(RUNS_OVERLAP.filled(why=error)) from error
        states = tuple(_begun(states, told.opened))
        found.append(
            TargetHistory(target, states, tuple(soft.get(target, ())), union(told.spans), tuple(told.policies))
        )
    return tuple(found)


def _begun(states: Iterable[Interval], opened: Mapping[int, int]) -> Iterator[Interval]:
    """A stretch of DOWN that removal split off is begun by the row that configured the target again."""
    for one in states:
        yield replace(one, number=opened.get(one.start_ms, 0)) if one.state is State.DOWN and not one.number else one


def _later(eras: Sequence[_AgentSession], asked: HistoryQuery, after: UnknownCause) -> UnknownCause:
    """The cause of the time after the last run inside the stretch."""
    return next((era.off for era in eras if era.start_ms >= asked.end_ms), after)


def _eras(
    reader: Reader,
    runs: Sequence[StoredRun],
    rows: Mapping[int, list[StoredRow]],
    known: BootClocks,
    asked: HistoryQuery,
) -> tuple[list[_AgentSession], UnknownCause]:
    """Runs whose boot was ever synchronised; the time around another has the cause clock."""
    eras: list[_AgentSession] = []
    off = UnknownCause.AGENT_OFF
    for run, following in pairwise([*runs, None]):
        assert run is not None  # noqa: S101 - only the last of the pairs has none
        if run.row.boot_id not in known.synchronised:
            off = UnknownCause.CLOCK
            continue
        next_seq = FOREVER if following is None else following.seq
        wall, end = known.walls[run.seq], _end(reader, run, next_seq, rows[run.seq], asked.alive)
        blinds = tuple(_blinds(rows[run.seq], wall, end))
        eras.append(
            _AgentSession(run.seq, next_seq, wall(run.row.start_ms), wall(end), off, wall, run.row.start_ms, blinds)
        )
        off = UnknownCause.AGENT_OFF
    return eras, off


def _end(reader: Reader, run: StoredRun, next_seq: int, rows: Iterable[StoredRow], alive: Heartbeat | None) -> int:
    """The clean stop; else the later of the last heartbeat and the last committed row."""
    instants = [run.row.start_ms]
    closed = False
    for stored in rows:
        if isinstance(stored.row, AgentStop):
            return stored.row.at_ms
        if isinstance(stored.row, Watermark | BlindStart | BlindEnd | Configured | Removed):
            instants.append(stored.row.at_ms)
            closed = closed or isinstance(stored.row, Watermark)
    mine = run.seq, next_seq, run.seq
    last = reader.bodies(f"{_OF_RUN} AND kind = 'state_change' ORDER BY seq DESC LIMIT 1", mine)
    instants += [change_of(body).committed_at_ms for _, _, _, body in last]
    anchor = reader.bodies(f"{_OF_RUN} AND {of_kinds('clock_anchor')} ORDER BY seq DESC LIMIT 1", mine)
    instants += [at_ms for _, at_ms, _, _ in anchor]
    if not closed and alive is not None and alive.boot_id == run.row.boot_id and alive.seq >= run.seq:
        instants.append(alive.at_ms)
    return max(instants)


def _blinds(
    rows: Iterable[StoredRow], wall: Callable[[int], int], end_ms: int
) -> Iterator[tuple[str, int, BlindInterval]]:
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


def _watch(target: str, era: _AgentSession, told: Sequence[tuple[int, Change]], asked: HistoryQuery) -> RunRecord:
    end = min(era.end_ms, max(asked.as_of_ms, era.start_ms))
    blinds = tuple(
        blind
        for scope, seq, blind in era.blinds
        if blind.start_ms < blind.end_ms and (scope in ("", target) or scope in asked.behind(target, seq))
    )
    return RunRecord(era.start_ms, end, tuple(change for _, change in told), blinds, era.off)


_SaidBy = dict[str, list[tuple[int, Change]]]


def _changes_by_session(
    reader: Reader, eras: Sequence[_AgentSession], asked: HistoryQuery
) -> tuple[list[_SaidBy], dict[str, list[int]]]:
    """What each run wrote about each target, in the order written; starts of soft failures by target."""
    soft: dict[str, list[int]] = defaultdict(list)
    said: list[_SaidBy] = []
    for era in eras:
        found: _SaidBy = defaultdict(list)
        start, end = _boottime(era, asked.start_ms), _boottime(era, asked.end_ms)
        where = f"{_OF_RUN} AND kind = ? AND at_ms >= ? AND at_ms < ?"
        for seq, _, target, body in reader.bodies(where, (*era.rows, "state_change", start, end)):
            found[target].append((seq, _change(era, seq, body)))
        for _, at_ms, target, _ in reader.bodies(where, (*era.rows, "soft_failure", start, end)):
            soft[target].append(era.wall(at_ms))
        if start > era.boot_start_ms:
            _carried_in(reader, era, start, found)
        if era.end_ms > asked.end_ms:
            _written_over(reader, era, end, found)
        said.append(found)
    return said, soft


def _carried_in(reader: Reader, era: _AgentSession, start_ms: int, found: _SaidBy) -> None:
    """Before the stretch, of each target only what holds where it begins; of one that is DOWN there, everything."""
    where = f"{_OF_RUN} AND kind = 'state_change' AND at_ms < ? GROUP BY target HAVING seq = max(seq)"
    for seq, _, target, body in reader.bodies(where, (*era.rows, start_ms)):
        change = _change(era, seq, body)
        earlier = [(seq, change)]
        if change.state is State.DOWN:
            mine = f"target = ? AND {_OF_RUN} AND kind = 'state_change' AND at_ms < ?"
            rows = reader.bodies(mine, (target, *era.rows, start_ms))
            earlier = [(seq, _change(era, seq, body)) for seq, _, _, body in rows]
        found[target] = sorted([*earlier, *found.get(target, ())], key=lambda one: one[0])


def _written_over(reader: Reader, era: _AgentSession, end_ms: int, found: _SaidBy) -> None:
    """After the stretch, what an outage inside it was written over: it has their number, whatever is asked for."""
    down = {
        target: max((seq for seq, one in told if one.state is State.DOWN), default=0) for target, told in found.items()
    }
    newest = max(down.values(), default=0)
    where = f"{_OF_RUN} AND kind = 'state_change' AND at_ms >= ? AND seq < ?"
    for seq, _, target, body in reader.bodies(where, (*era.rows, end_ms, newest)):
        if seq < down.get(target, 0):
            found[target] = sorted([*found[target], (seq, _change(era, seq, body))], key=lambda one: one[0])


def _change(era: _AgentSession, seq: int, body: str) -> Change:
    row = change_of(body)
    return Change(era.wall(row.effective_at_ms), row.state, row.cause, era.wall(row.confirmed_at_ms), seq)


def _boottime(era: _AgentSession, wall_ms: int) -> int:
    """The first instant of the run's boot that lies at wall_ms or later; the map only rises."""
    low, high = era.boot_start_ms, era.boot_start_ms + max(wall_ms - era.start_ms, 0) * 2 + 10_000
    while low < high:
        middle = (low + high) // 2
        if era.wall(middle) >= wall_ms:
            high = middle
        else:
            low = middle + 1
    return low


def _configured(
    runs: Iterable[StoredRun], rows: Mapping[int, list[StoredRow]], maps: Mapping[int, Callable[[int], int]]
) -> dict[str, _Configuration]:
    found: dict[str, _Configuration] = defaultdict(_Configuration)
    open_since: dict[str, int] = {}
    for run in runs:
        for stored in rows[run.seq]:
            row = stored.row
            if isinstance(row, Configured):
                at_ms = maps[run.seq](row.at_ms)
                if row.target not in open_since:
                    open_since[row.target] = at_ms
                    found[row.target].opened[at_ms] = stored.seq
                found[row.target].policies.append((at_ms, row))
            elif isinstance(row, Removed) and row.target in open_since:
                found[row.target].spans.append((open_since.pop(row.target), maps[run.seq](row.at_ms)))
    for target, since in open_since.items():
        found[target].spans.append((since, FOREVER))
    return dict(found)


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
    reader: Reader, runs: Sequence[StoredRun], known: BootClocks, alive: Heartbeat | None
) -> list[RunExtent]:
    """Each run with its extent; one whose clock was never known as well as that can be told."""
    rows: dict[int, list[StoredRow]] = defaultdict(list)
    for stored in reader.select(_FEW):
        rows[stored.run].append(stored)
    found = []
    for run, following in pairwise([*runs, None]):
        assert run is not None  # noqa: S101 - only the last of the pairs has none
        wall, next_seq = known.walls[run.seq], FOREVER if following is None else following.seq
        stopped = any(isinstance(stored.row, AgentStop) for stored in rows[run.seq])
        closed = stopped or any(isinstance(stored.row, Watermark) for stored in rows[run.seq])
        end_ms = wall(_end(reader, run, next_seq, rows[run.seq], alive))
        synchronised = run.row.boot_id in known.synchronised
        found.append(RunExtent(run, wall(run.row.start_ms), end_ms, stopped, closed, synchronised))
    return found
