"""A flood from a host that was asked, or from one that was not: the other rooms stay up, and the loop has its turns.

The flooders are threads with sockets of their own; what they say is put together from plain bytes.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from agent.clock import SystemClock
from agent.lab.listeners.sip import SipRoom
from agent.model import ProbeResult, Reason
from agent.probes.sip.probe import SPEC
from agent.probes.sip.shared import SipShared
from agent.probes.spec import ProbeContext
from agent.probes.udp.pool import LOUD_SECONDS
from agent.probes.udp.socket import LOUD
from tests.agent.probes.sip.test_probe import UDP
from tests.clock import TravellingClock
from tests.probing import Stalls, StaticResolver, target_of

FLOOD_SECONDS = 0.12
ROOMS = 20


def answer_to(request: bytes, status: bytes = b"200 OK") -> bytes:
    """The whole answer of a room, RFC 3261 8.2.6; more lines may stand behind the status."""
    lines = [
        line for line in request.split(b"\r\n") if line.split(b":")[0] in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")
    ]
    return b"\r\n".join((b"SIP/2.0 " + status, *lines, b"Content-Length: 0", b"", b""))


FLOODS: dict[str, Callable[[bytes], bytes]] = {
    "one byte": lambda _: b"x",
    "nothing": lambda _: b"",
    "many short headers": lambda _: b"SIP/2.0 200 OK\r\n" + b"a:\r\n" * 254 + b"\r\n",
    "folded to 60 kB": lambda _: b"SIP/2.0 200 OK\r\nX:" + b"\r\n a" * 15_000 + b"\r\n\r\n",
    "another's answer": lambda request: answer_to(request).replace(b"branch=z9hG4bK", b"branch=z9hG4bKff"),
    "another Call-ID": lambda request: answer_to(request).replace(b"Call-ID: ", b"Call-ID: x"),
    "requests": lambda request: request.replace(b"OPTIONS sip", b"NOTIFY sip"),
    "no end of Vias": lambda request: answer_to(request, b"200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1" * 60),
    "thousands of Record-Routes": lambda request: answer_to(request, b"200 OK" + b"\r\nRecord-Route: <sip:a>" * 2_000),
    "ours, broken": lambda request: answer_to(request).replace(b"CSeq: ", b"CSeq: x"),
    "ours, broken and folded": lambda request: answer_to(request).replace(b"CSeq: ", b"CSeq: x" + b"\r\n a" * 250),
    "only provisional ones": lambda request: answer_to(request, b"100 Trying"),
    "the answer again and again": answer_to,
}


class Flooder(threading.Thread):
    """Waits for a request and floods who sent it, from its own address or from another's."""

    def __init__(self, make: Callable[[bytes], bytes], *, by_stranger: bool = False) -> None:
        super().__init__(daemon=True)
        self.make = make
        self.asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.asked.bind(("127.0.0.77", 0))
        self.stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.stranger.bind(("127.0.0.78", 0))
        self.address = f"127.0.0.77:{self.asked.getsockname()[1]}"
        self.by_stranger = by_stranger
        self.ports: list[int] = []
        self.sent = 0

    def run(self) -> None:
        while True:
            request, sender = self.asked.recvfrom(65_536)
            if request == b"stop":
                return
            self.ports.append(sender[1])
            speaker = self.stranger if self.by_stranger else self.asked
            datagram, until = self.make(request), time.monotonic() + FLOOD_SECONDS
            enough = self.sent + 2 * LOUD
            while time.monotonic() < until or self.sent < enough:  # a busy machine sends slowly
                self.sent += speaker.sendto(datagram, sender) >= 0

    def stop(self) -> None:
        self.asked.sendto(b"stop", self.asked.getsockname())
        self.join()
        self.asked.close()
        self.stranger.close()


@pytest.fixture
def flooders() -> Iterator[Callable[[Flooder], Flooder]]:
    started: list[Flooder] = []

    def start(flooder: Flooder) -> Flooder:
        started.append(flooder)
        flooder.start()
        return flooder

    yield start
    for flooder in started:
        flooder.stop()


