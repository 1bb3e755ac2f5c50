"""Forged answers: a peer that sees every request and answers each with what must not count.

monitor 10.85.0.1 -- 10.85.0.2 peer, whose kernel does not answer pings; a thread there does.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator

import pytest

from agent.model import Reason
from agent.probes.icmp.channel import Mode
from agent.probes.icmp.options import IcmpOptions
from agent.probes.icmp.probe import describe_error
from agent.probes.icmp.sockets import EchoSockets
from tests.agent.probes.icmp.fixtures import CLOCK, facts_of, ping
from tests.peers.icmp_network import Network

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

MONITOR, PEER, STRANGER = "10.85.0.1", "10.85.0.2", "10.85.0.99"
BOTH_MODES = pytest.mark.parametrize("mode", list(Mode))


def checked(message: bytes) -> bytes:
    """An ICMP message with its checksum put right."""
    body = message[:2] + b"\0\0" + message[4:]
    total = sum(struct.unpack(f"!{(len(body) + 1) // 2}H", body + b"\0" * (len(body) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return body[:2] + struct.pack("!H", ~total & 0xFFFF) + body[4:]


def packet(message: bytes, source: str = PEER) -> bytes:
    """An IPv4 packet to the monitor; the kernel fills in length and checksum."""
    addresses = socket.inet_aton(source) + socket.inet_aton(MONITOR)
    return struct.pack("!BBHHHBBH", 0x45, 0, 0, 7, 0, 64, 1, 0) + addresses + checked(message)


def reply(request: bytes, *, ident: int = 0, seq: int = 0, payload: bytes | None = None, kind: int = 0) -> bytes:
    theirs, number = struct.unpack("!HH", request[4:8])
    head = struct.pack("!BBHHH", kind, 0, 0, theirs ^ ident, number ^ seq)
    return head + (request[8:] if payload is None else payload)


def error(request: bytes, kind: int = 3, code: int = 1, destination: str = PEER) -> bytes:
    addresses = socket.inet_aton(MONITOR) + socket.inet_aton(destination)
    quoted = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(request), 1, 0, 64, 1, 0) + addresses + request
    return struct.pack("!BBHI", kind, code, 0, 0) + quoted


def wrong_nonce(request: bytes) -> bytes:
    return request[:8] + os.urandom(16) + request[24:]


def unsummed(whole: bytes) -> bytes:
    """The packet with a checksum that is not that of its message."""
    return whole[:22] + bytes([whole[22] ^ 1]) + whole[23:]


def forgeries(request: bytes) -> list[bytes]:
    """Everything that resembles an answer to this request and is none."""
    body = request[8:]
    return [
        packet(reply(request), source=STRANGER),
        unsummed(packet(reply(request))),
        unsummed(packet(error(request))),
        packet(reply(request, ident=1)),
        packet(reply(request, seq=1 << 9)),
        packet(reply(request, seq=request[7] & 0x7F ^ 0x7F)),  # a packet that the burst does not have
        packet(reply(request, payload=os.urandom(16) + body[16:])),
        packet(reply(request, payload=body[:-1])),
        packet(reply(request, payload=body[:16])),
        packet(reply(request, payload=b"")),
        packet(reply(request, payload=body + b"\0")),
        packet(reply(request, payload=body[:-1] + b"\xff")),
        packet(reply(request)[:6]),
        packet(reply(request, kind=8)),
        packet(reply(request, kind=14)),
        packet(error(wrong_nonce(request))),
        packet(error(request, destination=STRANGER)),
        packet(error(request[:4] + bytes([request[4] ^ 1]) + request[5:])),
        packet(error(request)[:30]),
        packet(error(b"\0" + request[1:])),
        packet(error(request, kind=11, code=1)),
        packet(error(request, kind=5)),
    ]


class Forger:
    """Answers each request with what ``answer`` makes of it, from a thread of its own in the peer's namespace."""

    def __init__(self, network: Network) -> None:
        self.answer: Callable[[bytes], Iterable[bytes]] = lambda _: []
        self.sent = 0
        with network.inside("peer"):
            self._in = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
            self._out = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self._in.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._in.settimeout(0.1)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        while not self._ended.is_set():
            try:
                request = self._in.recv(65535)[20:]
            except TimeoutError:
                continue
            if request[0] == 8:
                for forged in self.answer(request):
                    self.send(forged)

    def send(self, forged: bytes) -> None:
        self._out.sendto(forged, (MONITOR, 0))
        self.sent += 1

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._in.close()
        self._out.close()


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network() as net:
        net.add("mon", "peer")
        net.veth(("mon", "eth0"), ("peer", "eth0"))
        net.sysctl("mon", ipv4__ping_group_range="0 2147483647", ipv4__conf__all__rp_filter="0")
        net.sysctl("peer", ipv4__icmp_echo_ignore_all="1")
        net.address("mon", "eth0", f"{MONITOR}/24", "10.85.0.3/24")
        net.address("peer", "eth0", f"{PEER}/24")
        net.run("mon", "ping", "-c", "1", "-w", "1", "10.85.0.3")
        yield net


