"""Why a whole site was dark, in a sentence: no power, no line, or nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from agent.availability.outage_cause import OutageCause
from agent.explain.components import since_text
from agent.text import Text

RECENT_MS = 86_400_000
"""For so long after its end an outage is told where people look at what is now."""

OUTAGE_CAUSES: Mapping[OutageCause, Text] = {
    OutageCause.POWER: Text("mất điện", "power cut"),
    OutageCause.LINE: Text("đứt đường truyền", "line cut"),
    OutageCause.UNKNOWN: Text("chưa rõ nguyên nhân", "cause unknown"),
}
"""In the words of a table's cell."""
_SENTENCES: Mapping[OutageCause, Text] = {
    OutageCause.POWER: Text(
        "Mất điện từ {start} đến {end}: thiết bị tại điểm đều khởi động lại",
        "Power cut from {start} to {end}: the devices of the site began anew",
    ),
    OutageCause.LINE: Text(
        "Đứt đường truyền từ {start} đến {end}: thiết bị tại điểm vẫn chạy suốt lúc đó",
        "Line cut from {start} to {end}: the devices of the site ran on meanwhile",
    ),
    OutageCause.UNKNOWN: Text(
        "Mất liên lạc từ {start} đến {end}: chưa rõ vì mất điện hay đứt đường truyền",
        "Out of reach from {start} to {end}: whether power or line was cut is not known",
    ),
}
_AWAITED = Text(
    "Mất liên lạc từ {start} đến {end}: đang chờ thiết bị cho biết vì mất điện hay đứt đường truyền",
    "Out of reach from {start} to {end}: the devices have not said yet whether power or line was cut",
)
_LASTING = Text("Cả điểm mất liên lạc từ {start}", "The whole site is out of reach since {start}")


def outage_sentence(cause: OutageCause | None, start: datetime, end: datetime | None, now: datetime) -> Text:
    """Without its full stop. cause: None while it is not known; end: None while it lasts; all in the reader's zone."""
    if end is None:
        return _LASTING.filled(start=since_text(start, now))
    sentence = _AWAITED if cause is None else _SENTENCES[cause]
    first = since_text(start, start if start.date() == end.date() else now)
    return sentence.filled(start=first, end=since_text(end, now))