@pytest.fixture
async def room() -> AsyncIterator[SipRoom]:
    room = SipRoom()
    await room.open("127.0.0.1")
    yield room
    await room.close()


async def ask(shared: SipShared, address: str, seconds: float = 3.0) -> ProbeResult:
    clock = SystemClock()
    ctx = ProbeContext(clock, clock.monotonic() + seconds, StaticResolver(), shared)
    return await SPEC.run(target_of("sip", address, UDP), UDP, ctx)


async def rooms_beside(shared: SipShared, room: SipRoom, flooder: Flooder) -> list[ProbeResult]:
    """Twenty rooms again and again, as long as the flooded run goes on."""
    flooded = asyncio.ensure_future(ask(shared, flooder.address, 2 * FLOOD_SECONDS))
    results: list[ProbeResult] = []
    while not flooded.done() or flooder.sent == 0:
        results += await asyncio.gather(*(ask(shared, f"127.0.0.1:{room.port}") for _ in range(ROOMS)))
        await asyncio.sleep(0.05)
    await flooded
    return results


@pytest.mark.parametrize(
    ("kind", "by_stranger"),
    [
        *((kind, False) for kind in FLOODS),
        ("one byte", True),
        ("folded to 60 kB", True),
        ("the answer again and again", True),
    ],
)
async def test_a_flood_takes_no_other_room_down_and_never_holds_the_loop(
    kind: str, by_stranger: bool, room: SipRoom, flooders: Callable[[Flooder], Flooder]
) -> None:
    flooder = flooders(Flooder(FLOODS[kind], by_stranger=by_stranger))
    shared = SipShared(SystemClock())
    try:
        async with Stalls() as stalls:
            results = await rooms_beside(shared, room, flooder)
    finally:
        shared.close()
    assert {result.reason for result in results} == {Reason.OK}
    assert len(results) >= ROOMS
    assert stalls.longest < 0.1


async def test_a_loud_peer_is_asked_from_a_socket_of_its_own_and_still_heard(
    room: SipRoom, flooders: Callable[[Flooder], Flooder]
) -> None:
    flooder = flooders(Flooder(lambda request: answer_to(request).replace(b"Call-ID: ", b"Call-ID: x")))
    shared = SipShared(SystemClock())
    try:
        common = shared.udp.socket(socket.AF_INET, "", "127.0.0.1")
        first = await ask(shared, flooder.address, 0.4)
        assert first.reason in (Reason.TIMEOUT, Reason.PACKETS_DROPPED)
        async with asyncio.timeout(30):
            while not common.flooded:
                await asyncio.sleep(0.01)
        assert flooder.ports[0] == common.port
        flooder.make = answer_to
        again = await ask(shared, flooder.address, 10.0)
        assert (again.reason, flooder.ports[-1] != common.port) == (Reason.OK, True)
        assert (await ask(shared, f"127.0.0.1:{room.port}")).reason is Reason.OK
    finally:
        shared.close()


async def test_a_flooded_socket_is_renewed_early_and_a_loud_host_forgiven_later() -> None:
    clock = TravellingClock()
    shared = SipShared(clock)
    try:
        first = shared.udp.socket(socket.AF_INET, "", "127.0.0.1")
        shared.udp._note_loud("127.0.0.77")
        alone = shared.udp.socket(socket.AF_INET, "", "127.0.0.77")
        assert alone.port != first.port
        first.flooded = True
        assert shared.udp.socket(socket.AF_INET, "", "127.0.0.1") is first
        clock.advance(1.1)
        second = shared.udp.socket(socket.AF_INET, "", "127.0.0.1")
        assert (second.port != first.port, first.closed) == (True, True)
        clock.advance(LOUD_SECONDS)
        assert shared.udp.socket(socket.AF_INET, "", "127.0.0.77").port != alone.port
    finally:
        shared.close()
    assert alone.closed
