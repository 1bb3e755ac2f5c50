"""What a person may read exists in both languages: no error of ours, and no line of a command, is English alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

import pytest

from tests.repo.test_layout import ROOT

_SPOKEN_TO = ("agent/cli", "agent/engine", "agent/inventory", "agent/lab", "agent/ledger", "agent/web", "exporters")
_FILES = sorted(
    path
    for folder in _SPOKEN_TO
    for path in (*(ROOT / folder).rglob("*.py"), ROOT / "agent" / "runtime.py")
    if "listeners" not in path.parts
)
_OURS = re.compile(
    r"(Sansang|Config|Ledger|LedgerRow|LedgerBusy|LedgerDisk|LedgerDamaged|AgentUnreachable|Lab|BadRequest|NotALedger)Error"
)
_SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
_ENGLISH = re.compile(r"\b(the|is|are|was|not|cannot|with|which|there|this|that|of|and)\b")
_FOR_PROGRAMS = {"agent/engine/adhoc/probe.py", "agent/web/probing.py"}  # /probe answers a scraper


def _trees(files: Iterable[Path] = _FILES, holding: str = "") -> Iterator[tuple[str, ast.Module]]:
    """Of the files that hold that text: to parse and walk all of them takes a second."""
    for path in dict.fromkeys(files):
        text = path.read_text(encoding="utf-8")
        if holding in text:
            yield str(path.relative_to(ROOT)), ast.parse(text)


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def spoken_in_english_alone(tree: ast.Module) -> list[int]:
    """Lines that make an error of ours out of a literal string, which has one language."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        node.lineno for node in calls if _OURS.fullmatch(_name(node.func)) and node.args and _is_literal(node.args[0])
    ]


def printed_in_english_alone(tree: ast.Module) -> list[int]:
    """Lines that print a sentence which stands there as a literal."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in ("print", "write")]
    return [
        call.lineno
        for call in calls
        for part in (part for argument in call.args for part in ast.walk(argument))
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and _SENTENCE.search(part.value)
    ]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('raise LedgerError("there is none")', True),
        ('raise LabError(f"no lab in {directory}")', True),
        ("raise LedgerError(said.NONE_THERE)", False),
        ("raise LedgerError(_NONE.filled(place=place))", False),
        ('raise ValueError("for programmers")', False),
    ],
)
def test_the_rule_finds_what_it_is_for(code: str, found: bool) -> None:
    assert bool(spoken_in_english_alone(ast.parse(code))) is found


def test_every_error_of_ours_is_said_in_both_languages() -> None:
    found = {
        (file, line)
        for file, tree in _trees(holding="Error(")
        if file not in _FOR_PROGRAMS
        for line in spoken_in_english_alone(tree)
    }
    assert not found, "make it Text (agent/text.py)"


def test_no_command_prints_an_english_sentence_that_stands_in_its_code() -> None:
    commands = [path for path in _FILES if "agent/cli/" in path.as_posix()]
    assert len(commands) > 40
    found = {(file, line) for file, tree in _trees(commands) for line in printed_in_english_alone(tree)}
    assert not found


def _pairs() -> Iterator[tuple[str, int, str, str]]:
    files = sorted((*(ROOT / "agent").rglob("*.py"), *(ROOT / "exporters").rglob("*.py")))
    for file, tree in _trees(files, "Text("):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) == "Text" and len(node.args) == 2:
                texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if len(texts) == 2:
                    yield file, node.lineno, texts[0], texts[1]


def test_the_vietnamese_of_a_text_is_vietnamese_and_names_no_field_that_the_english_lacks() -> None:
    pairs = list(_pairs())
    assert len(pairs) > 200
    english = [
        (file, line, vi)
        for file, line, vi, _ in pairs
        if _ENGLISH.search(re.sub(r"`[^`]*`|\{[^}]*\}|--[a-z-]+", "", vi))
    ]
    assert not english
    strange = [(file, line) for file, line, vi, en in pairs if not _fields(vi) <= _fields(en)]
    assert not strange


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_one_word_for_a_module() -> None:
    """*Mô-đun*, in every Vietnamese text; ``modules:`` is the key of the configuration."""
    texts = [
        (file, node.lineno, node.value)
        for file, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search("[ạảấầậắằệếềộốồợớờựứừđ]", node.value)
    ]
    assert len(texts) > 500
    assert not [(file, line) for file, line, text in texts if re.search(r"(?<![`\w./])module(?![\w:.`=])", text)]
