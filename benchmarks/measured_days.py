"""What the sums of days cost: a run, the rows of one day of a whole province in a real ledger, and reading a year.

python -m benchmarks.measured_days [--targets N] [--days N]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from agent.engine.measured_recorder import TARGETS_A_ROW, MeasuredRecorder
from agent.engine.runner import Transports
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.ledger.history.measured_days import measured_period
from agent.ledger.packed_sums import COUNTS, TargetCounts, packed
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentRun, MeasuredSums
from agent.ledger.schema import FILE_NAME
from agent.ledger.store import Ledger
from agent.model import Observation, Policy, ProbeResult, Reason, Role, Target
from agent.model.measured import BUCKETS, bucket_of
from agent.probes.http.facts import HttpFacts
from agent.probes.http.options import HttpOptions
from agent.probes.registry import PROBES
from tests.clock import TravellingClock

ZONE = "Asia/Ho_Chi_Minh"
RUNS = 1_440  # of a target a day
_POLICY = Policy(60_000, 5_000, 30_000, 3, 1, 5_000)
_FIRST = date(2026, 3, 1)


def portals(count: int) -> tuple[Target, ...]:
    """Portals of communes, each asked over HTTPS once a minute."""
    options = HttpOptions()
    return tuple(
        Target(
            f"ubnd-xa-{number:05}/portal",
            "Cổng thông tin",
            f"ubnd-xa-{number:05}",
            "u",
            role=Role.PORTAL,
            module="web",
            probe="http",
            options=options,
            address=f"https://xa-{number:05}.example/",
            policy=_POLICY,
        )
        for number in range(count)
    )


def seconds_of(dice: random.Random, usual: float) -> float:
    """A time to the first byte: mostly near what is usual of the target, now and then far off."""
    return usual * dice.lognormvariate(0, 0.25) * (8 if dice.random() < 0.01 else 1)


def count_runs(recorder: MeasuredRecorder, targets: tuple[Target, ...], clock: TravellingClock, runs: int) -> float:
    """So many runs of each target; CPU seconds that counting them took."""
    dice = random.Random(7)
    usual = [dice.uniform(0.04, 0.9) for _ in targets]
    spent = 0.0
    for _ in range(runs):
        expiry = clock.wall_ms() / 1000 + 86_400 * 60
        observations = [
            Observation(target, "local", clock.boottime_ms() - 300, 300, _result(seconds_of(dice, often), expiry))
            for target, often in zip(targets, usual, strict=True)
        ]
        began = time.process_time()
        for observation in observations:
            recorder.record(observation.target.id, observation)
        spent += time.process_time() - began
    return spent


def _result(first_byte: float, expiry: float) -> ProbeResult:
    facts = HttpFacts(
        status_code=200,
        first_byte_seconds=first_byte,
        tls=1,
        tls_verified=1,
        hsts=1,
        tls_expiry_timestamp_seconds=expiry,
    )
    return ProbeResult(Reason.OK.verdict, Reason.OK, 0.3, facts, "192.0.2.1")


def timed(action: Callable[[], object]) -> float:
    """The CPU seconds of an action."""
    began = time.process_time()
    action()
    return time.process_time() - began


async def cost_of_counting(place: Path, targets: tuple[Target, ...]) -> None:
    """What a run, midnight and the rows of a day cost the engine."""
    clock = TravellingClock()
    ledger = Ledger.open(place, clock)
    queue = CommitQueue(ledger, clock, ThreadPoolExecutor(1))
    recorder = MeasuredRecorder(Transports(PROBES, clock), clock, queue)
    recorder.wire(targets, ZONE)
    memory = getrusage(RUSAGE_SELF).ru_maxrss
    rounds = max(2, 400_000 // len(targets))
    nanoseconds = count_runs(recorder, targets, clock, rounds) / (rounds * len(targets)) * 1e9
    print(f"a run counted: {nanoseconds:.0f} ns; {(getrusage(RUSAGE_SELF).ru_maxrss - memory) // 1024} MiB more memory")
    clock.advance(86_400)
    print(f"midnight: {timed(recorder.look) * 1000:.2f} ms")
    ticks = []
    while queue.stats.rows_queued < -(-len(targets) // TARGETS_A_ROW):
        ticks.append(timed(recorder.write_some))
    print(f"{len(ticks)} rows: {max(ticks) * 1000:.2f} ms at most in a tick, {sum(ticks):.2f} s together")
    ledger.close()


def rows_of_a_day(targets: tuple[Target, ...]) -> Iterator[MeasuredSums]:
    """A whole day of each target, a run a minute: most near what is usual of it, now and then one far off."""
    dice = random.Random(7)
    for start in range(0, len(targets), TARGETS_A_ROW):
        chunk = [_day(target.id, dice) for target in targets[start : start + TARGETS_A_ROW]]
        yield MeasuredSums(86_400_000, 0, _FIRST.isoformat(), ZONE, packed(chunk))


def _day(target: str, dice: random.Random) -> TargetCounts:
    usual = dice.uniform(0.04, 0.9)
    sample = [bucket_of(seconds_of(dice, usual)) for _ in range(100)]
    runs = RUNS - dice.choice((0, 0, 0, 0, 0, 0, 1, 3, 40))
    counts = array("I", bytes(4 * COUNTS))
    for bucket in dice.choices(sample, k=runs):
        counts[bucket] += 1
    good, hsts = runs, runs if dice.random() < 0.3 else 0
    counts[BUCKETS + 4 :] = array("I", (good, 0, hsts, runs - hsts, good, 0))  # https, hsts, certificate
    return TargetCounts(target, counts, dice.randrange(90))


def write_a_day(place: Path, targets: tuple[Target, ...]) -> None:
    """One whole day of the targets into the ledger there."""
    ledger = Ledger.open(place, TravellingClock())
    ledger.append([AgentRun("local", "boot", 0, 0, synchronised=True, version="0")])
    rows = list(rows_of_a_day(targets))
    ledger.append(rows)
    ledger.close()
    size = sum(len(row.sums) for row in rows)
    largest = max(len(row.sums) for row in rows)
    print(f"sums of a day: {size} bytes, {size / len(targets):.1f} a target, a row at most {largest}")


def later_days(place: Path, days: int) -> None:
    """The same day again and again, and how the file grows by it."""
    ledger = Ledger.open(place, TravellingClock())
    first = [stored.row for stored in ledger.only(MeasuredSums)]
    before = (place / FILE_NAME).stat().st_size
    for number in range(1, days):
        day = (_FIRST + timedelta(days=number)).isoformat()
        ledger.append([MeasuredSums(row.at_ms, row.since_ms, day, row.zone, row.sums) for row in first])
    ledger.close()
    grown = ((place / FILE_NAME).stat().st_size - before) / (days - 1)
    print(f"ledger: {grown / 1e6:.2f} MB a day, {grown * 365 / 2**20:.0f} MiB a year")
    reader = Reader.open(place)
    for wanted in (31, days):
        last = _FIRST + timedelta(days=wanted - 1)
        took = timed(lambda last=last: measured_period(reader, "local", _FIRST, last))  # type: ignore[misc]
        print(f"{wanted} days read: {took:.1f} s, at most {getrusage(RUSAGE_SELF).ru_maxrss // 1024} MiB")
    reader.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=66_420)
    parser.add_argument("--days", type=int, default=60)
    chosen = parser.parse_args()
    targets = portals(chosen.targets)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "ledger"
        asyncio.run(cost_of_counting(Path(folder) / "counting", targets))
        write_a_day(place, targets)
        later_days(place, chosen.days)
    return 0


if __name__ == "__main__":
    sys.exit(main())
