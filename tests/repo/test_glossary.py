"""The glossary leads to the code: each word has one sentence, and the room that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| ([^|]+) \| ([^|]+) \| `([^|`]+)` \|$", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE
)


@pytest.mark.parametrize(("word", "room"), [(word, room) for word, _, room in ROWS])
def test_the_room_of_a_word_exists(word: str, room: str) -> None:
    assert (ROOT / room).exists(), word


def test_a_word_has_one_row() -> None:
    words = [word for word, _, _ in ROWS]
    assert len(words) == len(set(words)) > 40
    lines = (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
    assert len(words) == sum(line.startswith("| ") and not line.startswith("| Word") for line in lines)
