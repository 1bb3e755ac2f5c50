"""The four figures from whole milliseconds."""

from __future__ import annotations

from typing import Any

from tests.oracle.rules import DEGRADED, DOWN, UNKNOWN, UP, Rules
from tests.oracle.story import Story


def figures(sums: dict[str, int], maintenance: int, story: Story) -> dict[str, Any]:
    up, degraded, down, unknown = (sums[state] for state in (UP, DEGRADED, DOWN, UNKNOWN))
    known = up + degraded + down
    total = story.rules.known_total(known, unknown, maintenance)
    scale, weight = story.weight.denominator, story.weight.numerator
    good = up * scale + degraded * weight
    threshold = story.threshold.numerator, story.threshold.denominator
    return {
        "availability": figure(good, known * scale, story.rules),
        "coverage": figure(known, total, story.rules),
        "low": figure(good, total * scale, story.rules),
        "high": figure(good + unknown * scale, total * scale, story.rules),
        "status": status(known, total, threshold, story.rules),
    }


def figure(numerator: int, denominator: int, rules: Rules) -> dict[str, Any] | None:
    if denominator == 0:
        return None
    return {
        "exact": [numerator, denominator],
        "percent_2": rules.percent(numerator, denominator, 2),
        "percent_4": rules.percent(numerator, denominator, 4),
    }


def status(known: int, total: int, threshold: tuple[int, int], rules: Rules) -> str:
    if known == 0:
        return "no_data"
    return "insufficient" if rules.insufficient(known, total, threshold) else "ok"
