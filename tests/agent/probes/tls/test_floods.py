"""Servers that flood below TLS, and what every probe that speaks TLS does: kind x probe, each with its control.

The longest turn of the event loop is taken in CPU of its thread: a busy machine makes the wall's time longer, not this.
"""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
import uvloop

from agent.lab.listeners.base import RESET
from agent.model import ProbeResult, Reason, Verdict
from agent.probes.http import response
from agent.probes.http.options import HttpOptions
from agent.probes.http.relay import Relay
from agent.probes.tls.options import TlsOptions
from tests.agent.probes.tls.floods import AFTER, FLOODS, Answer, Behaviour, flooding
from tests.agent.probes.tls.peers import PEERS, Peer
from tests.pki import HOST, pki, self_signed
from tests.probing import Stalls, run_probe

TURN_SECONDS = 0.05
"""Half of what counts as a stall of the loop; each of these takes about 2 ms."""

SILENT = ("key updates", "key updates that want one back", "tickets", "tickets in one record", "large tickets")
BYTES = ("one byte a record", "one byte a record (1.2)")
REASONS = dict.fromkeys(FLOODS, Reason.TLS_FAILED) | {
    **dict.fromkeys((*SILENT, *BYTES, "hello requests (1.2)", "hello requests at once"), Reason.TOO_LARGE),
    "a long hello in records of one byte": Reason.TOO_LARGE,
    "change cipher specs at once": Reason.TLS_REQUIRED,  # TLS answers a hello with a handshake record or an alert
}


Loop = Callable[[Coroutine[None, None, ProbeResult]], ProbeResult]


async def least_turn(run: Callable[[], Awaitable[ProbeResult]], most: float = TURN_SECONDS) -> ProbeResult:
    """One result; its longest turn is at most so long. A busy machine makes CPU longer too: it has three goes."""
    turns: list[float] = []
    while len(turns) < 3 and (not turns or turns[-1] > most):
        async with Stalls() as stalls:
            result = await run()
        turns.append(stalls.longest)
    assert min(turns) <= most, turns
    return result


async def ask(peer: Peer, port: int) -> ProbeResult:
    return await peer.ask(port, HOST, TlsOptions(ca_file=pki().ca_file))


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("kind", FLOODS)
async def test_a_flood_is_ended_by_its_reason_and_leaves_the_loop_to_others(name: str, kind: str) -> None:
    with flooding(Behaviour(FLOODS[kind], pki().good.pem)) as served:
        result = await least_turn(lambda: ask(PEERS[name], served.port))
    expected = REASONS[kind]
    if name == "tcp" and (kind in BYTES or kind.endswith("(1.2)")):
        expected = Reason.OK  # it asks for no more than the handshake
    if name in ("dns", "http") and kind in BYTES:
        expected = Reason.PROTOCOL_ERROR  # x does not begin an answer
    if name == "http" and kind == "change cipher specs at once":
        expected = Reason.TLS_FAILED
    silence = Reason.OK if name == "tcp" else expected  # a second without a word is as good as acceptance
    assert result.reason in (expected, silence), result.detail


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


@pytest.mark.parametrize("name", PEERS)
async def test_a_server_may_choose_another_group_than_the_one_offered_first(name: str) -> None:
    context = pki().good.context()
    context.set_ecdh_curve("secp521r1")
    run = await PEERS[name].run(context, HOST, TlsOptions(ca_file=pki().ca_file))
    assert run.result.reason is Reason.OK, run.result.detail


# What a handshake may cost


@pytest.mark.parametrize("name", PEERS)
async def test_no_group_of_the_servers_making_is_taken(name: str, tmp_path: Path) -> None:
    """In TLS 1.2 DHE the server names any prime, and one of 10,000 bits takes the client a second of one call."""
    number = b"\x02\x82\x04\xe3\0\x80" + bytes(1248) + b"\1"
    group = tmp_path / "group.pem"
    encoded = base64.encodebytes(b"\x30\x82\x04\xea" + number + b"\2\1\2").decode()
    group.write_text(f"-----BEGIN DH PARAMETERS-----\n{encoded}-----END DH PARAMETERS-----\n")
    context = pki().good.context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DHE:ECDHE:@SECLEVEL=0")
    context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    context.load_dh_params(str(group))
    async with PEERS[name].serve(context) as (port, _):
        result = await least_turn(lambda: ask(PEERS[name], port), 2 * TURN_SECONDS)
    assert result.reason is Reason.OK, result.detail


