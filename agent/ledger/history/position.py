"""The ledger as it stood: which rows it had, at which instant, and until when its newest run is vouched for.

A question to a position has the same answer for ever, whatever was written since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from agent.availability.maintenance import ClockQuality
from agent.errors import LedgerError, SansangError
from agent.explain import ledger_errors
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.recorded import Recorded, recorded
from agent.ledger.history.runs import StoredRun, agent_runs, clocks, wall_maps
from agent.ledger.history.wallclock import boottime_of
from agent.ledger.queries import StoredRow
from agent.ledger.reader import Reader
from agent.ledger.rows import (
    NO_INSTANT,
    Amendment,
    BlindEnd,
    BlindStart,
    ComponentChange,
    ComponentsUsed,
    Content,
    DeviceSeen,
    EvidenceEnd,
    HeartbeatRefused,
    Maintenance,
    MeasuredSums,
    Restored,
    Row,
    ScoreIssued,
    SoftFailure,
    StateChange,
    Watermark,
)

_BEAT_IS_FRESH_MS = 60_000
_SLACK_MS = 1_000  # a row is stamped shortly before it is committed, and a beat may come between
_DATED_BACK = (
    Watermark, Content, SoftFailure, EvidenceEnd, BlindStart, BlindEnd, ComponentChange, ComponentsUsed, DeviceSeen,
    MeasuredSums,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AsOf:
    """What somebody names: a row, an instant of UTC, or both as a report prints them."""

    seq: int | None = None
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerPosition:
    """The newest row, the instant of UTC, and the sign of life of the run under way."""

    seq: int
    at_ms: int
    alive: Heartbeat | None


def position_now(reader: Reader, alive: Heartbeat | None, now_ms: int) -> LedgerPosition:
    """Now; beside a running agent its last heartbeat, because no row vouches yet for the seconds since."""
    if alive is None or not 0 <= now_ms - alive.wall_ms < _BEAT_IS_FRESH_MS:
        return LedgerPosition(reader.last_seq(), now_ms, alive)
    run, wall = _newest(reader.up_to(alive.seq))
    known = run is not None and wall is not None and run.row.boot_id == alive.boot_id
    at_ms = wall(alive.at_ms) if known and wall is not None else alive.wall_ms
    return LedgerPosition(alive.seq, min(at_ms, now_ms), alive)


def position_as_of(reader: Reader, alive: Heartbeat | None, as_of: AsOf, now_ms: int) -> LedgerPosition:
    """SansangError for a row that is not there, or an instant that is not over or does not fit the row."""
    last = reader.last_seq()
    if as_of.at_ms is not None and as_of.at_ms > now_ms and _to_come(reader, as_of.seq, as_of.at_ms, last):
        raise SansangError(ledger_errors.STILL_TO_COME)
    if as_of.seq is not None and not 0 < as_of.seq <= last:
        raise SansangError(ledger_errors.NO_SUCH_ROW.filled(row=as_of.seq, newest=last))
    if as_of.seq is None:
        assert as_of.at_ms is not None  # noqa: S101 - one of the two is there
        seq, at_ms = _seq_at(reader, as_of.at_ms, last), as_of.at_ms
    else:
        seq = as_of.seq
        at_ms = _committed(reader, seq) if as_of.at_ms is None else _fitting(reader, seq, as_of.at_ms)
    return LedgerPosition(seq, at_ms, _sign_of_life(reader, alive, seq, at_ms, last))


def _to_come(reader: Reader, seq: int | None, at_ms: int, last: int) -> bool:
    """Whether an instant after this machine's now is also after all that the ledger knows: the clock may be wrong."""
    beyond = not last or at_ms > _committed(reader, last)
    return beyond and (seq is None or not reader.clock_was_wrong())


