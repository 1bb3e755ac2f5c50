"""How each registered probe is put into every situation, and what it must say there.

One row per way of using a probe (in clear, over TLS, over UDP ...). A situation that cannot happen to a protocol
stands in `cannot` with the reason why; leaving one out fails the suite.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from agent.lab.listeners.base import Listener, Misbehaviour
from agent.lab.listeners.dns import DnsListener
from agent.lab.listeners.h323 import H323Point
from agent.lab.listeners.http import HttpListener
from agent.lab.listeners.sip import SipRoom
from agent.lab.listeners.tcp import TcpListener
from agent.model import Reason, ReasonCode
from agent.probes.dns.options import DnsOptions
from agent.probes.h323.options import H323Answer, H323Options
from agent.probes.h323.reasons import H323Reason
from agent.probes.http.options import HttpOptions
from agent.probes.icmp.options import IcmpOptions
from agent.probes.options import Transport
from agent.probes.options import Transport as DnsTransport
from agent.probes.sip.options import SipOptions, TcpFallback
from agent.probes.sip.reasons import SipReason
from agent.probes.tcp.dialogue import DialogueStep
from agent.probes.tcp.options import TcpOptions
from agent.probes.tls.options import TlsOptions
from tests.floods import flooded_with_replies, flooding_server
from tests.pki import HOST, pki

PRIVATE_NET = "SANSANG_CONFORMANCE_NET"
"""Set where the suite runs inside the lab's private network, in which SILENT_ADDRESS says nothing."""
SILENT_ADDRESS = "127.99.0.9"


class Situation(StrEnum):
    """What the probe meets."""

    OK = "ok"
    SLOW = "slow"
    REFUSED = "refused"
    SILENT = "silent"
    GARBAGE = "garbage"
    ENDLESS = "endless"
    DRIPPING = "dripping"
    STALLED = "stalled"
    CLOSED = "closed"
    RESET = "reset"
    FLOODED = "flooded"  # nobody answers, and our own socket loses packets for want of room
    UNRESOLVABLE = "unresolvable"
    RESOLVER_FAILED = "resolver_failed"
    NO_DESCRIPTORS = "no_descriptors"


VICES = {
    Situation.SLOW: Misbehaviour.SLOW,
    Situation.SILENT: Misbehaviour.SILENT,
    Situation.GARBAGE: Misbehaviour.GARBAGE,
    Situation.ENDLESS: Misbehaviour.ENDLESS,
    Situation.DRIPPING: Misbehaviour.DRIP,
    Situation.STALLED: Misbehaviour.STALL,
    Situation.CLOSED: Misbehaviour.CLOSE,
    Situation.RESET: Misbehaviour.RESET,
}
"""The other situations are made around the listener, not by it."""
AROUND = {
    Situation.OK: (Reason.OK,),
    Situation.SLOW: (Reason.OK,),
    Situation.UNRESOLVABLE: (Reason.NAME_NOT_FOUND,),
    Situation.RESOLVER_FAILED: (Reason.RESOLVER_FAILED,),
    Situation.FLOODED: (Reason.PACKETS_DROPPED,),
}
"""What every probe says to these."""

CONNECTED = {Situation.FLOODED: "a full receive buffer closes the window of a connection and loses nothing"}
Reasons = tuple[ReasonCode, ...]
Opened = AbstractAsyncContextManager[str]


@dataclass(frozen=True)
class Case:
    """One way of using a probe. open starts its target in a situation and gives the address to probe."""

    name: str
    probe: str
    options: object
    open: Callable[[Situation], Opened]
    expected: Mapping[Situation, Reasons]
    cannot: Mapping[Situation, str] = field(default_factory=lambda: CONNECTED)
    private_net: bool = False

    def reasons(self, situation: Situation) -> Reasons:
        return self.expected.get(situation) or AROUND[situation]

    def situations(self) -> list[Situation]:
        return [each for each in Situation if each not in self.cannot]


