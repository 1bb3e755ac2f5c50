"""When signed rows were recorded: by the clock of their boot, never by what somebody had set the wall clock to.

UTC is what the synchronised anchors of the row's boot make of its boottime, and never before the mapped time of any row
ahead of it. A row ahead whose own time cannot be mapped delays nobody: one dated 2099 voids no later window.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.availability.maintenance import ClockQuality
from agent.availability.spans import FOREVER
from agent.clock import Clock
from agent.ledger.history.runs import agent_runs, clocks
from agent.ledger.history.wallclock import SyncPoint, wall_map
from agent.ledger.queries import RowQueries, StoredRow
from agent.ledger.rows import AgentStop, Amendment, Maintenance, Row, ScoreIssued, Watermark

_Walls = Mapping[str, Callable[[int], int]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """UTC of the record; of an unsynchronised row the earliest that it can be."""

    at_ms: int
    quality: ClockQuality


@dataclass(frozen=True, slots=True)
class Stamp:
    """The clocks of one instant, as a signed row keeps them."""

    boot_id: str
    boottime_ms: int
    wall_ms: int
    synchronised: bool


def stamp(clock: Clock) -> Stamp:
    """Of this instant."""
    return Stamp(clock.boot_id(), clock.boottime_ms(), clock.wall_ms(), clock.synchronised())


def recorded(source: RowQueries) -> Mapping[int, Recorded]:
    """When each signed row was recorded, by its seq."""
    signed = source.among(Maintenance, Amendment, ScoreIssued)
    if not signed:
        return {}
    runs = agent_runs(source)
    known = clocks(source, runs)
    walls = {run.row.boot_id: known.walls[run.seq] for run in runs if run.row.boot_id in known.synchronised}
    boots = {run.seq: run.row.boot_id for run in runs}
    ahead = [(run.seq, walls[run.row.boot_id](run.row.start_ms)) for run in runs if run.row.boot_id in walls]
    ahead += [
        (stored.seq, walls[boots[stored.run]](stored.row.at_ms))
        for stored in source.among(AgentStop, Watermark)
        if isinstance(stored.row, AgentStop | Watermark) and boots.get(stored.run) in walls
    ]
    for stored in signed:
        if boots.get(stored.run) in walls:
            ahead += [(seq, walls[boots[stored.run]](at_ms)) for seq, at_ms in _last_commit(source, stored)]
    kept_from = min((run.seq for run in runs if run.row.installation), default=FOREVER)
    return dict(_dated(signed, sorted(ahead), walls, kept_from))


def _last_commit(source: RowQueries, signed: StoredRow[Row]) -> Iterator[tuple[int, int]]:
    """The newest change of a state ahead of it in its run, and the boottime of its commit."""
    if stored := source.last_change_before(signed.run, signed.seq):
        yield stored.seq, stored.row.committed_at_ms


def _dated(
    signed: Sequence[StoredRow[Row]], ahead: Sequence[tuple[int, int]], walls: _Walls, kept_from: int
) -> Iterator[tuple[int, Recorded]]:
    """Within one boot the map only rises: of the rows ahead, start, end and last commit of each run are enough.

    kept_from: the first run of a program that keeps the clocks. A signed row behind it without them was not written
    by that program: it excludes nothing.
    """
    own = _own_walls(signed, walls)
    least, place = 0, 0
    for stored in signed:
        while place < len(ahead) and ahead[place][0] < stored.seq:
            least, place = max(least, ahead[place][1]), place + 1
        row = stored.row
        assert isinstance(row, Maintenance | Amendment | ScoreIssued)  # noqa: S101 - as selected
        if not row.boot_id and stored.seq < kept_from:
            yield stored.seq, Recorded(row.recorded_wall_ms, ClockQuality.UNKNOWN)
        elif row.boot_id in walls:
            least = max(least, walls[row.boot_id](row.boottime_ms))
            yield stored.seq, Recorded(least, ClockQuality.SYNCHRONISED)
        elif row.boot_id in own:
            yield stored.seq, Recorded(max(least, own[row.boot_id](row.boottime_ms)), ClockQuality.SYNCHRONISED)
        else:
            yield stored.seq, Recorded(least, ClockQuality.UNSYNCHRONISED)


def _own_walls(signed: Sequence[StoredRow[Row]], walls: _Walls) -> _Walls:
    """The clocks of boots in which no agent ran, by their own rows. Good for those rows, but no measure for others."""
    anchors: dict[str, list[SyncPoint]] = defaultdict(list)
    for stored in signed:
        row = stored.row
        if isinstance(row, Maintenance | Amendment | ScoreIssued) and row.synchronised and row.boot_id not in walls:
            anchors[row.boot_id].append(SyncPoint(row.boottime_ms, row.recorded_wall_ms))
    return {boot: wall_map(points) for boot, points in anchors.items() if boot}
