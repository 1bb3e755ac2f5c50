"""Bytes as Windows and Excel write them to text, or a clear refusal."""

from __future__ import annotations

import codecs
import unicodedata

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_VOWELS = "aăâeêioôơuưy"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LETTERS = {unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES}
_VIETNAMESE = frozenset(
    "".join(_LETTERS | set(_VOWELS) | {"đ"}) + "".join(_LETTERS | set(_VOWELS) | {"đ"}).upper() + "–—‘’“”…°₫€\u00a0"
)


def decode(data: bytes, *, legacy: bool = False) -> str | None:
    """Text in NFC from UTF-8 (with or without BOM), UTF-16, or with ``legacy`` Windows-1258; None if none fits.

    Windows-1258 is believed only if every letter it yields is Vietnamese: the older TCVN3 and VNI fonts
    use the same bytes for something else. Half of a surrogate pair is let through: whoever reads the text refuses
    it with its place.
    """
    text = _unicode(data)
    if text is None and legacy:
        text = _windows_1258(data)
    return None if text is None else unicodedata.normalize("NFC", text)


def _unicode(data: bytes) -> str | None:
    name = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if name is None:
        name = _without_mark(data)
    try:
        return data.decode(name, "surrogatepass")
    except UnicodeDecodeError:
        return None


def _without_mark(data: bytes) -> str:
    """UTF-16 without a mark shows itself by zero bytes beside the ASCII ones of the first characters."""
    head = data[:4]
    if len(head) == 4 and head[1] == head[3] == 0 and head[0] and head[2]:
        return "utf-16-le"
    if len(head) == 4 and head[0] == head[2] == 0 and head[1] and head[3]:
        return "utf-16-be"
    return "utf-8"


def _windows_1258(data: bytes) -> str | None:
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return None
    return text if all(sign.isascii() or sign in _VIETNAMESE for sign in text) else None
