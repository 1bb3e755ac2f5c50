"""Pings while their socket loses packets. test_icmp_drops.py runs these in a private network of 127.0.0.1 alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from agent.model import Reason, Verdict
from agent.probes.icmp import PingOptions, open_sockets
from agent.probes.icmp_socket import EchoSockets
from tests.agent.probes.icmp_fixtures import CLOCK, facts_of, ping
from tests.floods import flood_of_replies, flooded_with_replies

HERE, SILENT = "127.0.0.1", "127.99.0.9"
ONE = PingOptions(packets=1)


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
    run = asyncio.create_task(ping(sockets, HERE, PingOptions(packets=3, spacing=0.02), timeout=2))
    while not sockets.pending:
        await asyncio.sleep(0)
    flood_of_replies(HERE)
    result = await run
    assert (result.reason, facts_of(result).received > 0) == (Reason.OK, True)
    assert sockets.drops.total() > 10
