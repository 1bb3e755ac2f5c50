"""The reasons that each kind of target can fail for. An alert explains the common ones, its runbook all of them."""

from __future__ import annotations

from agent.explain.reasons import REASONS, own_reasons, with_verdict
from agent.model import Reason, ReasonCode, Verdict

NO_ANSWER = (Reason.TIMEOUT, Reason.REFUSED, Reason.UNREACHABLE)
LINE = (
    *NO_ANSWER, Reason.PROHIBITED, Reason.TTL_EXCEEDED, Reason.PACKET_TOO_BIG, Reason.NAME_NOT_FOUND, Reason.NO_ADDRESS,
)  # fmt: skip
_TALK = (
    Reason.CONNECTION_RESET, Reason.CONNECTION_CLOSED, Reason.STALLED, Reason.PROTOCOL_ERROR, Reason.TOO_LARGE,
    Reason.BAD_DIALOGUE,
)  # fmt: skip
_TLS = (
    Reason.TLS_FAILED, Reason.TLS_EXPIRED, Reason.TLS_NOT_YET_VALID, Reason.TLS_WRONG_NAME, Reason.TLS_SELF_SIGNED,
    Reason.TLS_UNTRUSTED, Reason.TLS_REQUIRED, REASONS["tls_unexpected"], REASONS["starttls_refused"],
)  # fmt: skip
_WEB = (
    REASONS["bad_status"], REASONS["bad_header"], REASONS["bad_body"], REASONS["bad_json"], REASONS["bad_version"],
    REASONS["too_many_redirects"], Reason.REDIRECT_FORBIDDEN, REASONS["proxy_failed"],
)  # fmt: skip
_ROOM = own_reasons("sip", Verdict.FAILED)
_NAMES = own_reasons("dns", Verdict.FAILED)


def _others(verdict: Verdict, *known: ReasonCode) -> tuple[ReasonCode, ...]:
    """The rest of the reasons that carry the verdict, such as those of a protocol that has no group of its own."""
    return tuple(reason for reason in with_verdict(verdict) if reason not in known)


ROOMS = (*LINE, *_TALK, *_TLS, *_ROOM)
SERVICES = (*LINE, *_TALK, *_TLS, *_WEB, *_others(Verdict.FAILED, *LINE, *_TALK, *_TLS, *_WEB, *_ROOM, *_NAMES))
NAME_SERVERS = (*LINE, *_TALK, *_TLS, *_NAMES)
_LIMITS = (
    REASONS["high_loss"], Reason.HIGH_RTT, REASONS["high_jitter"], Reason.SLOW, Reason.CERTIFICATE_EXPIRING,
    REASONS["server_error"], REASONS["tcp_only"],
)  # fmt: skip
DEGRADED = (*_LIMITS, *_others(Verdict.DEGRADED, *_LIMITS))
