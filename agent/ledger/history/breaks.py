"""Where the record of an observer breaks off or is not what it seems, each with its true cause.

States know one cause for all time in which no agent run vouches for anything. Why there was none stands in rows around
it: somebody restored a copy, a damaged ledger was set aside, the directory was copied. Figures do not depend on any of
this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from agent.availability.spans import FOREVER
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.runs import StoredRun, agent_runs, clocks, runs_of
from agent.ledger.history.state_history import RunExtent, run_extents
from agent.ledger.queries import StoredRow
from agent.ledger.reader import Reader
from agent.ledger.rows import (
    AgentRun,
    AgentStop,
    ClockStep,
    Configured,
    HeartbeatRefused,
    NewInstallation,
    ObserverAlias,
    Quarantined,
    Restored,
    Row,
)

_TELLING = (ClockStep, Quarantined, Restored, NewInstallation, ObserverAlias, HeartbeatRefused)
_STILL_ALIVE_MS = 60_000  # a running agent's newest beat is not older (agent.ledger.history.position)


class BreakKind(StrEnum):
    """The kind of a break; of those that lie around one gap the first listed here is its cause."""

    BEGUN_ANEW = "begun_anew"  # no ledger, no copy: an empty one
    SET_ASIDE = "set_aside"  # it was not what was written: its last good copy went on
    RESTORED = "restored"  # somebody put a copy in its place
    COPIED = "copied"  # another installation goes on with it
    OTHER_OBSERVER = "other_observer"  # the agent ran under another name
    KILLED = "killed"
    STOPPED = "stopped"
    CLOCK_UNKNOWN = "clock_unknown"  # a run of a boot whose clock was never synchronised
    CLOCK_STEP = "clock_step"
    RENAMED = "renamed"
    HEARTBEAT_REFUSED = "heartbeat_refused"  # it was missing or could not be true: nobody knows how long that run lived


GAPS = tuple(BreakKind)[: tuple(BreakKind).index(BreakKind.STOPPED) + 1]
"""Those that make time unknown, the weightiest first."""

BreakRow = (
    AgentRun | AgentStop | ClockStep | HeartbeatRefused | NewInstallation | ObserverAlias | Quarantined | Restored
)


@dataclass(frozen=True, slots=True)
class Break:
    """[start_ms, end_ms) in UTC, both the same for what happened at an instant; seq and row: what tells of it."""

    kind: BreakKind
    start_ms: int
    end_ms: int
    seq: int
    row: BreakRow


@dataclass(frozen=True, slots=True)
class OtherObserver:
    """What this ledger holds of another observer and the report does not: its runs, in UTC, and how many targets."""

    observer: str
    start_ms: int
    end_ms: int
    runs: int
    targets: int


def breaks(reader: Reader, observer: str, alive: Heartbeat | None, as_of_ms: int) -> tuple[Break, ...]:
    """Every break of the observer's record up to that instant, by beginning. LedgerError as for a report."""
    runs = runs_of(reader, observer)
    known = clocks(reader, runs)
    extents = run_extents(reader, runs, known, alive)
    rows = reader.among(*_TELLING)
    own_runs = {run.seq for run in runs}
    others = [run for run in agent_runs(reader) if run.seq not in own_runs]
    record = [*_gaps(extents, others, rows, as_of_ms), *_beginning(extents, rows)]
    record += [
        Break(
            BreakKind.CLOCK_UNKNOWN,
            extent.start_ms,
            extent.end_ms if extent.closed else as_of_ms,
            extent.run.seq,
            extent.run.row,
        )
        for extent in extents
        if not extent.synchronised
    ]
    ends = {extent.run.seq: extent.end_ms for extent in extents}
    record += [
        Break(BreakKind.HEARTBEAT_REFUSED, ends[stored.run], ends[stored.run], stored.seq, stored.row)
        for stored in rows
        if isinstance(stored.row, HeartbeatRefused) and stored.run in ends
    ]
    for stored in rows:
        wall = known.walls.get(stored.run)
        if wall is not None and isinstance(stored.row, ClockStep | ObserverAlias):
            kind = BreakKind.CLOCK_STEP if isinstance(stored.row, ClockStep) else BreakKind.RENAMED
            at_ms = wall(stored.row.at_ms)
            record.append(Break(kind, at_ms, at_ms, stored.seq, stored.row))
    return tuple(sorted(record, key=lambda item: (item.start_ms, item.seq)))


