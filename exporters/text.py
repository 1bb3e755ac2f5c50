"""Names as they may be shown: no character that hides, reorders or breaks the text around it."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """The text in NFC on one line; controls, bidirectional overrides and lone surrogates left out."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub("", _SPACES.sub(" ", unicodedata.normalize("NFC", text)))


def label_value(text: str) -> str:
    """The visible text, escaped to stand between the quotes of a label value."""
    return visible(text).replace("\\", r"\\").replace('"', r"\"")
