"""The sections of a score sheet, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field

from agent.inventory.schema.types import Day, Id, Name
from agent.probes.options import STRICT
from agent.scoring.document.types import Cell, Code, Decimals, Ids, MaybeCell, Points, Sha256, Title, Words

MAX_GROUPS = 200
MAX_CRITERIA = 1_000
MAX_GROUP_DEPTH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidRow:
    """The days on which the sheet is in force, both included."""

    __pydantic_config__ = STRICT
    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day | None, Field(alias="to")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    __pydantic_config__ = STRICT
    id: Id
    title: Title
    legal_reference: Words = ""
    valid: ValidRow
    maximum: Points
    decimals: Decimals
    levels: Ids
    illustrative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """maximum: None where the criteria say it."""

    __pydantic_config__ = STRICT
    code: Code
    title: Title
    maximum: Points | None = None
    parent: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """measure, formula: read by their own kinds. maximum: None for what is only shown."""

    __pydantic_config__ = STRICT
    code: Code
    title: Title
    group: Code
    maximum: Points | None = None
    measure: Any = None
    formula: Any
    when_missing: Literal["pending", "zero", "manual"] = "pending"
    method: Words = ""
    evidence: Words = ""
    verifier: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCellsRow:
    """Where one criterion stands in the workbook."""

    __pydantic_config__ = STRICT
    code: Code
    points: Cell
    explanation: MaybeCell = ""
    evidence: MaybeCell = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """The workbook that the sheet was read from."""

    __pydantic_config__ = STRICT
    name: Name
    sha256: Sha256
    tab: Name
    rows: Annotated[tuple[FormCellsRow, ...], Field(max_length=MAX_CRITERIA)] = field(default=())
