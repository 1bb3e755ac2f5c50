"""The facts that a run of `ntp` measures."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Facts


@dataclass(frozen=True, slots=True)
class NtpFacts(Facts):
    """The measurements of a run. offset_seconds is the server's clock minus ours, right within half of delay_seconds.

    reference is the server's own word on its source, cleaned: for pages only, never a label.
    """

    offset_seconds: float | None = None
    delay_seconds: float | None = None
    stratum: int | None = None
    leap: int | None = None
    root_delay_seconds: float | None = None
    root_dispersion_seconds: float | None = None
    rtt_seconds: float | None = None
    reference: str = ""
