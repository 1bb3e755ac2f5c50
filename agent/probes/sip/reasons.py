"""Why a run ends that no other protocol has; what has no verdict beside it is a failed run."""

from __future__ import annotations

from agent.model import ReasonCode, Verdict


class SipReason(ReasonCode):
    """The reasons of SIP alone."""

    IN_USE = "in_use", Verdict.OK  # busy: the point is up, somebody is in a call
    REQUEST_REFUSED = "request_refused", Verdict.OK  # 401/403/405 ...: the stack lives and refuses strangers
    SERVER_ERROR = "server_error", Verdict.DEGRADED  # 500/502/503: lives, cannot serve
    TCP_ONLY = "tcp_only", Verdict.DEGRADED  # silent over UDP, open over TCP
    NOT_REGISTERED = "not_registered"
    ENDPOINT_UNREACHABLE = "endpoint_unreachable"  # the registrar cannot reach the room
    WRONG_ADDRESS = "wrong_address"  # 484/604 ...: the address itself is wrong
    PROVISIONAL_ONLY = "provisional_only"  # 1xx and nothing after
