"""The clerk's own form filled in with the score of one unit."""

from __future__ import annotations

from collections.abc import Iterator

from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evaluation import RowState, Total, UnitScore
from agent.scoring.explanations.sentences import Explanations
from agent.scoring.form.points import plain_number
from agent.scoring.group_totals import GroupTotals
from agent.text import Text
from exporters.scores.form.form_fill import FilledForm, FilledRow
from exporters.scores.form.sheet_fill import TOTAL, fill_form
from exporters.scores.form.texts import PENDING_ROW
from exporters.scores.proofs import proofs

_NOTHING = FilledRow()


def fill_with_report(data: bytes, report: ScoreReport) -> FilledForm:
    """The form with the points, explanations and evidence of the report's one unit.

    What is pending is left as it stands and said, with why; so are sums over it that no formula makes. Raises FormError
    for a form that cannot be filled or is not the sheet's.
    """
    (score,) = report.scores
    words = Explanations(report.sheet, report.names(), report.language)
    filled = fill_form(data, report.sheet, dict(_rows(report, score, words)))
    return FilledForm(filled.data, filled.cells, (*filled.remarks, *_pending(score, words)))


def _rows(report: ScoreReport, score: UnitScore, words: Explanations) -> Iterator[tuple[str, FilledRow]]:
    for row in score.rows:
        scored = row.points is not None and row.state is not RowState.UNSCORED
        points = plain_number(row.points) if row.points is not None and scored else None
        explained = row.state is not RowState.PENDING and bool(row.values)
        sentence = words.sentence(row) if explained else ""
        evidence = tuple(proofs(words, row, report.language)) if explained else ()
        yield row.criterion.code, FilledRow(points, sentence, evidence)
    for code, total in GroupTotals(report.sheet).of(score).items():
        yield code, _sum(total)
    yield TOTAL, _sum(score.total)


def _sum(total: Total) -> FilledRow:
    return _NOTHING if total.provisional else FilledRow(plain_number(total.earned))


def _pending(score: UnitScore, words: Explanations) -> Iterator[Text]:
    for row in score.rows:
        if row.state is RowState.PENDING:
            why = words.sentence(row)
            yield PENDING_ROW.filled(code=row.criterion.code, why=why)
