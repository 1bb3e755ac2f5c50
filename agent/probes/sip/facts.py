"""The facts that a run of the probe `sip` measures."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Facts


@dataclass(frozen=True, slots=True)
class SipFacts(Facts):
    """The measurements of a run. server is the device's own text, cleaned: for pages only, never a label.

    rtt_seconds runs from the first request to the final answer; in_use is 1 in a call, 0 free.
    registrar is 1 when a registrar was asked.
    """

    transport: str
    registrar: int
    status_code: int | None = None
    in_use: int | None = None
    rtt_seconds: float | None = None
    server: str = ""
    tls_expiry_timestamp_seconds: int | None = None
    tls_presented_expiry_timestamp_seconds: int | None = None
    tls_verified: int = 0
