"""Every reason that a run may end with, for rooms that know no protocol: boards, alerts and runbooks."""

from __future__ import annotations

from agent.model import ReasonCode, Verdict
from agent.probes.declared import OWN_REASONS, REASONS

__all__ = ["REASONS", "own_reasons", "with_verdict"]


def with_verdict(*verdicts: Verdict) -> tuple[ReasonCode, ...]:
    """The reasons that carry one of these verdicts."""
    return tuple(reason for reason in REASONS.values() if reason.verdict in verdicts)


def own_reasons(probe: str, verdict: Verdict) -> tuple[ReasonCode, ...]:
    """The reasons that this protocol alone has, of those that carry the verdict."""
    return tuple(reason for reason in OWN_REASONS[probe] if reason.verdict is verdict)
