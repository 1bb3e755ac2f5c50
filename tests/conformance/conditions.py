"""What a run must not do: keep descriptors or tasks, or hold up its neighbours. And how to take descriptors away."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from agent.clock import SystemClock
from agent.lab.listeners.tcp import TcpListener
from agent.model import Reason
from agent.probes.tcp.options import TcpOptions
from agent.probes.tcp.probe import SPEC
from tests.probing import run_probe

_SETTLE_SECONDS = 2.0
_NEIGHBOUR_PAUSE = 0.02
_LEAST_RUNS = 2
NEIGHBOUR_SECONDS = 0.3
"""A connect on loopback takes a millisecond; more than this and something held the loop."""


def open_descriptors() -> set[str]:
    """What this process has open, e.g. {'7 socket:[1234]'}."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the one that iterdir itself used
            found.add(f"{entry.name} {entry.readlink()}")
    return found


@contextlib.asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """Descriptors and tasks afterwards are those of before; a wait, for uvloop closes transports in a later turn."""
    descriptors, tasks = open_descriptors(), asyncio.all_tasks()
    yield
    clock = SystemClock()
    until = clock.monotonic() + _SETTLE_SECONDS
    while clock.monotonic() < until and (open_descriptors() - descriptors or asyncio.all_tasks() - tasks):
        await asyncio.sleep(0.01)
    assert open_descriptors() - descriptors == set()
    assert asyncio.all_tasks() - tasks == set()


@contextlib.asynccontextmanager
async def healthy_neighbour() -> AsyncIterator[list[float]]:
    """A TCP probe that runs again and again beside; gives the seconds each run took, and fails if one fails."""
    listener = TcpListener()
    await listener.open("127.0.0.1")
    took: list[float] = []
    task = asyncio.create_task(_probe_on(f"127.0.0.1:{listener.port}", took))
    try:
        yield took
        while len(took) < _LEAST_RUNS and not task.done():
            await asyncio.sleep(_NEIGHBOUR_PAUSE)
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await listener.close()


async def _probe_on(address: str, took: list[float]) -> None:
    clock = SystemClock()
    while True:
        began = clock.monotonic()
        result = await run_probe(SPEC, address, TcpOptions())
        assert result.reason is Reason.OK, result
        await asyncio.sleep(_NEIGHBOUR_PAUSE)
        took.append(clock.monotonic() - began - _NEIGHBOUR_PAUSE)


@contextlib.contextmanager
def no_descriptors() -> Iterator[None]:
    """Every further open() or socket() fails with EMFILE."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208 - names only
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, hard))
    fillers: list[int] = []
    try:
        with contextlib.suppress(OSError):
            while True:
                fillers.append(os.dup(0))  # the gaps below the limit
        yield
    finally:
        for filler in fillers:
            os.close(filler)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
