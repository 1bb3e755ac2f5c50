"""The tree keeps its shape: sizes, rooms, no marks of unfinished work."""

from __future__ import annotations

import ast
import re
import subprocess
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent", "exporters", "dashboards")
SOURCES = sorted(chain.from_iterable((ROOT / package).rglob("*.py") for package in PACKAGES))
TESTS = sorted(chain.from_iterable((ROOT / folder).rglob("*.py") for folder in ("tests", "benchmarks")))
TOP_LEVEL = {
    "agent", "exporters", "dashboards", "config", "tests", "docs", "benchmarks", "requirements", ".ci",
    "pyproject.toml", "docker-compose.yml", "Makefile", "LICENSE", ".gitignore",
    "README.md", "README.vi.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md",
    "Dockerfile", ".dockerignore", "secrets",
}  # fmt: skip


def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listing.stdout.splitlines()


def functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    return [
        (f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for node in found
    ]


def test_functions_are_short() -> None:
    sizes = [size for path in SOURCES for size in functions(path)]
    lengths = sorted(length for _, length in sizes)

    assert [name for name, length in sizes if length > 80] == []
    assert lengths[len(lengths) // 2] <= 12
    assert lengths[int(len(lengths) * 0.9)] <= 30


def test_files_are_short() -> None:
    long = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in (*SOURCES, *TESTS)
    }

    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_every_folder_of_python_is_a_package() -> None:
    folders = {path.parent for path in (*SOURCES, *TESTS)}

    assert [str(folder.relative_to(ROOT)) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_nothing_lies_about_at_the_top() -> None:
    assert {name.partition("/")[0] for name in tracked()} <= TOP_LEVEL


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"])
def test_no_unfinished_work_is_marked_and_left(word: str) -> None:
    pattern = re.compile(rf"\b{word}\b")
    marked = [
        name
        for name in tracked()
        if name.endswith((".py", ".md", ".sh")) and pattern.search((ROOT / name).read_text("utf-8"))
    ]

    assert marked == []


def test_no_merge_left_its_marks() -> None:
    marks = re.compile(rb"^(<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
    written = (name for name in tracked() if name.endswith((".py", ".md", ".sh", ".yml", ".yaml", ".toml", ".po")))

    assert [name for name in written if marks.search((ROOT / name).read_bytes())] == []


def test_tests_hardly_patch() -> None:
    """Fakes on real sockets: a patch asserts our own calls. No mocks at all, and few replaced attributes."""
    text = "\n".join(path.read_text("utf-8") for path in TESTS if path != Path(__file__))

    assert not re.search(r"unittest\.mock|MagicMock", text)
    assert len(re.findall(r"monkeypatch\.setattr", text)) < 0.02 * len(
        re.findall(r"^(?:async )?def test_", text, re.MULTILINE)
    )
