"""Values that a person gave: by hand, from elsewhere, or in the place of a figure that the record does not have."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from agent.scoring.evidence import GivenValue
from agent.scoring.measures import ExternalMeasure, Measure, Quantity, quantity_of
from agent.scoring.values import MeasuredValue, Origin, ValueStatus


def given_value(measure: Measure, given: GivenValue | None, words: frozenset[str]) -> MeasuredValue:
    """NOT_GIVEN for nothing, and for what is no value of the measure's kind. words: those that may be chosen."""
    quantity = quantity_of(measure)
    source = Origin.EXTERNAL if isinstance(measure, ExternalMeasure) else Origin.MANUAL
    if given is None:
        return _nothing_given(quantity, source)
    if quantity is Quantity.CHOICE:
        status = ValueStatus.KNOWN if given.choice in words else ValueStatus.NOT_GIVEN
        return MeasuredValue(status, quantity, source, choice=given.choice, document=given.document)
    if given.a is None or (quantity is Quantity.SHARE and not given.b):
        return MeasuredValue(ValueStatus.NOT_GIVEN, quantity, source, document=given.document)
    whole = given.b if quantity is Quantity.SHARE and given.b else Fraction(1)
    return MeasuredValue(
        ValueStatus.KNOWN, quantity, source, numerator=given.a, denominator=whole, document=given.document
    )


@cache
def _nothing_given(quantity: Quantity, source: Origin) -> MeasuredValue:
    """One for all: a level that has yet to fill in its rows has it by the hundred thousand."""
    return MeasuredValue(ValueStatus.NOT_GIVEN, quantity, source)