def _sign_of_life(reader: Reader, alive: Heartbeat | None, seq: int, at_ms: int, last: int) -> Heartbeat | None:
    """The heartbeat as of a row: the present one, that of a run that went on, or what the ledger kept of a dead one."""
    if seq == last:
        return alive
    run, wall = _newest(reader.up_to(seq))
    if run is None or wall is None:
        return None
    heartbeat = Heartbeat(run.row.boot_id, boottime_of(wall, run.row.start_ms, at_ms), at_ms, seq, b"")
    following = reader.row(seq + 1)
    if following is not None and isinstance(following.row, Watermark):
        return replace(heartbeat, at_ms=following.row.at_ms)
    return heartbeat


def _newest(reader: Reader) -> tuple[StoredRun | None, Callable[[int], int] | None]:
    """The newest agent run, and boottime to UTC if its clock was ever known."""
    runs = agent_runs(reader)
    if not runs:
        return None, None
    known = clocks(reader, runs)
    return runs[-1], known.walls[runs[-1].seq] if runs[-1].row.boot_id in known.synchronised else None


def _seq_at(reader: Reader, at_ms: int, last: int) -> int:
    """The newest row that was committed by then, as far as rows say when they were."""
    runs = agent_runs(reader)
    maps = wall_maps(reader, runs)
    begun = [run for run in runs if maps[run.seq](run.row.start_ms) <= at_ms]
    if not begun:
        raise SansangError(ledger_errors.EMPTY_THEN)
    run = begun[-1]
    bound = boottime_of(maps[run.seq], run.row.start_ms, at_ms)
    later = reader.first_committed_later(run.seq, bound, at_ms)
    signed = [seq for seq, signing in recorded(reader).items() if seq > run.seq and signing.at_ms > at_ms]
    following = [later_run.seq for later_run in runs if later_run.seq > run.seq]
    first = min([later or last + 1, *signed, *following])
    return first - 1 if first > last else _stamped(reader, first - 1, bound)


def _stamped(reader: Reader, seq: int, bound: int) -> int:
    """Without the rows at its end that came with the next one: they bear no stamp of their own, or a later one."""
    for stored in reader.downwards(seq):
        row = stored.row
        if isinstance(row, Content) and NO_INSTANT < row.at_ms <= bound:
            return stored.seq
        if not isinstance(row, Watermark | Content):
            return stored.seq
    return 0


def _committed(reader: Reader, seq: int) -> int:
    """When the row was committed, in UTC as known then; of one without a stamp, as the one before it."""
    then = reader.up_to(seq)
    maps = wall_maps(then, agent_runs(then))
    dates = recorded(then)
    for stored in then.downwards(seq):
        committed_ms = _stamp(stored, maps.get(stored.run), dates)
        if committed_ms is not None:
            return committed_ms
    raise LedgerError(ledger_errors.UNDATED.filled(row=seq))


def _fitting(reader: Reader, seq: int, at_ms: int) -> int:
    """The instant, if a report of then had this row as its newest; SansangError: there was a newer one already.

    Where the clock was wrong a printed instant is what it said then, and proves nothing against the row beside it.
    """
    if reader.clock_was_wrong():
        return at_ms
    run, wall = _newest(reader.up_to(seq))
    for stored in reader.following(seq):
        same = run is not None and stored.run == run.seq
        runs = agent_runs(reader)
        known = wall if same and wall is not None else wall_maps(reader, runs).get(stored.run)
        stamp = _stamp(stored, known, recorded(reader))
        if stamp is not None:
            if stamp <= at_ms - _SLACK_MS:
                raise SansangError(ledger_errors.NEWER_THEN.filled(row=stored.seq))
            break
    return at_ms


def _stamp(stored: StoredRow[Row], wall: Callable[[int], int] | None, dates: Mapping[int, Recorded]) -> int | None:
    """When the row was committed, as far as it says so itself."""
    row, date = stored.row, dates.get(stored.seq)
    if date is not None:
        return None if date.quality is ClockQuality.UNSYNCHRONISED else date.at_ms
    if isinstance(row, Maintenance | Amendment | ScoreIssued | Restored | HeartbeatRefused):
        return row.recorded_wall_ms
    if wall is None or isinstance(row, _DATED_BACK):
        return None
    if isinstance(row, StateChange):
        return wall(row.committed_at_ms)
    return wall(row.start_ms if hasattr(row, "start_ms") else row.at_ms)
