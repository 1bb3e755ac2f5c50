"""Mutated answers over real sockets: none trips the probe, holds the loop, or takes an honest target beside it down.

The answers are the lab's, changed at random from a seed; a longer form runs in `make soak` and prints what it found.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import struct
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.engine.stalls import StallStats
from agent.lab.listeners.dns import DnsListener, Record, address, packed_name, soa
from agent.lab.listeners.sip import SipRoom
from agent.model import ProbeResult, Reason, ReasonCode
from agent.probes.dns.options import DnsOptions, Records
from agent.probes.dns.probe import SPEC as DNS
from agent.probes.options import Transport
from agent.probes.options import Transport as DnsTransport
from agent.probes.sip.options import SipOptions, TcpFallback
from agent.probes.sip.probe import SPEC as SIP
from agent.probes.spec import ProbeContext, ProbeSpec
from tests.probing import Stalls, StaticResolver, counted_stalls, target_of

TOGETHER, HONEST = 40, 5
SECONDS = {True: 0.4, False: 0.12}  # for a mutated answer, over a stream or in a datagram: it may be none
HONEST_SECONDS = 5.0
LONG = [
    200,
    pytest.param(
        20_000,
        marks=[
            pytest.mark.soak,
            pytest.mark.timeout(1800),
            pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak"),
        ],
    ),
]
NOT_OURS = {Reason.INTERNAL_ERROR, Reason.LOCAL_ERROR, Reason.NO_RESOURCES}
Answer = Callable[[random.Random, bytes], bytes]


def sip_answer(_: random.Random, request: bytes) -> bytes:
    room = SipRoom()
    room.server = "Room/1.0 (of the lab)"
    return room.answer(request.decode("latin-1")) or b""


BITMAP = b"\0" + b"".join(bytes([window, 32]) + b"\xff" * 32 for window in range(4))
ANSWERS = (
    (address("192.0.2.80"), address("2001:db8::1")),
    (soa(7), Record(2, packed_name("ns.example")), Record(15, b"\0\x0a" + packed_name("mx.example"))),
    (Record(16, b"\x05v=spf\x03abc"), Record(33, struct.pack("!HHH", 1, 2, 5060) + packed_name("sip.example"))),
    (Record(47, BITMAP), Record(50, b"\1\0\0\1\1a\1b" + BITMAP[1:]), Record(62, bytes(6) + BITMAP[1:])),
    (Record(64, b"\0\1\0" + struct.pack("!HH", 4, 4) + b"\x7f\0\0\1"), Record(55, b"\x04\2\0\4hostkey!" + b"\0")),
    (Record(42, b"\0\1\x18\3\x0a\0\1" * 3), Record(5, b"\xc0\x0c"), Record(41, b"\0\x0a\0\4abcd", ".")),
)


def dns_answer(draw: random.Random, query: bytes) -> bytes:
    listener = DnsListener(*draw.choice(ANSWERS))
    listener.authority, listener.additional = (soa(1),), (Record(41, b"", "."), address("192.0.2.53"))
    return listener.answer(query, cut=False)


def framed_dns_answer(draw: random.Random, query: bytes) -> bytes:
    message = dns_answer(draw, query[2:])
    return len(message).to_bytes(2, "big") + message


@dataclass(frozen=True)
class Way:
    """One protocol over one transport: how it is asked, what answers, and from which byte on a mutant may differ."""

    spec: ProbeSpec[Any, Any]
    options: object
    answer: Answer
    kept: int
    stream: bool


RULES = Records(none_matches=("TYPE6[0-9]{4}",), not_all_match=("nothing",))
JUDGED = DnsOptions("portal.example", query_type="ANY", answer=RULES, authority=RULES, additional=RULES)
WAYS = {
    "sip over UDP": Way(SIP, SipOptions(tcp_fallback=TcpFallback.OFF), sip_answer, 0, stream=False),
    "sip over TCP": Way(SIP, SipOptions(transport=Transport.TCP), sip_answer, 0, stream=True),
    "dns over UDP": Way(DNS, JUDGED, dns_answer, 32, stream=False),
    "dns over TCP": Way(DNS, replace(JUDGED, transport=DnsTransport.TCP), framed_dns_answer, 34, stream=True),
}
PIECES = (b"\r\n", b"\r\n ", b"\0", b'"', b";branch=", b"\xff\xff", b"\xc0\x0c", b"\xc0\x20", b"\0\x29", b":")


def mutant(draw: random.Random, answer: bytes, kept: int) -> bytes:
    """The answer with one to six changes, three times of four behind its first `kept` bytes."""
    data = bytearray(answer)
    start = kept if draw.random() < 0.75 else 0
    for _ in range(draw.randint(1, 6)):
        at = draw.randint(min(start, len(data)), len(data))
        kind = draw.randrange(6)
        if kind == 0 and at < len(data):
            data[at] = draw.randrange(256)
        elif kind == 1:
            del data[at : at + draw.randint(1, 20)]
        elif kind == 2:
            data[at:at] = draw.randbytes(draw.randint(1, 20))
        elif kind == 3:
            data[at:at] = draw.choice(PIECES)
        elif kind == 4:
            data[at:at] = data[at : at + draw.randint(1, 80)] * draw.choice((1, 2, 5, 300))
        else:
            del data[at:]
    return bytes(data[:60_000])


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, make: Callable[[bytes], bytes]) -> None:
        self._make = make

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(self._make(data), addr)  # type: ignore[attr-defined]


@asynccontextmanager
async def serving(way: Way, make: Callable[[bytes], bytes], host: str) -> AsyncIterator[str]:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            request = await reader.read(65_536)
            if request:
                writer.write(make(request))
            await reader.read()
        writer.close()

    if way.stream:
        server = await asyncio.start_server(speak, host, 0)
        async with server:
            yield f"{host}:{server.sockets[0].getsockname()[1]}"
        return
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(make), local_addr=(host, 0))
    try:
        yield f"{host}:{transport.get_extra_info('sockname')[1]}"
    finally:
        transport.close()


@dataclass
class Found:
    """What the runs said, and how the loop fared."""

    mutated: Counter[ReasonCode]
    honest: Counter[ReasonCode]
    stats: StallStats
    longest: float = 0.0  # turn of the loop, in seconds of CPU


async def tried(way: Way, mutants: int) -> Found:
    draw, clock = random.Random(20_000), SystemClock()
    found = Found(Counter(), Counter(), StallStats())
    shared = way.spec.open(clock)

    def ask(where: str, seconds: float) -> Awaitable[ProbeResult]:
        ctx = ProbeContext(clock, clock.monotonic() + seconds, StaticResolver(), shared)
        return way.spec.run(target_of(way.spec.probe, where, way.options), way.options, ctx)

    try:
        async with (
            serving(way, lambda request: mutant(draw, way.answer(draw, request), way.kept), "127.0.0.77") as bad,
            serving(way, lambda request: way.answer(draw, request), "127.0.0.78") as good,
            Stalls() as stalls,
        ):
            with counted_stalls() as counted:
                for _ in range(mutants // TOGETHER):
                    asked = [ask(bad, SECONDS[way.stream]) for _ in range(TOGETHER)]
                    results = await asyncio.gather(*asked, *(ask(good, HONEST_SECONDS) for _ in range(HONEST)))
                    found.mutated.update(result.reason for result in results[:TOGETHER])
                    found.honest.update(result.reason for result in results[TOGETHER:])
            found.longest, found.stats = stalls.longest, counted.stats
    finally:
        shared.close()
    return found


@pytest.mark.parametrize("mutants", LONG)
@pytest.mark.parametrize("name", WAYS)
async def test_mutated_answers_trip_nothing_hold_nothing_and_take_nobody_down(name: str, mutants: int) -> None:
    found = await tried(WAYS[name], mutants)

    said = ", ".join(f"{count} {reason.value}" for reason, count in found.mutated.most_common())
    stood, delayed = found.stats.stalls, found.stats.run_delay
    print(f"{name}: {said}; {found.honest.total()} honest runs, all {set(found.honest)}")
    print(f"  longest turn {found.longest * 1e3:.0f} ms of CPU; {stood} standstills, {delayed} for want of a processor")
    assert set(found.mutated) & NOT_OURS == set()
    assert (found.mutated.total(), len(found.mutated) > 1) == (mutants, True)
    assert set(found.honest) == {Reason.OK}
    assert found.longest < 0.1
    assert mutants < 20_000 or stood == delayed
