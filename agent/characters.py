"""Which characters a text may hold, and how those are written that would act on what shows them. Each set once."""

from __future__ import annotations

import json
import re
import unicodedata

_PLANE_ENDS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNENCODABLE = f"\ud800-\udfff\ufdd0-\ufdef{_PLANE_ENDS}"
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_LINE_ENDS = "\u2028\u2029"
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Unicode's format characters and what is drawn as nothing
_UNSEEN = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INSIDE_WORDS = "\u00ad\u200b-\u200d"  # unseen too, and yet part of how some languages are written

NOT_ENCODABLE = re.compile(f"[{_UNENCODABLE}]")
"""What no encoding has: halves of pairs, and what Unicode keeps as no character."""

NOT_IN_FILES = re.compile(f"[{_CONTROLS}{_UNENCODABLE}]")
"""What no text file has, its comments included; tab, line feed and carriage return are let through."""

NOT_IN_TEXTS = re.compile(f"[{_CONTROLS}{_LINE_ENDS}{_UNENCODABLE}{_TURNING}\ufeff]")
"""What no name, address or sentence may hold: ends of lines as no keyboard makes them, and what turns a text round."""

_SEEN = re.compile(f"[^\\s{_TURNING}{_UNSEEN}{_INSIDE_WORDS}\u2800\ufe00-\ufe0f]")
_ACTING = re.compile(f"[\x00-\x1f{_CONTROLS}{_LINE_ENDS}{_UNENCODABLE}{_TURNING}{_UNSEEN}]")
_NOT_IN_JSON = re.compile(f"[{_CONTROLS}{_LINE_ENDS}{_UNENCODABLE}{_TURNING}{_UNSEEN}{_INSIDE_WORDS}]")
_PLAIN = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u22ff]*"
).fullmatch
"""Of a text in Latin letters, Vietnamese among them, and usual signs: nothing of it is left out or escaped."""

_SPACES = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
_NOT_SHOWN = re.compile(f"[\x00-\x1f\x7f-\x9f{_TURNING}\ufeff\ud800-\udfff\ufffe\uffff]")

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula; some read the wide forms alike."""

_PIECE = 64 * 1024  # characters: a search holds every other thread up, 2 ms for so many


def first_in_file(text: str) -> re.Match[str] | None:
    """The first of NOT_IN_FILES in a text of megabytes; others get their turn meanwhile."""
    pieces = (NOT_IN_FILES.search(text, start, start + _PIECE) for start in range(0, len(text), _PIECE))
    return next(filter(None, pieces), None)


def refused(text: str) -> str:
    """The first character of NOT_IN_TEXTS, as ``U+202E``; "" if there is none."""
    match = None if text.isascii() and text.isprintable() else NOT_IN_TEXTS.search(text)
    return "" if match is None else code(match[0])


def refused_in_line(text: str) -> str:
    """As ``refused``, for what stands on one line: tab, line feed and carriage return too."""
    return refused(text) or next((code(sign) for sign in text if sign < " "), "")


def is_blank(text: str) -> bool:
    """Whether nobody sees anything of it: blanks, and what is drawn as nothing."""
    return _SEEN.search(text) is None


def code(sign: str) -> str:
    """A character as Unicode writes it: ``U+202E``."""
    return f"U+{ord(sign):04X}"


def written_out(text: str) -> str:
    """The text on one line; each character that would end it, turn it round, hide or steer a terminal as its escape."""
    if text.isascii() and text.isprintable():
        return text
    return _ACTING.sub(lambda match: _escape(ord(match[0])), text)


def cleaned(text: str) -> str:
    """The text in NFC on one line; controls, bidirectional overrides and lone surrogates left out."""
    if _PLAIN(text):
        return text
    return _NOT_SHOWN.sub("", _SPACES.sub(" ", unicodedata.normalize("NFC", text)))


def printable(text: str, most: int) -> str:
    """So many characters of a stranger's text at most, each one that cannot be printed as U+FFFD."""
    text = text[:most]
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def unaccented(text: str) -> str:
    """Lower case without accents, đ as d: how words that people write are compared."""
    if text.isascii():
        return text.lower()
    signs = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


def quoted(text: str) -> str:
    """What somebody wrote, between quotation marks, as it can be read: letters of any language stay letters."""
    return f"'{written_out(text)}'"


def json_text(value: object, indent: int | None = None) -> str:
    """JSON for programs that a person may look at: letters as they are, whatever is unseen or acts as its escape."""
    return json_escaped(json.dumps(value, ensure_ascii=False, indent=indent))


def json_escaped(text: str) -> str:
    """A JSON text with whatever is unseen or acts as its escape."""
    if _PLAIN(text):
        return text
    return _NOT_IN_JSON.sub(lambda match: json.dumps(match[0])[1:-1], text)


def _escape(number: int) -> str:
    if number < 0x80:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
