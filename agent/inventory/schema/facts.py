"""Declared facts in the inventory document: each checked by itself, every number kept as exact decimal text."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, NoReturn

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError, WithJsonSchema

from agent.inventory.schema.types import Day, check_name, is_word, refuse
from agent.inventory.sheets.fact_cells import (
    FactCellError,
    day_of_text,
    facts_of_text,
    text_of_facts,
    value_of_text,
)
from agent.model.declared_facts import DeclaredFact, FactUnit
from agent.probes.options import STRICT

MAX_FACTS = 100
"""Of one site or unit."""

_DECIMAL = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,20})?")
_COUNT = re.compile("[0-9]{1,12}")


def _check_fact_id(value: str) -> str:
    return value if is_word(value) else refuse("word_syntax", value=value[:100])


def _value_as_text(value: object) -> object:
    """A number as it is written, to the last digit; a date as ISO text."""
    if isinstance(value, bool) or not isinstance(value, int | float | dt.date):
        return value
    return value.isoformat() if isinstance(value, dt.date) else f"{Decimal(str(value)):f}"


def _check_document(value: str) -> str:
    document = check_name(value)
    return refuse("fact_document", value=document[:60]) if "|" in document or "=" in document else document


def _facts_or_text(value: object) -> object:
    """What a cell has as text, as a list."""
    if not isinstance(value, str):
        return value
    try:
        return facts_of_text(value)
    except FactCellError as error:
        refuse(error.message, value=error.value[:60])


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow(DeclaredFact):
    """A declared fact as the file has it."""

    __pydantic_config__ = STRICT
    id: Annotated[str, AfterValidator(_check_fact_id)]
    value: Annotated[
        bool | str,
        BeforeValidator(_value_as_text),
        WithJsonSchema({"type": ["boolean", "number", "string"]}),
    ]
    unit: FactUnit = "none"
    document: Annotated[str | None, AfterValidator(lambda value: None if value is None else _check_document(value))] = (
        None
    )
    date: Day | None = None
    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None


def _checked(row: FactRow) -> FactRow:
    """The row with its value as the unit demands it."""
    if row.first is not None and row.last is not None and row.last < row.first:
        refuse("fact_backwards", id=row.id, first=row.first.isoformat(), last=row.last.isoformat())
    value = _VALUES[row.unit](row)
    return row if value == row.value and type(value) is type(row.value) else dataclasses.replace(row, value=value)


def _whether(row: FactRow) -> bool:
    if isinstance(row.value, bool):
        return row.value
    try:
        value, _ = value_of_text(row.value)
    except FactCellError:
        _refused(row)
    return value if isinstance(value, bool) else _refused(row)


def _share(row: FactRow) -> str:
    text = str(row.value).strip()
    if isinstance(row.value, str) and text.endswith("%"):
        try:
            text = str(value_of_text(text)[0])
        except FactCellError:
            _refused(row)
    if isinstance(row.value, bool) or not _DECIMAL.fullmatch(text):
        _refused(row)
    text = text.replace(",", ".")
    return text if Decimal(text) <= 1 else refuse("fact_above_one", id=row.id, value=str(row.value)[:40])


def _number_of(row: FactRow) -> str:
    text = str(row.value).strip()
    return text if not isinstance(row.value, bool) and _COUNT.fullmatch(text) else _refused(row)


def _day(row: FactRow) -> str:
    try:
        return day_of_text(str(row.value))
    except FactCellError:
        return _refused(row)


def _refused(row: FactRow) -> NoReturn:
    refuse(f"fact_{row.unit}", id=row.id, value=str(row.value)[:40])


_VALUES: Mapping[FactUnit, Callable[[FactRow], bool | str]] = {
    "none": _whether,
    "ratio": _share,
    "count": _number_of,
    "date": _day,
}

FactsOrText = Annotated[
    tuple[Annotated[FactRow, AfterValidator(_checked)], ...],
    BeforeValidator(_facts_or_text),
    Field(max_length=MAX_FACTS),
]
"""A list of facts, or the text that stands for it in a cell (agent.inventory.sheets.fact_cells)."""


def facts_from_text(text: str) -> tuple[FactRow, ...]:
    """The facts of a text that ``text_of_facts`` wrote."""
    return _FACTS.validate_python(text)


_FACTS: TypeAdapter[tuple[FactRow, ...]] = TypeAdapter(FactsOrText)


def merged_facts(old: str, new: str, columns: Collection[str] | None) -> str:
    """The facts that a row has after an import, of what it had and what the sheet says, in the order they had.

    columns: the ids for which the sheet has columns; what has none stays, and so does what holds from or to a day.
    None: the sheet says all there is. The new text where either is faulty: whoever reads it then says why.
    """
    try:
        before, after = facts_from_text(old), facts_from_text(new)
    except ValidationError:
        return new
    kept = [fact for fact in before if fact in after or (columns is not None and _stays(fact, columns))]
    known = {_always(fact) for fact in kept} if columns is not None else {*kept}
    return text_of_facts([*kept, *(fact for fact in after if fact not in known)])


def _stays(fact: FactRow, columns: Collection[str]) -> bool:
    return fact.id not in columns or _always(fact) != fact


def _always(fact: FactRow) -> FactRow:
    return dataclasses.replace(fact, first=None, last=None)
