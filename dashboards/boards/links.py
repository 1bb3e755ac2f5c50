"""The boards' uids, and the links from one to another."""

from __future__ import annotations

from agent.text import Text
from dashboards.tables import DataLink

OVERVIEW = "sansang-overview"
POINTS = "sansang-points"
SERVICES = "sansang-services"
LINES = "sansang-lines"
SITE = "sansang-site"
UPTIME = "sansang-uptime"
MONITOR = "sansang-monitor"
_AT_SITE = Text("Xem địa điểm này", "Look at this site")

_SITE = f"/d/{SITE}?var-site=${{__data.fields.site}}&${{__url_time_range}}&var-datasource=${{datasource}}"
SITE_LINK = DataLink(_AT_SITE, _SITE)

PLACE_LINK = DataLink(Text("Xem nơi này", "Look at this place"), _SITE.replace(SITE, "${__data.fields.board}", 1))
"""Leads to the board that the line's own field ``board`` names."""

_CHOSEN = "&${agent:queryparam}&${__url_time_range}&var-datasource=${datasource}"

POINT_LINK = DataLink(
    Text("Mọi số đo của điểm cầu này", "Everything measured of this point"),
    f"/d/{POINTS}?var-point=${{__field.labels.target}}{_CHOSEN}",
)

LINES_LINK = DataLink(
    Text("Đường truyền của địa điểm này", "The lines of this site"),
    f"/d/{LINES}?var-place=${{__field.labels.site}}{_CHOSEN}",
)

SITE_UPTIME_LINK = DataLink(
    Text("Tỷ lệ hoạt động của địa điểm này", "The uptime of this site"),
    f"/d/{UPTIME}?var-place=${{__field.labels.site}}{_CHOSEN.replace('&${__url_time_range}', '')}",
)
"""Without the time range: that board has its own, the month."""


def link_to(board: str) -> DataLink:
    """A link to another board, for the same agents and time range."""
    url = f"/d/{board}?${{agent:queryparam}}&${{__url_time_range}}&var-datasource=${{datasource}}"
    return DataLink(Text("Mở bảng chi tiết", "Open the board with more of it"), url)
