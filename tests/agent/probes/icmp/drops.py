"""Pings while their socket loses packets. test_drops.py runs these in a private network of 127.0.0.1 alone."""

from __future__ import annotations

import asyncio
import select
import socket
import struct
import time
from collections.abc import AsyncIterator

import pytest

from agent.model import Reason, Verdict
from agent.probes.icmp.options import IcmpOptions
from agent.probes.icmp.probe import describe_error, open_sockets
from agent.probes.icmp.sockets import EchoSockets
from tests.agent.probes.icmp.fixtures import CLOCK, facts_of, ping
from tests.clock import SlowClock
from tests.floods import flood_of_replies, flooded_with_replies

HERE, SILENT = "127.0.0.1", "127.99.0.9"
ONE = IcmpOptions(packets=1)


@pytest.fixture
async def sockets() -> AsyncIterator[EchoSockets]:
    opened = open_sockets(CLOCK)
    yield opened
    opened.close()


async def test_silence_while_the_own_socket_loses_packets_is_no_evidence(sockets: EchoSockets) -> None:
    before = await ping(sockets, SILENT, ONE, timeout=0.3)
    assert (before.verdict, before.reason, sockets.drops.total()) == (Verdict.FAILED, Reason.TIMEOUT, 0)
    async with flooded_with_replies(HERE):
        flooded = await ping(sockets, SILENT, ONE, timeout=0.3)
    assert (flooded.verdict, flooded.reason) == (Verdict.LOCAL_ERROR, Reason.PACKETS_DROPPED), flooded
    assert flooded.detail.endswith("lost in our own receive buffer")
    lost = sockets.drops.total()
    assert lost > 10
    after = await ping(sockets, SILENT, ONE, timeout=0.3)
    assert (after.reason, sockets.drops.total()) == (Reason.TIMEOUT, lost)


async def test_a_reply_that_came_before_the_flood_stands(sockets: EchoSockets) -> None:
    run = asyncio.create_task(ping(sockets, HERE, IcmpOptions(packets=3, spacing=0.02), timeout=2))
    while not sockets.pending:
        await asyncio.sleep(0)
    flood_of_replies(HERE)
    result = await run
    assert (result.reason, facts_of(result).received > 0) == (Reason.OK, True)
    assert sockets.drops.total() > 10


async def test_replies_with_a_wrong_checksum_are_lost_for_no_want_of_room(sockets: EchoSockets) -> None:
    """Over IPv6 the kernel throws them away and counts them, whoever sends them and whomever they answer."""
    message = bytes([129, 0, 0x12, 0x34]) + bytes(12)
    header = struct.pack("!IHBB", 6 << 28, len(message), 58, 64) + 2 * socket.inet_pton(socket.AF_INET6, "::1")
    try:
        raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
        channel = sockets._channel(6, dont_fragment=False, now=0.0).socket
        raw.connect(("::1", 0))
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
    before = sockets.drops.read(channel)
    with raw:
        for _ in range(5):
            raw.send(header + message)
    assert (sockets.drops.since(before, channel), sockets.drops.total()) == (0, 5)


def strangers(count: int) -> None:
    """Small replies that nobody asked for, queued at once."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
        for _ in range(count):
            sock.sendto(bytes(64), (HERE, 0))


async def test_what_came_in_time_counts_while_it_is_read_late() -> None:
    """The reply lies behind 200 others, of which a turn reads 32."""
    clock = SlowClock(0.01)
    sockets = EchoSockets(clock, describe_error)
    sockets._channel(4, dont_fragment=False, now=clock.monotonic())
    strangers(200)
    result = await ping(sockets, HERE, ONE, timeout=0.15, clock=clock)
    sockets.close()
    assert (result.reason, sockets.drops.total()) == (Reason.OK, 0), result


async def test_what_is_not_read_before_patience_ends_is_no_evidence() -> None:
    """After a standstill of the loop 200 packets are queued; the turn in which the run ends reads 126 at most."""
    clock = SlowClock(0.005)
    sockets = EchoSockets(clock, describe_error)
    run = asyncio.create_task(ping(sockets, SILENT, ONE, timeout=0.1, clock=clock))
    while not sockets.pending:
        await asyncio.sleep(0)
    time.sleep(0.5)  # the loop stands still
    strangers(200)
    result = await run
    sockets.close()
    assert (result.verdict, result.reason) == (Verdict.LOCAL_ERROR, Reason.PACKETS_DROPPED), result
    assert (result.detail, sockets.drops.total()) == ("more packets came than could be read", 0)


async def test_what_was_never_sent_is_no_evidence() -> None:
    clock = SlowClock(1)
    sockets = EchoSockets(clock, describe_error)
    result = await ping(sockets, HERE, ONE, timeout=0.5, clock=clock)
    sockets.close()
    assert (result.verdict, result.reason, facts_of(result).sent) == (Verdict.LOCAL_ERROR, Reason.LOCAL_ERROR, 0)


async def test_a_turn_of_the_loop_reads_for_ten_milliseconds_at_most() -> None:
    clock = SlowClock(0.005)
    sockets = EchoSockets(clock, describe_error)
    channel = sockets._channel(4, dont_fragment=False, now=clock.monotonic())
    strangers(200)
    turns = 0
    while True:
        sockets._on_ready()
        turns += 1
        if not sockets._behind:
            break
    left = select.select([channel.socket], [], [], 0)[0]
    sockets.close()
    assert (turns, left) == (4, [])  # 63 packets, and then the look that says that 10 ms have passed
