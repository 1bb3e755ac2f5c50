"""What must agree across a whole sheet: sums with maxima, decimals, validity; and what agrees and is yet remarkable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from agent.inventory.findings import Finding, Located, Trail
from agent.model.measured import FIRST_BYTE_BOUNDS_MS
from agent.scoring.document.numbers import exact_text
from agent.scoring.document.read import SheetDraft, group_sizes, group_sums
from agent.scoring.document.rows import SheetRow
from agent.scoring.formulas import SumFormula
from agent.scoring.measures import CountMeasure, FirstByteTest, ShareMeasure
from agent.scoring.sheet import Criterion

DISTRICTS_GONE = date(2025, 7, 1)
"""Law 72/2025/QH15: there is no district level from this day on."""

_DISTRICTS = ("district", "huyen", "cap-huyen", "quan-huyen")


def inconsistencies(draft: SheetDraft) -> Iterator[Finding]:
    """Everything that does not add up; of a sheet some of which could not be read only what that does not touch."""
    head = draft.head
    if head is None:
        return
    first, last = head.valid.first, head.valid.last
    if last is not None and last < first:
        yield Finding(draft.source.place(("sheet", "valid", "to")), "valid_backwards")
    yield from _decimals(draft, head)
    if draft.complete:
        yield from _empty(draft)
        yield from _sums(draft, head)


def _decimals(draft: SheetDraft, head: SheetRow) -> Iterator[Finding]:
    """A maximum finer than the points are rounded could be passed by them."""
    places: list[tuple[Trail, Decimal]] = [(("sheet", "maximum"), head.maximum)]
    places += [((*entry.trail, "maximum"), entry.value.maximum or Decimal(0)) for entry in draft.groups]
    places += [((*entry.trail, "maximum"), entry.value.maximum) for entry in draft.criteria]
    for trail, maximum in places:
        if Fraction(maximum) * 10**head.decimals % 1:
            values = {"value": exact_text(maximum), "decimals": str(head.decimals)}
            yield Finding(draft.source.place(trail), "too_many_decimals", values)


def _empty(draft: SheetDraft) -> Iterator[Finding]:
    """A group of nothing has no sum that a workbook could write, and a sheet that is worth nothing no points."""
    for entry, rows in zip(draft.groups, group_sizes(draft).values(), strict=True):
        if not rows:
            yield Finding(entry.at("code"), "group_empty", {"code": entry.value.code})
    if not any(entry.value.scored for entry in draft.criteria):
        yield Finding(draft.source.place(("criteria",)), "nothing_scored")


def _sums(draft: SheetDraft, head: SheetRow) -> Iterator[Finding]:
    sums = group_sums(draft)
    for entry in draft.groups:
        maximum, total = entry.value.maximum, sums[entry.value.code]
        if maximum is not None and maximum != total:
            values = {"sum": exact_text(total), "maximum": exact_text(maximum), "code": entry.value.code}
            yield Finding(entry.at("maximum"), "group_sum", values)
    total = sum((entry.value.maximum for entry in draft.criteria), Decimal(0))
    if total != head.maximum:
        values = {"sum": exact_text(total), "maximum": exact_text(head.maximum)}
        yield Finding(draft.source.place(("sheet", "maximum")), "scale_sum", values)


def remarkable(draft: SheetDraft) -> Iterator[Finding]:
    """What is right as it stands, and may yet not be what is meant."""
    head = draft.head
    if head is None:
        return
    for index, level in enumerate(head.levels):
        if level in _DISTRICTS and (head.valid.last is None or head.valid.last >= DISTRICTS_GONE):
            yield Finding(draft.source.place(("sheet", "levels", index)), "districts_gone", {"level": level})
    for entry in draft.criteria:
        yield from _of_criterion(entry)


def _of_criterion(entry: Located[Criterion]) -> Iterator[Finding]:
    formula = entry.value.formula
    if isinstance(formula, SumFormula):
        share = sum((part.share for part in formula.parts), Fraction(0))
        if share < 1:
            values = {
                "sum": exact_text(share * Fraction(entry.value.maximum)),
                "maximum": exact_text(entry.value.maximum),
            }
            yield Finding(entry.at("formula", "parts"), "parts_below", values)
    for measure in entry.value.measures:
        if isinstance(measure, ShareMeasure | CountMeasure) and isinstance(measure.test, FirstByteTest):
            limit = measure.test.at_most_ms
            if limit not in FIRST_BYTE_BOUNDS_MS:
                values = {"value": str(limit), "choices": ", ".join(map(str, FIRST_BYTE_BOUNDS_MS))}
                yield Finding(entry.at(), "first_byte_bound", values)
