"""Why a run ends that no other protocol has; what has no verdict beside it is a failed run."""

from __future__ import annotations

from agent.model import ReasonCode, Verdict


class H323Reason(ReasonCode):
    """The reasons of H.323 alone."""

    PORT_ONLY = "port_only", Verdict.OK  # port open and silent, which is proper there: more cannot be told
