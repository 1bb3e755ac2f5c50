"""Which reasons can befall what: an alert tells the common ones in its text, its runbook explains all of them."""

from __future__ import annotations

from agent.model import Reason

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
    Reason.TLS_UNTRUSTED, Reason.TLS_REQUIRED, Reason.TLS_UNEXPECTED, Reason.STARTTLS_REFUSED,
)  # fmt: skip
_WEB = (
    Reason.BAD_STATUS, Reason.BAD_HEADER, Reason.BAD_BODY, Reason.BAD_JSON, Reason.BAD_VERSION,
    Reason.TOO_MANY_REDIRECTS, Reason.REDIRECT_FORBIDDEN, Reason.PROXY_FAILED,
)  # fmt: skip
_ROOM = (Reason.NOT_REGISTERED, Reason.ENDPOINT_UNREACHABLE, Reason.WRONG_ADDRESS, Reason.PROVISIONAL_ONLY)
_NAMES = (Reason.BAD_RCODE, Reason.BAD_ANSWER, Reason.NOT_AUTHENTICATED)

ROOMS = (*LINE, *_TALK, *_TLS, *_ROOM)
SERVICES = (*LINE, *_TALK, *_TLS, *_WEB)
NAME_SERVERS = (*LINE, *_TALK, *_TLS, *_NAMES)
DEGRADED = (
    Reason.HIGH_LOSS, Reason.HIGH_RTT, Reason.HIGH_JITTER, Reason.SLOW, Reason.CERTIFICATE_EXPIRING,
    Reason.SERVER_ERROR, Reason.TCP_ONLY,
)  # fmt: skip
