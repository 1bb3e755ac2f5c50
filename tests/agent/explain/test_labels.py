from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import agent
from agent.explain.labels import ROLES, STATES
from agent.model import Role, State
from agent.text import Text

ROOT = Path(agent.__file__).parents[1]
SPELLED = re.compile(r"(?:State|Role)\.[A-Z_]+: *(?:[A-Z]\w+\(\"|\"(?=[A-Z]|[^\"]*[^\x00-\x7f]))")
"""A table of states or roles that writes words itself; names for machines and colours are lower case and ASCII."""


def sources() -> Iterator[Path]:
    return (path for package in ("agent", "exporters", "dashboards") for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize(("kind", "table"), [(State, STATES), (Role, ROLES)])
def test_each_has_its_own_word_in_each_language(kind: Any, table: Mapping[Any, Text]) -> None:
    assert set(table) == set(kind)
    for language in Text._fields:
        assert len({words.to(language) for words in table.values()} - {""}) == len(table)


def test_a_language_that_is_none_is_refused() -> None:
    with pytest.raises(AttributeError):
        STATES[State.UP].to("fr")


def test_they_are_spelled_in_one_place() -> None:
    assert [path.relative_to(ROOT).as_posix() for path in sources() if SPELLED.search(path.read_text())] == [
        "agent/explain/labels.py"
    ]
