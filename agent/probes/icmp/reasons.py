"""Why a run ends that no other protocol has; what has no verdict beside it is a failed run."""

from __future__ import annotations

from agent.model import ReasonCode, Verdict


class IcmpReason(ReasonCode):
    """The reasons of ICMP alone."""

    HIGH_LOSS = "high_loss", Verdict.DEGRADED
    HIGH_JITTER = "high_jitter", Verdict.DEGRADED
