"""Sums of a unit's points by the groups of its sheet, and who leads in a group. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from agent.scoring.evaluation import Total, UnitScore, total
from agent.scoring.sheet import ScoreSheet


class GroupTotals:
    """Adds up the groups of one sheet, unit by unit; which rows are in a group is found once."""

    def __init__(self, sheet: ScoreSheet) -> None:
        places = {criterion.code: place for place, criterion in enumerate(sheet.criteria)}
        self._rows = {
            group.code: tuple(places[criterion.code] for criterion in sheet.criteria_of(group.code))
            for group in sheet.groups
        }

    def of(self, score: UnitScore) -> Mapping[str, Total]:
        """The total of every group, by its code, in the order of the sheet; those below it are in it."""
        return {group: total(score.rows[place] for place in rows) for group, rows in self._rows.items()}


def most_points(totals: Iterable[Mapping[str, Total]]) -> dict[str, Decimal]:
    """The most that any unit earned in each group."""
    most: dict[str, Decimal] = {}
    for of_unit in totals:
        for group, sums in of_unit.items():
            most[group] = max(most.get(group, sums.earned), sums.earned)
    return most


def led_groups(totals: Mapping[str, Total], most: Mapping[str, Decimal], among: Sequence[str]) -> tuple[str, ...]:
    """Those of the groups in which nobody has more points than this unit, and it has some."""
    return tuple(group for group in among if totals[group].earned == most[group] and totals[group].earned > 0)
