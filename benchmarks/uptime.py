"""A year of 2,000 targets with 50 outages each in a real ledger, and what its start, its days and its reports cost.

python -m benchmarks.uptime [--targets N] [--outages N] [--keep DIR]
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from agent.availability.accounting import ReportTerms
from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.inventory.entities import Organisation, digest
from agent.ledger.days import day_files
from agent.ledger.integrity.verify import verified, verify
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, Configured, Content, Row, StateChange
from agent.ledger.schema import FILE_NAME
from agent.ledger.store import Ledger
from agent.model import Reason, State
from agent.reporting.builder import ReportQuery
from agent.reporting.days import closed_days, differences
from agent.reporting.ledger_report import build_report
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
    """One report: what it cost, verified as every report is."""
    start, end = (first_instant(ZONE, day) for day in period_of(period))
    began, cpu = time.perf_counter(), time.process_time()
    with verified(directory) as ledger:
        looked = time.process_time() - cpu
        found = build_report(ledger.reader, None, ReportQuery(ReportTerms(start, end, END), ZONE, "local"))
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    outages = sum(len(one.outages) for one in found.targets)
    return (
        f"{period}: {len(found.targets)} targets, {outages} outages, {wall:.2f} s "
        f"({cpu:.2f} s of CPU, {looked:.2f} of them to verify the ledger)"
    )


def cost(what: str, deed: Callable[[], object]) -> None:
    """Do it, and say what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    deed()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{what}: {wall:.2f} s ({cpu:.2f} s of CPU), at most {most:.0f} MB so far\n")


def days(directory: Path) -> None:
    """What closing costs: one day, every day of the year, and counting them all again."""
    here, folder, after = Organisation("Lab", timezone=ZONE), directory / day_files.FOLDER, END + 7 * 86_400_000

    def close(first: date, number: int) -> None:
        month = [first + timedelta(days=ahead) for ahead in range(number)]
        day_files.add(folder, closed_days(directory, here, month, after))

    def close_the_year() -> None:
        for month in range(1, 13):
            close(date(2026, month, 1), monthrange(2026, month)[1])

    cost("a first day", lambda: close(date(2027, 1, 1), 1))
    cost("every day of the year", close_the_year)
    cost("a last day", lambda: close(date(2027, 1, 2), 1))
    cost("counting them again", lambda: list(differences(directory, here, after)))
    sys.stdout.write(f"{day_files.file_of(folder, 2026).stat().st_size / 1e6:.1f} MB of daily sums\n")


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
        cost("opening", lambda: Ledger.open(directory, TravellingClock()).close())
        cost("verifying", lambda: verify(directory))
        days(directory)
        for period in ("2026-01", "2026-06", "2026-12", "2026-Q4", "2026"):
            sys.stdout.write(timed(directory, period) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
