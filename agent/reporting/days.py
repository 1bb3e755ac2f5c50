"""Daily sums out of the ledger: many dates in one pass over its rows, and whether written ones are still right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from agent import __version__
from agent.availability.accounting import ReportTerms, Scoring, tally
from agent.availability.intervals import Interval
from agent.availability.zones import first_instant
from agent.inventory.entities import Organisation
from agent.ledger.chain import Progress, no_progress
from agent.ledger.days import day_files
from agent.ledger.days.sums import ClosedDay, TargetDay
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.state_history import HistoryQuery, TargetHistory, target_histories
from agent.ledger.integrity.verify import VerifiedPrefix, verified
from agent.ledger.reader import Reader
from agent.model import State
from agent.reporting.builder import ReportBuilder, ReportQuery, SignedRows, inventory_history
from agent.reporting.unit_grouping import UnitGrouping

_CALENDAR = "always"


@dataclass(frozen=True, slots=True)
class DayDifference:
    """A written day that the ledger tells otherwise now; target "" for the day as a whole."""

    day: date
    target: str
    written: TargetDay | None
    counted: TargetDay | None


def closed_days(
    directory: Path,
    organisation: Organisation,
    dates: Sequence[date],
    now_ms: int,
    vouched: VerifiedPrefix | None = None,
) -> list[ClosedDay]:
    """The sums of these dates (in order, all of them over), counted from one moment of the ledger; reads only.

    Verified from the first row, or from where ``vouched`` knows it. LedgerDamagedError if it is not what was written,
    LedgerError if it cannot be read or contradicts itself.
    """
    zone, observer = organisation.timezone, organisation.observer
    spans = [(first_instant(zone, day), first_instant(zone, day + timedelta(days=1))) for day in dates]
    with verified(directory, vouched=vouched) as ledger:
        sums = day_sums(ledger.reader, ledger.alive, organisation, spans, now_ms)
        seq = ledger.reader.last_seq()
        head = (ledger.reader.hash_of(seq) or b"").hex()
    rows = zip(dates, spans, sums, strict=True)
    return [
        ClosedDay(day, observer, zone, *span, seq, head, __version__, now_ms, target_days)
        for day, span, target_days in rows
    ]


def day_sums(
    reader: Reader, alive: Heartbeat | None, organisation: Organisation, spans: Sequence[tuple[int, int]], now_ms: int
) -> list[tuple[TargetDay, ...]]:
    """The sums of stretches of UTC, in order, from one pass over the rows from the first to the last of them."""
    inventories, signed = Inventories(reader, organisation.observer), SignedRows(reader)
    history_query = HistoryQuery(organisation.observer, spans[0][0], spans[-1][1], now_ms, alive, inventories.behind)
    histories = target_histories(reader, history_query)
    whole = ReportQuery(
        ReportTerms(spans[0][0], spans[-1][1], now_ms), organisation.timezone, organisation.observer, _CALENDAR
    )
    versions = inventory_history(inventories, signed, whole)
    queries = [replace(whole, terms=ReportTerms(*span, now_ms)) for span in spans]
    grouping = UnitGrouping(inventories, versions, whole.zone, now_ms)
    return [tuple(_sums(ReportBuilder(versions, signed, query, grouping), histories, query.terms)) for query in queries]


def _sums(book: ReportBuilder, histories: Sequence[TargetHistory], terms: ReportTerms) -> Iterator[TargetDay]:
    for life in histories:
        states = [
            interval
            for interval in life.states
            if interval.end_ms > terms.start_ms and interval.start_ms < terms.end_ms
        ]
        if states:
            yield _counted(life.target, states, book.scoring(life))


def _counted(target: str, states: Sequence[Interval], scoring: Scoring) -> TargetDay:
    sums = tally(states, scoring)
    down = [
        (interval.start_ms, scoring.counted_net.within(interval.start_ms, interval.end_ms))
        for interval in states
        if interval.state is State.DOWN
    ]
    return TargetDay(
        target,
        sums.scoring_ms,
        sums.maintenance_ms,
        sums.unknown_ms,
        sums.down_ms,
        sums.degraded_ms,
        sums.up_ms,
        sum(counted > 0 and start >= scoring.terms.start_ms for start, counted in down),
        max((counted for _, counted in down), default=0),
    )


def differences(
    directory: Path, organisation: Organisation, now_ms: int, progress: Progress = no_progress
) -> Iterator[DayDifference]:
    """Counts every written day of this observer again. LedgerError if ledger or files cannot be read.

    progress: told the days that are done and all there are, month by month.
    """
    folder = directory / day_files.FOLDER
    vouched = VerifiedPrefix()
    total, done = len(day_files.dates(folder, organisation.observer)), 0
    for year in day_files.years(folder):
        yield from (DayDifference(day, "", None, None) for day in day_files.spoilt(folder, year))
        own_days = (
            closed_day for closed_day in day_files.read(folder, year) if closed_day.observer == organisation.observer
        )
        for _, month in groupby(own_days, key=lambda closed_day: (closed_day.zone, closed_day.day.month)):
            written = list(month)
            yield from _month_differences(directory, organisation, written, now_ms, vouched)
            done += len(written)
            progress(done, total)


def _month_differences(
    directory: Path, organisation: Organisation, written: Sequence[ClosedDay], now_ms: int, vouched: VerifiedPrefix
) -> Iterator[DayDifference]:
    past_organisation = Organisation(organisation.name, organisation.language, written[0].zone, organisation.observer)
    counted = closed_days(directory, past_organisation, [closed_day.day for closed_day in written], now_ms, vouched)
    for old, new in zip(written, counted, strict=True):
        yield from _day_differences(old.day, old.sums, new.sums)


def _day_differences(day: date, old: Iterable[TargetDay], new: Iterable[TargetDay]) -> Iterator[DayDifference]:
    before = {target_day.target: target_day for target_day in old}
    now = {target_day.target: target_day for target_day in new}
    for target in sorted(before.keys() | now.keys()):
        if before.get(target) != now.get(target):
            yield DayDifference(day, target, before.get(target), now.get(target))
