"""Which worked stories and which scenarios notice that a rule is said wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.oracle.compare import differences
from tests.oracle.oracle import report
from tests.oracle.refusal import RefusedError
from tests.oracle.rules import Rules
from tests.oracle.scenarios import scenario
from tests.oracle.tales import Tale
from tests.oracle.worked import WORKED
from tests.oracle.worked_rules import RULES

SCENARIOS = 400
BRIEF = [tale for tale in (*WORKED, *RULES) if len(tale.document["targets"][0]["probes"]) < 1000]


def caught_by_tales(bug: type[Rules]) -> Iterator[str]:
    return (tale.name for tale in BRIEF if _wrong(tale, bug()))


def _wrong(tale: Tale, rules: Rules) -> list[str]:
    try:
        target = report(tale.document, rules)["targets"][0]
    except RefusedError as refused:
        return refused.faults
    return differences(tale.expected, {key: target[key] for key in tale.expected})


def caught_by_scenarios(bug: type[Rules]) -> Iterator[str]:
    return (f"scenario {seed}" for seed in range(SCENARIOS) if _differs(seed, bug()))


@cache
def right_answer(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    document = scenario(seed)
    return document, report(document)


def _differs(seed: int, rules: Rules) -> bool:
    document, expected = right_answer(seed)
    try:
        return bool(differences(expected, report(document, rules)))
    except RefusedError:
        return True
