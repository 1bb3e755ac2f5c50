from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from agent.clock import SystemClock
from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.sip import SipRoom
from agent.model import ProbeResult, Reason, ReasonCode, Verdict
from agent.probes.datagram import EXTENDED_ERROR, SocketAddress, reason_of_error
from agent.probes.sip.facts import SipFacts
from agent.probes.sip.options import SipOptions, TcpFallback
from agent.probes.sip.probe import SPEC
from agent.probes.sip.reasons import SipReason
from agent.probes.sip.shared import SipShared
from agent.probes.sip.udp import SipUdpSocket
from agent.probes.spec import ProbeContext
from tests.probing import StaticResolver, target_of

LOCAL, ICMP, ICMP6 = 1, 2, 3


@pytest.mark.parametrize(
    ("number", "origin", "kind", "code", "reason"),
    [
        (errno.ECONNREFUSED, ICMP, 3, 3, Reason.REFUSED),
        (errno.EHOSTUNREACH, ICMP, 3, 1, Reason.UNREACHABLE),
        (errno.ENETUNREACH, ICMP, 3, 0, Reason.UNREACHABLE),  # a router's word, not our own lack of a route
        (errno.EHOSTUNREACH, ICMP, 3, 13, Reason.PROHIBITED),
        (errno.EHOSTUNREACH, ICMP, 11, 0, Reason.TTL_EXCEEDED),
        (errno.EMSGSIZE, ICMP, 3, 4, None),
        (errno.EPROTO, ICMP, 12, 0, None),
        (errno.ECONNREFUSED, ICMP6, 1, 4, Reason.REFUSED),
        (errno.EHOSTUNREACH, ICMP6, 1, 3, Reason.UNREACHABLE),
        (errno.EACCES, ICMP6, 1, 1, Reason.PROHIBITED),
        (errno.EHOSTUNREACH, ICMP6, 3, 0, Reason.TTL_EXCEEDED),
        (errno.EMSGSIZE, ICMP6, 2, 0, None),
        (errno.EHOSTUNREACH, LOCAL, 0, 0, Reason.UNREACHABLE),
    ],
)
def test_an_icmp_error_is_told_apart(number: int, origin: int, kind: int, code: int, reason: ReasonCode | None) -> None:
    assert reason_of_error(number, origin, kind, code) is reason


class SteppedClock(SystemClock):
    """A wall clock that somebody set wrong between the kernel's stamps and ours."""

    def __init__(self, step_seconds: int) -> None:
        super().__init__()
        self._step_ns = step_seconds * 1_000_000_000

    def wall_ns(self) -> int:
        return super().wall_ns() + self._step_ns


@pytest.mark.parametrize("step_seconds", [-3600, -1, 0, 1, 3600])
async def test_a_stepped_wall_clock_never_shows_in_the_round_trip_time(step_seconds: int) -> None:
    clock, room, options = SteppedClock(step_seconds), SipRoom(), SipOptions()
    await room.open("127.0.0.1")
    shared = SipShared(clock)
    try:
        ctx = ProbeContext(clock, clock.monotonic() + 3, StaticResolver(), shared)
        result = await SPEC.run(target_of("sip", f"127.0.0.1:{room.port}", options), options, ctx)
        assert isinstance(result.facts, SipFacts)
        assert 0 < (result.facts.rtt_seconds or 0) <= result.took_seconds
    finally:
        shared.close()
        await room.close()


@pytest.fixture
async def room() -> AsyncIterator[SipRoom]:
    room = SipRoom()
    await room.open("127.0.0.1")
    yield room
    await room.close()


@pytest.fixture
async def shared() -> AsyncIterator[SipShared]:
    shared = SipShared(SystemClock())
    yield shared
    shared.close()


UDP_ALONE = SipOptions(tcp_fallback=TcpFallback.OFF)


async def ask(shared: SipShared, address: str, seconds: float, options: SipOptions = UDP_ALONE) -> ProbeResult:
    clock = SystemClock()
    ctx = ProbeContext(clock, clock.monotonic() + seconds, StaticResolver(), shared)
    return await SPEC.run(target_of("sip", address, options), options, ctx)


def many_icmp_errors(sock: socket.socket, count: int) -> None:
    """Left on the socket as by a loop that stood still while rooms that are off answered, or by a flood of them."""
    for number in range(count):
        for _ in range(64):  # an error that waits takes the place of a send
            with contextlib.suppress(ConnectionRefusedError):
                sock.sendto(b"x", (f"127.0.1.{number % 250 + 1}", 9))
                break


@pytest.mark.parametrize("count", [1, 1_000])
async def test_icmp_errors_about_others_take_the_place_of_no_request(
    room: SipRoom, shared: SipShared, count: int
) -> None:
    many_icmp_errors(shared.udp.socket(socket.AF_INET, "", "127.0.0.1")._socket, count)
    result = await ask(shared, f"127.0.0.1:{room.port}", 10.0)  # which sends before the loop has another turn
    assert (result.verdict, result.reason) == (Verdict.OK, Reason.OK)


class Refusing(socket.socket):
    """A socket that sends nothing: an error of others always stands in the way, or its buffer is full."""

    number = 0

    def sendto(self, *_: object) -> int:
        raise OSError(self.number, "not now")


