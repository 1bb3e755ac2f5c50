"""What would raise the score most: rows that wait first, then those that lost most, with what they lack."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evaluation import CriterionScore, UnitScore
from agent.scoring.explanations.sentences import Explanations
from agent.text import Text
from exporters.reports.cells import Points, ReportSheet, Row, SheetColumn, Table

MOST_OF_MANY = 5
"""Rows of each unit where there are several; of one unit all."""

_NAME = Text("Tăng điểm", "Gains")
_TITLE = Text("VIỆC NÊN LÀM ĐỂ TĂNG ĐIỂM", "WHAT WOULD RAISE THE SCORE MOST")
_ORDER = Text(
    "Trước hết là chỉ tiêu chưa chấm, sau đó là chỉ tiêu mất nhiều điểm nhất.",
    "Criteria that wait come first, then those that lost most points.",
)
_CUT = Text("Mỗi đơn vị {most} chỉ tiêu đầu; tất cả: --unit", "The first {most} of each unit; all of one: --unit")
_COLUMNS = (
    (Text("Đơn vị", "Unit"), 26),
    (Text("STT", "No."), 7),
    (Text("Chỉ tiêu", "Criterion"), 34),
    (Text("Điểm tối đa", "Maximum"), 9),
    (Text("Đang có", "Earned"), 9),
    (Text("Có thể thêm", "To gain"), 9),
    (Text("Còn thiếu gì", "What is lacking"), 70),
)


def gains_sheet(report: ScoreReport) -> ReportSheet:
    """The rows of every unit, units best first."""
    language, one = report.language, len(report.scores) == 1
    words = Explanations(report.sheet, report.names(), language)
    scores = {score.unit: score for score in report.scores}
    units = report.unit_periods()
    rows: list[Row] = []
    for ranked in report.ranked:
        unit = units.get(ranked.unit)
        name = ranked.unit if unit is None else unit.name
        gains = _gains(scores[ranked.unit])
        rows += [(name, *_cells(row, words, language)) for row in (gains if one else gains[:MOST_OF_MANY])]
    columns = tuple(SheetColumn(heading.to(language), width) for heading, width in _COLUMNS)
    lines = [_ORDER.to(language)] + ([] if one else [_CUT.to(language).format(most=MOST_OF_MANY)])
    return ReportSheet(_NAME.to(language), _TITLE.to(language), (Table("", columns, tuple(rows)),), tuple(lines))


def gain(row: CriterionScore) -> Decimal:
    """Points that the row may still bring."""
    return row.criterion.maximum - (row.points or Decimal(0)) if row.criterion.scored else Decimal(0)


def _gains(score: UnitScore) -> list[CriterionScore]:
    """Rows with something to gain: those that wait first, each by what they may bring; then as the sheet has them."""
    return sorted((row for row in score.rows if gain(row) > 0), key=lambda row: (row.points is not None, -gain(row)))


def _cells(row: CriterionScore, words: Explanations, language: str) -> Iterator[str | Points]:
    yield row.criterion.code
    yield row.criterion.title.to(language)
    yield Points(row.criterion.maximum)
    yield "" if row.points is None else Points(row.points)
    yield Points(gain(row))
    yield words.sentence(row)
