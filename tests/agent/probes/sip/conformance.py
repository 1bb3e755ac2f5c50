"""The probe `sip` in every situation of the conformance suite."""

from __future__ import annotations

from agent.lab.listeners.base import Listener
from agent.lab.listeners.sip import SipRoom
from agent.model import Reason
from agent.probes.options import Transport
from agent.probes.sip.options import SipOptions, TcpFallback
from agent.probes.sip.reasons import SipReason
from tests.conformance.situations import (
    DATAGRAMS,
    SHARED_SOCKET,
    STREAM,
    TRUSTED,
    Case,
    Situation,
    at_port,
    datagrams,
    serving,
    stream,
)
from tests.pki import HOST, pki


def _over_tls_port(listener: Listener) -> str:
    assert isinstance(listener, SipRoom)
    return f"{HOST}:{listener.tls_port}"


CASES = (
    Case(
        "sip over UDP",
        "sip",
        SipOptions(tcp_fallback=TcpFallback.OFF),
        datagrams(SipRoom),
        SHARED_SOCKET
        | {
            Situation.REFUSED: (Reason.REFUSED,),
            Situation.SILENT: (Reason.TIMEOUT,),
            Situation.GARBAGE: (Reason.TIMEOUT, Reason.PROTOCOL_ERROR),
            Situation.ENDLESS: (Reason.TIMEOUT, Reason.PROTOCOL_ERROR, SipReason.PROVISIONAL_ONLY),
            Situation.DRIPPING: (Reason.TIMEOUT, Reason.PROTOCOL_ERROR),
            Situation.STALLED: (SipReason.PROVISIONAL_ONLY,),
        },
        DATAGRAMS,
    ),
    Case(
        "sip over TCP",
        "sip",
        SipOptions(transport=Transport.TCP),
        serving(SipRoom, at_port),
        STREAM,
    ),
    Case(
        "sip over TLS",
        "sip",
        SipOptions(transport=Transport.TLS, tls_config=TRUSTED),
        serving(lambda: SipRoom(pki().good.context()), _over_tls_port),
        stream(silent=(Reason.STALLED, Reason.TIMEOUT)),
    ),
)
