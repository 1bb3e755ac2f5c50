"""The words that a person meets everywhere: one for each state and role, in both languages, spelled here only.

The command line, the pages, the boards and the alerts all take them from here, so that what one calls "hỏng" no other
calls something else.
"""

from __future__ import annotations

from collections.abc import Mapping

from agent.model import Reason, ReasonCode, Role, State
from agent.text import Text

STATES: Mapping[State, Text] = {
    State.DOWN: Text("Hỏng", "Down"),
    State.UP: Text("Tốt", "Up"),
    State.DEGRADED: Text("Kém", "Degraded"),
    State.UNKNOWN: Text("Chưa rõ", "Unknown"),
}

READINESS: Mapping[State, Text] = {
    **STATES,
    State.DOWN: Text("Chưa sẵn sàng", "Not ready"),
    State.UP: Text("Sẵn sàng", "Ready"),
}
"""Of a unit, for a meeting."""

ROLES: Mapping[Role, Text] = {
    Role.CONFERENCE: Text("Điểm cầu", "Conference"),
    Role.UPLINK: Text("Đường truyền", "Uplink"),
    Role.LAN: Text("Mạng LAN", "LAN"),
    Role.ONE_STOP: Text("Một cửa", "One-stop shop"),
    Role.PORTAL: Text("Cổng thông tin", "Portal"),
    Role.SERVICE: Text("Dịch vụ", "Service"),
    Role.DEVICE: Text("Thiết bị", "Device"),
}

ROLES_COUNTED: Mapping[Role, Text] = {
    Role.CONFERENCE: Text("điểm cầu", "conference points"),
    Role.UPLINK: Text("đường truyền", "uplinks"),
    Role.LAN: Text("mạng LAN", "LANs"),
    Role.ONE_STOP: Text("hệ thống một cửa", "one-stop systems"),
    Role.PORTAL: Text("cổng thông tin", "portals"),
    Role.SERVICE: Text("dịch vụ", "services"),
    Role.DEVICE: Text("thiết bị", "devices"),
}
"""Behind a number, in a sentence."""

CALENDARS: Mapping[str, Text] = {
    "always": Text("mọi lúc", "always"),
    "office": Text("giờ hành chính", "office hours"),
    "desk": Text("giờ tiếp dân", "desk hours"),
    "meetings": Text("giờ họp", "meetings"),
}
"""Those that every inventory has; anybody's own calendar is called by its name."""

OWN_FAULTS: Mapping[ReasonCode, Text] = {
    Reason.RESOLVER_FAILED: Text("máy chủ tên miền không trả lời", "name server silent"),
    Reason.NOT_PERMITTED: Text("thiếu quyền gửi gói tin", "not permitted to send"),
    Reason.NO_ROUTE: Text("máy giám sát không có đường ra mạng", "no route of its own"),
    Reason.NO_RESOURCES: Text("máy giám sát hết tài nguyên", "out of resources"),
    Reason.NO_SOURCE_ADDRESS: Text("máy giám sát không có địa chỉ nguồn đã khai", "no such source address"),
    Reason.CLOCK_SKEW: Text("đồng hồ máy giám sát sai", "clock wrong"),
    Reason.PACKETS_DROPPED: Text("máy giám sát làm rơi gói tin", "packets dropped here"),
    Reason.LOCAL_ERROR: Text("lỗi của máy giám sát", "fault of this machine"),
    Reason.INTERNAL_ERROR: Text("lỗi của chương trình", "fault of the program"),
}
"""Why a run says nothing of its target, in a few words."""
