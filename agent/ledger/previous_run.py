"""How the agent run before this one ended, when nothing in the ledger says so: from its heartbeat, if that is true."""

from __future__ import annotations

from dataclasses import dataclass

from agent.clock import Clock
from agent.explain import ledger_errors
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.integrity.heartbeat_check import clock_reading_now, foreign_boot_fault, heartbeat_fault
from agent.ledger.queries import RowQueries
from agent.ledger.rows import AgentRun, HeartbeatRefused, Row, Watermark


@dataclass(frozen=True, slots=True)
class PreviousRunEnd:
    """The rows that close the run, none if it is closed; refused: why its heartbeat was not believed, "" if it was."""

    rows: tuple[Row, ...]
    refused: str


def previous_run_end(
    ledger: RowQueries, clock: Clock, newest_seq: int, run: int, heartbeat: Heartbeat | None
) -> PreviousRunEnd:
    """What is to be written before a new run begins. newest_seq: the head of the ledger; run: the newest agent run.

    A heartbeat that cannot be true is recorded in a row, and no witness. Without one the run is closed at its start:
    readers trust what it committed, and nothing after.
    """
    rows: list[Row] = []
    refused = _fault_of(ledger, clock, heartbeat) if newest_seq else ""
    if refused:
        rows.append(_refusal(clock, refused, heartbeat))
    begun = None if ledger.end_of_run(run) else ledger.row(run)
    if begun is not None and isinstance(begun.row, AgentRun):
        rows.append(Watermark(_last_sign_of_life(begun.row, run, None if refused else heartbeat)))
    return PreviousRunEnd(tuple(rows), refused)


def _fault_of(ledger: RowQueries, clock: Clock, heartbeat: Heartbeat | None) -> str:
    if heartbeat is None:
        return ledger_errors.BEAT_MISSING.en
    fault = heartbeat_fault(ledger, heartbeat, clock_reading_now(clock)) or foreign_boot_fault(ledger, heartbeat)
    return fault.en if fault else ""


def _refusal(clock: Clock, why: str, heartbeat: Heartbeat | None) -> HeartbeatRefused:
    now = clock_reading_now(clock)
    seq, said_ms = (0, 0) if heartbeat is None else (heartbeat.seq, heartbeat.at_ms)
    known = now.wall_ms is not None
    return HeartbeatRefused(clock.wall_ms(), now.boot_id, now.boottime_ms, known, why, seq, said_ms)


def _last_sign_of_life(run: AgentRun, seq: int, heartbeat: Heartbeat | None) -> int:
    if heartbeat is None or run.boot_id != heartbeat.boot_id or heartbeat.seq < seq:
        return run.start_ms
    return max(run.start_ms, heartbeat.at_ms)