def _serving(make: Callable[[], Listener], address: Callable[[Listener], str]) -> Callable[[Situation], Opened]:
    @asynccontextmanager
    async def opened(situation: Situation) -> AsyncIterator[str]:
        listener = make()
        listener.misbehaviour, listener.slow_seconds = VICES.get(situation, Misbehaviour.NONE), 0.1
        await listener.open("127.0.0.1")
        try:
            where = address(listener)
            if situation is Situation.REFUSED:
                await listener.close()
            yield where
        finally:
            if situation is not Situation.REFUSED:
                await listener.close()

    return opened


def _datagrams(make: Callable[[], Listener]) -> Callable[[Situation], Opened]:
    """The same over UDP, where a server can also send more than fits into a receive buffer."""
    others = _serving(make, _at_port)

    @asynccontextmanager
    async def opened(situation: Situation) -> AsyncIterator[str]:
        if situation is not Situation.FLOODED:
            async with others(situation) as address:
                yield address
        else:
            async with flooding_server() as port:
                yield f"{HOST}:{port}"

    return opened


@asynccontextmanager
async def _host(situation: Situation) -> AsyncIterator[str]:
    if situation in (Situation.UNRESOLVABLE, Situation.RESOLVER_FAILED):
        yield HOST
    elif situation is Situation.FLOODED:
        async with flooded_with_replies("127.0.0.1"):
            yield SILENT_ADDRESS
    else:
        yield SILENT_ADDRESS if situation is Situation.SILENT else "127.0.0.1"


def _at_port(listener: Listener) -> str:
    return f"{HOST}:{listener.port}"


def _over_tls_port(listener: Listener) -> str:
    assert isinstance(listener, SipRoom)
    return f"{HOST}:{listener.tls_port}"


def _web_over_tls() -> HttpListener:
    pem = Path(pki().good.pem)
    return HttpListener(certificate=(pem, pem))


TRUSTED = TlsOptions(ca_file=pki().ca_file)
BROKEN = {
    Situation.REFUSED: (Reason.REFUSED,),
    Situation.CLOSED: (Reason.CONNECTION_CLOSED,),
    Situation.RESET: (Reason.CONNECTION_RESET,),
    Situation.STALLED: (Reason.STALLED,),
    Situation.DRIPPING: (Reason.STALLED,),
    Situation.NO_DESCRIPTORS: (Reason.NO_RESOURCES,),
}


def _stream(
    silent: Reasons = (Reason.TIMEOUT,),
    garbage: ReasonCode = Reason.PROTOCOL_ERROR,
    endless: Reasons = (Reason.TOO_LARGE,),
) -> dict[Situation, Reasons]:
    """What a protocol over a connection says; given is where it differs from the others."""
    return BROKEN | {Situation.SILENT: silent, Situation.GARBAGE: (garbage,), Situation.ENDLESS: endless}


STREAM = _stream()
SHARED_SOCKET = {Situation.NO_DESCRIPTORS: (Reason.OK,)}  # opened before the descriptors ran out
DATAGRAMS = {
    Situation.CLOSED: "datagrams have no connection to close",
    Situation.RESET: "datagrams have no connection to reset",
}
NO_ANSWER_TO_SPOIL = "the answer is the kernel's; anything else is not a reply to us and is passed over"

