"""The words of the boards that no state and no role has."""

from __future__ import annotations

from agent.explain.words import Words

NO_DATA = Words("không có dữ liệu", "no data")
BEHIND_BREAK = -1
"""The value shown for a target that is down because its parent is."""
BEHIND_BREAK_WORDS = Words("Bị kéo theo", "Cut off")

MAINTENANCE = Words("Bảo trì", "Maintenance")
"""A planned window that lies over a target: a mark, no state."""
