"""Scores as JSON, as types: what docs/score.schema.json is generated from. Instants in ISO, points as decimals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from agent.scoring.evaluation import RowState
from agent.scoring.evidence import UnitBasis
from agent.scoring.measures import Quantity
from agent.scoring.values import Origin, ValueStatus
from exporters.reports.json_document import EXACT, Count, Instant, Milliseconds

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Points = Annotated[str, Field(pattern=r"^\d+(\.\d+)?$", description="with the digits of the sheet")]
Difference = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$")]
Whole = Annotated[str, Field(pattern=r"^-?\d{1,1000}$", description="a whole number of up to 1,000 digits, as text")]
Share = Annotated[str, Field(pattern=r"^-?\d+\.\d{4}$", description="percent, truncated, never rounded up")]
Place = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class ScoreGroupJson:
    """A group of the sheet; parent: the one that it belongs to, null for none."""

    __pydantic_config__ = EXACT

    code: str
    title: str
    parent: str | None
    maximum: Points


@dataclass(frozen=True, slots=True)
class CriterionJson:
    """A row of the sheet; measures: the kinds of what it measures, in the order of its values."""

    __pydantic_config__ = EXACT

    code: str
    title: str
    group: str
    maximum: Points
    scored: bool
    formula: str
    measures: tuple[str, ...]
    when_missing: Literal["pending", "zero", "manual"]
    method: str
    evidence: str
    verifier: str


@dataclass(frozen=True, slots=True)
class ScoreSheetJson:
    """digest: SHA-256 of what the sheet says. illustrative: no authority issued it."""

    __pydantic_config__ = EXACT

    id: str
    title: str
    legal_reference: str
    digest: str
    illustrative: bool
    maximum: Points
    decimals: Count
    levels: tuple[str, ...]
    valid_from: Day
    valid_to: Day | None
    groups: tuple[ScoreGroupJson, ...]
    criteria: tuple[CriterionJson, ...]


@dataclass(frozen=True, slots=True)
class ScorePeriodJson:
    """[start, end); first and last: its days."""

    __pydantic_config__ = EXACT

    first: Day
    last: Day
    start: Instant
    end: Instant
    zone: str


@dataclass(frozen=True, slots=True)
class ScoreMethodJson:
    """units: under which units targets count. repeat: the command that gives the same again."""

    __pydantic_config__ = EXACT

    units: UnitBasis
    software: str
    tzdata: str
    observer: str
    first_seq: Count
    last_seq: Count
    head: str
    inventory: str
    repeat: str


@dataclass(frozen=True, slots=True)
class TotalJson:
    """earned + possible + lost = maximum. full: how many of the scored rows earned everything."""

    __pydantic_config__ = EXACT

    earned: Points
    possible: Points
    lost: Points
    maximum: Points
    full: Count
    rows: Count
    pending: Count


@dataclass(frozen=True, slots=True)
class GroupPointsJson:
    """The total of a group, those below it included."""

    __pydantic_config__ = EXACT

    group: str
    total: TotalJson


@dataclass(frozen=True, slots=True)
class PlaceJson:
    """best and worst are equal unless rows are pending."""

    __pydantic_config__ = EXACT

    best: Place
    worst: Place
    of: Place


@dataclass(frozen=True, slots=True)
class DocumentJson:
    """The paper behind a person's word; "" and null where that is not said."""

    __pydantic_config__ = EXACT

    number: str
    dated: Day | None
    note: str


@dataclass(frozen=True, slots=True)
class ValueJson:
    """One measured, declared or given value; null where there is none.

    exact: numerator and denominator, null without a value or with more than 1,000 digits. percent: of a share. choice:
    the word of the sheet. coverage: known of counted time. lacking, unsure: up to 50 ids. amended: as signed
    corrections make it.
    """

    __pydantic_config__ = EXACT

    status: ValueStatus
    quantity: Quantity
    source: Origin
    exact: tuple[Whole, Whole] | None
    percent: Share | None
    choice: str | None
    day: Day | None
    calendar: str
    coverage: Share | None
    excluded_ms: Milliseconds
    members: Count
    lacking: tuple[str, ...]
    unsure: tuple[str, ...]
    amended: Share | None
    document: DocumentJson | None


@dataclass(frozen=True, slots=True)
class PredecessorJson:
    """What a unit of then earned in the row, exact as numerator/denominator; null while pending or too long."""

    __pydantic_config__ = EXACT

    unit: str
    points: Annotated[str, Field(pattern=r"^\d+(/\d+)?$")] | None


@dataclass(frozen=True, slots=True)
class RowJson:
    """points: null while pending. result and explanation: for people, in the language of the report.

    predecessors: the units of then whose mean the points are.
    """

    __pydantic_config__ = EXACT

    criterion: str
    state: RowState
    points: Points | None
    values: tuple[ValueJson, ...]
    predecessors: tuple[PredecessorJson, ...]
    result: str
    explanation: str


@dataclass(frozen=True, slots=True)
class UnitJson:
    """before: the total of the period before; delta: points more than then, null where either is provisional."""

    __pydantic_config__ = EXACT

    unit: str
    code: str
    name: str
    level: str
    parent: str
    total: TotalJson
    place: PlaceJson
    before: TotalJson | None
    delta: Difference | None
    groups: tuple[GroupPointsJson, ...]
    criteria: tuple[RowJson, ...]


@dataclass(frozen=True, slots=True)
class ScoreJson:
    """Scores of units by one sheet. unverified: why nobody vouches for them, null where the ledger was verified."""

    __pydantic_config__ = EXACT

    version: Literal[1]
    unverified: str | None
    language: Literal["vi", "en"]
    organisation: str
    sheet: ScoreSheetJson
    period: ScorePeriodJson
    as_of: Instant
    method: ScoreMethodJson
    before: str
    units: tuple[UnitJson, ...]


SCORE_DOCUMENT = TypeAdapter(ScoreJson)
