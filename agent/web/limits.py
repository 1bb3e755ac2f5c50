"""How much the web server gives to anybody (docs/http.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """connections: at the cap the one that has kept us waiting longest for its request is closed to make room.

    request_seconds: for a request to arrive whole; idle_seconds: for a kept connection to ask again, more than
    the 60 s at which Prometheus usually comes back; stall_seconds: for a reader who takes nothing;
    stop_seconds: for answers under way when the server stops.
    """

    connections: int = 200
    request_seconds: float = 10.0
    idle_seconds: float = 75.0
    stall_seconds: float = 10.0
    stop_seconds: float = 1.5
    header_bytes: int = 64 * 1024
    url_bytes: int = 8 * 1024
    body_bytes: int = 1024 * 1024
