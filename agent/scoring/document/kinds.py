"""Reading what has a kind: a word, and the keys that this word allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from agent.inventory.document.parts import validated
from agent.inventory.findings import Finding, Located, missing, unknown
from agent.scoring.measures import Quantity

RowT = TypeVar("RowT")

FITTING: Mapping[str, frozenset[Quantity]] = {
    "ratio": frozenset({Quantity.SHARE}),
    "steps": frozenset({Quantity.SHARE, Quantity.COUNT, Quantity.SECONDS, Quantity.YEARS, Quantity.DATE}),
    "threshold": frozenset({Quantity.SHARE, Quantity.COUNT, Quantity.SECONDS, Quantity.YEARS, Quantity.DATE}),
    "linear": frozenset({Quantity.SHARE, Quantity.COUNT, Quantity.SECONDS, Quantity.YEARS, Quantity.DATE}),
    "capped": frozenset({Quantity.SHARE, Quantity.COUNT}),
    "choice": frozenset({Quantity.CHOICE}),
    "points": frozenset({Quantity.POINTS}),
    "unscored": frozenset(Quantity),
}
"""Which kinds of numbers each kind of formula can score."""


@dataclass(frozen=True, slots=True)
class OfKind(Generic[RowT]):
    """A row and the word for its kind."""

    kind: str
    row: RowT


def of_kind(at: Located[object], rows: Mapping[str, type[RowT]], findings: list[Finding]) -> OfKind[RowT] | None:
    """The value as one of the rows; a mere word is short for ``{kind: word}``. None where it is none, or faulty."""
    data = {"kind": at.value} if isinstance(at.value, str) else at.value
    if not isinstance(data, dict):
        findings.append(Finding(at.at(), "not_kind"))
        return None
    kind = data.get("kind")
    if kind is None:
        findings.append(missing(at.source, at.trail, "kind"))
        return None
    if not isinstance(kind, str) or kind not in rows:
        word = kind[:40] if isinstance(kind, str) else ".."
        place = at.at("kind") if isinstance(at.value, dict) else at.at()
        findings.append(unknown(place, "unknown_kind", {"value": word}, word, rows))
        return None
    keys = {key: value for key, value in data.items() if key != "kind"}
    row = wholly_valid(rows[kind], at, keys, findings)
    return None if row is None else OfKind(kind, row)


def wholly_valid(model: type[RowT], at: Located[Any], data: object, findings: list[Finding]) -> RowT | None:
    """The data as one row; None where any of its keys is faulty: what follows from the rest would be noise."""
    before = len(findings)
    row = validated(model, at.source, at.trail, data, findings)
    return row if len(findings) == before else None


def only_quantity(formula: str) -> Quantity | None:
    """The quantity that goes without saying beside such a formula."""
    fitting = FITTING.get(formula, frozenset())
    return next(iter(fitting)) if len(fitting) == 1 else None
