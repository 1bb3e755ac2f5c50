"""How points follow from a value, as the last part of a sentence: ``điểm = 30/33 × 20 = 18,182``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from agent.scoring.explanations.numbers import (
    amount_text,
    cut_percent,
    exact_text,
    is_short,
    percent_text,
    points_text,
)
from agent.scoring.formulas import (
    CappedFormula,
    ChoiceFormula,
    LinearFormula,
    PointsFormula,
    RatioFormula,
    SimpleFormula,
    StepsFormula,
    ThresholdFormula,
)
from agent.scoring.measures import Quantity
from agent.scoring.values import MeasuredValue
from agent.text import Text

Reckoning = Callable[[MeasuredValue, str], str]
"""Words a value and the text of its points."""

_RATIO = Text("điểm = {share} × {most} = {points}", "points = {share} × {most} = {points}")
COUNTS_AS_ONE = Text("tỷ lệ trên 1 được tính là 1", "a share above 1 counts as 1")
_ABOVE = Text("tỷ lệ trên 1 được tính là 1: điểm = {points}", "a share above 1 counts as 1: points = {points}")
_STEP = Text(
    "đạt mức {kept}, được {share} điểm tối đa: điểm = {points}",
    "the step “{kept}” is worth {share} of the maximum: points = {points}",
)
_NO_STEP = Text(
    "không đạt mức nào (mức thấp nhất: {kept}): điểm = {points}",
    "no step is reached (the first: {kept}): points = {points}",
)
_REACHED = Text(
    "đạt ngưỡng {kept} nên được điểm tối đa: điểm = {points}",
    "the bound “{kept}” is kept and earns the maximum: points = {points}",
)
_MISSED = Text("không đạt ngưỡng {kept}: điểm = {points}", "the bound “{kept}” is not reached: points = {points}")
_PASSED = Text("vượt ngưỡng {kept}: điểm = {points}", "the bound “{kept}” is not kept: points = {points}")
_NEAR = Text(
    "không đạt ngưỡng {kept} nên tính theo tỷ lệ: điểm = {above} ÷ {below} × {most} = {points}",
    "the bound “{kept}” is not reached, so in proportion: points = {above} ÷ {below} × {most} = {points}",
)
_NEAR_ABOVE = Text(
    "vượt ngưỡng {kept} nên tính theo tỷ lệ: điểm = {above} ÷ {below} × {most} = {points}",
    "the bound “{kept}” is not kept, so in proportion: points = {above} ÷ {below} × {most} = {points}",
)
_LINE = Text(
    "điểm tăng đều từ 0 ở mức {start} đến tối đa ở mức {end}: điểm = {points}",
    "points rise evenly from 0 at {start} to the maximum at {end}: points = {points}",
)
_CAPPED = Text("điểm = {value} ÷ {cap} × {most} = {points}", "points = {value} ÷ {cap} × {most} = {points}")
_ABOVE_CAP = Text("vượt mức {cap} nên tính là {cap}: điểm = {points}", "above {cap} counts as {cap}: points = {points}")
_CHOICE = Text(
    "mức này được {share} điểm tối đa: điểm = {points}", "that is worth {share} of the maximum: points = {points}"
)
_NOT_BEYOND = Text(
    "vượt điểm tối đa {most} nên tính bằng điểm tối đa: điểm = {points}",
    "more than the maximum of {most}, which counts: points = {points}",
)
_POINTS = Text("điểm = {points}", "points = {points}")
_AT_LEAST = Text("từ {bound} trở lên", "{bound} or more")
_AT_MOST = Text("không quá {bound}", "{bound} at most")


def reckoning(formula: SimpleFormula, quantity: Quantity, most: Decimal, language: str) -> Reckoning:
    """The words for a known value. most: the points that the formula can earn; quantity: of the measure."""
    words = _Reckoner(quantity, most, language).of(formula)
    if quantity is not Quantity.SHARE or isinstance(formula, RatioFormula):
        return words
    first = COUNTS_AS_ONE.to(language)

    def counted(value: MeasuredValue, points: str) -> str:
        if not value.above_one:
            return words(value, points)
        return f"{first}; {words(replace(value, numerator=Fraction(1), denominator=Fraction(1)), points)}"

    return counted


@dataclass(frozen=True, slots=True)
class _Reckoner:
    quantity: Quantity
    most: Decimal
    language: str

    def of(self, formula: SimpleFormula) -> Reckoning:
        match formula:
            case RatioFormula():
                return self._ratio()
            case StepsFormula():
                return self._steps(formula)
            case ThresholdFormula():
                return self._threshold(formula)
            case LinearFormula(start, end):
                line = self._form(_LINE, start=self._amount(start), end=self._amount(end))
                return lambda _, points: line.format(points=points)
            case CappedFormula(cap):
                return self._capped(cap)
            case ChoiceFormula(shares):
                form = self._form(_CHOICE)
                worth = {word: percent_text(share, self.language) for word, share in shares.items()}
                return lambda value, points: form.format(share=worth[value.choice], points=points)
            case PointsFormula():
                form, beyond, most = self._form(_POINTS), self._form(_NOT_BEYOND), Fraction(self.most)
                return lambda value, points: (beyond if value.number > most else form).format(points=points)

    def _form(self, text: Text, **fields: str) -> str:
        """The text with everything filled in but the value and its points."""
        kept = {name: f"{{{name}}}" for name in ("share", "points", "above", "below", "value")}
        return text.to(self.language).format(**{**kept, "most": points_text(self.most, self.language), **fields})

    def _amount(self, number: Fraction) -> str:
        return amount_text(number, self.quantity, self.language)

    def _kept(self, bound: Fraction, *, at_most: bool) -> str:
        return (_AT_MOST if at_most else _AT_LEAST).to(self.language).format(bound=self._amount(bound))

    def _own(self, value: MeasuredValue) -> str:
        return share_text(value, self.language) if self.quantity is Quantity.SHARE else self._amount(value.number)

    def _ratio(self) -> Reckoning:
        form, above = self._form(_RATIO), self._form(_ABOVE)

        def words(value: MeasuredValue, points: str) -> str:
            if value.above_one:
                return above.format(points=points)
            return form.format(share=self._own(value), points=points)

        return words

    def _steps(self, formula: StepsFormula) -> Reckoning:
        most = formula.at_most
        steps = [
            (
                step.bound,
                step.share,
                self._form(
                    _STEP, kept=self._kept(step.bound, at_most=most), share=percent_text(step.share, self.language)
                ),
            )
            for step in reversed(formula.steps)
        ]
        none = self._form(_NO_STEP, kept=self._kept(formula.steps[0].bound, at_most=most))

        def words(value: MeasuredValue, points: str) -> str:
            number = value.number
            reached = [step for step in steps if (number <= step[0] if most else number >= step[0])]
            form = max(reached, key=lambda step: step[1])[2] if reached else none
            return form.format(points=points)

        return words

    def _threshold(self, formula: ThresholdFormula) -> Reckoning:
        bound, most = formula.bound, formula.at_most
        kept, limit = self._kept(bound, at_most=most), self._amount(bound)
        texts = (_REACHED, _PASSED, _NEAR_ABOVE) if most else (_REACHED, _MISSED, _NEAR)
        reached, missed, near = (self._form(text, kept=kept) for text in texts)

        def words(value: MeasuredValue, points: str) -> str:
            number = value.number
            if number <= bound if most else number >= bound:
                return reached.format(points=points)
            if not formula.proportional:
                return missed.format(points=points)
            above, below = (limit, self._own(value)) if most else (self._own(value), limit)
            return near.format(above=above, below=below, points=points)

        return words

    def _capped(self, cap: Fraction) -> Reckoning:
        form, beyond = (self._form(text, cap=self._amount(cap)) for text in (_CAPPED, _ABOVE_CAP))

        def words(value: MeasuredValue, points: str) -> str:
            if value.number > cap:
                return beyond.format(points=points)
            return form.format(value=self._own(value), points=points)

        return words


def share_text(value: MeasuredValue, language: str) -> str:
    """The exact share as it goes into the points: ``30/33``; where that is too long, cut with an ellipsis."""
    above, below = value.numerator, value.denominator
    if is_short(above) and is_short(below):
        text = exact_text(above, language)
        return text if below == 1 else f"{text}/{exact_text(below, language)}"
    cut = cut_percent(above, below, language)
    return cut if (value.number * 10_000).denominator == 1 else f"{cut[:-1]}…%"
