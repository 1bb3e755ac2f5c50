"""Texts in both languages from one place, and the words that all boards share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from agent.model import Role, State


class Words(NamedTuple):
    """One text; the fields are the language codes."""

    vi: str
    en: str

    def to(self, language: str) -> str:
        """In that language. Raises AttributeError for one that is none."""
        text: str = getattr(self, language)
        return text


NO_DATA = Words("không có dữ liệu", "no data")

ROLES: Mapping[Role, Words] = {
    Role.CONFERENCE: Words("Điểm cầu", "Conference"),
    Role.UPLINK: Words("Đường truyền", "Uplink"),
    Role.LAN: Words("Mạng LAN", "LAN"),
    Role.ONE_STOP: Words("Một cửa", "One-stop shop"),
    Role.PORTAL: Words("Cổng thông tin", "Portal"),
    Role.SERVICE: Words("Dịch vụ", "Service"),
    Role.DEVICE: Words("Thiết bị", "Device"),
}

STATES: Mapping[State, Words] = {
    State.DOWN: Words("Hỏng", "Down"),
    State.UP: Words("Tốt", "Up"),
    State.DEGRADED: Words("Kém", "Degraded"),
    State.UNKNOWN: Words("Chưa rõ", "Unknown"),
}
BEHIND_BREAK = -1
"""The value shown for a target that is down because its parent is."""
BEHIND_BREAK_WORDS = Words("Bị kéo theo", "Cut off")

MAINTENANCE = Words("Bảo trì", "Maintenance")
"""A planned window that lies over a target: a mark, no state."""
