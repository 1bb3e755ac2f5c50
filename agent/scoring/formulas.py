"""From a value to a share of a criterion's points: the formula kinds of real sheets, as data and as exact arithmetic.

Nothing is rounded here: formulas take the exact fraction, thresholds compare exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from agent.scoring.measures import Measure
from agent.text import Text

NONE, FULL = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class RatioFormula:
    """The share itself: a/b x max; above 1 it counts as 1."""


@dataclass(frozen=True, slots=True)
class PointsStep:
    """From that bound on, so much of the maximum."""

    bound: Fraction
    share: Fraction


@dataclass(frozen=True, slots=True)
class StepsFormula:
    """The share of the best step whose bound is reached: at least, or with at_most at most; none reached: 0.

    steps: the easiest bound first.
    """

    steps: tuple[PointsStep, ...]
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class ThresholdFormula:
    """All from the bound on (with at_most up to it); else nothing, or if proportional value/bound (bound/value)."""

    bound: Fraction
    at_most: bool = False
    proportional: bool = False


@dataclass(frozen=True, slots=True)
class LinearFormula:
    """Nothing at start, all at end, in between on the line; with end below start less is better."""

    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class CappedFormula:
    """Value/cap of the maximum; above the cap it counts as the cap."""

    cap: Fraction


@dataclass(frozen=True, slots=True)
class ChoiceFormula:
    """By the word that was chosen; shares and what the words mean, by word."""

    shares: Mapping[str, Fraction]
    titles: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Part:
    """One of several conditions of a criterion: what of the maximum it is worth, measured and scored for itself."""

    title: Text
    share: Fraction
    measure: Measure
    formula: SimpleFormula


@dataclass(frozen=True, slots=True)
class SumFormula:
    """The sum of its parts; their shares together are 1 at most."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PointsFormula:
    """The points are what was filled in, the maximum at most."""


@dataclass(frozen=True, slots=True)
class UnscoredFormula:
    """Shown, and worth nothing."""


SimpleFormula = (
    RatioFormula | StepsFormula | ThresholdFormula | LinearFormula | CappedFormula | ChoiceFormula | PointsFormula
)
Formula = SimpleFormula | SumFormula | UnscoredFormula


def share_of_maximum(formula: SimpleFormula, value: Fraction, choice: str, maximum: Fraction) -> Fraction:
    """How much of the maximum the value earns, 0 to 1, exact. choice: the word, for ``ChoiceFormula`` alone.

    maximum: in points, for ``PointsFormula`` alone. KeyError for a word that the formula does not have.
    """
    match formula:
        case RatioFormula():
            share = value
        case StepsFormula():
            reached = [step.share for step in formula.steps if _reaches(value, step.bound, at_most=formula.at_most)]
            share = max(reached, default=NONE)
        case ThresholdFormula():
            share = _threshold(formula, value)
        case LinearFormula():
            share = (value - formula.start) / (formula.end - formula.start)
        case CappedFormula():
            share = value / formula.cap
        case ChoiceFormula():
            share = formula.shares[choice]
        case PointsFormula():
            share = value / maximum if maximum else NONE
    return min(max(share, NONE), FULL)


def _reaches(value: Fraction, bound: Fraction, *, at_most: bool) -> bool:
    return value <= bound if at_most else value >= bound


def _threshold(formula: ThresholdFormula, value: Fraction) -> Fraction:
    if _reaches(value, formula.bound, at_most=formula.at_most):
        return FULL
    if not formula.proportional:
        return NONE
    return formula.bound / value if formula.at_most else value / formula.bound