@pytest.fixture
def forger(network: Network) -> Iterator[Forger]:
    forger = Forger(network)
    yield forger
    forger.close()


@pytest.fixture
async def sockets(network: Network, mode: Mode) -> AsyncIterator[EchoSockets]:
    opened = EchoSockets(CLOCK, describe_error, modes=(mode,))
    with network.inside("mon"):
        opened._channel(4, dont_fragment=False, now=CLOCK.monotonic())
    yield opened
    opened.close()


@pytest.mark.parametrize("mode", [Mode.RAW])
async def test_twenty_thousand_forged_answers_and_none_counts(sockets: EchoSockets, forger: Forger) -> None:
    forger.answer = forgeries
    options = IcmpOptions(packets=100, spacing=0.002)
    results = await asyncio.gather(*(ping(sockets, PEER, options, timeout=2.5) for _ in range(11)))
    assert forger.sent >= 20_000
    assert {result.reason for result in results} == {Reason.TIMEOUT}
    assert sum(facts_of(result).received + facts_of(result).duplicates for result in results) == 0
    assert {facts_of(result).router for result in results} == {""}
    assert sockets.drops.total() == 0
    print(f"{forger.sent} forged, 0 counted")


@BOTH_MODES
async def test_a_true_answer_among_forged_ones_counts(sockets: EchoSockets, forger: Forger) -> None:
    forger.answer = lambda request: [*forgeries(request), packet(reply(request)), *forgeries(request)]
    result = await ping(sockets, PEER, IcmpOptions(packets=20, spacing=0.005))
    facts = facts_of(result)
    assert (result.reason, facts.received, facts.duplicates, facts.router) == (Reason.OK, 20, 0, "")


@BOTH_MODES
async def test_a_true_error_among_forged_ones_counts(sockets: EchoSockets, forger: Forger) -> None:
    forger.answer = lambda request: [*forgeries(request), packet(error(request, code=13), source=STRANGER)]
    result = await ping(sockets, PEER, IcmpOptions(packets=5, spacing=0.005))
    assert (result.reason, facts_of(result).router) == (Reason.PROHIBITED, STRANGER)


@BOTH_MODES
async def test_a_router_that_quotes_the_least_it_must(sockets: EchoSockets, forger: Forger) -> None:
    forger.answer = lambda request: [packet(error(request[:8], kind=11, code=0), source=STRANGER)]
    result = await ping(sockets, PEER, IcmpOptions(packets=2, spacing=0.02))
    assert (result.reason, facts_of(result).router) == (Reason.TTL_EXCEEDED, STRANGER)


@BOTH_MODES
async def test_duplicates_are_counted_apart(sockets: EchoSockets, forger: Forger) -> None:
    forger.answer = lambda request: [packet(reply(request))] * 2
    facts = facts_of(await ping(sockets, PEER, IcmpOptions(packets=10, spacing=0.03)))
    assert (facts.sent, facts.received, facts.loss_ratio) == (10, 10, 0.0)
    assert 9 <= facts.duplicates <= 10  # the last packet's may come when the run has ended


