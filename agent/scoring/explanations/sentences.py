"""The sentence that explains a row of a score sheet, from its numbers alone; and its result, as offices write it.

Pure: equal rows give equal sentences. What does not change of a criterion is put together once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from agent.scoring.evaluation import CriterionScore, RowState
from agent.scoring.explanations.counted import Wording, choice_text, wording
from agent.scoring.explanations.earned import COUNTS_AS_ONE, Reckoning, reckoning
from agent.scoring.explanations.grounds import Grounds, document_text, grounds, unsure
from agent.scoring.explanations.missing import missing_text
from agent.scoring.explanations.numbers import (
    amount_text,
    cut_percent,
    exact_text,
    house_percent,
    is_short,
    points_text,
)
from agent.scoring.formulas import SimpleFormula, SumFormula, UnscoredFormula, share_of_maximum
from agent.scoring.measures import BooleanMeasure, FactMeasure, Measure, Quantity, UptimeMeasure, quantity_of
from agent.scoring.sheet import Criterion, ScoreSheet
from agent.scoring.values import MeasuredValue, Origin, ValueStatus
from agent.text import Text

_UNSCORED = Text("chỉ để theo dõi, không tính điểm", "shown only, not scored")
_ZEROED = Text("{why}; biểu quy định thiếu số liệu thì tính 0 điểm", "{why}; by the sheet that is worth 0 points")
_PENDING = Text("tạm chưa chấm: {why}; {do}", "not scored yet: {why}; {do}")
_NOTHING_TO_GO_BY = Text("biểu không nêu cách đo", "the sheet names no measure")
_PART = Text("({number}) {title}: {said}", "({number}) {title}: {said}")
_PART_POINTS = Text("được {points}/{most} điểm", "{points} of {most} points")
_SUM = Text("điểm = {points}", "points = {points}")
_YES, _NO = Text("có", "yes"), Text("chưa", "no")
_NO_VALUE: Mapping[ValueStatus, Text] = {
    ValueStatus.INSUFFICIENT: Text("chưa đủ số liệu", "too little known"),
    ValueStatus.NO_DATA: Text("chưa có số liệu", "no data"),
    ValueStatus.NOTHING_THERE: Text("không có đối tượng", "nothing there"),
    ValueStatus.NOT_GIVEN: Text("chưa điền", "not filled in"),
}


@dataclass(frozen=True, slots=True)
class _MeasureWords:
    """One measure of a criterion: its words, and how its formula turns it into points."""

    measure: Measure
    formula: SimpleFormula | None
    quantity: Quantity
    share: Fraction
    title: str
    said: Wording
    grounds: Grounds
    earned: Reckoning | None


class Explanations:
    """The sentences of one sheet in one language. names: of units, sites and targets, by id."""

    def __init__(self, sheet: ScoreSheet, names: Mapping[str, str], language: str) -> None:
        self._language, self._names = language, names
        self._words = {criterion.code: tuple(_words(criterion, names, language)) for criterion in sheet.criteria}
        self._points: dict[Decimal, str] = {}
        self._missing: dict[tuple[object, ...], str] = {}

    def sentence(self, row: CriterionScore) -> str:
        """The whole explanation: what was counted, what it rests on, how the points follow; or why it is pending."""
        words, language = self._words[row.criterion.code], self._language
        if row.state in (RowState.PENDING, RowState.ZEROED):
            return self._pending(row, words)
        parts = [said for one, value in zip(words, row.values, strict=True) for said in self._known(one, value, row)]
        if row.state is RowState.UNSCORED:
            parts.append(_UNSCORED.to(language))
        elif len(words) > 1 or isinstance(row.criterion.formula, SumFormula):
            parts.append(_SUM.to(language).format(points=self._pointed(row.points)))
        return _sentence(parts)

    def result(self, row: CriterionScore) -> str:
        """The figure alone: ``716/719 = 99,6%``, ``4``, ``chưa điền``; of several parts each."""
        return "; ".join(
            self._result(one, value) for one, value in zip(self._words[row.criterion.code], row.values, strict=True)
        )

    def documents(self, row: CriterionScore) -> tuple[str, ...]:
        """The papers that its values name, each once."""
        papers = (document_text(value.document, self._language) for value in row.values)
        return tuple(dict.fromkeys(paper for paper in papers if paper))

    def _known(self, one: _MeasureWords, value: MeasuredValue, row: CriterionScore) -> Iterator[str]:
        """What is said of one value; the first words of a part name it."""
        if value.status is not ValueStatus.KNOWN:
            yield self._titled(
                one, row, missing_text(one.measure, value, row.criterion.when_missing, self._language)[0]
            )
            return
        yield self._titled(one, row, one.said(value))
        yield from one.grounds(value)
        if one.earned is not None and row.points is not None:
            yield one.earned(value, self._pointed(row.points))
        elif isinstance(row.criterion.formula, SumFormula):
            if value.above_one:
                yield COUNTS_AS_ONE.to(self._language)
            yield self._part_points(one, value, row.criterion)

    def _titled(self, one: _MeasureWords, row: CriterionScore, said: str) -> str:
        if not one.title:
            return said
        number = self._words[row.criterion.code].index(one) + 1
        return _PART.to(self._language).format(number=number, title=one.title, said=said)

    def _part_points(self, one: _MeasureWords, value: MeasuredValue, criterion: Criterion) -> str:
        most = Fraction(criterion.maximum) * one.share
        assert one.formula is not None  # noqa: S101 - every part has one
        earned = most * share_of_maximum(one.formula, value.scored_number, value.choice, most)
        points, of = exact_text(earned, self._language), exact_text(most, self._language)
        return _PART_POINTS.to(self._language).format(points=points, most=of)

    def _pending(self, row: CriterionScore, words: tuple[_MeasureWords, ...]) -> str:
        """What nobody has given yet is worded once a criterion: units by the thousand lack the same."""
        if any(value.coverage is not None or value.unsure for value in row.values):
            return self._without_value(row, words)
        key = (row.criterion.code, row.state, *(value.status for value in row.values))
        text = self._missing.get(key)
        if text is None:
            text = self._missing[key] = self._without_value(row, words)
        return text

    def _without_value(self, row: CriterionScore, words: tuple[_MeasureWords, ...]) -> str:
        criterion, language = row.criterion, self._language
        missing = [
            (one, value, missing_text(one.measure, value, criterion.when_missing, language))
            for one, value in zip(words, row.values, strict=True)
            if value.status is not ValueStatus.KNOWN
        ]
        if not missing:
            return _sentence([_NOTHING_TO_GO_BY.to(language)])
        why = "; ".join(
            "; ".join([self._titled(one, row, reason), *unsure(value, self._names, language)])
            for one, value, (reason, _) in missing
        )
        if row.state is RowState.ZEROED:
            return _sentence([_ZEROED.to(language).format(why=why)])
        remedy = "; ".join(dict.fromkeys(remedy for _, _, (_, remedy) in missing))
        return _sentence([_PENDING.to(language).format(why=why, do=remedy)])

    def _result(self, one: _MeasureWords, value: MeasuredValue) -> str:
        if value.status is not ValueStatus.KNOWN:
            return _NO_VALUE[value.status].to(self._language)
        return result_text(value, one.measure, one.formula, self._language)

    def _pointed(self, points: Decimal | None) -> str:
        """Points recur by the thousand."""
        if points is None:
            return ""
        text = self._points.get(points)
        if text is None:
            text = self._points[points] = points_text(points, self._language)
        return text


def result_text(value: MeasuredValue, measure: Measure, formula: SimpleFormula | None, language: str) -> str:
    """A known value as an office writes it: a share of few things with both numbers, one of time as a cut percent."""
    if value.quantity is Quantity.CHOICE:
        return choice_text(value.choice, formula, language)
    if value.quantity is not Quantity.SHARE:
        return amount_text(value.number, value.quantity, language)
    if isinstance(measure, BooleanMeasure | FactMeasure) and value.denominator == 1 and value.numerator in (0, 1):
        return (_YES if value.numerator else _NO).to(language)
    few = is_short(value.numerator) and is_short(value.denominator)
    if not few or (isinstance(measure, UptimeMeasure) and value.source is Origin.MEASURED):
        return cut_percent(value.numerator, value.denominator, language)
    k, n = (exact_text(number, language) for number in (value.numerator, value.denominator))
    return f"{k}/{n} = {house_percent(value.numerator, value.denominator, language)}"


def _words(criterion: Criterion, names: Mapping[str, str], language: str) -> Iterator[_MeasureWords]:
    formula = criterion.formula
    if isinstance(formula, SumFormula):
        for part in formula.parts:
            quantity = quantity_of(part.measure)
            said = wording(part.measure, part.formula, language)
            known = grounds(part.measure, names, language)
            title = part.title.to(language)
            yield _MeasureWords(part.measure, part.formula, quantity, part.share, title, said, known, None)
    elif criterion.measure is not None:
        simple = None if isinstance(formula, UnscoredFormula) else formula
        measure, quantity = criterion.measure, quantity_of(criterion.measure)
        earned = reckoning(simple, quantity, criterion.maximum, language) if simple and criterion.scored else None
        said, known = wording(measure, simple, language), grounds(measure, names, language)
        yield _MeasureWords(measure, simple, quantity, Fraction(1), "", said, known, earned)


def _sentence(parts: list[str]) -> str:
    """With a capital and a full stop."""
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