@cache
def dear(kind: str) -> str:
    """The certificate of a server, as many bytes as a handshake may have, and its key: a PEM file."""
    path = Path(mkdtemp(prefix="tls-dear-")) / "server.pem"
    leaf = self_signed(path, names=NAMES[kind]) if kind in NAMES else self_signed(path, copies=150)
    assert 48_000 < sum(map(len, leaf.chain)) * (150 if kind not in NAMES else 1) < 64_000
    return str(path)


NAMES = {"thousands of names": [f"{number:x}" for number in range(9600)]}


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("kind", ["thousands of names", "150 certificates"])
async def test_a_large_chain_is_judged_within_a_turn(name: str, kind: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(dear(kind))
    async with PEERS[name].serve(context) as (port, _):
        result = await least_turn(lambda: ask(PEERS[name], port), 2 * TURN_SECONDS)
    assert result.verdict is Verdict.FAILED


@pytest.mark.parametrize("name", PEERS)
async def test_a_chain_larger_than_any_real_one_is_not_read_to_its_end(name: str, tmp_path: Path) -> None:
    self_signed(tmp_path / "server.pem", copies=250)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    run = await PEERS[name].run(context, HOST, TlsOptions(ca_file=pki().ca_file))
    assert run.result.reason is Reason.TOO_LARGE, run.result.detail


async def test_a_request_waits_for_no_acknowledgement_of_what_was_sent_before() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sock = socket.create_connection(listening.getsockname())
        relay = Relay(sock, response.CurlResponse(0, keep_body=False))
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        relay.close()


async def test_a_transfer_that_is_over_is_not_looked_at() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        relay = Relay(socket.create_connection(listening.getsockname()), response.CurlResponse(0, keep_body=False))
        with socket.socket() as taken:
            relay.start(taken.fileno())
            relay.detach()
            relay.close()
            relay.poll()
    assert relay.lost is None


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_a_connection_that_is_reset_is_not_waited_for(run: Loop) -> None:
    """The agent's own loop is uvloop, which forgets a descriptor after an error on it."""
    context = pki().good.context()

    def serve() -> None:
        sock, _ = listening.accept()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        with context.wrap_socket(sock, server_side=True) as secured:
            secured.recv(4096)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        result = run(ask(PEERS["http"], listening.getsockname()[1]))
        thread.join()
    assert result.reason is Reason.CONNECTION_RESET, result.detail


LARGE = 10 * 1024 * 1024


async def test_a_body_as_large_as_the_module_takes_comes_whole_over_tls() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGE
    options = HttpOptions(tls_config=TlsOptions(ca_file=pki().ca_file), body_size_limit=LARGE)
    behaviour = Behaviour(AFTER["tickets"], pki().good.pem, 8, lambda _: head + bytes(LARGE))
    with flooding(behaviour) as served:
        address = f"https://127.0.0.1:{served.port}/"
        result = await least_turn(lambda: run_probe(PEERS["http"].spec, address, options))
    assert (result.reason, result.facts.body_bytes) == (Reason.OK, LARGE), result.detail  # type: ignore[union-attr]


SETTINGS, HTTP_1_1_REQUIRED = bytes(3) + b"\4" + bytes(5), b"\0\0\4\3\0\0\0\0\1\0\0\0\x0d"  # RFC 9113 section 7


async def test_a_server_that_asks_for_http_1_is_asked_once_more_in_it() -> None:
    context = pki().good.context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    spoken = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for data in (SETTINGS + HTTP_1_1_REQUIRED, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"):
            sock, _ = listening.accept()
            with sock, context.wrap_socket(sock, server_side=True) as secured:
                spoken.append(secured.selected_alpn_protocol())
                secured.recv(4096)
                secured.sendall(data)
                while secured.recv(4096):
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listening:
        result = await ask(PEERS["http"], listening.getsockname()[1])
    assert result.reason is Reason.OK, result.detail
    assert spoken == ["h2", "http/1.1"]
