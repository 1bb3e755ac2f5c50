"""Facts that an office declares of a site or a unit: fibre, mobile coverage, the share of households with broadband."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

FactUnit = Literal["none", "ratio", "count", "date"]
FACT_UNITS: tuple[FactUnit, ...] = get_args(FactUnit)

KNOWN_FACTS = ("fibre", "cellular_4g", "cellular_5g", "broadband_households", "lan_upgraded")
"""The ids that have a meaning here and columns of their own in sheets; any other word is free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredFact:
    """One fact, in force from the first day to the last, both included; None: without such an end.

    value: whether it is so (unit none), a share from 0 to 1 as exact decimal text (ratio), digits (count), an ISO date
    (date). document, date: the paper that says so, and its day; None where nobody named one.
    """

    id: str
    value: bool | str
    unit: FactUnit = "none"
    document: str | None = None
    date: dt.date | None = None
    first: dt.date | None = None
    last: dt.date | None = None

    def in_force(self, day: dt.date) -> bool:
        """Whether it holds on that day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


FactT = TypeVar("FactT", bound=DeclaredFact)


def facts_in_force(facts: Iterable[FactT], identity: str, day: dt.date) -> FactT | None:
    """The fact of that id which holds on that day, None if there is none; a checked inventory never has two."""
    return next((fact for fact in facts if fact.id == identity and fact.in_force(day)), None)


def plain_facts(facts: Iterable[DeclaredFact]) -> list[dict[str, object]]:
    """The facts as the ledger's inventory has them: dates as ISO text, null for what is not said."""
    return [
        {
            "id": fact.id,
            "value": fact.value,
            "unit": fact.unit,
            "document": fact.document,
            "date": _iso(fact.date),
            "from": _iso(fact.first),
            "to": _iso(fact.last),
        }
        for fact in facts
    ]


def stored_facts(entry: Mapping[str, Any]) -> tuple[DeclaredFact, ...]:
    """The facts of a site or unit of an inventory in the ledger; () of one that declares none, as all older ones do.

    ValueError, KeyError, TypeError: it is none that this program wrote.
    """
    return tuple(
        DeclaredFact(
            id=str(row["id"]),
            value=row["value"],
            unit=_unit(row["unit"]),
            document=row["document"],
            date=_date(row["date"]),
            first=_date(row["from"]),
            last=_date(row["to"]),
        )
        for row in entry.get("facts", ())
    )


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _unit(word: str) -> FactUnit:
    for unit in FACT_UNITS:
        if word == unit:
            return unit
    raise ValueError(f"{word!r} is no unit of a fact")
