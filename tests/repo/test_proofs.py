"""The proofs that the docs name exist, and run in the suite of their column."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FAULTS = (ROOT / "docs" / "faults.md").read_text("utf-8")
UPTIME = (ROOT / "docs" / "uptime.md").read_text("utf-8")
CASES = [line for line in FAULTS.splitlines() if re.match(r"\| T\d+ \|", line) and "::" in line]


@cache
def marks(file: str) -> dict[str, str]:
    """Decorators of every test of a file, as text."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name: " ".join(map(ast.unparse, node.decorator_list)) for node in tree.body if isinstance(node, kinds)}


def is_long(file: str, name: str) -> bool:
    return "mark.soak" in marks(file)[name]


@pytest.mark.parametrize("line", CASES, ids=lambda line: line.split()[1])
def test_short_forms_run_in_make_test_and_long_ones_in_make_soak(line: str) -> None:
    _, _, _, short, long, *_ = line.split("|")

    assert [is_long(*found) for found in NAME.findall(short)] == [False] * short.count("::")
    assert short.count("::") > 0
    assert [is_long(*found) for found in NAME.findall(long)] == [True] * long.count("::")


def test_every_fault_of_the_accounting_is_there() -> None:
    told = {line.split()[1] for line in FAULTS.splitlines() if re.match(r"\| T\d+ \|", line)}
    wanted = {f"T{number}" for number in (1, 2, *range(4, 20), 22, 50, 51, 54, 55, 56)}

    assert wanted - told == set()


def test_every_invariant_has_a_test_of_every_run() -> None:
    rows = [line for line in UPTIME.splitlines() if re.match(r"\| \d+ \|", line)]

    assert [int(line.split()[1]) for line in rows] == list(range(1, 13))
    for line in rows:
        assert [is_long(*found) for found in NAME.findall(line)] == [False] * line.count("::")
        assert "::" in line
