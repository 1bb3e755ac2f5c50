"""Packets that we lost ourselves: a run without an answer is then no evidence; answers and refusals are."""

from __future__ import annotations

import asyncio
import socket
import struct
import time

import pytest

from agent.availability.machine import begin, completed
from agent.availability.track import CompletedRun
from agent.clock import SystemClock
from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.dns import DnsListener
from agent.lab.listeners.sip import SipRoom
from agent.model import ProbeResult, Reason, ReasonCode, State, UnknownCause, Verdict
from agent.probes.dns.options import DnsOptions
from agent.probes.dns.reasons import DnsReason
from agent.probes.drops import DropCounter, lost_by
from agent.probes.registry import PROBES
from agent.probes.sip.options import SipOptions, TcpFallback
from agent.probes.sip.reasons import SipReason
from agent.probes.sip.shared import SipShared
from agent.probes.sip.status_codes import Via
from agent.probes.spec import ProbeContext, Shared
from tests.clock import SlowClock
from tests.floods import flooding_server
from tests.probing import POLICY, StaticResolver, target_of

CLOCK = SystemClock()
SIP = SipOptions(tcp_fallback=TcpFallback.OFF, via=Via.REGISTRAR, user="101")
DNS = DnsOptions("portal.example")
OPTIONS = {"dns": DNS, "sip": SIP}


def udp() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


async def run(probe: str, shared: Shared, port: int, timeout: float = 0.5, clock: SystemClock = CLOCK) -> ProbeResult:
    options = OPTIONS[probe]
    context = ProbeContext(clock, clock.monotonic() + timeout, StaticResolver(), shared)
    return await PROBES[probe].run(target_of(probe, f"127.0.0.1:{port}", options), options, context)


def lost(probe: str, shared: Shared) -> int:
    count = PROBES[probe].lost
    assert count is not None
    return count(shared)


def refusing(probe: str, request: bytes) -> bytes:
    """An answer by which the target is down."""
    if probe == "dns":
        return request[:2] + b"\x81\x85" + request[4:]
    lines = request.split(b"\r\n")
    kept = [line for line in lines if line.split(b":")[0].lower() in (b"via", b"from", b"to", b"call-id", b"cseq")]
    return b"\r\n".join([b"SIP/2.0 404 Not Found", *kept, b"Content-Length: 0", b"", b""])


def test_a_socket_tells_what_it_lost_before_another_packet_comes() -> None:
    with udp() as small, udp() as peer:
        small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_304)
        small.bind(("127.0.0.1", 0))
        peer.sendto(b"the first", small.getsockname())
        assert lost_by(small) == 0
        for _ in range(100):
            peer.sendto(bytes(500), small.getsockname())
        received = 0
        small.setblocking(False)
        told = lost_by(small)
        while True:
            try:
                small.recv(1000)
            except BlockingIOError:
                break
            received += 1
        assert told == 101 - received > 50


def test_the_sum_goes_on_where_a_counter_wraps_and_where_a_socket_is_closed() -> None:
    told: dict[socket.socket, int] = {}
    counter = DropCounter(lambda sock: told[sock])
    one, two = udp(), udp()
    told[one], told[two] = 0xFFFF_FFF0, 3
    before = counter.read(one)
    assert (before.lost, counter.read(two).lost, counter.total()) == (0xFFFF_FFF0, 3, 0xFFFF_FFF3)
    told[one] = 5
    counter.took(one, 64 << 20)
    assert (counter.since(before, one), counter.total()) == (21, 0xFFFF_FFF3 + 21)
    told[one] = 6
    counter.close(one)
    counter.close(two)
    assert (one.fileno(), counter.total()) == (-1, 0xFFFF_FFF3 + 22)


@pytest.mark.parametrize("probe", sorted(OPTIONS))
async def test_an_answer_that_came_before_the_flood_stands(probe: str) -> None:
    shared = PROBES[probe].open(CLOCK)
    try:
        async with flooding_server(lambda request: refusing(probe, request)) as port:
            result = await run(probe, shared, port, timeout=5)
        assert result.verdict is Verdict.FAILED, result
        assert result.reason in (DnsReason.BAD_RCODE, SipReason.NOT_REGISTERED), result
        assert lost(probe, shared) > 10
    finally:
        shared.close()


