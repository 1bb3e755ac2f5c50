"""How a person names the ledger as it stood: a row, a local time or an instant, or both as reports print them."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from agent.availability.instants import instant_of, iso_utc
from agent.characters import quoted
from agent.errors import SansangError
from agent.ledger.history.position import AsOf
from agent.text import Text

_ROW = re.compile(r"[0-9]{1,15}")
_WRONG = Text(
    "{text} không chỉ ra một lúc nào của sổ; hãy ghi một dòng (4711), một thời điểm (2026-11-01T08:00:00Z,"
    " 01/11/2026 15:00), hoặc cả hai (4711@...Z)",
    "{text} names no stand of the ledger; right would be a row (4711), a time (2026-11-01T08:00:00Z, 01/11/2026"
    " 15:00), or both (4711@...Z)",
)


def parse_as_of(text: str, zone: ZoneInfo) -> AsOf:
    """SansangError for what is neither; a time without an offset is one of the zone."""
    row, sign, instant = text.partition("@")
    if _ROW.fullmatch(row):
        return AsOf(int(row), _instant(instant, zone, text) if sign else None)
    return AsOf(None, _instant(text, zone, text))


def format_as_of(seq: int, at_ms: int) -> str:
    """What gives the same report again."""
    return f"{seq}@{iso_utc(at_ms)}"


def _instant(text: str, zone: ZoneInfo, whole: str) -> int:
    found = instant_of(text, zone)
    if found is None:
        raise SansangError(_WRONG.filled(text=quoted(whole)))
    return found
