"""Places of units by their points: a span where rows are pending, and the difference to the period before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.scoring.evaluation import Total, UnitScore


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit's place among ``of`` units: from best to worst; the same where nothing is pending, or where ties hold.

    Units with equal points share the place. delta: points more than in the period before, None where there was none
    or either total is provisional.
    """

    unit: str
    total: Total
    best: int
    worst: int
    of: int
    delta: Decimal | None = None

    @property
    def place(self) -> int | None:
        """The place; None while it is a span."""
        return self.best if self.best == self.worst else None


def ranking(scores: Sequence[UnitScore], before: Mapping[str, Total] | None = None) -> tuple[Ranked, ...]:
    """In order of points earned, then of what may still come, then by id. before: totals of the period before."""
    lowest = sorted(score.total.earned for score in scores)
    highest = sorted(score.total.earned + score.total.possible for score in scores)
    ranked = [
        Ranked(
            score.unit,
            score.total,
            best=_above(lowest, score.total.earned + score.total.possible) + 1,
            worst=_above(highest, score.total.earned) + 1 - _own(score.total),
            of=len(scores),
            delta=_delta(score.total, (before or {}).get(score.unit)),
        )
        for score in scores
    ]
    return tuple(sorted(ranked, key=lambda row: (-row.total.earned, -row.total.possible, row.unit)))


def _above(ordered: Sequence[Decimal], points: Decimal) -> int:
    return len(ordered) - bisect_right(ordered, points)


def _own(own: Total) -> int:
    """Its own highest total stands above its lowest, and is no rival."""
    return int(own.possible > 0)


def _delta(now: Total, before: Total | None) -> Decimal | None:
    if before is None or now.provisional or before.provisional:
        return None
    return now.earned - before.earned