CASES = (
    Case(
        "tcp",
        "tcp",
        TcpOptions(dialogue=(DialogueStep(expect="^220 "), DialogueStep(send="QUIT"))),
        _serving(lambda: TcpListener(b"220 ready and waiting\r\n"), _at_port),
        _stream(garbage=Reason.BAD_DIALOGUE),
    ),
    Case(
        "tcp over TLS",
        "tcp",
        TcpOptions(tls=True, tls_config=TRUSTED),
        _serving(lambda: TcpListener(certificate=pki().good.pem), _at_port),
        _stream(
            silent=(Reason.STALLED,),
            garbage=Reason.TLS_REQUIRED,
            endless=(Reason.TLS_FAILED, Reason.TOO_LARGE),
        ),
    ),
    Case(
        "http",
        "http",
        HttpOptions(),
        _serving(HttpListener, lambda listener: f"http://{_at_port(listener)}/"),
        STREAM,
    ),
    Case(
        "http over TLS",
        "http",
        HttpOptions(tls_config=TRUSTED),
        _serving(_web_over_tls, lambda listener: f"https://{_at_port(listener)}/"),
        _stream(silent=(Reason.TIMEOUT, Reason.STALLED), garbage=Reason.TLS_REQUIRED),
    ),
    Case(
        "sip over UDP",
        "sip",
        SipOptions(tcp_fallback=TcpFallback.OFF),
        _datagrams(SipRoom),
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
        _serving(SipRoom, _at_port),
        STREAM,
    ),
    Case(
        "sip over TLS",
        "sip",
        SipOptions(transport=Transport.TLS, tls_config=TRUSTED),
        _serving(lambda: SipRoom(pki().good.context()), _over_tls_port),
        _stream(silent=(Reason.STALLED, Reason.TIMEOUT)),
    ),
    Case(
        "dns over UDP",
        "dns",
        DnsOptions("portal.example"),
        _datagrams(DnsListener),
        {
            Situation.REFUSED: (Reason.REFUSED,),
            Situation.SILENT: (Reason.TIMEOUT,),
            Situation.GARBAGE: (Reason.PROTOCOL_ERROR,),
            Situation.ENDLESS: (Reason.PROTOCOL_ERROR,),
            Situation.DRIPPING: (Reason.PROTOCOL_ERROR,),
            Situation.STALLED: (Reason.PROTOCOL_ERROR,),
            Situation.NO_DESCRIPTORS: (Reason.NO_RESOURCES,),
        },
        DATAGRAMS,
    ),
    Case(
        "dns over TCP",
        "dns",
        DnsOptions("portal.example", transport=DnsTransport.TCP),
        _serving(DnsListener, _at_port),
        _stream(endless=(Reason.PROTOCOL_ERROR,)),  # its messages answer another query: the first one ends the run
    ),
    Case(
        "dns over TLS",
        "dns",
        DnsOptions("portal.example", transport=DnsTransport.TLS, tls_config=TRUSTED),
        _serving(lambda: DnsListener(tls=pki().good.context()), _at_port),
        _stream(endless=(Reason.PROTOCOL_ERROR,)),
    ),
    Case(
        "h323",
        "h323",
        H323Options(),
        _serving(H323Point, _at_port),
        _stream(silent=(H323Reason.PORT_ONLY,)) | {Situation.CLOSED: (Reason.OK,)},
    ),
    Case(
        "h323, an answer demanded",
        "h323",
        H323Options(at_least=H323Answer.ANSWERED),
        _serving(H323Point, _at_port),
        STREAM,
    ),
    Case(
        "icmp",
        "icmp",
        IcmpOptions(packets=2, spacing=0.02),
        _host,
        SHARED_SOCKET | {Situation.SILENT: (Reason.TIMEOUT,)},
        {
            Situation.SLOW: "a kernel does not answer late on purpose",
            Situation.REFUSED: "an echo request has no port that could be closed",
            Situation.GARBAGE: NO_ANSWER_TO_SPOIL,
            Situation.ENDLESS: NO_ANSWER_TO_SPOIL,
            Situation.DRIPPING: NO_ANSWER_TO_SPOIL,
            Situation.STALLED: NO_ANSWER_TO_SPOIL,
        }
        | DATAGRAMS,
        private_net=True,
    ),
)


def runnable() -> list[Case]:
    """The cases of this process: inside the private network those that need it, outside all others."""
    return [case for case in CASES if case.private_net == (PRIVATE_NET in os.environ)]
