"""The product's reports are those of the independent oracle, to the millisecond, and it refuses what it refuses."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from agent.errors import ConfigError
from agent.reporting.replay import replay
from exporters.reports.replay_json import replay_json
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
    return replay_json(replay(json.dumps(document).encode(), "story.json"))


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


def faults_of(text: bytes, language: str) -> list[tuple[str, str]]:
    with pytest.raises(ConfigError) as refused:
        replay(text, "story.json", language)
    return [(fault.path, fault.wrong) for fault in refused.value.faults]


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_told_in_vietnamese_at_the_same_place(defect: str) -> None:
    for seed in range(5):
        text = json.dumps(spoilt(seed, defect)).encode()
        english, vietnamese = faults_of(text, "en"), faults_of(text, "vi")

        assert [path for path, _ in vietnamese] == [path for path, _ in english]
        assert [wrong for _, wrong in vietnamese if wrong in {said for _, said in english}] == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"version": 2}, "phải là 1"),
        ({"targets": 3}, "phải là danh sách [...]"),
        ({"targets": [{"id": "", "policy": {"interval_ms": 0}}]}, "phải có ít nhất 1 ký tự hoặc phần tử"),
        ({"period": {"from": "2026-06-01", "to": "2026-07-01"}}, "ngày cần có múi giờ; đúng ra: Asia/Ho_Chi_Minh"),
        ({"as_of_utc_ms": "x"}, "phải là số nguyên"),
        ({"calendar": {"kind": "weekly", "zone": "Mars"}}, "'Mars' không phải múi giờ; đúng ra: Asia/Ho_Chi_Minh"),
        ({"clock_anchors": [{"boot": 1}]}, "phải là chuỗi văn bản"),
    ],
)
def test_what_pydantic_says_is_told_in_vietnamese(changed: dict[str, Any], said: str) -> None:
    text = json.dumps(scenario(7) | changed).encode()
    assert said in [wrong for _, wrong in faults_of(text, "vi")]