@BOTH_MODES
@pytest.mark.parametrize("packets", [1, 4])
async def test_a_reply_outweighs_an_error_for_the_same_packet(
    sockets: EchoSockets, forger: Forger, packets: int
) -> None:
    """An error is a hint until the deadline (RFC 1122 section 3.2.2.1): a path may change while a packet travels."""

    forger.answer = lambda request: [packet(error(request)), packet(reply(request))]
    result = await ping(sockets, PEER, IcmpOptions(packets=packets, spacing=0.03))
    assert (result.reason, facts_of(result).received) == (Reason.OK, packets)


@BOTH_MODES
async def test_some_lost_to_errors_some_answered(sockets: EchoSockets, forger: Forger) -> None:
    forger.answer = lambda request: [packet(reply(request) if request[7] & 1 else error(request))]
    result = await ping(sockets, PEER, IcmpOptions(packets=10, spacing=0.005))
    facts = facts_of(result)
    assert (result.reason, facts.sent, facts.received, facts.router) == (Reason.OK, 10, 5, PEER)
    assert facts.loss_ratio == pytest.approx(0.5)


@pytest.mark.parametrize("mode", [Mode.RAW])
async def test_a_flood_during_a_stall_drops_nothing(sockets: EchoSockets, forger: Forger) -> None:
    """20,000 replies in about a second while the loop stands still, and the true one behind them."""

    def flood(request: bytes) -> list[bytes]:
        forged = packet(reply(request, ident=1))
        return [forged] * 20_000 + [packet(reply(request))]

    forger.answer = flood
    run = asyncio.create_task(ping(sockets, PEER, IcmpOptions(packets=1), timeout=3.5))
    while not sockets.pending:
        await asyncio.sleep(0)
    end = CLOCK.monotonic() + 3
    while forger.sent < 20_001 and CLOCK.monotonic() < end:
        threading.Event().wait(0.01)  # the loop stands still
    result = await run
    assert forger.sent == 20_001
    assert (result.reason, sockets.drops.total()) == (Reason.OK, 0)


@pytest.mark.parametrize("mode", [Mode.RAW])
async def test_pings_of_others_on_this_machine_are_theirs(
    network: Network, sockets: EchoSockets, forger: Forger
) -> None:
    forger.answer = lambda request: [packet(reply(request))]
    command = ["ip", "netns", "exec", network.name("mon"), "ping", "-c", "50", "-i", "0.01", "-q", PEER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        results = [await ping(sockets, PEER, IcmpOptions(packets=5, spacing=0.01)) for _ in range(10)]
        printed, _ = other.communicate(timeout=10)
    assert {facts_of(result).received for result in results} == {5}
    assert {facts_of(result).duplicates for result in results} == {0}
    assert "50 received" in printed


@BOTH_MODES
async def test_errors_about_one_target_make_no_ping_to_another_fail(
    network: Network, sockets: EchoSockets, forger: Forger
) -> None:
    """On a datagram socket the kernel answers the next send with an error that may be about any target before it."""
    over = threading.Event()

    def errors(request: bytes) -> Iterator[bytes]:
        forged = packet(error(request))
        while not over.is_set():
            yield forged

    forger.answer = errors
    flooder = asyncio.create_task(ping(sockets, PEER, IcmpOptions(packets=1), timeout=2.0))
    while not forger.sent:
        await asyncio.sleep(0.001)
    before = forger.sent
    other = await ping(sockets, "10.85.0.3", IcmpOptions(packets=100, spacing=0.005), timeout=1.5)
    flooded = forger.sent - before
    over.set()
    facts = facts_of(other)
    assert (other.reason, other.detail) == (Reason.OK, ""), other  # no send was answered with an error of another's
    assert facts.sent > 1  # many more, as far as the thread that forges leaves this one time
    assert (await flooder).reason is Reason.UNREACHABLE
    print(f"{facts.sent} pings beside {flooded} errors about another target: {facts.received} answered")
