"""The units in order of their points, with what changed since the period before, in the words of announcements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evaluation import Total
from agent.scoring.explanations.numbers import whole_text
from agent.scoring.group_totals import GroupTotals, led_groups, most_points
from agent.scoring.ranking import Ranked
from agent.text import Text
from exporters.reports.cells import Cell, Points, ReportSheet, Row, SheetColumn, Table
from exporters.scores.words import exact_difference_text, house_line, period_words, place_text

_NAME = Text("Xếp hạng", "Ranking")
_TITLE = Text("XẾP HẠNG CÁC ĐƠN VỊ", "RANKING OF THE UNITS")
_PERIOD = Text("Kỳ đánh giá: {period}; {title}", "Period: {period}; {title}")
_BEFORE = Text("So với: {before}", "Compared with: {before}")
_SPANS = Text(
    "Vị trí ghi “3–7” nghĩa là còn chỉ tiêu chưa chấm: vị trí cuối cùng nằm trong khoảng đó.",
    "A place such as “3–7” means that rows still wait: the final place lies in that span.",
)
_COLUMNS = (
    (Text("Vị trí", "Place"), 8),
    (Text("Đơn vị", "Unit"), 26),
    (Text("Mã", "Code"), 9),
    (Text("Điểm", "Points"), 10),
    (Text("So với kỳ trước", "Difference"), 11),
    (Text("Còn có thể", "Possible"), 9),
    (Text("Đã mất", "Lost"), 9),
    (Text("Chỉ tiêu đạt tối đa", "Full criteria"), 10),
    (Text("Tóm tắt", "In short"), 34),
    (Text("Nhóm dẫn đầu", "Leads in"), 24),
)
_GROUP_WIDTH = 9


def ranking_sheet(report: ScoreReport) -> ReportSheet:
    """All units of the report; a column for each group of the sheet's first tier."""
    language = report.language
    groups = [group for group in report.sheet.groups if not group.parent]
    adding = GroupTotals(report.sheet)
    totals = {score.unit: adding.of(score) for score in report.scores}
    columns = [SheetColumn(heading.to(language), width) for heading, width in _COLUMNS]
    columns += [SheetColumn(f"{group.code}. {group.title.to(language)}", _GROUP_WIDTH) for group in groups]
    titles = {group.code: group.title.to(language) for group in groups}
    rows = tuple(_rows(report, totals, titles))
    return ReportSheet(
        _NAME.to(language), _TITLE.to(language), (Table("", tuple(columns), rows),), tuple(_lines(report))
    )


def _lines(report: ScoreReport) -> Iterator[str]:
    language = report.language
    yield _PERIOD.to(language).format(period=period_words(report), title=report.sheet.title.to(language))
    if report.before:
        yield _BEFORE.to(language).format(before=report.request.before)
    if any(row.place is None for row in report.ranked):
        yield _SPANS.to(language)


def _rows(report: ScoreReport, totals: Mapping[str, Mapping[str, Total]], titles: Mapping[str, str]) -> Iterator[Row]:
    units, most, language = report.unit_periods(), most_points(totals.values()), report.language
    for ranked in report.ranked:
        unit, of_unit = units.get(ranked.unit), totals[ranked.unit]
        led = led_groups(of_unit, most, tuple(titles)) if len(totals) > 1 else ()
        name, code = (ranked.unit, "") if unit is None else (unit.name, unit.code)
        points: list[Cell] = [Points(of_unit[group].earned) for group in titles]
        yield (
            place_text(ranked),
            name,
            code,
            *_sums(ranked, language),
            ", ".join(titles[group] for group in led),
            *points,
        )


def _sums(ranked: Ranked, language: str) -> Iterator[Cell]:
    total = ranked.total
    yield Points(total.earned)
    yield "" if ranked.delta is None else exact_difference_text(ranked.delta, language)
    yield Points(total.possible)
    yield Points(total.lost)
    yield f"{whole_text(total.full, language)}/{whole_text(total.rows, language)}"
    yield house_line(ranked, language)
