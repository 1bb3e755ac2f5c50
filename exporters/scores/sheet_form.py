"""The form of one unit, to be handed in: the official columns, groups and total as sums of the rounded rows."""

from __future__ import annotations

from collections.abc import Iterator

from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evaluation import CriterionScore, RowState, UnitScore
from agent.scoring.explanations.sentences import Explanations
from agent.scoring.group_totals import GroupTotals
from agent.scoring.sheet import CriterionGroup
from agent.text import Text
from exporters.reports.cells import Cell, Points, PointsSum, ReportSheet, Row, SheetColumn, Table
from exporters.scores.proofs import proofs
from exporters.scores.words import period_words, provisional_text

_COLUMNS = (
    (Text("STT", "No."), 6),
    (Text("Chỉ số / Chỉ số thành phần", "Criterion"), 28),
    (Text("Điểm tối đa", "Maximum"), 8),
    (Text("Cách xác định và tính điểm", "How it is determined and scored"), 24),
    (Text("Kết quả", "Result"), 14),
    (Text("Điểm tự chấm", "Points"), 9),
    (Text("Giải trình kết quả", "Explanation"), 42),
    (Text("Tài liệu kiểm chứng", "Evidence"), 22),
    (Text("Đơn vị xác minh", "Verified by"), 14),
)
_POINTS = 5  # the column that sums are in
_TITLE = Text("BIỂU TỰ CHẤM ĐIỂM", "SELF-ASSESSMENT")
_UNIT = Text("Đơn vị: {name}", "Unit: {name}")
_UNIT_CODE = Text("Đơn vị: {name} (mã {code})", "Unit: {name} (code {code})")
_BY = Text("Bộ chỉ số: {title}", "Set: {title}")
_LEGAL = Text("Căn cứ: {legal}", "By: {legal}")
_PERIOD = Text("Kỳ đánh giá: {period}", "Period: {period}")
_MANIFEST = Text("Mã SHA-256 của gói bằng chứng: {hash}", "SHA-256 of the package of evidence: {hash}")
_TOTAL = Text("TỔNG CỘNG", "TOTAL")
_UNSCORED = Text("không tính", "not scored")


class UnitForms:
    """The forms of the units of one report; what all of them share is made once. manifest: hash of the package."""

    def __init__(self, report: ScoreReport, manifest: str = "") -> None:
        self._report, self._manifest = report, manifest
        self._words = Explanations(report.sheet, report.names(), report.language)
        self._groups = GroupTotals(report.sheet)
        self._units = report.unit_periods()

    def of(self, score: UnitScore, name: str) -> ReportSheet:
        """name: of the sheet in the workbook."""
        table = _FormTable(self._report, self._words, score, self._groups)
        title = _TITLE.to(self._report.language)
        return ReportSheet(name, title, (table.build(),), tuple(self._lines(score)), signed=True, long=True)

    def _lines(self, score: UnitScore) -> Iterator[str]:
        report, language = self._report, self._report.language
        unit = self._units.get(score.unit)
        unit_name, code = (score.unit, "") if unit is None else (unit.name, unit.code)
        form = _UNIT_CODE if code else _UNIT
        yield form.to(language).format(name=unit_name, code=code)
        yield _BY.to(language).format(title=report.sheet.title.to(language))
        if report.sheet.legal_reference:
            yield _LEGAL.to(language).format(legal=report.sheet.legal_reference)
        yield _PERIOD.to(language).format(period=period_words(report))
        if len(report.scores) > 1 and score.total.provisional:  # of one alone the mark says it
            yield provisional_text(score.total, language)
        if self._manifest:
            yield _MANIFEST.to(language).format(hash=self._manifest)


class _FormTable:
    """The table while it is put together: which rows belong to which sum is known when all are there."""

    def __init__(self, report: ScoreReport, words: Explanations, score: UnitScore, groups: GroupTotals) -> None:
        self._report, self._words, self._score = report, words, score
        self._language = report.language
        self._totals = groups.of(score)
        self._rows: list[list[Cell]] = []
        self._group_rows: dict[str, int] = {}
        self._parts: dict[str, list[int]] = {"": []}  # by group: the rows that its sum adds up

    def build(self) -> Table:
        sheet, language = self._report.sheet, self._language
        for group in sheet.groups:
            self._group(group)
        for row in self._score.rows:
            if row.criterion.group not in self._group_rows:
                self._criterion(row, "")
        strong = frozenset(self._group_rows.values())
        total = self._score.total
        sum_ = PointsSum(total.earned, tuple(self._parts[""]))
        self._rows.append(["", _TOTAL.to(language), Points(total.maximum), "", "", sum_, "", "", ""])
        columns = tuple(SheetColumn(heading.to(language), width) for heading, width in _COLUMNS)
        return Table("", columns, tuple(self._finished()), totalled=True, strong=strong)

    def _group(self, group: CriterionGroup) -> None:
        row = len(self._rows)
        self._group_rows[group.code], self._parts[group.code] = row, []
        self._parts[group.parent].append(row)
        title = group.title.to(self._language)
        self._rows.append([group.code, title, Points(group.maximum), "", "", group.code, "", "", ""])
        for score in self._score.rows:
            if score.criterion.group == group.code:
                self._criterion(score, group.code)

    def _criterion(self, row: CriterionScore, group: str) -> None:
        self._parts[group].append(len(self._rows))
        criterion, language = row.criterion, self._language
        points: Cell = "" if row.points is None else Points(row.points)
        self._rows.append(
            [
                criterion.code,
                criterion.title.to(language),
                Points(criterion.maximum),
                criterion.method,
                self._words.result(row),
                _UNSCORED.to(language) if row.state is RowState.UNSCORED else points,
                self._words.sentence(row),
                "; ".join(self._evidence(row)),
                criterion.verifier,
            ]
        )

    def _evidence(self, row: CriterionScore) -> Iterator[str]:
        """What the sheet asks for, what papers there are, and that the figure is in the package."""
        if row.criterion.evidence:
            yield row.criterion.evidence
        yield from proofs(self._words, row, self._language)

    def _finished(self) -> Iterator[Row]:
        """The rows, with the sums of groups in their places."""
        of_row = {row: code for code, row in self._group_rows.items()}
        for number, cells in enumerate(self._rows):
            if number in of_row:
                code = of_row[number]
                cells[_POINTS] = PointsSum(self._totals[code].earned, tuple(self._parts[code]))
            yield tuple(cells)
