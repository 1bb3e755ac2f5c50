"""CPU and memory of one process, from the kernel's own accounting."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Seconds of CPU so far (user and system, all threads), and resident memory."""

    cpu_seconds: float
    rss_mib: float


def usage(pid: int) -> Usage:
    """What process pid has used until now; nanosecond exact where the scheduler says so."""
    tasks = Path(f"/proc/{pid}/task")
    seconds = sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ended_threads = (int(stat[11]) + int(stat[12])) / TICKS - seconds
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return Usage(seconds + max(0.0, ended_threads), pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
