"""The oracle gives exactly what was derived by hand."""

from __future__ import annotations

import pytest

from tests.oracle.compare import differences
from tests.oracle.icinga import ICINGA, NO_PERIOD, VECTORS, Vector
from tests.oracle.oracle import report
from tests.oracle.refusal import RefusedError
from tests.oracle.tales import Tale
from tests.oracle.worked import WORKED
from tests.oracle.worked_rules import RULES


def wrong(tale: Tale, answer: dict[str, object]) -> list[str]:
    return differences(tale.expected, {key: answer[key] for key in tale.expected})


@pytest.mark.parametrize("tale", [*WORKED, *RULES, *ICINGA], ids=lambda tale: tale.name)
def test_the_worked_answer(tale: Tale) -> None:
    answer = report(tale.document)

    assert wrong(tale, answer["targets"][0]) == []


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.tale.name)
def test_icinga_says_otherwise_only_where_a_reason_is_given(vector: Vector) -> None:
    availability = vector.tale.expected["availability"]
    ours = None if availability is None else float(availability["percent_4"])

    assert (ours == float(vector.icinga)) == (vector.why == "the same")


@pytest.mark.parametrize("vector", NO_PERIOD, ids=lambda vector: vector.tale.name)
def test_a_period_without_length_is_refused(vector: Vector) -> None:
    with pytest.raises(RefusedError):
        report(vector.tale.document)
