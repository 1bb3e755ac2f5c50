"""What the garbage collector looks at: not at all of a country, which would hold the loop for a second."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_THRESHOLDS = 2_000, 10, 2_000
"""gc.set_threshold. At a country's pace the first two take 20 and 40 ms, the third 0.7 s a few times an hour."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector, which finds nothing in millions of objects that all stay, again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def suspend() -> None:
    """Collect nothing until keep(): what a start makes stays."""
    gc.disable()


def keep() -> None:
    """What is in use now stays: it is looked through a last time, and then no more until the next call."""
    gc.enable()
    gc.set_threshold(*_THRESHOLDS)
    gc.unfreeze()
    gc.collect()
    gc.freeze()
