"""Which row of the ledger a correction means: an outage by its number, or what a target was in a span."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.availability.intervals import Interval
from agent.characters import quoted
from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.position import LedgerPosition, position_now
from agent.ledger.history.runs import runs_of, wall_maps
from agent.ledger.history.state_history import HistoryQuery, target_histories
from agent.ledger.integrity.verify import verified
from agent.ledger.reader import Reader
from agent.ledger.rows import Configured, StateChange
from agent.model import State


@dataclass(frozen=True, slots=True)
class CorrectedSpan:
    """The row, the target that it speaks of, and the span meant; UTC milliseconds."""

    seq: int
    target: str
    start_ms: int
    end_ms: int


def outage(directory: Path, observer: str, number: int, now_ms: int) -> CorrectedSpan:
    """The whole outage of that number, up to now if it lasts. LedgerError if there is none."""
    with _known(directory, observer, now_ms) as past:
        outage_span = past.outage(number)
    if outage_span is None:
        raise LedgerError(ledger_errors.NO_OUTAGE.filled(number=number))
    return outage_span


def span(directory: Path, observer: str, target: str, span_ms: tuple[int, int], now_ms: int) -> CorrectedSpan:
    """The first outage of the target in the span, else the row that says what it was there. LedgerError if none is."""
    with _known(directory, observer, now_ms) as past:
        states = list(past.states(target, *span_ms))
        down = [interval.number for interval in states if interval.state is State.DOWN]
        numbers = [*down, *(interval.number for interval in states), *past.configured(target)]
    if not any(numbers):
        raise LedgerError(ledger_errors.NO_TARGET.filled(target=quoted(target)))
    return CorrectedSpan(next(seq for seq in numbers if seq), target, *span_ms)


@contextmanager
def _known(directory: Path, observer: str, now_ms: int) -> Iterator[_Past]:
    """LedgerDamagedError for a ledger that is not what was written: what it says of an outage corrects nothing."""
    with verified(directory) as ledger:
        position = position_now(ledger.reader, ledger.alive, now_ms)
        yield _Past(ledger.reader.up_to(position.seq), position, observer)


@dataclass(frozen=True, slots=True)
class _Past:
    """The history that the ledger knows now."""

    reader: Reader
    position: LedgerPosition
    observer: str

    def outage(self, number: int) -> CorrectedSpan | None:
        stored = self.reader.row(number)
        if stored is None or not isinstance(stored.row, StateChange | Configured):
            return None
        target = stored.row.target
        for start_ms in self._begins(stored.run, stored.row):
            for interval in self.states(target, start_ms, self.position.at_ms):
                if interval.state is State.DOWN and interval.number == number:
                    return CorrectedSpan(number, target, interval.start_ms, interval.end_ms)
        return None

    def _begins(self, run: int, row: StateChange | Configured) -> Iterator[int]:
        """Where its outage can be found: at the row's own instant; if it was dated otherwise, in its agent run."""
        runs = runs_of(self.reader, self.observer)
        wall = wall_maps(self.reader, runs).get(run)
        if wall is not None:
            yield wall(row.effective_at_ms if isinstance(row, StateChange) else row.at_ms)
            yield next(wall(stored_run.row.start_ms) for stored_run in runs if stored_run.seq == run)

    def states(self, target: str, start_ms: int, end_ms: int) -> Iterator[Interval]:
        """The target's states that touch the span."""
        behind, last = Inventories(self.reader, self.observer).behind, max(end_ms, start_ms + 1)
        for life in target_histories(
            self.reader, HistoryQuery(self.observer, start_ms, last, self.position.at_ms, self.position.alive, behind)
        ):
            if life.target == target:
                yield from (
                    interval for interval in life.states if interval.end_ms > start_ms and interval.start_ms < last
                )

    def configured(self, target: str) -> list[int]:
        """The row that configured it last: where nobody watched, no other row speaks of it."""
        stored = self.reader.last_configured(target)
        return [] if stored is None else [stored.seq]
