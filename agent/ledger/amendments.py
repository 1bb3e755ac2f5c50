"""Signed corrections: a later row that says what an earlier one should have said. The earlier row stays, and counts
in the figure "as recorded".
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.errors import LedgerError
from agent.ledger.maintenance import check_signed, check_span
from agent.ledger.reading import Source
from agent.ledger.rows import Amendment
from agent.ledger.schema import of_kinds
from agent.model import Reason, State, UnknownCause


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
class Amended:
    """An amendment in its place, and the target of the row that it refers to."""

    seq: int
    target: str
    row: Amendment


def read(source: Source) -> tuple[Amended, ...]:
    """Every amendment, oldest first."""
    stored = source.select(of_kinds("amendment"))
    rows = [(one.seq, one.row) for one in stored if isinstance(one.row, Amendment)]
    return tuple(Amended(seq, target_of(source, row.refers_to), row) for seq, row in rows)


def amendment(source: Source, wanted: Correction, now_wall_ms: int) -> Amendment:
    """The row that corrects; LedgerError if it refers to nothing, names no cause there is, or nobody signs it."""
    target_of(source, wanted.refers_to)
    causes = UnknownCause if wanted.state is State.UNKNOWN else Reason
    if wanted.cause not in [cause.value for cause in causes]:
        raise LedgerError(f"{wanted.cause!a} is no cause of {wanted.state.name}: {', '.join(causes)}")
    check_span(wanted.start_wall_ms, wanted.end_wall_ms, now_wall_ms)
    if wanted.end_wall_ms > now_wall_ms:
        raise LedgerError("what has not yet happened cannot be corrected: its end lies in the future")
    check_signed(wanted.who, wanted.why)
    span = (wanted.start_wall_ms, wanted.end_wall_ms)
    return Amendment(wanted.refers_to, wanted.state, wanted.cause, *span, now_wall_ms, wanted.who, wanted.why)


def target_of(source: Source, seq: int) -> str:
    """The target that a row speaks of; LedgerError if there is no such row, or it speaks of none."""
    for stored in source.select("seq = ?", (seq,)):
        target = getattr(stored.row, "target", None)
        if isinstance(target, str):
            return target
        raise LedgerError(f"row {seq} speaks of no target: nothing of it can be corrected")
    raise LedgerError(f"the ledger has no row {seq}")