@contextlib.contextmanager
def refusing(shared: SipShared, number: int) -> Iterator[None]:
    udp = shared.udp.socket(socket.AF_INET, "", "127.0.0.1")
    real = udp._socket
    with Refusing(fileno=os.dup(real.fileno())) as udp._socket:
        udp._socket.number = number
        yield
    udp._socket = real


@pytest.mark.parametrize(
    ("number", "reason", "detail"),
    [
        (errno.EAGAIN, Reason.LOCAL_ERROR, "the request could not be sent in time"),
        (errno.ECONNREFUSED, Reason.LOCAL_ERROR, "the request could not be sent in time"),
        (errno.EHOSTUNREACH, Reason.LOCAL_ERROR, "the request could not be sent in time"),
        (errno.EPERM, Reason.NOT_PERMITTED, "not now"),
        (errno.ENOBUFS, Reason.NO_RESOURCES, "not now"),
    ],
)
async def test_a_request_that_never_left_says_nothing_about_the_room(
    shared: SipShared, number: int, reason: ReasonCode, detail: str
) -> None:
    with refusing(shared, number):
        result = await ask(shared, "127.0.0.1:9", 0.2)
    assert (result.verdict, result.reason, result.detail) == (Verdict.LOCAL_ERROR, reason, detail)


@pytest.mark.parametrize("said", [b"not SIP", b"SIP/2.0 200 OK\r\nVia: none\r\n\r\n"])
@pytest.mark.parametrize(
    ("fallback", "reason"), [(TcpFallback.OFF, Reason.TIMEOUT), (TcpFallback.PORT, SipReason.TCP_ONLY)]
)
async def test_what_another_behind_the_same_address_says_does_not_speak_for_a_silent_room(
    room: SipRoom, shared: SipShared, said: bytes, fallback: TcpFallback, reason: ReasonCode
) -> None:
    """Nor does it keep the probe from the look at TCP, which makes such a room degraded instead of down."""
    room.ignores_udp = True
    asker = shared.udp.socket(socket.AF_INET, "", "127.0.0.1")
    run = asyncio.create_task(ask(shared, f"127.0.0.1:{room.port}", 1.0, SipOptions(tcp_fallback=fallback)))
    async with asyncio.timeout(30):
        while not room.requests:
            await asyncio.sleep(0.01)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as neighbour:
        neighbour.bind(("127.0.0.1", 0))
        neighbour.sendto(said, ("127.0.0.1", asker.port))
        assert (await run).reason is reason
    assert asker._peers["127.0.0.1"].noise == 1


async def test_what_the_room_itself_says_is_held_against_it_alone(room: SipRoom, shared: SipShared) -> None:
    silent = SipRoom()
    await silent.open("127.0.0.1")
    room.misbehaviour, silent.misbehaviour = Misbehaviour.GARBAGE, Misbehaviour.SILENT
    results = await asyncio.gather(*(ask(shared, f"127.0.0.1:{each.port}", 0.4) for each in (room, silent)))
    await silent.close()
    assert [each.reason for each in results] == [Reason.PROTOCOL_ERROR, Reason.TIMEOUT]


def told_by_icmp(asker: SipUdpSocket, quoted: bytes, destination: SocketAddress) -> None:
    """As it comes out of the error queue: port unreachable."""
    asker._unreachable(quoted, destination, EXTENDED_ERROR.pack(errno.ECONNREFUSED, ICMP, 3, 3, 0, 0, 0))


@pytest.mark.parametrize("quote", [0, 8, 150])
@pytest.mark.parametrize(
    ("fallback", "reason"),
    [(TcpFallback.OFF, Reason.OK), (TcpFallback.PORT, SipReason.TCP_ONLY), (TcpFallback.OFF, Reason.REFUSED)],
)
async def test_an_icmp_error_that_does_not_quote_our_branch_is_a_hint(
    room: SipRoom, shared: SipShared, quote: int, fallback: TcpFallback, reason: ReasonCode
) -> None:
    room.ignores_udp = reason is not Reason.OK
    run = asyncio.create_task(ask(shared, f"127.0.0.1:{room.port}", 0.6, SipOptions(tcp_fallback=fallback)))
    asker = shared.udp.socket(socket.AF_INET, "", "127.0.0.1")
    while not asker._pending:
        await asyncio.sleep(0)
    (asked,) = asker._pending.values()
    told_by_icmp(asker, asked.packet[: min(quote, asked.packet.index(asked.ids.branch) + 20)], asked.destination)
    assert (await run).reason is reason


async def test_an_icmp_error_that_quotes_our_branch_ends_the_run(room: SipRoom, shared: SipShared) -> None:
    room.ignores_udp = True
    run = asyncio.create_task(ask(shared, f"127.0.0.1:{room.port}", 30.0))
    asker = shared.udp.socket(socket.AF_INET, "", "127.0.0.1")
    while not asker._pending:
        await asyncio.sleep(0)
    (asked,) = asker._pending.values()
    told_by_icmp(asker, asked.packet[:200], asked.destination)
    result = await run
    assert (result.reason, result.took_seconds < 15) == (Reason.REFUSED, True)
