"""An oracle for agent.ledger.history.state_history: one target, all its rows, run by run, nothing left out.

It knows no period and no report instant, and maps a boot that was never synchronised instead of calling it no evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from agent.availability.intervals import BlindInterval, Change, Interval, RunRecord, intervals
from agent.availability.spans import BEGINNING, FOREVER
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.runs import StoredRun, runs_of, wall_maps
from agent.ledger.history.state_history import HistoryQuery, target_histories
from agent.ledger.queries import RowQueries
from agent.ledger.rows import (
    AgentStop,
    BlindEnd,
    BlindStart,
    ClockAnchor,
    Configured,
    Removed,
    Row,
    StateChange,
    Watermark,
)
from agent.model import UnknownCause

_Wall = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class _Told:
    """The rows of one agent run that concern the target, oldest first."""

    run: StoredRun
    wall: _Wall
    rows: tuple[Row, ...]


def timeline(
    source: RowQueries,
    target: str,
    observer: str,
    *,
    scopes: frozenset[str],
    alive: Heartbeat | None,
    until_wall_ms: int,
) -> tuple[Interval, ...]:
    """The states of a target as this observer saw them, where it was configured, up to until_wall_ms.

    Asserts that reports are counted from the same.

    scopes: the paths that the target lies behind (the scope "" concerns everybody). alive: the newest heartbeat,
    for the run that has not ended. Instants of the result are UTC milliseconds.
    """
    told = list(_by_run(source, target, observer))
    watches = [_watch(one, scopes, alive) for one in told]
    states = intervals(watches, _configured(told, target), until_wall_ms)
    query = HistoryQuery(observer, BEGINNING, until_wall_ms, until_wall_ms, alive, lambda *_: scopes)
    counted = [one.states for one in target_histories(source, query) if one.target == target]
    if any(each.cause is UnknownCause.CLOCK for reported in counted for each in reported):
        return states  # reports count nothing of a boot whose clock was never known: this machine may be such a one
    assert (counted or [()]) == [states]  # nothing is counted of a target that was never configured
    return states


def _by_run(source: RowQueries, target: str, observer: str) -> Iterator[_Told]:
    runs = runs_of(source, observer)
    maps = wall_maps(source, runs)
    rows = [stored for stored in source.everything() if getattr(stored.row, "target", target) == target]
    for run in runs:
        yield _Told(run, maps[run.seq], tuple(stored.row for stored in rows if stored.run == run.seq))


def _watch(told: _Told, scopes: frozenset[str], alive: Heartbeat | None) -> RunRecord:
    wall, start = told.wall, told.run.row.start_ms
    end = _end(told, alive)
    changes = tuple(
        Change(wall(row.effective_at_ms), row.state, row.cause, wall(row.confirmed_at_ms))
        for row in told.rows
        if isinstance(row, StateChange)
    )
    blinds = tuple(_blinds(told.rows, scopes, end, wall))
    return RunRecord(wall(start), wall(end), changes, blinds)


def _end(told: _Told, alive: Heartbeat | None) -> int:
    """The clean stop; else the later of the last heartbeat and the last committed row."""
    for row in told.rows:
        if isinstance(row, AgentStop):
            return row.at_ms
    known = [told.run.row.start_ms, *(_committed(row) for row in told.rows)]
    if alive is not None and alive.boot_id == told.run.row.boot_id and alive.seq >= told.run.seq:
        closed = any(isinstance(row, Watermark) for row in told.rows)
        known += [] if closed else [alive.at_ms]
    return max(known)


def _committed(row: Row) -> int:
    if isinstance(row, StateChange):
        return row.committed_at_ms
    if isinstance(row, Watermark | ClockAnchor | BlindStart | BlindEnd | Configured | Removed):
        return row.at_ms
    return 0


def _blinds(rows: Sequence[Row], scopes: frozenset[str], end_ms: int, wall: _Wall) -> Iterator[BlindInterval]:
    """Pairs of start and end, by scope and cause; one that never ended lasts as long as the run."""
    started: dict[tuple[str, str], int] = {}
    for row in rows:
        if isinstance(row, BlindStart) and (not row.scope or row.scope in scopes):
            started[row.scope, row.cause] = row.at_ms
        elif isinstance(row, BlindEnd) and (row.scope, row.cause) in started:
            yield BlindInterval(wall(started.pop((row.scope, row.cause))), wall(row.at_ms), row.cause)
    for row in rows:
        if isinstance(row, BlindStart) and started.pop((row.scope, row.cause), None) is not None:
            yield BlindInterval(wall(row.at_ms), wall(end_ms), row.cause)


def _configured(told: Iterable[_Told], target: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    since: int | None = None
    for one in told:
        for row in one.rows:
            if isinstance(row, Configured) and row.target == target:
                since = one.wall(row.at_ms) if since is None else since
            elif isinstance(row, Removed) and since is not None:
                spans.append((since, one.wall(row.at_ms)))
                since = None
    return spans if since is None else [*spans, (since, FOREVER)]
