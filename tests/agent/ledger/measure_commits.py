"""Prints what a commit costs on the disk of a given directory: python -m tests.agent.ledger.measure_commits DIR."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from agent.clock import SystemClock
from agent.ledger import heartbeat
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.runs import last_known
from agent.ledger.integrity.verify import verify
from agent.ledger.store import Ledger
from tests.agent.ledger.rows import change, start


def measure(ledger: Ledger, rows_per_commit: int, commits: int) -> str:
    """Milliseconds of one append, heartbeat included."""
    taken = []
    for number in range(commits):
        rows = [change(number, target=f"site-{row}/uplink") for row in range(rows_per_commit)]
        began = time.perf_counter()
        ledger.append(rows)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    p50, p99 = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
    return f"{rows_per_commit} rows: p50 {p50:.2f} ms, p99 {p99:.2f} ms, {1000 * commits / sum(taken):.0f} commits/s"


def timed(what: str, began: tuple[float, float]) -> None:
    wall, cpu = ((now - then) * 1000 for now, then in zip(_clocks(), began, strict=True))
    print(f"{what}: {wall:.0f} ms ({cpu:.0f} ms of CPU)")


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def main(directory: Path) -> None:
    with tempfile.TemporaryDirectory(dir=directory) as place:
        measure_all(Path(place))


def measure_all(place: Path) -> None:
    ledger = Ledger.open(place, SystemClock())
    ledger.append([start()])
    print(measure(ledger, 1, 1_000))
    print(measure(ledger, 100, 200))
    print(measure(ledger, 2_000, 20))
    began = time.perf_counter()
    for number in range(200):
        heartbeat.beat(place / "alone", Heartbeat("boot", number, number, number, b"\0" * 32))
    print(f"heartbeat alone: {(time.perf_counter() - began) * 5:.2f} ms")
    begun = _clocks()
    found = len(last_known(ledger, "local"))
    timed(f"last_known of {found} targets in {ledger.head().seq} rows", begun)
    ledger.close()
    begun = _clocks()
    Ledger.open(place, SystemClock()).close()
    timed("open", begun)
    begun = _clocks()
    found = verify(place).rows
    timed(f"verify of {found} rows", begun)
    print(f"{(place / 'ledger.db').stat().st_size / found:.0f} bytes a row")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
