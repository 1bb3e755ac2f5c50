"""One text in both languages of the product. Loads nothing, so that errors can carry it."""

from __future__ import annotations

from typing import NamedTuple, Protocol, runtime_checkable


@runtime_checkable
class Translatable(Protocol):
    """What has words in each language: a text, or an error that carries one."""

    def to(self, language: str) -> str:
        """The words in ``vi`` or ``en``."""


class Text(NamedTuple):
    """One text; the fields are the language codes."""

    vi: str
    en: str

    def to(self, language: str) -> str:
        """The words in ``vi`` or ``en``. Raises AttributeError for any other language."""
        text: str = getattr(self, language)
        return text

    def filled(self, **fields: object) -> Text:
        """The text with its fields filled in. A value that is a text or an error itself is worded in each language."""
        return Text(*(getattr(self, name).format(**_worded(fields, name)) for name in self._fields))


LANGUAGES = Text._fields
"""The codes of all languages, that of the country first."""


def _worded(fields: dict[str, object], language: str) -> dict[str, object]:
    return {name: value.to(language) if isinstance(value, Translatable) else value for name, value in fields.items()}
