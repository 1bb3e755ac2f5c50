"""Quantiles of first-byte times that are kept as counts in fixed buckets."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from agent.model.measured import FIRST_BYTE_BOUNDS_MS

SLOWER_MS = FIRST_BYTE_BOUNDS_MS[-1] + 1
"""What stands for a time in the last bucket, which has no upper bound."""


def quantile_ms(buckets: Sequence[int], quantile: Fraction) -> int:
    """The upper bound of the first bucket with which that share of all runs is reached. buckets: not all empty.

    No interpolation: a true time may be lower, never higher, but for those in the last bucket.
    """
    total = sum(buckets)
    bounds = (*FIRST_BYTE_BOUNDS_MS, SLOWER_MS)
    reached = zip(bounds, accumulate(buckets), strict=True)
    return next(bound for bound, runs in reached if runs and runs >= quantile * total)
