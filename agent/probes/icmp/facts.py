"""The facts that a run of the probe `icmp` measures."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Facts


@dataclass(frozen=True, slots=True)
class IcmpFacts(Facts):
    """What a burst measured. sent leaves out packets that this machine could not send; hop_limit is the last reply's.

    router is the address that sent the first ICMP error, "" without one: for logs and pages only.
    """

    sent: int
    received: int
    duplicates: int
    loss_ratio: float | None
    rtt_min_seconds: float | None
    rtt_mean_seconds: float | None
    rtt_max_seconds: float | None
    jitter_seconds: float | None
    hop_limit: int | None
    mos: float | None
    resolve_seconds: float
    router: str
