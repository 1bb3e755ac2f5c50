"""Scores of units by one sheet in one period, with all that they rest on: what every rendering is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.reporting.scoring.request import ScoreRequest, score_again
from agent.scoring.evaluation import Total, UnitScore
from agent.scoring.evidence import Evidence, UnitPeriod
from agent.scoring.ranking import Ranked
from agent.scoring.sheet import ScoreSheet


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """scores: of the units that were asked for, in the order of the evidence; ranked: the same, best first.

    before: totals of the period before, by unit. request: with the row and the instant that give the same again.
    unverified: why nobody vouches for the figures, "" where the whole ledger was verified.
    """

    sheet: ScoreSheet
    request: ScoreRequest
    evidence: Evidence
    scores: tuple[UnitScore, ...]
    ranked: tuple[Ranked, ...]
    before: Mapping[str, Total] = field(default_factory=dict)
    unverified: str = ""

    @property
    def language(self) -> str:
        """What it is written in: ``vi`` or ``en``."""
        return self.request.language

    @property
    def rerun(self) -> str:
        """The command that gives the same scores again; "" where there is none."""
        return score_again(self.request)

    def names(self) -> dict[str, str]:
        """What every unit, site and target is called, by its id."""
        names = {target.target: target.name for target in self.evidence.targets}
        names |= self.evidence.site_names
        return names | {unit.id: unit.name for unit in self.evidence.units}

    def unit_periods(self) -> dict[str, UnitPeriod]:
        """The units of the period, by id."""
        return {unit.id: unit for unit in self.evidence.units}
