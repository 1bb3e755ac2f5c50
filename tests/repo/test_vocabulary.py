"""Identifiers are made of the field's terms: words that only this project had do not come back, and a class name means
one thing.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent", "exporters", "dashboards")
RETIRED = frozenset(
    [
        "custody",
        "deed",
        "deeds",
        "door",
        "fence",
        "guest",
        "heed",
        "lived",
        "lives",
        "obey",
        "standing",
        "stutter",
        "told",
        "untold",
        "vice",
        "wish",
    ]
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def trees(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def identifiers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of everything that a module names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def words(name: str) -> set[str]:
    return {word.lower() for part in name.split("_") for word in _WORD.findall(part)}


def test_no_identifier_has_a_retired_word() -> None:
    retired = [
        f"{file}:{line}: {name}"
        for file, tree in trees(*PACKAGES)
        for line, name in [*identifiers(tree), (0, Path(file).stem)]
        if words(name) & RETIRED
    ]
    assert retired == []


def test_no_class_name_means_two_things() -> None:
    files = defaultdict(set)
    for file, tree in trees(*PACKAGES):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                files[node.name].add(file)
    assert {name: sorted(where) for name, where in files.items() if len(where) > 1} == {}
