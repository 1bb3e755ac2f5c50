"""Maintenance windows in the ledger: reading them out of its rows, and the rows that book and cancel them.

What a window excludes: agent.availability.maintenance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from agent.availability.maintenance import BookedWindow, ClockQuality
from agent.characters import is_blank, quoted
from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.ledger.history.recorded import Recorded, Stamp, recorded
from agent.ledger.queries import RowQueries
from agent.ledger.rows import Maintenance

NOTICE_WORKING_DAYS = 7
"""Decree 64/2007 article 16: a planned interruption is announced at least so many working days ahead."""

MAX_TEXT = 500
_MAX_AWAY_MS = 10 * 366 * 86_400_000
_MAX_NOTICE_DAYS = 366  # counted no further


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """A window that somebody asks for."""

    scope: str
    start_wall_ms: int
    end_wall_ms: int
    who: str
    why: str
    announced_on: str = ""


@dataclass(frozen=True, slots=True)
class DatedMaintenance:
    """A maintenance row and when it was recorded."""

    row: Maintenance
    recorded: Recorded

    @property
    def wall_ms(self) -> int:
        """When it was recorded, for people."""
        known = self.recorded.quality is not ClockQuality.UNSYNCHRONISED
        return self.recorded.at_ms if known else self.row.recorded_wall_ms


def read(source: RowQueries, dates: Mapping[int, Recorded] | None = None) -> list[DatedMaintenance]:
    """Every maintenance row, oldest first. dates: as ``recorded`` gives them, if they are at hand."""
    dates = recorded(source) if dates is None else dates
    return [DatedMaintenance(stored.row, dates[stored.seq]) for stored in source.only(Maintenance)]


def dated_by_wall_clock(row: Maintenance) -> DatedMaintenance:
    """By what the wall clock said, where nothing else is at hand."""
    return DatedMaintenance(row, Recorded(row.recorded_wall_ms, ClockQuality.UNKNOWN))


def windows(rows: Iterable[DatedMaintenance], until_wall_ms: int | None = None) -> tuple[BookedWindow, ...]:
    """The windows that the rows tell of, by beginning; rows recorded after until_wall_ms are not known yet.

    One that was cancelled when nobody knows ends at the earliest that it can have been.
    """
    by_id: dict[str, BookedWindow] = {}
    for dated in rows:
        row, at_ms = dated.row, dated.recorded.at_ms
        if until_wall_ms is not None and at_ms > until_wall_ms:
            continue
        known = by_id.get(row.id)
        if known is None or not row.cancelled:
            by_id[row.id] = _window(dated)
        elif known.cancelled_wall_ms is None:
            by_id[row.id] = _cancelled(known, at_ms)
    return tuple(sorted(by_id.values(), key=lambda window: (window.start_wall_ms, window.id)))


def _window(dated: DatedMaintenance) -> BookedWindow:
    row = dated.row
    window = BookedWindow(
        row.id,
        row.scope,
        row.start_wall_ms,
        row.end_wall_ms,
        dated.wall_ms,
        row.who,
        row.why,
        row.announced_on,
        quality=dated.recorded.quality,
    )
    return _cancelled(window, dated.recorded.at_ms) if row.cancelled else window


def _cancelled(window: BookedWindow, at_wall_ms: int) -> BookedWindow:
    return replace(window, cancelled_wall_ms=at_wall_ms)


def booking_row(rows: Iterable[DatedMaintenance], request: WindowRequest, now: Stamp) -> Maintenance:
    """The row that books a window; LedgerError for one that ends before it begins, or that nobody signs."""
    check_span(request.start_wall_ms, request.end_wall_ms, now.wall_ms)
    check_signed(request.who, request.why)
    identity = f"m{len({dated.row.id for dated in rows}) + 1}"
    return Maintenance(
        identity,
        request.scope,
        request.start_wall_ms,
        request.end_wall_ms,
        now.wall_ms,
        request.who,
        request.why,
        announced_on=request.announced_on,
        boot_id=now.boot_id,
        boottime_ms=now.boottime_ms,
        synchronised=now.synchronised,
    )


def cancellation_row(rows: Sequence[DatedMaintenance], identity: str, who: str, why: str, now: Stamp) -> Maintenance:
    """The row that takes a window back; LedgerError if there is none of that id, or it is over or cancelled already."""
    check_signed(who, why)
    known = {window.id: window for window in windows(rows)}.get(identity)
    if known is None:
        raise LedgerError(ledger_errors.NO_WINDOW.filled(id=quoted(identity)))
    if known.cancelled_wall_ms is not None:
        raise LedgerError(ledger_errors.CANCELLED_ALREADY.filled(id=identity))
    if known.end_wall_ms <= now.wall_ms:
        raise LedgerError(ledger_errors.WINDOW_OVER.filled(id=identity))
    row = next(dated.row for dated in rows if dated.row.id == identity)
    return replace(
        row,
        recorded_wall_ms=now.wall_ms,
        who=who,
        why=why,
        cancelled=True,
        boot_id=now.boot_id,
        boottime_ms=now.boottime_ms,
        synchronised=now.synchronised,
    )


def check_span(start_wall_ms: int, end_wall_ms: int, now_wall_ms: int) -> None:
    """LedgerError for a span that is empty, or lies where nobody can mean it."""
    if end_wall_ms <= start_wall_ms:
        raise LedgerError(ledger_errors.ENDS_BEFORE)
    if max(abs(start_wall_ms - now_wall_ms), abs(end_wall_ms - now_wall_ms)) > _MAX_AWAY_MS:
        raise LedgerError(ledger_errors.FAR_AWAY)


def check_signed(who: str, why: str) -> None:
    """LedgerError unless both say something, and not too much."""
    for name, text in (("who", who), ("why", why)):
        if is_blank(text) or len(text) > MAX_TEXT:
            raise LedgerError(ledger_errors.NOT_SIGNED.filled(name=name, most=MAX_TEXT))


def _monday_to_friday(day: date) -> bool:
    return day.weekday() < 5


def notice_days(announced: date, start: date, is_working: Callable[[date], bool] = _monday_to_friday) -> int:
    """Whole working days between the day of the announcement and the day on which the window begins."""
    days = min((start - announced).days, _MAX_NOTICE_DAYS)
    return sum(is_working(announced + timedelta(days=ahead)) for ahead in range(1, days))
