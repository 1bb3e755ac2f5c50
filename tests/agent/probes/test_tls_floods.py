"""Servers that flood below TLS, and what every probe that speaks TLS does: kind x probe, each with its control.

The longest turn of the event loop is taken in CPU of its thread: a busy machine makes the wall's time longer, not this.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from agent.model import ProbeResult, Reason
from agent.probes.http_options import HttpOptions
from agent.probes.tls import TlsOptions
from tests.agent.probes.tls_floods import AFTER, FLOODS, Answer, Behaviour, flooding
from tests.agent.probes.tls_peers import PEERS, Peer
from tests.pki import HOST, pki
from tests.probing import run_probe

TURN_SECONDS = 0.05
"""Half of what counts as a stall of the loop; each of these takes about 2 ms."""

SILENT = ("key updates", "key updates that want one back", "tickets", "tickets in one record", "large tickets")
BYTES = ("one byte a record", "one byte a record (1.2)")
REASONS = dict.fromkeys(FLOODS, Reason.TLS_FAILED) | {
    **dict.fromkeys((*SILENT, *BYTES, "hello requests (1.2)", "hello requests at once"), Reason.TOO_LARGE),
    "change cipher specs at once": Reason.TLS_REQUIRED,  # TLS answers a hello with a handshake record or an alert
}


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


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("kind", FLOODS)
async def test_a_flood_is_ended_by_its_reason_and_leaves_the_loop_to_others(name: str, kind: str) -> None:
    with flooding(Behaviour(FLOODS[kind], pki().good.pem)) as served:
        async with longest_turn() as longest:
            result = await ask(PEERS[name], served.port)
    expected = REASONS[kind]
    if name == "tcp" and (kind in BYTES or kind.endswith("(1.2)")):
        expected = Reason.OK  # it asks for no more than the handshake
    if name in ("dns", "http") and kind in BYTES:
        expected = Reason.PROTOCOL_ERROR  # x does not begin an answer
    if name == "http" and kind == "a long hello in records of one byte":
        expected = Reason.TOO_LARGE
    if name == "http" and kind == "change cipher specs at once":
        expected = Reason.TLS_FAILED
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


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("kind", ["tickets", "empty records (1.2)"], ids=["tls13", "tls12"])
async def test_an_answer_in_records_of_one_byte_is_taken(name: str, kind: str) -> None:
    with flooding(Behaviour(AFTER[kind], pki().good.pem, 2, ANSWERS[name], record_bytes=1)) as served:
        result = await ask(PEERS[name], served.port)
    assert result.reason is Reason.OK, result.detail


LARGE = 10 * 1024 * 1024


async def test_a_body_as_large_as_the_module_takes_comes_whole_over_tls() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGE
    options = HttpOptions(tls_config=TlsOptions(ca_file=pki().ca_file), body_size_limit=LARGE)
    behaviour = Behaviour(AFTER["tickets"], pki().good.pem, 8, lambda _: head + bytes(LARGE))
    with flooding(behaviour) as served:
        async with longest_turn() as longest:
            result = await run_probe(PEERS["http"].spec, f"https://127.0.0.1:{served.port}/", options)
    assert (result.reason, result.facts.body_bytes) == (Reason.OK, LARGE), result.detail  # type: ignore[union-attr]
    assert longest[0] < TURN_SECONDS


SETTINGS, HTTP_1_1_REQUIRED = bytes(3) + b"\4" + bytes(5), b"\0\0\4\3\0\0\0\0\1\0\0\0\x0d"  # RFC 9113 section 7


async def test_a_server_that_asks_for_http_1_is_asked_once_more_in_it() -> None:
    context = pki().good.context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    spoken = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in (SETTINGS + HTTP_1_1_REQUIRED, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"):
            sock, _ = listening.accept()
            with sock, context.wrap_socket(sock, server_side=True) as secured:
                spoken.append(secured.selected_alpn_protocol())
                secured.recv(4096)
                secured.sendall(answer)
                while secured.recv(4096):
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listening:
        result = await ask(PEERS["http"], listening.getsockname()[1])
    assert result.reason is Reason.OK, result.detail
    assert spoken == ["h2", "http/1.1"]
