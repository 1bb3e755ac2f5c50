"""The situations that every probe is put into, and how a listener makes them.

The cases of a protocol, its own reasons among them, lie beside its tests: tests/agent/probes/NAME/conformance.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from agent.lab.listeners.base import Listener, Misbehaviour
from agent.model import Reason, ReasonCode
from agent.probes.tls.options import TlsOptions
from tests.floods import flooding_server
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


def serving(make: Callable[[], Listener], address: Callable[[Listener], str]) -> Callable[[Situation], Opened]:
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


def datagrams(make: Callable[[], Listener]) -> Callable[[Situation], Opened]:
    """The same over UDP, where a server can also send more than fits into a receive buffer."""
    others = serving(make, at_port)

    @asynccontextmanager
    async def opened(situation: Situation) -> AsyncIterator[str]:
        if situation is not Situation.FLOODED:
            async with others(situation) as address:
                yield address
        else:
            async with flooding_server() as port:
                yield f"{HOST}:{port}"

    return opened


def at_port(listener: Listener) -> str:
    return f"{HOST}:{listener.port}"


TRUSTED = TlsOptions(ca_file=pki().ca_file)
BROKEN = {
    Situation.REFUSED: (Reason.REFUSED,),
    Situation.CLOSED: (Reason.CONNECTION_CLOSED,),
    Situation.RESET: (Reason.CONNECTION_RESET,),
    Situation.STALLED: (Reason.STALLED,),
    Situation.DRIPPING: (Reason.STALLED,),
    Situation.NO_DESCRIPTORS: (Reason.NO_RESOURCES,),
}


def stream(
    silent: Reasons = (Reason.TIMEOUT,),
    garbage: ReasonCode = Reason.PROTOCOL_ERROR,
    endless: Reasons = (Reason.TOO_LARGE,),
) -> dict[Situation, Reasons]:
    """What a protocol over a connection says; given is where it differs from the others."""
    return BROKEN | {Situation.SILENT: silent, Situation.GARBAGE: (garbage,), Situation.ENDLESS: endless}


STREAM = stream()
SHARED_SOCKET = {Situation.NO_DESCRIPTORS: (Reason.OK,)}  # opened before the descriptors ran out
DATAGRAMS = {
    Situation.CLOSED: "datagrams have no connection to close",
    Situation.RESET: "datagrams have no connection to reset",
}
