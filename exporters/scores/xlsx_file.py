"""Scores as a workbook to be handed in: the form of each unit, the ranking, what would raise the score, the method."""

from __future__ import annotations

from agent.reporting.scoring.report import ScoreReport
from agent.scoring.package.archive import stored
from agent.text import Text
from exporters.reports.cells import ReportSheet, Workbook
from exporters.reports.xlsx_file import workbook
from exporters.scores.sheet_form import UnitForms
from exporters.scores.sheet_gains import gains_sheet
from exporters.scores.sheet_method import method_sheet
from exporters.scores.sheet_ranking import ranking_sheet
from exporters.scores.words import marks, period_words

MOST_FORMS = 40
"""Units that have their own form in one workbook; of more there are the ranking and what would raise each score."""

_FORM = Text("Biểu chấm điểm", "Form")
_FORM_OF = Text("Biểu {place}", "Form {place}")


def xlsx_file(report: ScoreReport, manifest: str = "") -> bytes:
    """The same report gives the same bytes, on any machine. manifest: SHA-256 of the package's manifest, "" without."""
    return stored(workbook(score_workbook(report, manifest)))


def score_workbook(report: ScoreReport, manifest: str = "") -> Workbook:
    """Every sheet, in the order of reading."""
    unit = report.unit_periods().get(report.scores[0].unit) if len(report.scores) == 1 else None
    organisation = report.evidence.organisation if unit is None else unit.name
    sheets = (*_first(report, manifest), gains_sheet(report), method_sheet(report, manifest))
    words = period_words(report)
    return Workbook(organisation, report.language, report.evidence.zone, sheets, mark=marks(report), period=words)


def _first(report: ScoreReport, manifest: str) -> tuple[ReportSheet, ...]:
    """The form of the one unit; of several the ranking, and behind it their forms by place."""
    forms = UnitForms(report, manifest)
    if len(report.scores) == 1:
        return (forms.of(report.scores[0], _FORM.to(report.language)),)
    if len(report.scores) > MOST_FORMS:
        return (ranking_sheet(report),)
    scores = {score.unit: score for score in report.scores}
    named = (
        forms.of(scores[ranked.unit], _FORM_OF.to(report.language).format(place=number))
        for number, ranked in enumerate(report.ranked, start=1)
    )
    return (ranking_sheet(report), *named)
