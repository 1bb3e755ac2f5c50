"""A year of 2,000 targets with 50 outages each in a real ledger, and how long its reports take.

python -m benchmarks.uptime [--targets N] [--outages N] [--keep DIR]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

from agent.availability.accounting import Terms
from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.inventory.content import digest
from agent.ledger.reading import Reader
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, Configured, Content, Row, StateChange
from agent.ledger.schema import FILE_NAME
from agent.ledger.store import Ledger
from agent.model import Reason, State
from exporters.reports.ledger_book import Query
from exporters.reports.ledger_report import report
from tests.clock import TravellingClock

ZONE = "Asia/Ho_Chi_Minh"
START = first_instant(ZONE, period_of("2026")[0])
END = first_instant(ZONE, period_of("2026")[1])
_COMMIT = 20_000


def rows(targets: int, outages: int) -> Iterator[Row]:
    """One agent run over the whole year; UTC is boottime."""
    names = [f"xa-{number // 4:04}/check-{number % 4}" for number in range(targets)]
    body = json.dumps({"organisation": {"timezone": ZONE}, "targets": [_target(name) for name in names]}).encode()
    yield AgentRun("local", "boot", START, START, synchronised=True, version="0")
    yield Content(digest(body), "inventory", body)
    yield from (Configured(name, START, 60_000, 5_000, 30_000, 3, 1, digest(body)) for name in names)
    random, changes = Random(1), []
    for name in names:
        changes.append(StateChange(name, State.UP, Reason.OK, START, START + 20, START + 250))
        starts = sorted(random.sample(range(START + 60_000, END - 7_200_000, 3_600_000), outages))
        for at in starts:
            over = at + random.randrange(60_000, 3_500_000)
            changes.append(StateChange(name, State.DOWN, Reason.TIMEOUT, at, at + 15_000, at + 15_250))
            changes.append(StateChange(name, State.UP, Reason.OK, over, over + 20, over + 250))
    yield from sorted(changes, key=lambda change: change.committed_at_ms)
    yield from (ClockAnchor(at, at, synchronised=True) for at in range(START, END, 600_000))
    yield AgentStop(END)


def _target(name: str) -> dict[str, object]:
    site = name.partition("/")[0]
    calendar = "office" if name.endswith("0") else "always"
    return {"id": name, "name": name, "site": site, "unit": site, "role": "uplink", "calendar": calendar, "paths": []}


def write(directory: Path, targets: int, outages: int) -> None:
    """The whole ledger."""
    ledger = Ledger.open(directory, TravellingClock())
    source = rows(targets, outages)
    while part := list(islice(source, _COMMIT)):
        ledger.append(part)
    ledger.close()


def timed(directory: Path, period: str) -> str:
    """One report: what it cost."""
    start, end = (first_instant(ZONE, day) for day in period_of(period))
    reader = Reader.open(directory)
    wall, cpu = time.perf_counter(), time.process_time()
    found = report(reader, None, Query(Terms(start, end, END), ZONE, "local"))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    reader.close()
    outages = sum(len(one.outages) for one in found.targets)
    return f"{period}: {len(found.targets)} targets, {outages} outages, {wall:.2f} s ({cpu:.2f} s of CPU)"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=2_000)
    parser.add_argument("--outages", type=int, default=50)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        write(directory, chosen.targets, chosen.outages)
        size = (directory / FILE_NAME).stat().st_size
        sys.stdout.write(f"ledger: {size / 1e6:.1f} MB\n")
        for period in ("2026-01", "2026-06", "2026-12", "2026-Q4", "2026"):
            sys.stdout.write(timed(directory, period) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
