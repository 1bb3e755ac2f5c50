"""What a sheet asks of a person, and the columns in which a person answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from agent.scoring.formulas import ChoiceFormula, Formula, SumFormula
from agent.scoring.measures import UNNAMED, ExternalMeasure, ManualMeasure, Measure, Quantity, quantity_of
from agent.scoring.sheet import Criterion, ScoreSheet, WhenMissing
from agent.text import Text


class ValueColumn(StrEnum):
    """The columns of a file of given values."""

    UNIT = "unit"
    UNIT_NAME = "unit_name"
    CRITERION = "criterion"
    TITLE = "title"
    PART = "part"
    ASKED = "asked"
    A = "a"
    B = "b"
    CHOICE = "choice"
    DOCUMENT = "document"
    DATE = "date"
    NOTE = "note"


HEADINGS: Mapping[ValueColumn, Text] = {
    ValueColumn.UNIT: Text("Mã đơn vị", "Unit id"),
    ValueColumn.UNIT_NAME: Text("Tên đơn vị", "Unit name"),
    ValueColumn.CRITERION: Text("Mã tiêu chí", "Criterion code"),
    ValueColumn.TITLE: Text("Tiêu chí", "Criterion"),
    ValueColumn.PART: Text("Phần", "Part"),
    ValueColumn.ASKED: Text("Cần điền", "What to fill in"),
    ValueColumn.A: Text("Giá trị (a)", "Value (a)"),
    ValueColumn.B: Text("Trên tổng số (b)", "Of (b)"),
    ValueColumn.CHOICE: Text("Lựa chọn", "Choice"),
    ValueColumn.DOCUMENT: Text("Số văn bản", "Document number"),
    ValueColumn.DATE: Text("Ngày văn bản", "Document date"),
    ValueColumn.NOTE: Text("Ghi chú", "Note"),
}


@dataclass(frozen=True, slots=True)
class AskedValue:
    """One value that a person gives. part: its place among the measures of the criterion, from 0; parts: how many.

    most: points that it may be at most, None for what is no points. words: what may be chosen, by word. required: the
    record of the agent has no figure of its own for it.
    """

    criterion: Criterion
    part: int
    parts: int
    title: Text
    quantity: Quantity
    a: Text = UNNAMED
    b: Text = UNNAMED
    most: Decimal | None = None
    words: Mapping[str, Text] = field(default_factory=dict)
    required: bool = True
    source: str = ""


def asked_values(sheet: ScoreSheet) -> tuple[AskedValue, ...]:
    """In the order of the sheet: what comes from a person alone, and what a person may fill in where it is missing."""
    return tuple(asked for criterion in sheet.criteria for asked in _of_criterion(criterion))


def _of_criterion(criterion: Criterion) -> Iterator[AskedValue]:
    measures = criterion.measures
    for place, measure in enumerate(measures):
        given = isinstance(measure, ManualMeasure | ExternalMeasure)
        if given or criterion.when_missing is WhenMissing.MANUAL:
            yield _asked(criterion, place, measure, required=given)


def _asked(criterion: Criterion, place: int, measure: Measure, *, required: bool) -> AskedValue:
    title, formula, maximum = criterion.title, criterion.formula, criterion.maximum
    part_formula: Formula = formula
    if isinstance(formula, SumFormula):
        part = formula.parts[place]
        title, part_formula = part.title, part.formula
        share = part.share
        maximum = maximum * share.numerator / share.denominator
    quantity = quantity_of(measure)
    return AskedValue(
        criterion,
        place,
        len(criterion.measures),
        title,
        quantity,
        a=measure.a if isinstance(measure, ManualMeasure) else UNNAMED,
        b=measure.b if isinstance(measure, ManualMeasure) else UNNAMED,
        most=maximum if quantity is Quantity.POINTS else None,
        words=_words(part_formula),
        required=required,
        source=measure.source if isinstance(measure, ExternalMeasure) else "",
    )


def _words(formula: Formula) -> Mapping[str, Text]:
    if not isinstance(formula, ChoiceFormula):
        return {}
    return {word: formula.titles.get(word, Text(word, word)) for word in formula.shares}
