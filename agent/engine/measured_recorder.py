"""What runs tell beside states, added up by target and local day, and written when the day is over.

A run costs some counts in an array. The rows of a day are made a few at a time, so that no tick waits for them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from agent.clock import Clock
from agent.engine.runner import Transports
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.ledger.packed_sums import COUNTS, FACTS, TargetCounts, packed
from agent.ledger.rows import MeasuredSums
from agent.model import Observation, ProbeResult, Reason, Target, Verdict
from agent.model.measured import BUCKETS, BooleanFact, RunMeasured, bucket_of
from agent.probes.address import AddressError
from agent.probes.resolver import IpFamily
from agent.probes.spec import ProbeSpec

log = structlog.get_logger(__name__)

TARGETS_A_ROW = 250
"""They are packed in 1.5 ms, of which one row is made in a tick."""

MOST_PARTS = 7
"""Days, or parts of days, that wait for their rows; what a ledger takes for longer is lost."""

_YES = {fact: BUCKETS + 2 * number for number, fact in enumerate(FACTS)}  # the count of no lies behind it
_NOTHING = bytes(array("I").itemsize * COUNTS)
_DAY_MS = 86_400_000
_STEP_MS = 1_000


class _Counts:
    """The counts of one target: 200 bytes, whatever happens."""

    __slots__ = ("certificate_days", "counts")

    def __init__(self) -> None:
        self.counts = array("I", _NOTHING)
        self.certificate_days: int | None = None


@dataclass(frozen=True, slots=True)
class _Taker:
    """What is taken from the runs of targets of one module.

    ipv6_wanted: IPv4 was used for want of IPv6. direct: the address of a run is that of the target.
    """

    measured: Callable[[ProbeResult, Any], RunMeasured | None] | None
    options: object
    ipv6_wanted: bool
    direct: bool


@dataclass(slots=True)
class _PartOfDay:
    """A local day, or what was counted of it, from since_ms of boottime on."""

    day: date
    zone: ZoneInfo
    since_ms: int
    counts: dict[str, _Counts] = field(default_factory=dict)


class MeasuredRecorder:
    """Adds up the runs of the targets that are wired. To be wired before anything else."""

    def __init__(self, transports: Transports, clock: Clock, commit_queue: CommitQueue) -> None:
        self._transports = transports
        self._clock = clock
        self._commit_queue = commit_queue
        self._takers: Mapping[str, _Taker] = {}
        self._part: _PartOfDay
        self._ends_ms = 0  # boottime of the next local midnight
        self._offset_ms = 0  # UTC less boottime
        self._waiting: list[Iterator[MeasuredSums]] = []

    def wire(self, targets: Iterable[Target], timezone: str) -> None:
        """Go over to these targets; what was counted of others is kept for its row."""
        zone = ZoneInfo(timezone)
        takers: dict[tuple[str, bool], _Taker] = {}
        self._takers = {target.id: self._taker(target, takers) for target in targets}
        if not self._ends_ms:
            self._begin(zone)
        elif zone != self._part.zone:
            self._close()
            self._begin(zone)

    def record(self, target: str, observation: Observation) -> None:
        """Take a finished run of a round into account, on the day on which it ended."""
        result = observation.result
        taker = self._takers.get(target)
        if taker is None or result.verdict is Verdict.LOCAL_ERROR:
            return
        end_ms = observation.start_ms + observation.took_ms
        if end_ms >= self._ends_ms:
            self.look()
        run = None if taker.measured is None else taker.measured(result, taker.options)
        ipv6 = _over_ipv6(result, taker) if taker.direct else None
        if run is None and ipv6 is None:
            return
        counts = self._part.counts.get(target)
        if counts is None:
            counts = self._part.counts[target] = _Counts()
        if run is not None:
            self._add(counts, run)
            if ipv6 is not None and any(fact is BooleanFact.IPV6 for fact, _ in run.answers):
                return
        if ipv6 is not None:
            counts.counts[_YES[BooleanFact.IPV6] + (not ipv6)] += 1

    def _add(self, counts: _Counts, run: RunMeasured) -> None:
        if run.first_byte_seconds is not None:
            counts.counts[bucket_of(run.first_byte_seconds)] += 1
        for fact, yes in run.answers:
            counts.counts[_YES[fact] + (not yes)] += 1
        if run.certificate_expiry is not None:
            days = (int(run.certificate_expiry * 1000) - self._clock.wall_ms()) // _DAY_MS
            if counts.certificate_days is None or days < counts.certificate_days:
                counts.certificate_days = days

    def look(self) -> None:
        """See whether another day has begun, or the wall clock was set; once a second is enough.

        A clock that was set is believed from then on, also for what was counted since the part began.
        """
        offset_ms = self._clock.wall_ms() - self._clock.boottime_ms()
        if self._clock.boottime_ms() < self._ends_ms and abs(offset_ms - self._offset_ms) < _STEP_MS:
            return
        part = self._part
        self._offset_ms = offset_ms
        part.day = self._date(part.since_ms, part.zone)
        if part.day == self._date(self._clock.boottime_ms(), part.zone):
            self._ends_ms = self._midnight_after(part)
            return
        self._close()
        self._begin(part.zone)

    def write_some(self) -> None:
        """Queue one row of what waits, unless the ledger takes none; to be called in each tick."""
        if self._waiting and not self._commit_queue.full:
            self._write_next()

    def finalize(self) -> None:
        """The agent stops: queue all that would be lost."""
        self._close()
        while self._waiting:
            self._write_next()

    def _write_next(self) -> None:
        row = next(self._waiting[0], None)
        if row is None:
            del self._waiting[0]
        else:
            self._commit_queue.enqueue(row)

    def _begin(self, zone: ZoneInfo) -> None:
        now_ms = self._clock.boottime_ms()
        self._offset_ms = self._clock.wall_ms() - now_ms
        self._part = _PartOfDay(self._date(now_ms, zone), zone, now_ms)
        self._ends_ms = self._midnight_after(self._part)

    def _close(self) -> None:
        if self._part.counts:
            self._waiting.append(self._rows(self._part))
        if len(self._waiting) > MOST_PARTS:
            del self._waiting[0]
            log.error("measured_sums_lost", parts=1)
        self._part = _PartOfDay(self._part.day, self._part.zone, self._clock.boottime_ms())

    def _rows(self, part: _PartOfDay) -> Iterator[MeasuredSums]:
        counts = iter(part.counts.items())
        day, zone = part.day.isoformat(), part.zone.key
        while chunk := sorted(islice(counts, TARGETS_A_ROW)):
            sums = packed([TargetCounts(target, of.counts, of.certificate_days) for target, of in chunk])
            yield MeasuredSums(self._clock.boottime_ms(), part.since_ms, day, zone, sums)

    def _date(self, at_ms: int, zone: ZoneInfo) -> date:
        return datetime.fromtimestamp((at_ms + self._offset_ms) / 1000, zone).date()

    def _midnight_after(self, part: _PartOfDay) -> int:
        midnight = datetime.combine(part.day + timedelta(days=1), time(), part.zone)
        return int(midnight.timestamp() * 1000) - self._offset_ms

    def _taker(self, target: Target, known: dict[tuple[str, bool], _Taker]) -> _Taker:
        """One for all targets of a module whose address is a name, or is none."""
        spec = self._transports.spec(target.probe)
        named = _is_name(spec, target.address)
        key = (target.module, named)
        taker = known.get(key)
        if taker is None or taker.options is not target.options:
            taker = known[key] = _made(spec, target.options, named=named)
        return taker


def _made(spec: ProbeSpec[Any, Any], options: object, *, named: bool) -> _Taker:
    if not isinstance(options, spec.options):  # its files cannot be read: each run says so
        return _Taker(None, options, ipv6_wanted=False, direct=False)
    wanted = named and spec.family(options) in (IpFamily.IP6, IpFamily.PREFER_IP6)
    return _Taker(spec.measured, options, wanted, direct=not spec.has_proxy(options))


def _is_name(spec: ProbeSpec[Any, Any], address: str) -> bool:
    try:
        return spec.host(address).version == 0
    except AddressError:
        return False


def _over_ipv6(result: ProbeResult, taker: _Taker) -> bool | None:
    """Whether a run reached its target over IPv6; None where nobody knows, or IPv4 was chosen before it."""
    if not result.success:
        return False if taker.ipv6_wanted and result.reason is Reason.NO_ADDRESS else None
    if ":" in result.address:
        return True
    return False if taker.ipv6_wanted and result.address and not result.stale_address else None
