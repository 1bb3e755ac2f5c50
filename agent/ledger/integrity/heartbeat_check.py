"""Whether a heartbeat may be believed: it lies outside the chain, and whoever owns the machine can write another.

It names a row, so it belongs to the run of that row and lies between it and the next: no row may have been committed
before a beat that does not know it, no run may have begun before it, and it cannot be later than now. What it says
beyond that nobody can check, and nothing but the end of a run that was killed depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.clock import Clock, vouched
from agent.explain import ledger_errors as said
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.runs import StoredRun, agent_runs, clocks
from agent.ledger.reader import Source
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, ClockStep, Configured, Removed, Row, StateChange
from agent.ledger.schema import of_kinds
from agent.text import Text

_SLACK_MS = 1_000  # a row is stamped shortly before it is committed, and a beat may come between
_STEP_MS = 2_000  # two clocks that agree
_PAGE = 100
_STAMPED = (ClockAnchor, ClockStep, Configured, Removed, AgentStop)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Now: boottime of this boot, and UTC; None where this machine's clock is not known to be right."""

    boot_id: str
    boottime_ms: int
    wall_ms: int | None


def clock_reading_now(clock: Clock) -> ClockReading:
    """What the machine's clocks say."""
    return ClockReading(clock.boot_id(), clock.boottime_ms(), clock.wall_ms() if vouched(clock) else None)


def heartbeat_fault(source: Source, beat: Heartbeat, now: ClockReading) -> str:
    """Why this heartbeat is not to be believed, in English as rows keep it; "" where nothing speaks against it.

    Its row's hash is another matter.

    LedgerError for rows that cannot be read.
    """
    if not beat.seq:
        return _of_no_row(source)
    run = _run_under_way(source, beat.seq)
    if run is None or beat.boot_id != run.row.boot_id:  # of another boot it vouches for nothing
        return ""
    if beat.at_ms < run.row.start_ms:
        return said.BEAT_OLDER.filled(row=beat.seq).en
    return _of_next_row(source, beat, run) or _of_next_run(source, beat, run) or _of_present(source, beat, run, now)


def foreign_boot_fault(source: Source, beat: Heartbeat) -> str:
    """That it is of another boot than the run under way at its row: how long that lived nobody knows; else ""."""
    run = _run_under_way(source, beat.seq)
    if run is None or beat.boot_id == run.row.boot_id:
        return ""
    return said.BEAT_FOREIGN.filled(row=beat.seq).en


def _of_no_row(source: Source) -> str:
    """A kill between the first commit and the beat after it leaves one commit, of one run."""
    later = source.select(f"{of_kinds('agent_run')} AND seq > 1 ORDER BY seq LIMIT 1")
    return said.BEAT_OF_NO_ROW.en if later else ""


def _run_under_way(source: Source, seq: int) -> StoredRun | None:
    """The agent run that the row belongs to, unless it had ended by then: a beat says nothing of one that has."""
    for stored in source.select("seq = ?", (seq,)):
        ended = source.select(f"run = ? AND seq <= ? AND {of_kinds('agent_stop', 'watermark')}", (stored.run, seq))
        for begun in () if ended else source.select("seq = ?", (stored.run,)):
            if isinstance(begun.row, AgentRun):
                return StoredRun(begun.seq, begun.row)
    return None


def _of_next_row(source: Source, beat: Heartbeat, run: StoredRun) -> str:
    for stored in source.select(f"run = ? AND seq > ? ORDER BY seq LIMIT {_PAGE}", (run.seq, beat.seq)):
        stamp = _committed_ms(stored.row)
        if stamp is not None:
            late = beat.at_ms - _SLACK_MS - stamp
            return _later(late, said.THAN_ROW.filled(row=stored.seq)) if late > 0 else ""
    return ""


def _of_next_run(source: Source, beat: Heartbeat, run: StoredRun) -> str:
    """By boottime in the same boot, else by UTC where both are known."""
    following = source.select(f"{of_kinds('agent_run')} AND seq > ? ORDER BY seq LIMIT 1", (run.seq,))
    for stored in following:
        if not isinstance(stored.row, AgentRun):
            continue
        what = said.THAN_NEXT_RUN.filled(row=stored.seq)
        if stored.row.boot_id == run.row.boot_id:
            return _later(beat.at_ms - stored.row.start_ms, what) if beat.at_ms > stored.row.start_ms else ""
        walls = _walls(source)
        if run.row.boot_id in walls and stored.row.boot_id in walls:
            late = walls[run.row.boot_id](beat.at_ms) - walls[stored.row.boot_id](stored.row.start_ms)
            return _later(late, what) if late > _STEP_MS else ""
    return ""


def _of_present(source: Source, beat: Heartbeat, run: StoredRun, now: ClockReading) -> str:
    if beat.boot_id == now.boot_id:
        late = beat.at_ms - now.boottime_ms
        return _later(late, said.THAN_NOW) if late > _SLACK_MS else ""
    wall = _walls(source).get(run.row.boot_id)
    if wall is None or now.wall_ms is None:
        return ""
    late = wall(beat.at_ms) - now.wall_ms
    return _later(late, said.THAN_NOW) if late > _STEP_MS else ""


def _walls(source: Source) -> Mapping[str, Callable[[int], int]]:
    """Boottime to UTC, by boot whose clock was ever known."""
    runs = agent_runs(source)
    known = clocks(source, runs)
    return {run.row.boot_id: known.walls[run.seq] for run in runs if run.row.boot_id in known.synchronised}


def _later(by_ms: int, than: Text) -> str:
    return said.BEAT_LATER.filled(seconds=f"{by_ms / 1000:.3f}", than=than).en


def _committed_ms(row: Row) -> int | None:
    """Boottime of the row's commit, of kinds that say it."""
    if isinstance(row, StateChange):
        return row.committed_at_ms
    return row.at_ms if isinstance(row, _STAMPED) else None
