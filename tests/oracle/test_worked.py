"""The oracle gives exactly what was derived by hand."""

from __future__ import annotations

import pytest

from tests.oracle.compare import differences
from tests.oracle.oracle import report
from tests.oracle.tales import Tale
from tests.oracle.worked import WORKED
from tests.oracle.worked_rules import RULES


def wrong(tale: Tale, answer: dict[str, object]) -> list[str]:
    return differences(tale.expected, {key: answer[key] for key in tale.expected})


@pytest.mark.parametrize("tale", [*WORKED, *RULES], ids=lambda tale: tale.name)
def test_the_worked_answer(tale: Tale) -> None:
    answer = report(tale.document)

    assert wrong(tale, answer["targets"][0]) == []