def other_observers(reader: Reader, observer: str, alive: Heartbeat | None) -> tuple[OtherObserver, ...]:
    """Other observers in this ledger whose history is not this one's, by name."""
    own_runs = {run.seq for run in runs_of(reader, observer)}
    others = [run for run in agent_runs(reader) if run.seq not in own_runs]
    if not others:
        return ()
    extents = run_extents(reader, others, clocks(reader, others), alive)
    configured = reader.only(Configured)
    return tuple(_other(name, extents, configured) for name in sorted({run.row.observer for run in others}))


def _other(observer: str, extents: Sequence[RunExtent], configured: Iterable[StoredRow[Row]]) -> OtherObserver:
    own = [extent for extent in extents if extent.run.row.observer == observer]
    runs = {extent.run.seq for extent in own}
    targets = {stored.row.target for stored in configured if stored.run in runs and isinstance(stored.row, Configured)}
    return OtherObserver(
        observer,
        min(extent.start_ms for extent in own),
        max(extent.end_ms for extent in own),
        len(own),
        len(targets),
    )


def _gaps(
    spans: Sequence[RunExtent], others: Sequence[StoredRun], telling: Sequence[StoredRow[Row]], as_of_ms: int
) -> Iterator[Break]:
    """The time after each run, up to the next one or the instant of the report."""
    for extent, following in pairwise([*spans, None]):
        assert extent is not None  # noqa: S101 - only the last of the pairs has none
        end_ms = as_of_ms if following is None else following.start_ms
        if (
            following is None
            and not extent.closed
            and (not extent.synchronised or end_ms - extent.end_ms <= _STILL_ALIVE_MS)
        ):
            continue  # it lives, or nothing tells when it died
        next_seq = FOREVER if following is None else following.run.seq
        causes = list(_causes(extent.run.seq, next_seq, others, telling))
        for kind, seq, row in causes or [_off(extent)]:
            yield Break(kind, extent.end_ms, max(end_ms, extent.end_ms), seq, row)


def _off(extent: RunExtent) -> tuple[BreakKind, int, BreakRow]:
    return BreakKind.STOPPED if extent.stopped else BreakKind.KILLED, extent.run.seq, extent.run.row


def _causes(
    seq: int, next_seq: int, others: Sequence[StoredRun], telling: Sequence[StoredRow[Row]]
) -> Iterator[tuple[BreakKind, int, BreakRow]]:
    """What rows say of the time between two runs: those after the first, and what the second says of its start."""
    for stored in telling:
        row = stored.row
        if isinstance(row, Restored) and seq < stored.seq < next_seq:
            yield BreakKind.RESTORED, stored.seq, row
        elif stored.run == next_seq and isinstance(row, Quarantined):
            yield _of_quarantine(row), stored.seq, row
        elif stored.run == next_seq and isinstance(row, NewInstallation):
            yield BreakKind.COPIED, stored.seq, row
    between = [run for run in others if seq < run.seq < next_seq]
    if between:
        yield BreakKind.OTHER_OBSERVER, between[0].seq, between[0].row


def _beginning(spans: Sequence[RunExtent], telling: Sequence[StoredRow[Row]]) -> Iterator[Break]:
    """A ledger that begins although there was one before it: from the last sign of life that is known of that one."""
    if not spans:
        return
    first = spans[0]
    for stored in telling:
        row = stored.row
        if stored.run == first.run.seq and isinstance(row, Quarantined) and stored.seq > first.run.seq:
            start_ms = min(row.alive_wall_ms, first.start_ms) or first.start_ms
            yield Break(_of_quarantine(row), start_ms, first.start_ms, stored.seq, row)


def _of_quarantine(row: Quarantined) -> BreakKind:
    return BreakKind.SET_ASIDE if row.copy else BreakKind.BEGUN_ANEW
