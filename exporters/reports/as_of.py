"""How a person names the ledger as it stood: a row, a local time or an instant, or both as reports print them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.errors import SansangError
from agent.ledger.stand import AsOf
from exporters.reports.forms import iso

_ROW = re.compile(r"[0-9]{1,15}")
_LOCAL = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_RIGHT = "right would be a row (4711), a time (2026-11-01T08:00:00Z, 01/11/2026 15:00), or both (4711@...Z)"


def as_of_of(text: str, zone: ZoneInfo) -> AsOf:
    """SansangError for what is neither; a time without an offset is one of the zone."""
    row, sign, instant = text.partition("@")
    if _ROW.fullmatch(row):
        return AsOf(int(row), _instant(instant, zone, text) if sign else None)
    return AsOf(None, _instant(text, zone, text))


def spelled(seq: int, at_ms: int) -> str:
    """What gives the same report again."""
    return f"{seq}@{iso(at_ms)}"


def _instant(text: str, zone: ZoneInfo, whole: str) -> int:
    found = _parsed(text)
    if found is None:
        raise SansangError(f"{whole!a} names no stand of the ledger; {_RIGHT}")
    given = found if found.tzinfo is not None else found.replace(tzinfo=zone)
    return (given.astimezone(UTC) - _EPOCH) // _MILLISECOND


def _parsed(text: str) -> datetime | None:
    for form in _LOCAL:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the organisation's
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text) if len(text) > len("2026-11-01") else None
    except ValueError:
        return None
