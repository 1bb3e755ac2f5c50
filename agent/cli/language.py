"""Which language a call is answered in, before anything of the configuration is understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from agent.explain.environment import environment_language
from agent.inventory.locate import locate
from agent.regular_file import read_regular
from agent.text import LANGUAGES

_GLANCE_BYTES = 64 * 1024
_ORGANISATION = re.compile(r"^organisation:.*(?:\n(?:[ \t].*|[ \t]*))*", re.MULTILINE)
_LANGUAGE = re.compile(r"""\blanguage:\s*["']?(vi|en)\b""")


def language_of_call(given: Sequence[str]) -> str:
    """That of ``--lang``, else the organisation's as a glance at the file shows it, else that of the environment."""
    for value in reversed(list(_values(given, "--lang"))):
        if value in LANGUAGES:
            return value
    return _organisations(locate(next(_values(given, "--config"), None))) or environment_language()


def _values(given: Sequence[str], option: str) -> Iterator[str]:
    for argument, following in zip(given, [*given[1:], ""], strict=False):
        if argument == option:
            yield following
        elif argument.startswith(f"{option}="):
            yield argument.removeprefix(f"{option}=")


def _organisations(file: Path) -> str:
    """Nothing where the file cannot be read, or shows no organisation without being parsed."""
    text = ""
    with suppress(OSError):
        glance, _ = read_regular(file, _GLANCE_BYTES)
        text = glance.decode("utf-8", "replace")
    if (section := _ORGANISATION.search(text)) is None:
        return ""
    match = _LANGUAGE.search(section[0])
    return match[1] if match else LANGUAGES[0]
