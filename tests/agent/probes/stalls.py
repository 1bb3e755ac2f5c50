"""How long the event loop of a test stood still."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_TICK_SECONDS = 0.005


@dataclass(slots=True)
class Stall:
    """The longest time by which a timer was late, in seconds."""

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
        due = time.monotonic() + _TICK_SECONDS
        await asyncio.sleep(_TICK_SECONDS)
        stall.seconds = max(stall.seconds, time.monotonic() - due)
