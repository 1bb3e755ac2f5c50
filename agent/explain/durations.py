"""Durations in words."""

from __future__ import annotations

from agent.text import Text

_UNITS = (
    (86_400, Text("ngày", "day")),
    (3_600, Text("giờ", "hour")),
    (60, Text("phút", "minute")),
    (1, Text("giây", "second")),
)


def duration_text(seconds: float, language: str) -> str:
    """The two largest units that say something: ``2 giờ 13 phút``, ``45 giây``; less than a second is none."""
    left = max(0, int(seconds))
    for place, (size, _) in enumerate(_UNITS):
        if left >= size:
            first, rest = divmod(left, size)
            second = rest // _UNITS[place + 1][0] if place + 1 < len(_UNITS) else 0
            text = _counted(first, place, language)
            return f"{text} {_counted(second, place + 1, language)}" if second and place < 2 else text
    return _counted(0, len(_UNITS) - 1, language)


def _counted(count: int, place: int, language: str) -> str:
    plural = "s" if language == "en" and count != 1 else ""
    return f"{count} {_UNITS[place][1].to(language)}{plural}"
