"""The scores that follow from evidence: pure, so that whoever has the evidence gets the same, wherever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from agent.characters import quoted
from agent.errors import SansangError
from agent.reporting.scoring.report import ScoreReport
from agent.reporting.scoring.request import ScoreRequest
from agent.scoring.evaluation import Total
from agent.scoring.evidence import Evidence, TargetEvidence
from agent.scoring.ranking import ranking
from agent.scoring.sheet import ScoreSheet
from agent.scoring.unit_scores import chosen_units, scored
from agent.text import Text

_NO_UNIT = Text(
    "trong kỳ này không có đơn vị {unit}; hãy ghi mã đơn vị như trong danh mục",
    "there was no unit {unit} in this period; right would be a unit's id as in the inventory",
)
_NO_LEVEL = Text(
    "trong kỳ này không có đơn vị nào thuộc cấp {levels}; các cấp có: {known}",
    "no unit of this period is of the level {levels}; there are: {known}",
)
NO_TOTALS: Mapping[str, Total] = MappingProxyType({})


def score_evidence(
    sheet: ScoreSheet,
    request: ScoreRequest,
    evidence: Evidence,
    before: Mapping[str, Total] = NO_TOTALS,
    unverified: str = "",
    *,
    targets: Iterable[TargetEvidence] | None = None,
) -> ScoreReport:
    """targets: in the place of those of the evidence, looked at once and not kept.

    SansangError for a unit or a level that the period did not have.
    """
    units = chosen_units(sheet, evidence, request.unit, request.level)
    if not units:
        raise SansangError(_missing(sheet, request, evidence))
    scores = scored(sheet, evidence, units, targets)
    return ScoreReport(sheet, request, evidence, scores, ranking(scores, before), before, unverified)


def _missing(sheet: ScoreSheet, request: ScoreRequest, evidence: Evidence) -> Text:
    if request.unit:
        return _NO_UNIT.filled(unit=quoted(request.unit))
    levels = ", ".join([request.level] if request.level else sheet.levels)
    return _NO_LEVEL.filled(levels=quoted(levels), known=", ".join(sorted({unit.level for unit in evidence.units})))
