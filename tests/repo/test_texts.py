"""Every text of the product, by key: both languages, with the same fields, side by side in one place.

A key is the module and the name of the table or function that holds the text, and the text's place in it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

from agent.text import Text

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent", "exporters", "dashboards")
TECHNICAL = {"why", "taken"}
"""Fields that the Vietnamese may leave out: what a library says, which it says in English alone."""


@cache
def catalogue() -> dict[str, Text]:
    """Every ``Text`` that is written down in the product, by key."""
    texts: dict[str, Text] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            places: Counter[str] = Counter()
            for name, text in _texts(ast.parse(path.read_text(encoding="utf-8"))):
                texts[f"{module}.{name}.{places[name]}"] = text
                places[name] += 1
    return texts


def _texts(tree: ast.Module) -> Iterator[tuple[str, Text]]:
    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                strings = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                if node.func.id == "Text" and len(strings) == 2:
                    yield _name(statement), Text(*map(str, strings))
                if node.func.id == "sentences":
                    yield _name(statement), Text(*map(str, strings[:2]))
                    yield _name(statement), Text(*map(str, strings[2:]))


def _name(statement: ast.stmt) -> str:
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        return ast.unparse(target)
    return str(getattr(statement, "name", "statement"))


def fields(text: str) -> set[str]:
    return {name for _, name, *_ in Formatter().parse(text) if name is not None}


def test_the_catalogue_finds_the_texts() -> None:
    assert len(catalogue()) > 2_500
    assert catalogue()["agent.explain.clock.DOUBTED.0"].en.startswith("The monitor's clock")


def test_a_text_has_both_languages_or_is_empty_in_both() -> None:
    assert [key for key, text in catalogue().items() if bool(text.vi.strip()) != bool(text.en.strip())] == []


def test_both_languages_have_the_same_fields() -> None:
    wrong = {
        key: text
        for key, text in catalogue().items()
        if not fields(text.vi) <= fields(text.en) or fields(text.en) - fields(text.vi) - TECHNICAL
    }
    assert wrong == {}
