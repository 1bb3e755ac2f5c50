"""What one run read of a device, as it came: columns of values by instance; all else is made when asked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.characters import cleaned
from agent.probes.snmp.object_set import SnmpObject
from agent.probes.snmp.values import Value

SCALAR = b"\x00"
"""The instance of a scalar."""

Column = Mapping[bytes, Value]
"""Instance octets to value."""


@dataclass(frozen=True, slots=True)
class Reading:
    """objects: what is shown as series. columns: by the object's oid; what lookups need is in it too.

    read_at: instant of ``clock.monotonic()`` at which the last value came. walk_seconds and what follows: of this run.
    """

    objects: tuple[SnmpObject, ...]
    columns: Mapping[bytes, Column]
    read_at: float = 0.0
    walk_seconds: float = 0.0
    packets_sent: int = 0
    packets_retried: int = 0
    pdus_returned: int = field(default=0)


def number(value: Value | None) -> int | None:
    """A whole number, None where there is none."""
    if value is None:
        return None
    content = value.content
    return content if isinstance(content, int) else None


def text(value: Value | None, most: int = 255) -> str:
    """What a device says, made harmless: on one line, no controls, so many characters at most; "" for no text.

    Octets that are not UTF-8 are read as TCVN3 where that gives Vietnamese, else as Latin-1.
    """
    if value is None or not isinstance(value.content, bytes):
        return ""
    octets = value.content[: 4 * most].rstrip(b"\0")
    if octets.isascii():
        return cleaned(octets.decode("ascii"))[:most].strip()
    return cleaned(_decoded(octets))[:most].strip()


def _decoded(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end == len(octets) and error.reason == "unexpected end of data" and error.start:
            return octets[: error.start].decode("utf-8")  # cut inside its last character
    if _is_tcvn3(octets):
        return unicodedata.normalize("NFC", "".join(_TCVN3.get(octet, chr(octet)) for octet in octets))
    return octets.decode("latin-1")


def _is_tcvn3(octets: bytes) -> bool:
    """Whether all high octets are letters of TCVN 5712-3, several of them, and some no letters in Latin-1.

    Western words use the octets of é, è, ü, ç, which are letters in both; only Vietnamese ones have others among them,
    such as that of ® for đ. One sign alone, as in the trade mark of a maker, is no word.
    """
    high = {octet for octet in octets if octet >= 0x80}
    return len(high) > 1 and high <= _TCVN3.keys() and not high.isdisjoint(_TELLTALES)


_TCVN3_ROWS = (
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
    (0xB5, "àảãáạ"),
    (0xBB, "ằẳẵắ"),
    (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"),
    (0xDC, "ĩíịò"),
    (0xE1, "ỏõóọồổỗốộờởỡớợù"),
    (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
)
_TCVN3: Mapping[int, str] = {first + at: letter for first, letters in _TCVN3_ROWS for at, letter in enumerate(letters)}
_TELLTALES = frozenset(range(0xA1, 0xBF))
