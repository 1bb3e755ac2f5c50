"""Scores for people at a terminal: of one unit every row, of several their places."""

from __future__ import annotations

from rich.console import Console

from agent.cli.tables.check import WIDE
from agent.cli.tables.layout import columns, say, show
from agent.cli.visible import visible
from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evaluation import UnitScore
from agent.scoring.explanations.numbers import points_text
from agent.scoring.explanations.sentences import Explanations
from agent.text import Text
from exporters.scores.words import exact_difference_text, house_line, marks, period_words, place_text

_MOST_UNITS = 40  # that a terminal gets
_TITLE = Text("{title}: {period}", "{title}: {period}")
_UNIT = Text("{name}: {line}", "{name}: {line}")
_ROWS = Text("STT|Chỉ tiêu|Tối đa|Kết quả|Điểm|Giải trình", "No.|Criterion|Maximum|Result|Points|Explanation")
_NARROW_ROWS = (0, 1, 2, 4)
_UNITS = Text(
    "Vị trí|Đơn vị|Điểm|So với kỳ trước|Còn có thể|Đã mất|Đạt tối đa",
    "Place|Unit|Points|Difference|Possible|Lost|Full",
)
_LONGER = Text(
    "{shown} trong {all} đơn vị; tất cả nằm trong tệp ghi bằng -o", "{shown} of {all} units; a file of -o has all"
)
_REPEAT = Text("Lập lại đúng kết quả này: {line}", "The same again: {line}")
_HEAD = Text("Mốc của sổ (dòng:mã băm): {head}", "Head of the ledger (row:hash): {head}")


def table(report: ScoreReport, console: Console) -> None:
    """Print it."""
    language, title = report.language, report.sheet.title.to(report.language)
    said = marks(report)
    if said:
        say(visible(said), console, "bold red" if report.unverified else "bold yellow")
    say(visible(_TITLE.to(language).format(title=title, period=period_words(report))), console)
    if len(report.scores) == 1:
        _unit(report, report.scores[0], console)
    else:
        _units(report, console)
    if report.rerun:
        console.print(_REPEAT.to(language).format(line=report.rerun), markup=False, soft_wrap=True)
    if head := report.evidence.provenance.anchor:
        console.print(_HEAD.to(language).format(head=head), markup=False, soft_wrap=True)


def _unit(report: ScoreReport, score: UnitScore, console: Console) -> None:
    language = report.language
    unit = report.unit_periods().get(score.unit)
    name = score.unit if unit is None else unit.name
    say(visible(_UNIT.to(language).format(name=name, line=house_line(report.ranked[0], language))), console)
    words = Explanations(report.sheet, report.names(), language)
    wide = console.width >= WIDE
    places = range(6) if wide else _NARROW_ROWS
    titles = _ROWS.to(language).split("|")
    records = []
    for row in score.rows:
        criterion = row.criterion
        points = "" if row.points is None else points_text(row.points, language)
        record = (
            criterion.code, criterion.title.to(language), points_text(criterion.maximum, language), words.result(row),
            points, words.sentence(row),
        )  # fmt: skip
        records.append([visible(record[place]) for place in places])
    prose = tuple(number for number, place in enumerate(places) if place in (1, 3, 5))
    right = tuple(number for number, place in enumerate(places) if place in (2, 4))
    show(columns("|".join(titles[place] for place in places), prose=prose, right=right), records, console)


def _units(report: ScoreReport, console: Console) -> None:
    language, units = report.language, report.unit_periods()
    records = []
    for ranked in report.ranked[:_MOST_UNITS]:
        total, unit = ranked.total, units.get(ranked.unit)
        delta = "" if ranked.delta is None else exact_difference_text(ranked.delta, language)
        sums = (points_text(points, language) for points in (total.earned, total.possible, total.lost))
        earned, possible, lost = sums
        name = visible(ranked.unit if unit is None else unit.name)
        full = f"{total.full}/{total.rows}"
        records.append((place_text(ranked), name, earned, delta, possible, lost, full))
    show(columns(_UNITS.to(language), prose=(1,), right=range(2, 7)), records, console)
    if len(report.ranked) > _MOST_UNITS:
        say(_LONGER.to(language).format(shown=_MOST_UNITS, all=len(report.ranked)), console)
