"""Why a run ends that no other protocol has; what has no verdict beside it is a failed run."""

from __future__ import annotations

from agent.model import ReasonCode


class DnsReason(ReasonCode):
    """The reasons of DNS alone."""

    BAD_RCODE = "bad_rcode"
    BAD_ANSWER = "bad_answer"  # records are missing, or not as the module demands
    NOT_AUTHENTICATED = "not_authenticated"  # no AD flag: the resolver did not verify DNSSEC
