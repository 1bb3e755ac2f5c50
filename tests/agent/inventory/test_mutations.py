"""Whatever stands in a file, the answer is an inventory or a list of faults with places, never anything else."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import ConfigError, Fault
from agent.inventory.load import load
from agent.inventory.sources.files import Files
from agent.inventory.sources.yaml_source import read_yaml
from tests.agent.inventory.fakes import REGISTRY
from tests.agent.inventory.test_load import DISTRICT

SOURCE, _ = read_yaml("district", DISTRICT)
assert SOURCE is not None
DOCUMENT: Any = SOURCE.data()
MAIN = Path("/nowhere/sansang.yml")
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "{gateway}",
    "{",
    "a/b",
    "all",
    "9%",
    [],
    [[]],
    {},
    [None],
    {"id": 1},
]


def places(node: Any, trail: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield trail
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield from places(child, (*trail, key))


PLACES = [trail for trail in places(DOCUMENT) if trail]


def attempt(text: str) -> None:
    faults = _faults(text)
    assert all(fault.wrong and fault.file == str(MAIN) for fault in faults)


def _faults(text: str) -> tuple[Fault, ...]:
    try:
        load(MAIN, REGISTRY, "en", Files({MAIN: text.encode()}))
    except ConfigError as refused:
        return refused.faults
    return ()


def changed(trail: tuple[Any, ...], value: Any) -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(DOCUMENT)
    node: Any = document
    for step in trail[:-1]:
        node = node[step]
    node[trail[-1]] = value
    return document


@given(st.sampled_from(PLACES), st.sampled_from(ODD))
@settings(deadline=None, max_examples=250)
def test_one_odd_value_anywhere(trail: tuple[Any, ...], value: Any) -> None:
    attempt(json.dumps(changed(trail, value), ensure_ascii=False))


@given(st.text(alphabet=st.sampled_from("a:-{}[]&*!|>'\"%@`#,? \n\t0~é\x85\u2028"), max_size=60))
@settings(deadline=None, max_examples=50)
def test_any_text(text: str) -> None:
    attempt(text)


@given(st.integers(0, len(DISTRICT)), st.integers(0, 40))
@settings(deadline=None, max_examples=50)
def test_a_half_written_file(start: int, length: int) -> None:
    attempt(DISTRICT[:start] + DISTRICT[start + length :])