@pytest.mark.parametrize("probe", sorted(OPTIONS))
async def test_silence_is_a_local_error_only_while_the_own_socket_loses_packets(probe: str) -> None:
    shared = PROBES[probe].open(CLOCK)
    silent = DnsListener() if probe == "dns" else SipRoom()
    silent.misbehaviour = Misbehaviour.SILENT
    await silent.open("127.0.0.1")
    try:
        before = await run(probe, shared, silent.port)
        assert (before.verdict, before.reason, lost(probe, shared)) == (Verdict.FAILED, Reason.TIMEOUT, 0)
        async with flooding_server() as port:
            flooded = await run(probe, shared, port)
        assert (flooded.verdict, flooded.reason) == (Verdict.LOCAL_ERROR, Reason.PACKETS_DROPPED), flooded
        assert "lost in our own receive buffer" in flooded.detail
        counted = lost(probe, shared)
        assert counted > 10
        after = await run(probe, shared, silent.port)
        assert (after.reason, lost(probe, shared)) == (Reason.TIMEOUT, counted)
    finally:
        shared.close()
        await silent.close()


async def test_on_a_shared_socket_only_those_without_an_answer_are_no_evidence() -> None:
    shared = SipShared(CLOCK)
    silent, well, gone = SipRoom(), SipRoom(), SipRoom()
    for room in (silent, well, gone):
        await room.open("127.0.0.1")
    silent.misbehaviour = Misbehaviour.SILENT
    await gone.close()
    try:
        async with flooding_server() as port:
            flooder, mute, answered, refused = await asyncio.gather(
                *(run("sip", shared, each, timeout=2) for each in (port, silent.port, well.port, gone.port))
            )
    finally:
        shared.close()
        await silent.close()
        await well.close()
    assert (flooder.reason, mute.reason) == (Reason.PACKETS_DROPPED, Reason.PACKETS_DROPPED)
    assert (answered.reason, refused.reason) == (Reason.OK, Reason.REFUSED)


def may_send_raw() -> bool:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP).close()
    except PermissionError:
        return False
    return True


def with_a_wrong_checksum(answer: bytes, source: int, asker: tuple[str, int]) -> None:
    """An answer that the kernel throws away and counts as lost, though there was room."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP) as raw:
        header = struct.pack("!4H", source, asker[1], 8 + len(answer), 0x1234)
        raw.sendto(header + answer, (asker[0], 0))


@pytest.mark.skipif(not may_send_raw(), reason="needs CAP_NET_RAW")
@pytest.mark.parametrize("probe", sorted(OPTIONS))
async def test_packets_that_no_want_of_room_threw_away_leave_silence_what_it_is(probe: str) -> None:
    shared = PROBES[probe].open(CLOCK)
    with udp() as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(30)
        port = server.getsockname()[1]
        asked = asyncio.create_task(run(probe, shared, port, timeout=1.0))
        try:
            request, asker = await asyncio.to_thread(server.recvfrom, 65_535)
            for _ in range(5):
                with_a_wrong_checksum(refusing(probe, request) + bytes(100), port, asker)  # short ones meet no socket
            result = await asked
            assert (result.verdict, result.reason, lost(probe, shared)) == (Verdict.FAILED, Reason.TIMEOUT, 5), result
        finally:
            shared.close()


@pytest.mark.parametrize(("look_seconds", "reason"), [(0.0, Reason.TIMEOUT), (0.002, Reason.PACKETS_DROPPED)])
async def test_silence_is_no_evidence_while_more_is_queued_than_a_turn_reads(
    look_seconds: float, reason: ReasonCode
) -> None:
    """After a standstill of the loop fifty datagrams are queued; slow as this clock is, a turn reads two."""
    clock, stranger = SlowClock(look_seconds), udp()
    stranger.bind(("127.0.0.9", 0))
    shared, room = SipShared(clock), SipRoom()
    await room.open("127.0.0.1")
    room.misbehaviour = Misbehaviour.SILENT
    asked = asyncio.create_task(run("sip", shared, room.port, 0.3, clock))
    await asyncio.sleep(0)
    time.sleep(0.5)  # the loop stands still
    for _ in range(50):
        stranger.sendto(b"x", ("127.0.0.1", shared.udp.socket(socket.AF_INET, "", "127.0.0.1").port))
    try:
        result = await asked
    finally:
        shared.close()
        stranger.close()
        await room.close()
    assert (result.reason, lost("sip", shared)) == (reason, 0), result


def test_the_state_is_unknown_by_drops() -> None:
    told = CompletedRun(1_000, 10, Verdict.LOCAL_ERROR, Reason.PACKETS_DROPPED)
    step = completed(begin("s/room", 0, UnknownCause.NOT_YET).track, POLICY, told)
    assert (step.track.state, step.track.cause) == (State.UNKNOWN, UnknownCause.DROPS)


def test_every_probe_counts_but_those_of_connections_alone() -> None:
    assert {name for name, spec in PROBES.items() if not spec.lost} == {"h323", "http", "tcp"}
