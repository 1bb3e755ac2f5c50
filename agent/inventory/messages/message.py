"""The message of a finding in both languages: what is wrong, what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from agent.text import Text

Value = str | Text
"""What fills a field: the same in both languages, or a text."""


class _Fields(dict[str, str]):
    """Values by field; a field for which there is none stays empty: not every option type gives all of them."""

    def __missing__(self, key: str) -> str:
        return ""


class FindingMessage(NamedTuple):
    """A pair of texts; fields in braces are filled from the finding."""

    wrong: Text
    right: Text = Text("", "")

    def to(self, language: str, values: Mapping[str, Value]) -> tuple[str, str]:
        """Both texts in that language, filled."""
        fields = _Fields(
            {key: value.to(language) if isinstance(value, Text) else value for key, value in values.items()}
        )
        return self.wrong.to(language).format_map(fields), self.right.to(language).format_map(fields)
