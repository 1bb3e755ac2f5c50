"""From the rows of a formula to the formula, exact, with everything in it that cannot be meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from agent.inventory.findings import Finding, Located
from agent.scoring.document.formula_rows import (
    FORMULA_ROWS,
    CappedRow,
    ChoiceRow,
    FormulaRow,
    LinearRow,
    PartRow,
    StepRow,
    StepsRow,
    SumRow,
    ThresholdRow,
    WorthKeys,
)
from agent.scoring.document.kinds import OfKind, of_kind, wholly_valid
from agent.scoring.document.measures import read_measure
from agent.scoring.document.numbers import exact_text
from agent.scoring.document.types import Bound
from agent.scoring.formulas import (
    CappedFormula,
    ChoiceFormula,
    Formula,
    LinearFormula,
    Part,
    PointsFormula,
    PointsStep,
    RatioFormula,
    StepsFormula,
    SumFormula,
    ThresholdFormula,
    UnscoredFormula,
)
from agent.scoring.measures import Measure, Quantity, quantity_of
from agent.text import Text

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Scored:
    """What a formula scores: a quantity worth so many points. quantity None: not known; maximum None: likewise."""

    quantity: Quantity | None
    maximum: Fraction | None


def read_scoring(
    formula_at: Located[object], measure_at: Located[object], maximum: Fraction | None, findings: list[Finding]
) -> tuple[Formula | None, Measure | None]:
    """A formula and the measure that it scores; None for what is faulty, and for a measure that is not needed."""
    found = of_kind(formula_at, FORMULA_ROWS, findings)
    kind = "" if found is None else found.kind
    measure = None
    if kind == "sum":
        if measure_at.value is not None:
            findings.append(Finding(measure_at.at(), "measure_beside_sum"))
    elif measure_at.value is not None:
        measure = read_measure(measure_at, kind, findings)
    elif kind != "unscored":
        findings.append(Finding(formula_at.at(), "measure_missing"))
    if found is None:
        return None, measure
    quantity = None if measure is None else quantity_of(measure)
    return _formula(found, formula_at, Scored(quantity, maximum), findings), measure


def _formula(found: OfKind[FormulaRow], at: Located[object], scored: Scored, findings: list[Finding]) -> Formula | None:
    match found.row:
        case StepsRow() as row:
            return _steps(row, at, scored, findings)
        case ThresholdRow() as row:
            return _threshold(row, at, scored, findings)
        case LinearRow() as row:
            return _linear(row, at, scored, findings)
        case CappedRow() as row:
            return _capped(row, at, scored, findings)
        case ChoiceRow() as row:
            return _choice(row, at, scored, findings)
        case SumRow() as row:
            return _sum(row, at, scored, findings)
        case _:
            return _WITHOUT_KEYS[found.kind]()


_WITHOUT_KEYS: dict[str, Callable[[], Formula]] = {
    "ratio": RatioFormula,
    "points": PointsFormula,
    "unscored": UnscoredFormula,
}


def _bound(value: Bound, at: Located[object], key: str, scored: Scored, findings: list[Finding]) -> Fraction:
    """The number that a bound stands for: of a day its ordinal."""
    if isinstance(value, date):
        if scored.quantity not in (None, Quantity.DATE):
            findings.append(Finding(at.at(key), "bound_is_day", {"value": value.isoformat()}))
        return Fraction(value.toordinal())
    if scored.quantity is Quantity.DATE:
        findings.append(Finding(at.at(key), "bound_no_day"))
    if scored.quantity is Quantity.SHARE and value > 1:
        findings.append(Finding(at.at(key), "share_above_one", {"value": exact_text(value)}))
    return value


def _worth(row: WorthKeys, at: Located[object], maximum: Fraction | None, findings: list[Finding]) -> Fraction | None:
    """As a share of the maximum; None where that cannot be told."""
    if (row.points is None) == (row.share is None):
        findings.append(Finding(at.at(), "one_worth"))
        return None
    if row.share is not None:
        return row.share
    points = Fraction(row.points or 0)
    if not maximum:
        return None
    if points > maximum:
        values = {"points": str(row.points), "maximum": exact_text(maximum)}
        findings.append(Finding(at.at("points"), "points_above", values))
        return None
    return points / maximum


def _one_bound(row: StepRow | ThresholdRow, at: Located[object], findings: list[Finding]) -> tuple[str, Bound] | None:
    """The key and the value of the bound that it has."""
    bounds = [
        (key, value) for key, value in (("at_least", row.at_least), ("at_most", row.at_most)) if value is not None
    ]
    if len(bounds) == 1:
        return bounds[0]
    findings.append(Finding(at.at(), "one_bound"))
    return None


def _steps(row: StepsRow, at: Located[object], scored: Scored, findings: list[Finding]) -> StepsFormula | None:
    steps: list[tuple[Located[object], PointsStep]] = []
    keys: set[str] = set()
    sure = True
    for index, step in enumerate(row.steps):
        place: Located[object] = Located(at.source, (*at.trail, "steps", index), step)
        share = _worth(step, place, scored.maximum, findings)
        if (bound := _one_bound(step, place, findings)) is None:
            return None
        keys.add(bound[0])
        sure = sure and share is not None
        steps.append((place, PointsStep(_bound(bound[1], place, bound[0], scored, findings), share or _ZERO)))
    if len(keys) > 1:
        findings.append(Finding(at.at("steps"), "steps_mixed"))
        return None
    at_most = keys == {"at_most"}
    steps.sort(key=lambda step: step[1].bound, reverse=at_most)
    if sure:
        _check_rising(steps, findings)
    return StepsFormula(tuple(step for _, step in steps), at_most)


def _check_rising(steps: Sequence[tuple[Located[object], PointsStep]], findings: list[Finding]) -> None:
    """From the easiest to the hardest each must be worth more than the one before, and have a bound of its own."""
    for (_, easier), (place, harder) in pairwise(steps):
        if harder.bound == easier.bound:
            findings.append(Finding(place.at(), "step_twice"))
        elif harder.share <= easier.share:
            findings.append(Finding(place.at(), "steps_falling"))


def _threshold(
    row: ThresholdRow, at: Located[object], scored: Scored, findings: list[Finding]
) -> ThresholdFormula | None:
    if (bound := _one_bound(row, at, findings)) is None:
        return None
    key, value = bound
    number = _bound(value, at, key, scored, findings)
    if row.proportional and scored.quantity is Quantity.DATE:
        findings.append(Finding(at.at("proportional"), "proportional_day"))
    elif row.proportional and not number:
        findings.append(Finding(at.at(key), "bound_zero"))
    return ThresholdFormula(number, key == "at_most", row.proportional)


def _linear(row: LinearRow, at: Located[object], scored: Scored, findings: list[Finding]) -> LinearFormula:
    start = _bound(row.start, at, "from", scored, findings)
    end = _bound(row.end, at, "to", scored, findings)
    if start == end:
        findings.append(Finding(at.at("to"), "linear_flat"))
    return LinearFormula(start, end)


def _capped(row: CappedRow, at: Located[object], scored: Scored, findings: list[Finding]) -> CappedFormula:
    if not row.cap:
        findings.append(Finding(at.at("cap"), "bound_zero"))
    return CappedFormula(_bound(row.cap, at, "cap", scored, findings))


def _choice(row: ChoiceRow, at: Located[object], scored: Scored, findings: list[Finding]) -> ChoiceFormula:
    shares: dict[str, Fraction] = {}
    titles: dict[str, Text] = {}
    for index, option in enumerate(row.choices):
        place: Located[object] = Located(at.source, (*at.trail, "choices", index), option)
        if option.word in shares:
            findings.append(Finding(place.at("word"), "word_twice", {"word": option.word}))
        shares[option.word] = _worth(option, place, scored.maximum, findings) or _ZERO
        titles[option.word] = option.title or Text(option.word, option.word)
    return ChoiceFormula(shares, titles)


def _sum(row: SumRow, at: Located[object], scored: Scored, findings: list[Finding]) -> SumFormula | None:
    read = [
        _part(Located(at.source, (*at.trail, "parts", index), data), scored.maximum, findings)
        for index, data in enumerate(row.parts)
    ]
    parts = tuple(part for part in read if part is not None)
    if sum((part.share for part in parts), _ZERO) > 1:
        findings.append(Finding(at.at("parts"), "parts_above"))
    return SumFormula(parts)


def _part(at: Located[object], maximum: Fraction | None, findings: list[Finding]) -> Part | None:
    row = wholly_valid(PartRow, at, at.value, findings)
    if row is None:
        return None
    share = _worth(row, at, maximum, findings)
    own = None if maximum is None or share is None else maximum * share
    formula_at: Located[object] = Located(at.source, (*at.trail, "formula"), row.formula)
    measure_at: Located[object] = Located(at.source, (*at.trail, "measure"), row.measure)
    formula, measure = read_scoring(formula_at, measure_at, own, findings)
    if isinstance(formula, SumFormula | UnscoredFormula):
        findings.append(Finding(formula_at.at(), "part_kind"))
        return None
    if formula is None or measure is None or share is None:
        return None
    return Part(row.title, share, measure, formula)
