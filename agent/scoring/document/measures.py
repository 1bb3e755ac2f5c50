"""From the rows of a measure to the measure, with what does not fit together."""

from __future__ import annotations

from agent.inventory.findings import Finding, Located, missing
from agent.scoring.document.kinds import FITTING, of_kind, only_quantity
from agent.scoring.document.measure_rows import (
    MEASURE_ROWS,
    TEST_ROWS,
    CountRow,
    ExternalRow,
    ManualRow,
    MeasureRow,
    ShareRow,
)
from agent.scoring.measures import Counted, Measure, Quantity, Test, UptimeTest, quantity_of


def read_measure(at: Located[object], formula: str, findings: list[Finding]) -> Measure | None:
    """The measure; formula: the kind of formula that scores it, "" where that is not known."""
    found = of_kind(at, MEASURE_ROWS, findings)
    if found is None:
        return None
    measure = _measure(found.row, at, formula, findings)
    if measure is None:
        return None
    quantity = quantity_of(measure)
    if formula in FITTING and quantity not in FITTING[formula]:
        values = {"formula": formula, "quantity": quantity.value, "choices": ", ".join(sorted(FITTING[formula]))}
        findings.append(Finding(at.at(), "formula_unfit", values))
    return measure


def _measure(row: MeasureRow, at: Located[object], formula: str, findings: list[Finding]) -> Measure | None:
    if isinstance(row, ManualRow | ExternalRow):
        quantity = _quantity(row, at, formula, findings)
        return None if quantity is None else row.given(quantity)
    if not isinstance(row, ShareRow | CountRow):
        return row.measure()
    test = _test(row, at, findings)
    if row.calendar is not None and not (isinstance(test, UptimeTest) or row.of == Counted.OUTAGES):
        findings.append(Finding(at.at("calendar"), "calendar_unused"))
    if isinstance(row, CountRow):
        return row.tested(test)
    return None if test is None else row.tested(test)


def _quantity(
    row: ManualRow | ExternalRow, at: Located[object], formula: str, findings: list[Finding]
) -> Quantity | None:
    """What a person fills in: what the sheet says, else the only thing that the formula takes."""
    if row.quantity is not None:
        return Quantity(row.quantity)
    if formula in ("", "unscored"):
        return Quantity.POINTS
    quantity = only_quantity(formula)
    if quantity is None:
        findings.append(missing(at.source, at.trail, "quantity"))
    return quantity


def _test(row: ShareRow | CountRow, at: Located[object], findings: list[Finding]) -> Test | None:
    if row.test is None:
        if isinstance(row, ShareRow):
            findings.append(missing(at.source, at.trail, "test"))
        return None
    place = Located(at.source, (*at.trail, "test"), row.test)
    if row.of == Counted.OUTAGES:
        findings.append(Finding(place.at(), "test_of_outages"))
        return None
    tested = of_kind(place, TEST_ROWS, findings)
    if tested is None:
        return None
    return tested.row.test()
