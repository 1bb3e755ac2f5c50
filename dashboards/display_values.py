"""Values that boards show beside the states, and texts that go with them."""

from __future__ import annotations

from agent.text import Text

NO_DATA = Text("không có dữ liệu", "no data")
CUT_OFF = 4
"""The value shown for a target that is down because its parent is."""
CUT_OFF_TEXT = Text("Bị kéo theo", "Cut off")
UP_LAST = 5
"""The value shown for UP in a table sorted by the state: what is well comes last."""
SILENT = -1
"""The value shown for a silent agent: below every measured value, so that it comes first in a table."""
SILENT_TEXT = Text("Máy giám sát im lặng", "Agent silent")
UNSURE = 0.5
"""The value shown for a count of 0 while some states are unknown: it reads 0, in the colour of UNKNOWN."""
NO_SERIES = -2
"""The value of the placeholder row of a timeline without series."""
NO_SERIES_TEXT = Text("không có mục tiêu nào như vậy", "no such target")
DASH = "–"
"""Shown in place of a value that is not known."""

MAINTENANCE = Text("Bảo trì", "Maintenance")
"""A planned window over a target: an overlay, not a state."""
