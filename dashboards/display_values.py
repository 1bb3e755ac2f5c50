"""The words of the boards that no state and no role has."""

from __future__ import annotations

from agent.text import Text

NO_DATA = Text("không có dữ liệu", "no data")
CUT_OFF = 4
"""The value shown for a target that is down because its parent is."""
CUT_OFF_TEXT = Text("Bị kéo theo", "Cut off")
UP_LAST = 5
"""The value shown for UP in a table sorted by the state: what is well comes last."""
SILENT = -1
"""The value shown for an agent that Prometheus hears no more: below all that is measured, so it is first in a table."""
SILENT_TEXT = Text("Máy giám sát im lặng", "Agent silent")
UNSURE = 0.5
"""The value shown for "none" where some are unknown: it reads 0, in the colour of what is unknown."""
NO_SERIES = -2
"""The value of the one row of a timeline that has nothing to show while the agent speaks."""
NO_SERIES_TEXT = Text("không có mục tiêu nào như vậy", "no such target")
DASH = "–"
"""Stands for a figure that nobody knows."""

MAINTENANCE = Text("Bảo trì", "Maintenance")
"""A planned window that lies over a target: a mark, no state."""
