"""The words that a person meets everywhere: one for each state and role, in both languages, spelled here only.

The command line, the pages, the boards and the alerts all take them from here, so that what one calls "hỏng" no other
calls something else.
"""

from __future__ import annotations

from collections.abc import Mapping

from agent.model import Role, State
from agent.words import Words

__all__ = ["ROLES", "STATES", "Words"]  # what stands here is written with Words

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
