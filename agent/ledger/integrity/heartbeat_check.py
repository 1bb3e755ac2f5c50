"""Whether a heartbeat may be believed: it lies outside the chain, and whoever owns the machine can write another.

It names a row, so it belongs to the run of that row and lies between it and the next: no row may have been committed
before a beat that does not know it, no run may have begun before it, and it cannot be later than now. What it says
beyond that nobody can check, and nothing but the end of a run that was killed depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.clock import Clock, vouched
from agent.explain import ledger_errors
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.runs import StoredRun, agent_runs, clocks
from agent.ledger.queries import RowQueries
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, ClockStep, Configured, Removed, Row, StateChange
from agent.text import Text

_SLACK_MS = 1_000  # a row is stamped shortly before it is committed, and a beat may come between
_STEP_MS = 2_000  # two clocks that agree
_STAMPED = (ClockAnchor, ClockStep, Configured, Removed, AgentStop)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Now: boottime of this boot, and UTC; None where this machine's clock is not known to be right."""

    boot_id: str
    boottime_ms: int
    wall_ms: int | None


def clock_reading_now(clock: Clock) -> ClockReading:
    """The machine's clocks now."""
    return ClockReading(clock.boot_id(), clock.boottime_ms(), clock.wall_ms() if vouched(clock) else None)


def heartbeat_fault(source: RowQueries, beat: Heartbeat, now: ClockReading) -> Text | None:
    """Why this heartbeat is not to be believed, None where nothing speaks against it.

    Its row's hash is another matter.

    LedgerError for rows that cannot be read.
    """
    if not beat.seq:
        return _of_no_row(source)
    run = _run_under_way(source, beat.seq)
    if run is None or beat.boot_id != run.row.boot_id:  # of another boot it vouches for nothing
        return None
    if beat.at_ms < run.row.start_ms:
        return ledger_errors.BEAT_OLDER.filled(row=beat.seq)
    return _of_next_row(source, beat, run) or _of_next_run(source, beat, run) or _of_present(source, beat, run, now)


def foreign_boot_fault(source: RowQueries, beat: Heartbeat) -> Text | None:
    """That it is of another boot than the run under way at its row: how long that lived nobody knows; else None."""
    run = _run_under_way(source, beat.seq)
    if run is None or beat.boot_id == run.row.boot_id:
        return None
    return ledger_errors.BEAT_FOREIGN.filled(row=beat.seq)


def _of_no_row(source: RowQueries) -> Text | None:
    """A kill between the first commit and the beat after it leaves one commit, of one run."""
    return ledger_errors.BEAT_OF_NO_ROW if source.next_agent_run(1) else None


def _run_under_way(source: RowQueries, seq: int) -> StoredRun | None:
    """The agent run that the row belongs to, unless it had ended by then: a beat says nothing of one that has."""
    stored = source.row(seq)
    if stored is None or source.end_of_run(stored.run, seq):
        return None
    begun = source.row(stored.run)
    if begun is None or not isinstance(begun.row, AgentRun):
        return None
    return StoredRun(begun.seq, begun.row)


def _of_next_row(source: RowQueries, beat: Heartbeat, run: StoredRun) -> Text | None:
    for stored in source.following(beat.seq, run.seq):
        stamp = _committed_ms(stored.row)
        if stamp is not None:
            late = beat.at_ms - _SLACK_MS - stamp
            return _later(late, ledger_errors.THAN_ROW.filled(row=stored.seq)) if late > 0 else None
    return None


def _of_next_run(source: RowQueries, beat: Heartbeat, run: StoredRun) -> Text | None:
    """By boottime in the same boot, else by UTC where both are known."""
    following = source.next_agent_run(run.seq)
    if following is None:
        return None
    what, row = ledger_errors.THAN_NEXT_RUN.filled(row=following.seq), following.row
    if row.boot_id == run.row.boot_id:
        return _later(beat.at_ms - row.start_ms, what) if beat.at_ms > row.start_ms else None
    walls = _walls(source)
    if run.row.boot_id not in walls or row.boot_id not in walls:
        return None
    late = walls[run.row.boot_id](beat.at_ms) - walls[row.boot_id](row.start_ms)
    return _later(late, what) if late > _STEP_MS else None


def _of_present(source: RowQueries, beat: Heartbeat, run: StoredRun, now: ClockReading) -> Text | None:
    if beat.boot_id == now.boot_id:
        late = beat.at_ms - now.boottime_ms
        return _later(late, ledger_errors.THAN_NOW) if late > _SLACK_MS else None
    wall = _walls(source).get(run.row.boot_id)
    if wall is None or now.wall_ms is None:
        return None
    late = wall(beat.at_ms) - now.wall_ms
    return _later(late, ledger_errors.THAN_NOW) if late > _STEP_MS else None


def _walls(source: RowQueries) -> Mapping[str, Callable[[int], int]]:
    """Boottime to UTC, by boot whose clock was ever known."""
    runs = agent_runs(source)
    known = clocks(source, runs)
    return {run.row.boot_id: known.walls[run.seq] for run in runs if run.row.boot_id in known.synchronised}


def _later(by_ms: int, than: Text) -> Text:
    return ledger_errors.BEAT_LATER.filled(seconds=f"{by_ms / 1000:.3f}", than=than)


def _committed_ms(row: Row) -> int | None:
    """Boottime of the row's commit, of kinds that say it."""
    if isinstance(row, StateChange):
        return row.committed_at_ms
    return row.at_ms if isinstance(row, _STAMPED) else None
