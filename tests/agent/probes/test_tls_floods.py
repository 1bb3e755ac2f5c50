"""Servers that flood below TLS, and what every probe that speaks TLS does: kind x probe, each with its control.

The longest turn of the event loop is taken in CPU of its thread: a busy machine makes the wall's time longer, not this.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from agent.model import ProbeResult, Reason
from agent.probes.tls import TlsOptions
from tests.agent.probes.tls_floods import AFTER, FLOODS, Answer, Behaviour, flooding
from tests.agent.probes.tls_peers import PEERS, Peer
from tests.pki import HOST, pki

TURN_SECONDS = 0.05
"""Half of what counts as a stall of the loop; each of these takes about 2 ms."""

SILENT = ("key updates", "key updates that want one back", "tickets", "tickets in one record", "large tickets")
BYTES = ("one byte a record", "one byte a record (1.2)")
REASONS = dict.fromkeys(FLOODS, Reason.TLS_FAILED) | {
    **dict.fromkeys((*SILENT, *BYTES, "hello requests (1.2)", "hello requests at once"), Reason.TOO_LARGE),
    "change cipher specs at once": Reason.TLS_REQUIRED,  # TLS answers a hello with a handshake record or an alert
}
FLOODING = [name for name in PEERS if name != "http"]


@asynccontextmanager
async def longest_turn() -> AsyncIterator[list[float]]:
    """Seconds of CPU that the event loop's thread used in its longest turn, as the one item of the list."""
    longest, watching = [0.0], True

    async def watch() -> None:
        while watching:
            began = time.thread_time()
            await asyncio.sleep(0.001)
            longest[0] = max(longest[0], time.thread_time() - began)

    task = asyncio.create_task(watch())
    try:
        yield longest
    finally:
        watching = False
        await task


async def ask(peer: Peer, port: int) -> ProbeResult:
    return await peer.ask(port, HOST, TlsOptions(ca_file=pki().ca_file))


@pytest.mark.parametrize("name", FLOODING)
@pytest.mark.parametrize("kind", FLOODS)
async def test_a_flood_is_ended_by_its_reason_and_leaves_the_loop_to_others(name: str, kind: str) -> None:
    with flooding(Behaviour(FLOODS[kind], pki().good.pem)) as served:
        async with longest_turn() as longest:
            result = await ask(PEERS[name], served.port)
    expected = REASONS[kind]
    if name == "tcp" and (kind in BYTES or kind.endswith("(1.2)")):
        expected = Reason.OK  # it asks for no more than the handshake
    if name == "dns" and kind in BYTES:
        expected = Reason.PROTOCOL_ERROR  # 30,840 bytes that are no message
    assert result.reason is expected, result.detail
    assert longest[0] < TURN_SECONDS


# The control: the same messages, as many as an honest server may send, and then its answer


def _sip(request: bytes) -> bytes:
    kept = [
        line for line in request.split(b"\r\n") if line.partition(b":")[0] in (b"Via", b"From", b"Call-ID", b"CSeq")
    ]
    return b"\r\n".join([b"SIP/2.0 200 OK", *kept, b"To: <sip:room>;tag=1", b"Content-Length: 0", b"", b""])


def _dns(request: bytes) -> bytes:
    question = request[14 : request.index(b"\0", 14) + 5]
    message = request[2:4] + b"\x81\x80\0\1\0\1\0\0\0\0" + question + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1"
    return len(message).to_bytes(2, "big") + message


ANSWERS: dict[str, Answer] = {
    "tcp-dialogue": lambda request: request,
    "http": lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "sip": _sip,
    "dns": _dns,
}
HONEST = {
    "key updates": 40,
    "key updates that want one back": 40,
    "tickets": 16,
    "tickets in one record": 1,
    "large tickets": 2,
    "empty records": 20,
    "empty records (1.2)": 20,
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("kind", HONEST)
async def test_as_much_as_an_honest_server_may_send_is_taken(name: str, kind: str) -> None:
    with flooding(Behaviour(AFTER[kind], pki().good.pem, HONEST[kind], ANSWERS[name])) as served:
        result = await ask(PEERS[name], served.port)
    assert result.reason is Reason.OK, result.detail


async def test_a_handshake_is_not_repeated_for_a_server_that_wants_another() -> None:
    with flooding(Behaviour(AFTER["hello requests (1.2)"], pki().good.pem, 20, ANSWERS["dns"])) as served:
        result = await ask(PEERS["dns"], served.port)
    assert result.reason is Reason.OK, result.detail
