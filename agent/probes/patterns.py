"""Regular expressions on what strangers send: RE2, linear in the text whatever the pattern.

What is not UTF-8 is read as Go's regexp reads it, so that a pattern of blackbox_exporter finds here what it finds
there: each such byte is one character, U+FFFD, which ``.`` matches.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

_STRAY = re.compile("[\udc80-\udcff]")  # what surrogateescape makes of a byte that is not UTF-8


def matches(pattern: str, data: bytes) -> bool:
    """Whether the pattern matches anywhere in the bytes."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return _searched(pattern, data) is not None
    return _in_bytes(pattern).search(data) is not None


def matches_text(pattern: str, text: str) -> bool:
    """Whether the pattern matches anywhere in the text."""
    return _in_text(pattern).search(text) is not None


def captured(pattern: str, data: bytes) -> tuple[bytes, ...] | None:
    """The whole match and what each group captured, as it came (b"" where it took no part); None without a match."""
    match = _searched(pattern, data)
    if match is None:
        return None
    text = data.decode("utf-8", "surrogateescape")
    spans = (match.span(number) for number in range(len(match.groups()) + 1))
    return tuple(text[max(start, 0) : max(end, 0)].encode("utf-8", "surrogateescape") for start, end in spans)


def group_numbers(pattern: str) -> dict[str, int]:
    """The number of each group, by its name and by the number itself as text; 0 is the whole match."""
    compiled = _in_text(pattern)
    return {str(number): number for number in range(compiled.groups + 1)} | dict(compiled.groupindex)


def _searched(pattern: str, data: bytes) -> Any:
    return _in_text(pattern).search(_STRAY.sub("\ufffd", data.decode("utf-8", "surrogateescape")))


@lru_cache(maxsize=4096)
def _in_bytes(pattern: str) -> Any:
    return re2.compile(pattern.encode(), options=_quiet())


@lru_cache(maxsize=4096)
def _in_text(pattern: str) -> Any:
    return re2.compile(pattern, options=_quiet())


def _quiet() -> Any:
    options = re2.Options()
    options.log_errors = False
    return options
