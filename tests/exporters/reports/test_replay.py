"""The product's reports are those of the independent oracle, to the millisecond, and it refuses what it refuses."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from agent.errors import ConfigError
from exporters.reports.answer import answer
from exporters.reports.replay import replay
from tests.oracle.compare import differences
from tests.oracle.icinga import ICINGA, NO_PERIOD, Vector
from tests.oracle.invalid import DEFECTS, spoilt
from tests.oracle.oracle import report
from tests.oracle.scenarios import scenario
from tests.oracle.tales import Tale
from tests.oracle.worked import WORKED
from tests.oracle.worked_rules import RULES

soak = pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")


def replayed(document: dict[str, Any]) -> dict[str, Any]:
    return answer(replay(json.dumps(document).encode(), "story.json"))


def unlike(seeds: range) -> dict[int, list[str]]:
    """The scenarios whose answers differ, and where."""
    found = ((seed, differences(report(story), replayed(story))) for seed in seeds for story in [scenario(seed)])
    return {seed: wrong for seed, wrong in found if wrong}


@pytest.mark.parametrize("tale", [*WORKED, *RULES, *ICINGA], ids=lambda tale: tale.name)
def test_the_worked_answer(tale: Tale) -> None:
    given = replayed(tale.document)

    assert {key: given["targets"][0][key] for key in tale.expected} == tale.expected


def test_random_stories_give_the_answers_of_the_oracle() -> None:
    assert unlike(range(500)) == {}


@pytest.mark.soak
@pytest.mark.timeout(3600)
@soak
def test_ten_thousand_stories_give_the_answers_of_the_oracle() -> None:
    assert unlike(range(10_000)) == {}
    print("10,000 random stories: 0 differences from the oracle")


@pytest.mark.parametrize("vector", NO_PERIOD, ids=lambda vector: vector.tale.name)
def test_a_period_without_length_is_refused(vector: Vector) -> None:
    with pytest.raises(ConfigError):
        replayed(vector.tale.document)


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_refused(defect: str) -> None:
    for seed in range(5):
        with pytest.raises(ConfigError) as refused:
            replayed(spoilt(seed, defect))

        assert len(refused.value.faults) >= 1
