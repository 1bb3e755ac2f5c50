"""What the oracle must be, whatever it is asked: independent, exact, additive; and its scenarios seek every corner."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.oracle.compare import differences
from tests.oracle.invalid import DEFECTS, invalid, spoilt
from tests.oracle.oracle import report
from tests.oracle.refusal import RefusedError
from tests.oracle.rules import CAUSES
from tests.oracle.scenarios import scenario

HERE = Path(__file__).parent
SEEDS = range(200)
SUMS = ("maintenance_ms", "unknown_ms", "down_ms", "degraded_ms", "up_ms")


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def test_it_shares_nothing_with_the_product() -> None:
    modules = {name for path in HERE.glob("*.py") for name in imported(path)}
    strangers = {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names) - {"pytest", "tests"}
    others = {name for name in modules if name.startswith("tests") and not name.startswith("tests.oracle")}

    assert (strangers, others) == (set(), set())


def test_the_parts_add_up_and_the_states_are_exclusive() -> None:
    for seed in SEEDS:
        for target in report(scenario(seed))["targets"]:
            assert target["scoring_ms"] == sum(target[key] for key in SUMS), seed
            assert target["down_ms"] == sum(outage["counted_ms"] for outage in target["outages"]), seed
            assert all(one["end_utc_ms"] <= two["start_utc_ms"] for one, two in pairwise(target["states"])), seed
            assert all(entry["start_utc_ms"] < entry["end_utc_ms"] for entry in target["states"]), seed


def over(document: dict[str, Any], start: int, end: int, as_of: int) -> list[dict[str, Any]]:
    parts = report({**document, "period": {"from": start, "to": end}, "as_of_utc_ms": as_of})["targets"]
    return [{key: target[key] for key in (*SUMS, "scoring_ms", "soft_failures")} for target in parts]


def test_a_period_is_the_sum_of_its_parts() -> None:
    for seed in SEEDS:
        document = scenario(seed)
        whole = report(document)
        start, end = whole["period"].values()
        middle = Random(seed).randrange(start + 1, max(end, start + 2))
        if middle >= end:
            continue
        as_of = whole["as_of_utc_ms"]
        one, two = over(document, start, middle, as_of), over(document, middle, end, as_of)
        summed = [{key: first[key] + second[key] for key in first} for first, second in zip(one, two, strict=True)]

        assert summed == over(document, start, end, as_of), seed


def test_the_order_of_rows_changes_nothing() -> None:
    for seed in SEEDS:
        document = scenario(seed)
        shuffled = deepcopy(document)
        for target in shuffled["targets"]:
            for key in ("probes", "blind", "configured"):
                Random(seed).shuffle(target[key])
        for key in ("clock_anchors", "maintenance"):
            Random(seed).shuffle(shuffled.get(key, []))

        assert differences(report(document), report(shuffled)) == [], seed


def test_scenarios_reach_the_corners() -> None:
    answers = [target for seed in range(500) for target in report(scenario(seed))["targets"]]
    causes = {entry["cause"] for answer in answers for entry in answer["states"]}

    assert causes == {None, "agent_off", *CAUSES}
    assert {answer["status"] for answer in answers} == {"ok", "insufficient", "no_data"}
    for key in (*SUMS, "outages", "soft_failures", "retroactive"):
        assert sum(bool(answer[key]) for answer in answers) > 40, key


def test_a_seed_is_a_scenario_for_ever() -> None:
    assert scenario(7) == scenario(7)
    assert scenario(7) != scenario(8)


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_refused(defect: str) -> None:
    for seed in range(5):
        with pytest.raises(RefusedError):
            report(spoilt(seed, defect))


def test_invalid_documents_go_through_all_defects() -> None:
    assert [invalid(seed) for seed in range(3)] == [spoilt(seed, name) for seed, name in enumerate([*DEFECTS][:3])]


def test_differences_are_named() -> None:
    expected = {"a": 1, "b": [{"c": 2}], "retroactive": ["x", "y"], "gone": 0}
    actual = {"a": "1", "b": [{"c": 3}, {}], "retroactive": ["y", "x"], "new": 0}

    assert differences(expected, actual) == [
        "a: expected 1, got '1'",
        "b: expected 1 entries, got 2",
        "b[0].c: expected 2, got 3",
        "gone: missing",
        "new: not expected",
    ]


def test_the_command_prints_a_scenario_and_its_answer(tmp_path: Path) -> None:
    story = tmp_path / "story.json"
    story.write_text(json.dumps(scenario(3)), encoding="utf-8")
    ran = [
        subprocess.run(
            [sys.executable, "-m", "tests.oracle", *arguments],
            cwd=HERE.parents[1],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for arguments in (["--seed", "3"], [str(story)])
    ]

    assert [json.loads(text) for text in ran] == [scenario(3), report(scenario(3))]


def test_the_command_refuses_with_2(tmp_path: Path) -> None:
    story = tmp_path / "story.json"
    story.write_text(json.dumps(spoilt(0, "unknown key")), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.oracle", str(story)],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", "document: ['surprise']\n")
