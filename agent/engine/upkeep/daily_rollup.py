"""The daily rollup: days that no transition can reach any more are summed up, once, into yearly files."""

from __future__ import annotations

from asyncio import sleep, to_thread
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from agent.availability.zones import first_instant
from agent.clock import Clock
from agent.inventory.entities import Inventory, Organisation
from agent.ledger.days import day_files
from agent.ledger.days.sums import ClosedDay
from agent.ledger.history.runs import known_time
from agent.ledger.reader import Reader
from agent.model import Policy

log = structlog.get_logger(__name__)

_ANCHORS_MS = 3_600_000  # anchors of the clock come every 10 minutes; UTC between two of them may still move
_VERDICT_MS = 30_000  # a failure may wait this long for the verdict on its path

DailySums = Callable[[Path, Organisation, Sequence[date], int], Sequence[ClosedDay]]
"""Sums of dates in order, from the ledger in that directory, as known now (UTC milliseconds)."""


@dataclass(frozen=True, slots=True)
class DailyRollupStats:
    """closed_until_wall_ms: end of the newest day in the yearly files, 0 before the first."""

    closed_until_wall_ms: int = 0
    write_errors: int = 0


class DailyRollup:
    """Closes the days of a running agent, a month at a time, in a thread of its own."""

    def __init__(
        self,
        directory: Path,
        clock: Clock,
        inventory: Callable[[], Inventory],
        writable: Callable[[], bool],
        daily_sums: DailySums,
    ) -> None:
        """The callable `writable` is false while rows wait for the ledger: they may belong to a day that is due."""
        self._directory = directory
        self._clock = clock
        self._inventory = inventory
        self._writable = writable
        self._daily_sums = daily_sums
        self.stats = DailyRollupStats()

    async def run(self) -> None:
        """Close every day that is due; resting between two months as long as one took, so that probes keep the pace.

        Not while rows wait for a disk, nor in a boot whose clock was never known: which day is it there? Raises
        LedgerError, and ValueError where the sums do not add up.
        """
        try:
            for month in _months(await to_thread(self._due)):
                began = self._clock.monotonic()
                await to_thread(self._close, month)
                await sleep(self._clock.monotonic() - began)
        except Exception:
            self.stats = replace(self.stats, write_errors=self.stats.write_errors + 1)
            raise

    def _due(self) -> list[date]:
        """Settled dates since the ledger began that no file has, oldest first, as far back as files are kept."""
        inventory, time = self._inventory(), self._known_time()
        if time is None or not self._writable():
            return []
        zone = inventory.organisation.timezone
        closed = day_files.dates(self._directory / day_files.FOLDER, inventory.organisation.observer)
        self._closed_until(closed, zone)
        end = _date(time[1] - settling_ms(inventory), zone)  # the date that holds that instant is not over there
        kept_from = date(max(end.year - inventory.storage_days_kept_years + 1, 1970), 1, 1)
        first = max(_date(time[0], zone), kept_from)
        days = (first + timedelta(days=ahead) for ahead in range((end - first).days))
        return [day for day in days if day not in closed]

    def _close(self, month: Sequence[date]) -> None:
        inventory, time = self._inventory(), self._known_time()
        if time is None:
            return
        folder = self._directory / day_files.FOLDER
        days = self._daily_sums(self._directory, inventory.organisation, month, time[1])
        day_files.add(folder, days)
        self._closed_until(month, inventory.organisation.timezone)
        log.info("days_closed", first=str(month[0]), last=str(month[-1]), targets=len(days[-1].sums))
        for place in day_files.thin_out(folder, inventory.storage_days_kept_years):
            log.info("days_deleted", place=str(place), kept_years=inventory.storage_days_kept_years)

    def _known_time(self) -> tuple[int, int] | None:
        """UTC of the ledger's beginning and of now, by its anchors: not by a wall clock that anybody may set."""
        boot_id, now_ms = self._clock.boot_id(), self._clock.boottime_ms()
        reader = Reader.open(self._directory)
        try:
            return known_time(reader, self._inventory().organisation.observer, boot_id, now_ms)
        finally:
            reader.close()

    def _closed_until(self, days: Iterable[date], zone: str) -> None:
        """Note the end of the newest closed day for the metric."""
        newest = max(days, default=None)
        if newest is not None:
            end_ms = first_instant(zone, newest + timedelta(days=1))
            self.stats = replace(self.stats, closed_until_wall_ms=max(self.stats.closed_until_wall_ms, end_ms))


def settling_ms(inventory: Inventory) -> int:
    """How long after an instant its state may still change: the slowest series of runs, and an hour."""
    probed = (*inventory.targets, *(anchor for path in inventory.paths for anchor in path.anchors))
    slowest = max((_slowest_ms(target.policy) for target in probed), default=0)
    return slowest + _VERDICT_MS + _ANCHORS_MS


def _slowest_ms(policy: Policy) -> int:
    runs = max(policy.fail_after, policy.recover_after) + 1
    return runs * max(policy.interval_ms, policy.confirm_interval_ms) + policy.grace_ms + policy.timeout_ms


def _date(wall_ms: int, zone: str) -> date:
    return datetime.fromtimestamp(wall_ms / 1000, ZoneInfo(zone)).date()


def _months(days: Iterable[date]) -> Iterator[list[date]]:
    """Days grouped by month: a month is read in one pass, and never lies in two files."""
    for _, month in groupby(days, key=lambda day: (day.year, day.month)):
        yield list(month)
