"""Signed corrections: a later row that says what an earlier one should have said. The earlier row stays, and counts
in the figure "as recorded".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.availability.maintenance import ClockQuality
from agent.characters import quoted
from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.ledger.history.recorded import Recorded, Stamp, recorded
from agent.ledger.queries import RowQueries
from agent.ledger.rows import Amendment
from agent.ledger.signed.maintenance import check_signed, check_span
from agent.model import State, UnknownCause
from agent.probes.declared import REASONS


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody wants corrected: the row, and the state that its target really had in that span (UTC)."""

    refers_to: int
    state: State
    cause: str
    start_wall_ms: int
    end_wall_ms: int
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class DatedAmendment:
    """An amendment in its place, the target of the row that it refers to, and when it was recorded."""

    seq: int
    target: str
    row: Amendment
    recorded: Recorded

    @property
    def wall_ms(self) -> int:
        """When it was recorded, for people."""
        known = self.recorded.quality is not ClockQuality.UNSYNCHRONISED
        return self.recorded.at_ms if known else self.row.recorded_wall_ms


def read(source: RowQueries, dates: Mapping[int, Recorded] | None = None) -> tuple[DatedAmendment, ...]:
    """Every amendment, oldest first. dates: as ``recorded`` gives them, if they are at hand."""
    dates = recorded(source) if dates is None else dates
    return tuple(
        DatedAmendment(stored.seq, target_of(source, stored.row.refers_to), stored.row, dates[stored.seq])
        for stored in source.only(Amendment)
    )


def amendment(source: RowQueries, correction: Correction, now: Stamp) -> Amendment:
    """The row that corrects; LedgerError if it refers to nothing, names no cause there is, or nobody signs it."""
    target_of(source, correction.refers_to)
    causes = tuple(UnknownCause) if correction.state is State.UNKNOWN else tuple(REASONS)
    if correction.cause not in causes:
        raise LedgerError(
            ledger_errors.NO_CAUSE.filled(
                cause=quoted(correction.cause), state=correction.state.name, known=", ".join(causes)
            )
        )
    check_span(correction.start_wall_ms, correction.end_wall_ms, now.wall_ms)
    if correction.end_wall_ms > now.wall_ms:
        raise LedgerError(ledger_errors.NOT_YET)
    check_signed(correction.who, correction.why)
    return Amendment(
        correction.refers_to,
        correction.state,
        correction.cause,
        correction.start_wall_ms,
        correction.end_wall_ms,
        now.wall_ms,
        correction.who,
        correction.why,
        now.boot_id,
        now.boottime_ms,
        now.synchronised,
    )


def target_of(source: RowQueries, seq: int) -> str:
    """The target that a row speaks of; LedgerError if there is no such row, or it speaks of none."""
    stored = source.row(seq)
    if stored is None:
        raise LedgerError(ledger_errors.NO_ROW.filled(row=seq))
    target = getattr(stored.row, "target", None)
    if not isinstance(target, str):
        raise LedgerError(ledger_errors.NO_TARGET_OF_ROW.filled(row=seq))
    return target
