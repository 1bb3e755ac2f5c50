"""The words that a person meets everywhere: one for each state and role, in both languages, spelled here only.

The command line, the pages, the boards and the alerts all take them from here, so that what one calls "hỏng" no other
calls something else.
"""

from __future__ import annotations

from collections.abc import Mapping

from agent.model import Reason, Role, State
from agent.words import Words

__all__ = ["OWN_FAULTS", "ROLES", "STATES", "Words"]  # what stands here is written with Words

STATES: Mapping[State, Words] = {
    State.DOWN: Words("Hỏng", "Down"),
    State.UP: Words("Tốt", "Up"),
    State.DEGRADED: Words("Kém", "Degraded"),
    State.UNKNOWN: Words("Chưa rõ", "Unknown"),
}

READINESS: Mapping[State, Words] = {
    **STATES,
    State.DOWN: Words("Chưa sẵn sàng", "Not ready"),
    State.UP: Words("Sẵn sàng", "Ready"),
}
"""Of a unit, for a meeting."""

ROLES: Mapping[Role, Words] = {
    Role.CONFERENCE: Words("Điểm cầu", "Conference"),
    Role.UPLINK: Words("Đường truyền", "Uplink"),
    Role.LAN: Words("Mạng LAN", "LAN"),
    Role.ONE_STOP: Words("Một cửa", "One-stop shop"),
    Role.PORTAL: Words("Cổng thông tin", "Portal"),
    Role.SERVICE: Words("Dịch vụ", "Service"),
    Role.DEVICE: Words("Thiết bị", "Device"),
}

OWN_FAULTS: Mapping[Reason, Words] = {
    Reason.RESOLVER_FAILED: Words("máy chủ tên miền không trả lời", "name server silent"),
    Reason.NOT_PERMITTED: Words("thiếu quyền gửi gói tin", "not permitted to send"),
    Reason.NO_ROUTE: Words("máy giám sát không có đường ra mạng", "no route of its own"),
    Reason.NO_RESOURCES: Words("máy giám sát hết tài nguyên", "out of resources"),
    Reason.NO_SOURCE_ADDRESS: Words("máy giám sát không có địa chỉ nguồn đã khai", "no such source address"),
    Reason.CLOCK_SKEW: Words("đồng hồ máy giám sát sai", "clock wrong"),
    Reason.PACKETS_DROPPED: Words("máy giám sát làm rơi gói tin", "packets dropped here"),
    Reason.LOCAL_ERROR: Words("lỗi của máy giám sát", "fault of this machine"),
    Reason.INTERNAL_ERROR: Words("lỗi của chương trình", "fault of the program"),
}
"""Why a run says nothing of its target, in a few words."""
