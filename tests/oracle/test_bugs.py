"""Every seeded bug is caught, by a worked story and by a scenario. `python -m tests.oracle --bugs` names them."""

from __future__ import annotations

import pytest

from tests.oracle.bugs import BUGS
from tests.oracle.catching import caught_by_scenarios, caught_by_tales
from tests.oracle.rules import Rules


def test_there_are_enough() -> None:
    assert len(BUGS) >= 40


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_worked_story_catches_it(bug: type[Rules]) -> None:
    assert next(caught_by_tales(bug), "nothing") != "nothing"


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_scenario_catches_it(bug: type[Rules]) -> None:
    assert next(caught_by_scenarios(bug), "nothing") != "nothing"


def test_the_right_rules_are_not_caught() -> None:
    assert [*caught_by_tales(Rules), *caught_by_scenarios(Rules)] == []
