"""What each SIP answer means: one table for every code from 200 to 699, shown in docs/probes/sip.md.

RFC 3261 section 11: an OPTIONS is answered as an INVITE would have been. Asked directly, any well-formed final
answer proves that the endpoint's SIP stack lives. An answer that a registrar gives is about the endpoint only
where the code says so; where it refuses us, the endpoint's state is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from agent.model import Reason, ReasonCode
from agent.probes.sip.reasons import SipReason


class Via(StrEnum):
    """Who answers: the endpoint itself, or a registrar (proxy) that relays to it."""

    ENDPOINT = "endpoint"
    REGISTRAR = "registrar"


@dataclass(frozen=True, slots=True)
class StatusCodeRow:
    """Codes of one meaning and the reason each side's answer carries."""

    codes: range | tuple[int, ...]
    meaning: str
    endpoint: ReasonCode
    registrar: ReasonCode

    @property
    def label(self) -> str:
        """The codes as the table shows them."""
        if isinstance(self.codes, range):
            return f"other {self.codes[0] // 100}xx"
        return ", ".join(str(code) for code in self.codes)


TABLE = (
    StatusCodeRow((486, 600, 603), "busy or declined: in a call", SipReason.IN_USE, SipReason.IN_USE),
    StatusCodeRow((404,), "no such user, or not registered", SipReason.REQUEST_REFUSED, SipReason.NOT_REGISTERED),
    StatusCodeRow((480,), "do not disturb, or not registered", SipReason.REQUEST_REFUSED, SipReason.NOT_REGISTERED),
    StatusCodeRow((410, 484, 485, 604), "the user part is wrong", SipReason.REQUEST_REFUSED, SipReason.WRONG_ADDRESS),
    StatusCodeRow(
        (408, 430), "the registrar cannot reach it", SipReason.REQUEST_REFUSED, SipReason.ENDPOINT_UNREACHABLE
    ),
    StatusCodeRow((504,), "a server behind it timed out", SipReason.SERVER_ERROR, SipReason.ENDPOINT_UNREACHABLE),
    StatusCodeRow((401, 403, 407), "we have no permission", SipReason.REQUEST_REFUSED, Reason.NOT_PERMITTED),
    StatusCodeRow((405, 415, 420, 481, 488), "the request is refused", SipReason.REQUEST_REFUSED, Reason.NOT_PERMITTED),
    StatusCodeRow((501, 505, 513, 606, 607), "the request is refused", SipReason.REQUEST_REFUSED, Reason.NOT_PERMITTED),
    StatusCodeRow((500, 502, 503), "it cannot serve now", SipReason.SERVER_ERROR, SipReason.SERVER_ERROR),
    StatusCodeRow(range(200, 300), "ready", Reason.OK, Reason.OK),
    StatusCodeRow(range(300, 400), "calls go elsewhere", SipReason.REQUEST_REFUSED, Reason.NOT_PERMITTED),
    StatusCodeRow(range(400, 500), "the request is refused", SipReason.REQUEST_REFUSED, Reason.NOT_PERMITTED),
    StatusCodeRow(range(500, 600), "it cannot serve now", SipReason.SERVER_ERROR, SipReason.SERVER_ERROR),
    StatusCodeRow(range(600, 700), "the request is refused", SipReason.REQUEST_REFUSED, Reason.NOT_PERMITTED),
)
"""First row that names the code wins."""


def _by_code() -> Mapping[int, StatusCodeRow]:
    table: dict[int, StatusCodeRow] = {}
    for row in reversed(TABLE):
        table.update(dict.fromkeys(row.codes, row))
    return table


_ROWS = _by_code()


def reason_of(status: int, via: Via) -> ReasonCode:
    """The reason of a final answer; KeyError outside 200..699."""
    row = _ROWS[status]
    return row.endpoint if via is Via.ENDPOINT else row.registrar


def in_use(status: int) -> int | None:
    """1 in a call, 0 free, None when the answer does not say."""
    if _ROWS[status].endpoint is SipReason.IN_USE:
        return 1
    return 0 if status < 300 else None
