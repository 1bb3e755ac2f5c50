"""Scores as CSV for other systems: a row for every unit and criterion, group and total; written unit by unit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from agent.availability.instants import iso_utc
from agent.availability.periods import period_of
from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evaluation import CriterionScore, Total, UnitScore
from agent.scoring.evidence import UnitPeriod
from agent.scoring.explanations.sentences import Explanations
from agent.scoring.group_totals import GroupTotals
from agent.scoring.ranking import Ranked
from agent.scoring.values import MeasuredValue, ValueStatus
from exporters.reports.csv_file import harmless
from exporters.scores.figures import day_of, exact_pair, percent_4, percent_of, plain

COLUMNS = (
    "record", "unit", "unit_code", "unit_name", "level", "group", "criterion", "title", "maximum", "points", "state",
    "possible", "lost", "full", "rows", "best", "worst", "of", "delta", "result", "status", "quantity", "source",
    "numerator", "denominator", "percent", "choice", "calendar", "coverage", "excluded_ms", "members", "lacking",
    "unsure", "document", "explanation", "sheet", "first", "last", "as_of", "sheet_digest", "units", "repeat",
    "unverified",
)  # fmt: skip
"""In the order of the file. The last four stand in its first row only."""

_BEHIND_TOTALS = 16  # columns from "result" to "explanation"
_NOTHING = "."


def csv_pieces(report: ScoreReport) -> Iterator[bytes]:
    """UTF-8 with the mark that spreadsheets know it by, comma, CRLF, dots; no cell becomes a formula.

    A criterion of several measures has one word for each in the columns of values, ``.`` where one has none.
    """
    yield _lines([COLUMNS]).encode("utf-8-sig")
    rows = _ScoreRows(report)
    for number, score in enumerate(report.scores):
        yield _lines(rows.of(score, first=number == 0)).encode()


def csv_file(report: ScoreReport) -> bytes:
    """The whole file at once."""
    return b"".join(csv_pieces(report))


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


class _ScoreRows:
    """The rows of one report; what all of them share is made once."""

    def __init__(self, report: ScoreReport) -> None:
        sheet, evidence = report.sheet, report.evidence
        self._report = report
        self._units = report.unit_periods()
        self._places = {row.unit: row for row in report.ranked}
        self._words = Explanations(sheet, report.names(), report.language)
        self._groups = GroupTotals(sheet)
        self._group_cells = {
            group.code: (group.code, "", harmless(group.title.to(report.language)), plain(group.maximum) or "")
            for group in sheet.groups
        }
        self._criterion_cells = {
            criterion.code: (
                criterion.group, criterion.code, harmless(criterion.title.to(report.language)),
                plain(criterion.maximum) or "",
            )
            for criterion in sheet.criteria
        }  # fmt: skip
        first, after = period_of(report.request.period)
        last = (after - timedelta(days=1)).isoformat()
        self._tail = (sheet.id, first.isoformat(), last, iso_utc(evidence.terms.as_of_ms))

    def of(self, score: UnitScore, *, first: bool) -> Iterator[Sequence[str]]:
        """The total of the unit, of every group, and every row."""
        report = self._report
        unit = _unit_cells(score.unit, self._units.get(score.unit))
        ends = (report.sheet.digest, report.request.units, harmless(report.rerun), harmless(report.unverified))
        tail, later = (*self._tail, *(ends if first else ("", "", "", ""))), (*self._tail, "", "", "", "")
        most = plain(score.total.maximum) or ""
        place = _place_cells(self._places.get(score.unit))
        yield ("total", *unit, "", "", "", most, *_sums(score.total), *place, *([""] * _BEHIND_TOTALS), *tail)
        for group, sums in self._groups.of(score).items():
            cells = self._group_cells[group]
            yield ("group", *unit, *cells, *_sums(sums), "", "", "", "", *([""] * _BEHIND_TOTALS), *later)
        for row in score.rows:
            yield ("criterion", *unit, *self._criterion_cells[row.criterion.code], *self._row(row), *later)

    def _row(self, row: CriterionScore) -> tuple[str, ...]:
        words, values, state = self._words, row.values, row.state
        points = plain(row.points) or ""
        waits = plain(row.criterion.maximum) or "" if row.points is None else ""
        lost = "" if row.points is None or not row.criterion.scored else plain(row.criterion.maximum - row.points) or ""
        known = _known(values[0]) if len(values) == 1 else _several(values)
        document = "; ".join(words.documents(row)) if any(value.document for value in values) else ""
        return (
            points, state, waits, lost, "", "", "", "", "", "", harmless(words.result(row)), *known,
            harmless(document) if document else "", harmless(words.sentence(row)),
        )  # fmt: skip


def _unit_cells(identity: str, unit: UnitPeriod | None) -> tuple[str, ...]:
    if unit is None:
        return (harmless(identity), "", "", "")
    return (harmless(identity), harmless(unit.code), harmless(unit.name), harmless(unit.level))


def _place_cells(ranked: Ranked | None) -> tuple[str, ...]:
    if ranked is None:
        return ("", "", "", "")
    return (str(ranked.best), str(ranked.worst), str(ranked.of), plain(ranked.delta) or "")


def _sums(total: Total) -> tuple[str, ...]:
    state = "provisional" if total.provisional else "final"
    sums: tuple[Decimal, ...] = (total.possible, total.lost)
    return (
        plain(total.earned) or "",
        state,
        *(plain(number) or "" for number in sums),
        str(total.full),
        str(total.rows),
    )


def _known(value: MeasuredValue) -> tuple[str, ...]:
    """From "status" to "unsure"."""
    is_known = value.status is ValueStatus.KNOWN
    pair = exact_pair(value) if is_known else None
    return (
        value.status,
        value.quantity,
        value.source,
        *(pair or ("", "")),
        (percent_of(value) or "") if is_known else "",
        day_of(value) or harmless(value.choice) if is_known else "",
        harmless(value.calendar),
        percent_4(value.coverage) or "",
        str(value.excluded_ms) if value.excluded_ms else "",
        str(value.members) if value.members else "",
        harmless(" ".join(value.lacking)) if value.lacking else "",
        harmless(" ".join(value.unsure)) if value.unsure else "",
    )


def _several(values: Sequence[MeasuredValue]) -> tuple[str, ...]:
    """Each column with a word for each value; empty where no value has any."""
    columns = zip(*(_known(value) for value in values), strict=True) if values else [()] * 13
    return tuple(_joined(cells) for cells in columns)


def _joined(cells: Sequence[str]) -> str:
    return " ".join(cell or _NOTHING for cell in cells) if any(cells) else ""
