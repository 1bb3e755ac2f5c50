"""How long the event loop of a test stood still for work of its own: a busy machine counts for nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_TICK_SECONDS = 0.005


@dataclass(slots=True)
class Stall:
    """The most CPU time of this thread between two ticks of the loop, in seconds."""

    seconds: float = 0.0


@contextmanager
def longest_stall() -> Iterator[Stall]:
    """Watch the running loop until the block ends."""
    stall = Stall()
    watching = asyncio.create_task(_watch(stall))
    try:
        yield stall
    finally:
        watching.cancel()


async def _watch(stall: Stall) -> None:
    while True:
        used = time.thread_time()
        await asyncio.sleep(_TICK_SECONDS)
        stall.seconds = max(stall.seconds, time.thread_time() - used)
