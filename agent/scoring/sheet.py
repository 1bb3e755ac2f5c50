"""A score sheet: criteria in groups, with what each measures, how points follow and what missing data means. Data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from agent.scoring.formulas import Formula, SumFormula, UnscoredFormula
from agent.scoring.measures import Measure
from agent.text import Text


class WhenMissing(StrEnum):
    """What a criterion is worth when its value is missing or rests on too little; never full marks."""

    PENDING = "pending"
    ZERO = "zero"
    MANUAL = "manual"  # the clerk's own figure takes its place; pending until there is one


@dataclass(frozen=True, slots=True)
class CriterionGroup:
    """A bold row of the sheet. maximum: of all criteria in it, those of groups below it too. parent: "" for none."""

    code: str
    title: Text
    maximum: Decimal
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row with points. method: how the sheet says to count; evidence: what it asks for; verifier: who checks it.

    measure: None where the formula's parts have their own, and for what is only shown without a figure.
    """

    code: str
    title: Text
    group: str
    maximum: Decimal
    formula: Formula
    measure: Measure | None = None
    when_missing: WhenMissing = WhenMissing.PENDING
    method: str = ""
    evidence: str = ""
    verifier: str = ""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure whose value it needs, in order."""
        if isinstance(self.formula, SumFormula):
            return tuple(part.measure for part in self.formula.parts)
        return () if self.measure is None else (self.measure,)

    @property
    def scored(self) -> bool:
        """Whether it is worth points at all."""
        return not isinstance(self.formula, UnscoredFormula) and self.maximum > 0


@dataclass(frozen=True, slots=True)
class RowCells:
    """Where a criterion stands in the clerk's workbook; "" where the workbook has no such column."""

    code: str
    points: str
    explanation: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class FormSource:
    """The workbook that a sheet was read from: its name, SHA-256, the tab with the table, and the criteria's cells."""

    name: str
    sha256: str
    tab: str
    rows: tuple[RowCells, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Criteria of a decision, valid in [valid_from, valid_to], for units of the levels named.

    decimals: of points; each row is rounded half up to so many. illustrative: no authority issued it. digest: SHA-256
    of what it says, in its canonical form. form: None where it was not read from a workbook.
    """

    id: str
    title: Text
    legal_reference: str
    maximum: Decimal
    decimals: int
    levels: tuple[str, ...]
    groups: tuple[CriterionGroup, ...]
    criteria: tuple[Criterion, ...]
    valid_from: date
    valid_to: date | None = None
    illustrative: bool = False
    digest: str = ""
    form: FormSource | None = field(default=None)

    def in_force(self, first: date, last: date) -> bool:
        """Whether it is on all of these days, both included."""
        return self.valid_from <= first and (self.valid_to is None or last <= self.valid_to)

    def criteria_of(self, group: str) -> Iterator[Criterion]:
        """The criteria of a group and of those below it, in the order of the sheet."""
        below = {group}
        for inner in self.groups:  # a group stands after the one that it belongs to
            if inner.parent in below:
                below.add(inner.code)
        return (criterion for criterion in self.criteria if criterion.group in below)
