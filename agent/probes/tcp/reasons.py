"""Why a run ends that no other protocol has; what has no verdict beside it is a failed run."""

from __future__ import annotations

from agent.model import ReasonCode


class TcpReason(ReasonCode):
    """The reasons of TCP alone."""

    STARTTLS_REFUSED = "starttls_refused"
