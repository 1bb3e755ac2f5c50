"""Formulas as a score sheet writes them: one kind, one set of keys. What they become: formulas.py beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from agent.inventory.schema.types import Id
from agent.probes.options import STRICT
from agent.scoring.document.types import Exact, Points, Share, Title, Turn

MAX_STEPS = 50
MAX_PARTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthKeys:
    """What something is worth: in points, or as a share of the criterion's maximum; one of the two."""

    __pydantic_config__ = STRICT
    points: Points | None = None
    share: Share | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioRow:
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow(WorthKeys):
    """One step; all of a formula say at_least, or all at_most."""

    __pydantic_config__ = STRICT
    at_least: Turn | None = None
    at_most: Turn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsRow:
    __pydantic_config__ = STRICT
    steps: Annotated[tuple[StepRow, ...], Field(min_length=1, max_length=MAX_STEPS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdRow:
    __pydantic_config__ = STRICT
    at_least: Turn | None = None
    at_most: Turn | None = None
    proportional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearRow:
    """``from`` is a Python word: start."""

    __pydantic_config__ = STRICT
    start: Annotated[Turn, Field(alias="from")]
    end: Annotated[Turn, Field(alias="to")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CappedRow:
    __pydantic_config__ = STRICT
    cap: Exact


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceOptionRow(WorthKeys):
    __pydantic_config__ = STRICT
    word: Id
    title: Title | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRow:
    __pydantic_config__ = STRICT
    choices: Annotated[tuple[ChoiceOptionRow, ...], Field(min_length=2, max_length=MAX_STEPS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow(WorthKeys):
    """measure, formula: read by their own kinds."""

    __pydantic_config__ = STRICT
    title: Title
    measure: Any
    formula: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SumRow:
    """parts: read one by one."""

    __pydantic_config__ = STRICT
    parts: Annotated[tuple[Any, ...], Field(min_length=1, max_length=MAX_PARTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRow:
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class UnscoredRow:
    __pydantic_config__ = STRICT


FormulaRow = RatioRow | StepsRow | ThresholdRow | LinearRow | CappedRow | ChoiceRow | SumRow | PointsRow | UnscoredRow

FORMULA_ROWS: Mapping[str, type[FormulaRow]] = {
    "ratio": RatioRow,
    "steps": StepsRow,
    "threshold": ThresholdRow,
    "linear": LinearRow,
    "capped": CappedRow,
    "choice": ChoiceRow,
    "sum": SumRow,
    "points": PointsRow,
    "unscored": UnscoredRow,
}
